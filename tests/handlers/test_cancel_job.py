"""POST /admin/customer-group-jobs/{id}/cancel: a job is cancelled between two chunks and keeps its totals."""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

import pytest

from shared.jobs import chunks
from shared.storage import memberships
from shared.storage.membership_steps import Request, Step
from tests import jobs
from tests.afterwards import Surroundings
from tests.api import Client, Context, handler
from tests.crowd import crowd
from tests.jobs import JOBS
from tests.machine import Machine


@pytest.fixture
def api(api: Client, surroundings: Surroundings) -> Client:  # noqa: ARG001 - the bucket and the machine
    return api


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
