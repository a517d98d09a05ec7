"""Jobs that were never started are started, and jobs whose execution is over are ended."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from shared.dynamodb.client import dynamodb
from shared.dynamodb.values import serialize
from shared.jobs import chunks, machine, resumption
from shared.runtime import environment
from tests import jobs, trouble
from tests.api import Client, Context, handler
from tests.crowd import crowd
from tests.jobs import JOBS
from tests.machine import Machine

pytestmark = [pytest.mark.usefixtures("surroundings"), pytest.mark.unwatched]

VALUES: dict[str, Any] = {"type": "change_members", "action": "add", "source": {"values": ["cus_nobody"]}}


@pytest.fixture(autouse=True)
def some_minutes_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every job is old enough, and every execution has ended."""
    monkeypatch.setattr(resumption, "YOUNG", timedelta(seconds=-1))
    monkeypatch.setattr(resumption, "QUIET", timedelta(seconds=-1))


@pytest.fixture
def vip(api: Client) -> dict[str, Any]:
    return api.create_group("VIP")


def resume() -> int:
    return int(handler("resume_jobs")({}, Context("resume_jobs"))["resumed"])


def executions() -> list[str]:
    found = machine.step_functions().list_executions(stateMachineArn=environment.job_machine_arn())
    return [str(one["name"]) for one in found["executions"]]


def stop(job: Mapping[str, Any]) -> None:
    arn = environment.job_machine_arn().replace(":stateMachine:", ":execution:")
    machine.step_functions().stop_execution(executionArn=f"{arn}:{job['id']}")


def start_and_die(api: Client, group: Mapping[str, Any], **headers: str) -> dict[str, Any]:
    """Start a job with a function that dies after it has stored the job."""
    die = trouble.trouble(lambda action, _: trouble.killed_after if action == "TransactWriteItems" else None)
    with die, suppress(trouble.Killed):
        api.post(JOBS, VALUES | {"customer_group_id": group["id"]}, **headers)
    (job,) = api.get(JOBS).body["jobs"]
    assert (job["status"], executions()) == ("pending", [])
    found: dict[str, Any] = job
    return found


def test_starts_a_job_whose_function_died_before_starting_it(api: Client, vip: dict[str, Any]) -> None:
    job = start_and_die(api, vip)
    assert resume() == 1
    assert executions() == [job["id"]]
    assert resume() == 0, "it runs now"
    Machine().run(job["id"])
    assert jobs.get(api, job)["status"] == "succeeded"


def test_a_repeated_request_with_its_idempotency_key_starts_the_job(api: Client, vip: dict[str, Any]) -> None:
    job = start_and_die(api, vip, Idempotency_Key="monday")
    (claim,) = (item for item in api.table.items() if item["SK"] == "IDEMPOTENCY")
    dead = claim | {"in_progress_expiration": 1}  # Lambda has ended a function that began this long ago
    dynamodb().put_item(TableName=api.table.name, Item=serialize(dead))
    answer = api.post(JOBS, VALUES | {"customer_group_id": vip["id"]}, Idempotency_Key="monday")
    assert (answer.status, answer.body["job"]["id"]) == (200, job["id"])
    assert executions() == [job["id"]]
    assert resume() == 0


@pytest.mark.parametrize(("status", "code"), [(400, "ThrottlingException"), (500, "InternalServerError")])
def test_starts_a_job_later_that_could_not_be_started_with_its_request(
    api: Client, vip: dict[str, Any], status: int, code: str
) -> None:
    def refuse(**_: Any) -> tuple[SimpleNamespace, dict[str, Any]]:
        parsed = {"Error": {"Code": code, "Message": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
        return SimpleNamespace(status_code=status), parsed

    events = machine.step_functions().meta.events
    events.register("before-call.sfn.StartExecution", refuse)
    try:
        job = jobs.start(api, **VALUES, customer_group_id=vip["id"])
    finally:
        events.unregister("before-call.sfn.StartExecution", refuse)
    assert (job["status"], executions()) == ("pending", [])
    assert (resume(), executions()) == (1, [job["id"]])


def test_a_job_that_cannot_be_resumed_does_not_hold_up_the_others(
    api: Client, vip: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as without_machine:
        without_machine.setattr(machine, "start", lambda *_: None)
        broken, other = (jobs.start(api, **VALUES, customer_group_id=vip["id"])["id"] for _ in range(2))
    find = machine.find

    def fail(job_id: str) -> Any:
        if job_id == broken:
            raise ConnectionError
        return find(job_id)

    monkeypatch.setattr(machine, "find", fail)
    with pytest.raises(ExceptionGroup):
        resume()
    assert executions() == [other]


def test_does_not_change_running_new_and_finished_jobs(
    api: Client, vip: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    over = jobs.run(api, **VALUES, customer_group_id=vip["id"])
    stop(over)
    jobs.start(api, **VALUES, customer_group_id=vip["id"])
    assert resume() == 0
    monkeypatch.setattr(resumption, "YOUNG", timedelta(minutes=1))
    monkeypatch.setattr(machine, "start", lambda *_: None)
    young = jobs.start(api, **VALUES, customer_group_id=vip["id"])
    assert resume() == 0
    assert young["id"] not in executions()


@pytest.mark.parametrize("is_cancelled", [False, True])
def test_a_job_with_a_stopped_execution_ends_with_its_results_so_far(
    api: Client, vip: dict[str, Any], monkeypatch: pytest.MonkeyPatch, *, is_cancelled: bool
) -> None:
    monkeypatch.setattr(chunks, "ROWS", 10)
    members = list(crowd(30))
    source = {"upload_id": jobs.upload(api, jobs.file_of(members))}
    job = jobs.start(api, type="change_members", customer_group_id=vip["id"], action="add", source=source)

    class StoppedError(BaseException):
        pass

    def invoke(operation: str, event: dict[str, Any]) -> Any:
        if operation == "do_job_chunk" and "000002" in event["key"]:
            raise StoppedError
        return handler(operation)(event, Context(operation))

    with pytest.raises(StoppedError):
        Machine(invoke).run(job["id"])
    if is_cancelled:
        api.post(f"{JOBS}/{job['id']}/cancel")
    stop(job)
    assert jobs.get(api, job)["status"] == "running"
    assert resume() == 1
    (ending,) = (name for name in executions() if name != job["id"])
    assert ending.startswith(job["id"])
    Machine().run(job["id"])
    ended = jobs.get(api, job)
    assert ended["status"] == ("cancelled" if is_cancelled else "failed")
    assert (ended["error"] or {}).get("code") == (None if is_cancelled else "unexpected_state")
    assert (ended["totals"]["rows"], ended["totals"]["done"], ended["totals"]["added"]) == (30, 20, 20)
    assert jobs.outcomes(ended) == [(one, "added") for one in members[:20]]
    assert resume() == 0


def test_waits_until_the_chunks_of_a_stopped_execution_have_ended(
    api: Client, vip: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = jobs.start(api, **VALUES, customer_group_id=vip["id"])
    stop(job)
    monkeypatch.setattr(resumption, "QUIET", timedelta(minutes=6))
    assert resume() == 0
    assert jobs.get(api, job)["status"] == "pending"
