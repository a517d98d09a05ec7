"""Restores the stack's table to the state of a restored copy, step by step: `make restore`. See docs/operations.md.

`pause` stops everything that writes, except jobs: it refuses while one is pending or running. `copy` copies the
restored table into the stack's table, `listen` starts processing events again, and `resume` opens the API. The stack's
table itself is kept, so its stream, policies and protection do not change. `copy` only writes items that differ, needs
the same memory for any number of items, and can be repeated.
"""

import argparse
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import batched
from typing import Any, Final, NamedTuple

import botocore.exceptions

from local.problems import LocalProblem
from local.progress import console, step
from operations.deployment import ALIAS, Deployment, in_the_cloud, on_this_machine
from shared.storage import keys

type TypedItem = dict[str, Any]
"""An item in DynamoDB's JSON."""

READERS: Final = ("PublishChanges", "RefreshCopies", "PurgeDeleted", "ApplyRules")
SCHEDULES: Final = ("JudgeDueEveryMinute", "ApplyTermsEveryMinute", "ResumeJobsEveryFiveMinutes")
RULES: Final = ("SyncCustomerCustomersElsewhere", "SyncReferenceReferencesElsewhere")
NOT_RESTORED: Final = ("ERASURES#", "DISCARDED")
"""Partitions that are not restored: the ledger of erasures and the notes about discarded messages."""
KEYS_PER_READ: Final = 100
WRITES_PER_CALL: Final = 25
MAX_NAMED: Final = 10
"""The most jobs that an error names."""


class JobsUnderWayError(Exception):
    """The state machine of jobs cannot be paused."""

    def __init__(self, job_ids: list[str]) -> None:
        super().__init__(
            f"Jobs are pending or running: {', '.join(job_ids)}. Wait until they are over, or cancel them, and pause "
            "again. If the API is closed already, `resume` opens it."
        )


class Copied(NamedTuple):
    """The numbers of items that were put because they differed, and deleted because they were new."""

    put: int
    deleted: int


def pause(deployment: Deployment) -> None:
    """Stop the API, the bus's rules, the schedules, and the functions on the stream and the queues. Can be repeated.

    Raises JobsUnderWayError before anything is stopped, or at the end if a job has started meanwhile.
    """
    _check_jobs(deployment)
    _throttle(deployment, "0", "0")
    for rule in RULES:
        deployment.client("events").disable_rule(**_rule(deployment, rule))
    for schedule in SCHEDULES:
        deployment.client("events").disable_rule(Name=deployment.resources[schedule])
    for mapping in _mappings(deployment):
        deployment.client("lambda").update_event_source_mapping(UUID=mapping, Enabled=False)
    _check_jobs(deployment)


def listen(deployment: Deployment) -> None:
    """Start the functions on the stream and the queues, the bus's rules and the schedules. The API stays closed."""
    for mapping in _mappings(deployment):
        deployment.client("lambda").update_event_source_mapping(UUID=mapping, Enabled=True)
    for rule in RULES:
        deployment.client("events").enable_rule(**_rule(deployment, rule))
    for schedule in SCHEDULES:
        deployment.client("events").enable_rule(Name=deployment.resources[schedule])


def resume(deployment: Deployment) -> None:
    """Undo everything that `pause` did."""
    listen(deployment)
    given = deployment.parameters
    _throttle(deployment, given["ThrottlingRate"], given["ThrottlingBurst"])


@dataclass(frozen=True)
class Copy:
    """Copies the contents of one table to another."""

    deployment: Deployment
    restored: str
    apply: bool

    def run(self) -> Copied:
        return Copied(self._put_what_differs(), self._delete_what_came_later())

    def _put_what_differs(self) -> int:
        changed = 0
        for page in self._pages(self.restored):
            present = {_key(item): item for item in self._get(self._table, map(_key_of, page))}
            wanted = [item for item in page if present.get(_key(item)) != item]
            self._write({"PutRequest": {"Item": item}} for item in wanted)
            changed += len(wanted)
        return changed

    def _delete_what_came_later(self) -> int:
        deleted = 0
        for page in self._pages(self._table, ProjectionExpression="PK, SK"):
            mine = [item for item in page if not item["PK"]["S"].startswith(NOT_RESTORED)]
            restored = {_key(item) for item in self._get(self.restored, mine, ProjectionExpression="PK, SK")}
            later = [item for item in mine if _key(item) not in restored]
            self._write({"DeleteRequest": {"Key": _key_of(item)}} for item in later)
            deleted += len(later)
        return deleted

    @property
    def _table(self) -> str:
        return self.deployment.outputs["TableName"]

    @property
    def _dynamodb(self) -> Any:
        return self.deployment.client("dynamodb")

    def _pages(self, table: str, **more: Any) -> Iterator[list[TypedItem]]:
        for page in self._dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True, **more):
            yield page["Items"]

    def _get(self, table: str, keys: Iterable[TypedItem], **more: Any) -> Iterator[TypedItem]:
        for some in batched(keys, KEYS_PER_READ, strict=False):
            pending: list[TypedItem] = list(some)
            while pending:
                request = {table: {"Keys": pending, "ConsistentRead": True, **more}}
                answer = self._dynamodb.batch_get_item(RequestItems=request)
                yield from answer["Responses"].get(table, [])
                pending = answer["UnprocessedKeys"].get(table, {}).get("Keys", [])
                time.sleep(bool(pending))

    def _write(self, requests: Iterable[TypedItem]) -> None:
        if not self.apply:
            return
        for some in batched(requests, WRITES_PER_CALL, strict=False):
            pending: list[TypedItem] = list(some)
            while pending:
                answer = self._dynamodb.batch_write_item(RequestItems={self._table: pending})
                pending = answer["UnprocessedItems"].get(self._table, [])
                time.sleep(bool(pending))


