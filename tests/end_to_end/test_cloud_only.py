"""Commands of the documents for what the local cloud does not have: the AWS CLI sends the requests that they mean."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final

import pytest

from local.cloud import ENVIRONMENTS, ROOT
from local.stack import Stack
from tests.end_to_end.documents import attempt, blocks, section

WITH_XML: Final = "cloudformation|sts"
"""Services that the local cloud answers."""


class Recorder(ThreadingHTTPServer):
    """Answers every request of an AWS service with JSON, and records it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[tuple[str, dict[str, Any]]] = []

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.requests]


class _Handler(BaseHTTPRequestHandler):
    server: Recorder

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests.append((self.headers["X-Amz-Target"].rpartition(".")[2], json.loads(body)))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"Table": {"TableStatus": "ACTIVE"}, "ArchiveArn": "ARN", "Arn": "ARN"}')

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    """The recorder, and a program `aws` in the folder `bin` that sends requests to it."""
    with Recorder() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        aws, program = ENVIRONMENTS / "aws" / "bin" / "aws", tmp_path / "bin" / "aws"
        program.parent.mkdir()
        program.write_text(
            f'#!/usr/bin/env bash\n[[ $1 =~ ^({WITH_XML})$ ]] && exec {aws} "$@"\n'
            f'exec {aws} "$@" --no-sign-request --endpoint-url http://127.0.0.1:{server.server_port}\n'
        )
        program.chmod(0o755)
        yield server
        server.shutdown()


def follow(stack: Stack, script: str, folder: Path) -> None:
    done = attempt(stack, script, ROOT, path=folder / "bin")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_secret_of_a_machine_is_rotated(stack: Stack, recorder: Recorder, tmp_path: Path) -> None:
    (script,) = blocks(section("docs/deployment.md", "Rotate the machine's secret"))
    follow(stack, f"POOL=eu-central-1_AbCdEfGhI CLIENT=7mmachineclientexample\n{script}", tmp_path)
    assert recorder.names == ["AddUserPoolClientSecret", "ListUserPoolClientSecrets", "DeleteUserPoolClientSecret"]
    assert recorder.requests[2][1]["ClientSecretId"] == "OLD"


def test_the_cost_of_a_stack_is_watched(stack: Stack, recorder: Recorder, tmp_path: Path) -> None:
    (script,) = blocks(section("docs/deployment.md", "Watch the cost"))
    follow(stack, script, tmp_path)
    assert recorder.names == ["UpdateCostAllocationTagsStatus", "CreateBudget", "GetCostAndUsage"]
    budget, costs = recorder.requests[1][1], recorder.requests[2][1]
    (budgeted,) = budget["Budget"]["CostFilters"]["TagKeyValue"]
    assert budgeted.split("$") == [costs["Filter"]["Tags"]["Key"], *costs["Filter"]["Tags"]["Values"]]


def test_a_table_is_restored_to_a_point_in_time(stack: Stack, recorder: Recorder, tmp_path: Path) -> None:
    settings, _, restoring, *_ = blocks(section("docs/operations.md", "Restore the table to an earlier time"))
    follow(stack, settings + restoring.replace("MOMENT", "2026-11-23T09:00:00Z"), tmp_path)
    assert recorder.names == ["RestoreTableToPointInTime", "DescribeTable"]
    assert recorder.requests[0][1]["SourceTableName"] == stack.table_name
    assert recorder.requests[1][1]["TableName"] == recorder.requests[0][1]["TargetTableName"]
