"""`sam local` like in docs/sam-local.md: functions in Lambda's image, with the table of a local stack.

Needs Docker and a build for this architecture, which `make sam-local` checks and creates.
"""

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from local import containers, processes
from local.cloud import ROOT, architecture
from local.deployment import SAM
from local.stack import Stack

EVENT = ROOT / "events" / "create_customer_group.json"
MAX_SECONDS = 600
"""Long, because the image of a function is built before its first container starts."""


@pytest.fixture(scope="module", autouse=True)
def containers_reach_the_stack(stack: Stack) -> Iterator[None]:
    containers.require_docker()
    with containers.reachable(urlsplit(stack.endpoint_url).port or 0):
        yield


@pytest.fixture(scope="module")
def options(stack_home: Path) -> list[str]:
    """The options of each command in the document."""
    given = ["--env-vars", str(stack_home / "sam-local.json"), "--add-host", "host.docker.internal:host-gateway"]
    given += ["--parameter-overrides", f"Architecture={architecture()}"]
    return [*given, "--skip-pull-image"] if containers.has_image() else given


@pytest.fixture(scope="module")
def local_api(stack: Stack, options: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The whole API, each request in a container of its function."""
    port, log = processes.free_port(), tmp_path_factory.mktemp("sam") / "start-api.log"
    command = [str(SAM), "local", "start-api", "--port", str(port), *options]
    with (
        log.open("w") as output,
        subprocess.Popen(
            command, cwd=ROOT, env=stack.cloud.environment(), stdout=output, stderr=subprocess.STDOUT
        ) as process,
    ):
        deadline = time.monotonic() + MAX_SECONDS
        while processes.is_free(port):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.2)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=MAX_SECONDS, trust_env=False) as api:
            yield api
        process.terminate()


def test_one_function_accepts_its_sample_event(stack: Stack, options: list[str], admin: httpx.Client) -> None:
    command = [str(SAM), "local", "invoke", "CreateCustomerGroup", "--event", str(EVENT), *options]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=stack.cloud.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=MAX_SECONDS,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout.splitlines()[-1])
    assert answer["statusCode"] == 200, answer
    made = json.loads(answer["body"])["customer_group"]
    assert made["name"] == json.loads(json.loads(EVENT.read_text())["body"])["name"]
    seen = admin.get(f"/admin/customer-groups/{made['id']}")
    assert seen.json()["customer_group"] == made, "the container wrote to the stack's table"


def test_the_api_creates_finds_and_refuses(local_api: httpx.Client, admin: httpx.Client) -> None:
    made = local_api.post("/admin/customer-groups", json={"name": "Container ship"})
    assert made.status_code == 200, made.text
    group = made.json()["customer_group"]
    assert local_api.get(f"/admin/customer-groups/{group['id']}").json()["customer_group"] == group
    found = local_api.get("/admin/customer-groups", params={"q": "tainer", "fields": "id"})
    assert found.json()["customer_groups"] == [{"id": group["id"]}]
    taken = local_api.post("/admin/customer-groups", json={"name": "container SHIP"})
    assert (taken.status_code, taken.json()["code"]) == (400, "customer_group_name_taken")
    assert admin.get(f"/admin/customer-groups/{group['id']}").json()["customer_group"] == group