def _key_of(item: TypedItem) -> TypedItem:
    return {"PK": item["PK"], "SK": item["SK"]}


def _key(item: TypedItem) -> tuple[str, str]:
    return item["PK"]["S"], item["SK"]["S"]


def _check_jobs(deployment: Deployment) -> None:
    """Raise JobsUnderWayError if there are any jobs that are not over. Only these are in the index."""
    found = deployment.client("dynamodb").query(
        TableName=deployment.outputs["TableName"],
        IndexName=keys.BY_UPDATED.name,
        KeyConditionExpression="#LIST = :jobs",
        ExpressionAttributeNames={"#LIST": "LIST"},
        ExpressionAttributeValues={":jobs": {"S": keys.JOBS}},
        ProjectionExpression="PK",
        Limit=MAX_NAMED,
    )
    if found["Items"]:
        raise JobsUnderWayError([keys.id_of(item["PK"]["S"]) for item in found["Items"]])


def _throttle(deployment: Deployment, rate: str, burst: str) -> None:
    deployment.client("apigateway").update_stage(
        restApiId=deployment.outputs["ApiId"],
        stageName=deployment.outputs["StageName"],
        patchOperations=[
            {"op": "replace", "path": "/*/*/throttling/rateLimit", "value": rate},
            {"op": "replace", "path": "/*/*/throttling/burstLimit", "value": burst},
        ],
    )


def _rule(deployment: Deployment, rule: str) -> dict[str, str]:
    """The parameters that identify a rule, whose physical name is `<bus>|<rule>`."""
    name = deployment.resources[rule].rpartition("|")[2]
    return {"Name": name, "EventBusName": deployment.outputs["EventBusName"]}


def _mappings(deployment: Deployment) -> Iterator[str]:
    for reader in READERS:
        function = f"{deployment.resources[reader]}:{ALIAS}"
        found = deployment.client("lambda").list_event_source_mappings(FunctionName=function)
        yield from (mapping["UUID"] for mapping in found["EventSourceMappings"])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make restore", description=__doc__)
    steps = parser.add_subparsers(dest="step", required=True)
    for name, description in (
        ("pause", "stop everything that writes"),
        ("copy", "copy a restored table into the stack's table"),
        ("listen", "process events of other systems, the stream and the queue again"),
        ("resume", "open the API again"),
    ):
        one = steps.add_parser(name, help=description)
        one.add_argument("--stack", help="a stack in AWS; the default is the local stack")
        if name == "copy":
            one.add_argument("--from", dest="restored", required=True, help="the name of the restored table")
            one.add_argument(
                "--apply", action="store_true", help="write; the default is to count what would be written"
            )
    return parser.parse_args()


def main() -> int:
    """Carry out one step."""
    arguments = _arguments()
    try:
        deployment = in_the_cloud(arguments.stack) if arguments.stack else on_this_machine()
        if arguments.step == "copy":
            with step(f"Comparing the table with {arguments.restored}"):
                done = Copy(deployment, arguments.restored, arguments.apply).run()
            verb = "were" if arguments.apply else "would be"
            console.print(f"{done.put:,} items {verb} put back, {done.deleted:,} deleted.")
        else:
            {"pause": pause, "listen": listen, "resume": resume}[arguments.step](deployment)
            console.print(f"{arguments.step}: done at {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
    except (
        LocalProblem,
        JobsUnderWayError,
        botocore.exceptions.BotoCoreError,
        botocore.exceptions.ClientError,
    ) as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
