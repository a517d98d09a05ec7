"""POST /admin/customer-group-jobs/{id}/cancel: a job is cancelled between two chunks and keeps its totals."""

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from types import ModuleType
from typing import Any

import pytest

from shared.jobs import chunks, files, steps
from shared.storage import customers, groups, memberships
from shared.storage.membership_steps import Request, Step
from tests import jobs
from tests.api import Client, Context, handler
from tests.crowd import crowd
from tests.jobs import JOBS
from tests.machine import Machine

pytestmark = pytest.mark.usefixtures("surroundings")


def cancel(api: Client, job: Mapping[str, Any]) -> Any:
    return api.post(f"{JOBS}/{job['id']}/cancel")


def test_a_cancelled_job_stops_after_the_current_chunk(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "ROWS", 2)
    vip = api.create_group("VIP")
    members = [api.create_customer(f"c{number}@mail.example") for number in range(6)]
    keep = api.create_customer("keep@mail.example")
    api.add(vip, keep)
    content = jobs.file_of(member["id"] for member in members)
    job = jobs.start(
        api,
        type="change_members",
        customer_group_id=vip["id"],
        action="set",
        source={"upload_id": jobs.upload(api, content), "column": "email"},
    )

    def invoke(operation: str, event: dict[str, Any]) -> Any:
        if operation == "do_job_chunk" and "-000001" in event["key"]:
            answer = cancel(api, job)
            assert answer.body["job"]["status"] == "running"
            assert answer.body["job"]["cancel_requested_at"] is not None
        return handler(operation)(event, Context(operation))

    Machine(invoke).run(job["id"])
    ended = jobs.get(api, job)
    assert ended["status"] == "cancelled"
    assert (ended["totals"]["rows"], ended["totals"]["done"], ended["totals"]["added"]) == (6, 2, 2)
    assert jobs.outcomes(ended) == [(member["id"], "added") for member in members[:2]]
    assert set(api.member_ids(vip)) == {keep["id"], *(member["id"] for member in members[:2])}, "and nobody is removed"
    assert cancel(api, job).body["job"]["status"] == "cancelled"


def test_rows_of_a_chunk_that_was_interrupted_before_the_job_was_cancelled_are_counted(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "ROWS", 60)
    vip, ids, writes = api.create_group("VIP"), list(crowd(120)), count(1)
    source = {"upload_id": jobs.upload(api, jobs.file_of(ids))}
    job = jobs.start(api, type="change_members", customer_group_id=vip["id"], action="add", source=source)
    carry_out = memberships.carry_out

    def carry_out_once(request: Request, steps: Sequence[Step]) -> list[Step]:
        if next(writes) == 2:
            cancel(api, job)
            raise OSError("the network is gone")
        return carry_out(request, steps)

    monkeypatch.setattr(memberships, "carry_out", carry_out_once)
    Machine().run(job["id"])
    ended = jobs.get(api, job)
    assert (ended["status"], ended["totals"]["added"]) == ("cancelled", 60)
    assert {row["value"] for row in jobs.rows(ended)} == set(ids[:60]) == set(api.member_ids(vip))


def cancelling_in_the_first_chunk(api: Client, job: Mapping[str, Any]) -> Machine:
    """A machine that runs a job which is cancelled while its first chunk is processed."""
    machine = Machine()

    def invoke(operation: str, event: dict[str, Any]) -> Any:
        answer = handler(operation)(event, Context(operation))
        if operation == "do_job_chunk" and machine.invoked["do_job_chunk"] == 1:
            cancel(api, job)
        return answer

    machine.invoke = invoke
    return machine


def test_a_job_that_is_cancelled_between_its_phases_is_not_complete(api: Client) -> None:
    """Those who are not in the list would be removed in the second phase."""
    vip, keep = api.create_group("VIP"), api.create_customer("keep@mail.example")
    api.add(vip, keep)
    ada = api.create_customer("ada@mail.example")
    source = {"values": [ada["id"]]}
    job = jobs.start(api, type="change_members", customer_group_id=vip["id"], action="set", source=source)
    cancelling_in_the_first_chunk(api, job).run(job["id"])
    ended = jobs.get(api, job)
    assert (ended["status"], ended["totals"]["added"], ended["totals"]["removed"]) == ("cancelled", 1, 0)
    assert set(api.member_ids(vip)) == {keep["id"], ada["id"]}


def test_an_import_that_is_cancelled_after_its_groups_is_not_complete(api: Client) -> None:
    vip, ada = api.create_group("VIP"), api.create_customer("ada@mail.example")
    api.add(vip, ada)
    exported = jobs.result(jobs.run(api, type="export", format="jsonl"))
    api.delete(f"/admin/customer-groups/{vip['id']}")
    job = jobs.start(api, type="import", upload_id=jobs.upload(api, exported, "application/jsonl"))
    cancelling_in_the_first_chunk(api, job).run(job["id"])
    ended = jobs.get(api, job)
    assert (ended["status"], ended["totals"]["created"], ended["totals"]["added"]) == ("cancelled", 1, 0)


def test_a_job_can_be_cancelled_while_it_is_planned(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "ROWS", 2)
    monkeypatch.setattr(steps, "READ_AGAIN_SECONDS", 0)
    vip, write = api.create_group("VIP"), files.write
    source = {"upload_id": jobs.upload(api, jobs.file_of(crowd(10)))}
    job = jobs.start(api, type="change_members", customer_group_id=vip["id"], action="add", source=source)
    written: list[str] = []

    def write_and_cancel(key: str, content: bytes) -> None:
        write(key, content)
        written.append(key)
        if len(written) == 2:
            cancel(api, job)

    monkeypatch.setattr(files, "write", write_and_cancel)
    Machine().run(job["id"])
    assert (jobs.get(api, job)["status"], len(written)) == ("cancelled", 2)
    assert api.member_ids(vip) == []


def an_import_of_groups(api: Client) -> dict[str, Any]:
    names = [f"Season {number}" for number in range(6)]
    lines = [{"record": "customer_group", "group_id": "", "group_name": name, "group_metadata": None} for name in names]
    content = "".join(json.dumps(line) + "\n" for line in lines)
    return {"type": "import", "upload_id": jobs.upload(api, content, "application/jsonl")}


def an_addition_of_new_customers(api: Client) -> dict[str, Any]:
    return {
        "type": "change_members",
        "customer_group_id": api.create_group("VIP")["id"],
        "action": "add",
        "create_missing": True,
        "source": {"upload_id": jobs.upload(api, jobs.file_of(f"c{number}@mail.example" for number in range(6)))},
    }


@pytest.mark.parametrize(
    ("body", "creations"), [(an_import_of_groups, groups), (an_addition_of_new_customers, customers)]
)
def test_records_that_were_created_before_an_interruption_and_a_cancellation_are_counted(
    api: Client, monkeypatch: pytest.MonkeyPatch, body: Callable[[Client], dict[str, Any]], creations: ModuleType
) -> None:
    create, creating = creations.create, count(1)
    job = jobs.start(api, **body(api))

    def create_and_die(*args: Any, **options: Any) -> Any:
        if next(creating) == 4:
            cancel(api, job)
            raise OSError("the network is gone")
        return create(*args, **options)

    monkeypatch.setattr(creations, "create", create_and_die)
    Machine().run(job["id"])
    ended = jobs.get(api, job)
    assert ended["totals"]["created"] == 6, "the chunk has begun, so it is completed"
    assert jobs.result(ended).count("created") == 6


def test_a_cancelled_job_that_has_not_started_never_starts(api: Client) -> None:
    job = jobs.start(api, type="export")
    assert cancel(api, job).body["job"]["status"] == "cancelled"
    Machine().run(job["id"])
    ended = jobs.get(api, job)
    assert (ended["status"], ended["started_at"], ended["result"]) == ("cancelled", None, None)


def test_a_finished_job_cannot_be_cancelled(api: Client) -> None:
    job = jobs.run(api, type="export")
    answer = cancel(api, job)
    assert (answer.status, answer.body["code"]) == (409, "job_finished")


def test_an_unknown_job_is_not_found(api: Client) -> None:
    assert cancel(api, {"id": "job_never"}).status == 404


def test_is_for_editors(api: Client) -> None:
    job = jobs.start(api, type="export")
    assert api.signed_in_as("viewer").post(f"{JOBS}/{job['id']}/cancel").status == 403
    assert api.signed_in_as("editor").post(f"{JOBS}/{job['id']}/cancel").status == 200
