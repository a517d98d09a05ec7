"""A job creates no customers for a group that was deleted, or became automatic, after the job was started."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from shared.storage import customers, memberships
from shared.storage.membership_steps import Request, Step
from tests import jobs, trouble
from tests.api import Client, Context, handler
from tests.machine import Machine
from tests.rules import BIG_SPENDERS

pytestmark = [pytest.mark.usefixtures("surroundings"), pytest.mark.unwatched]

GROUPS = "/admin/customer-groups"

type Gone = Callable[[Client, dict[str, Any]], None]


@pytest.fixture
def vip(api: Client) -> dict[str, Any]:
    return api.create_group("VIP")


def deleted(api: Client, group: dict[str, Any]) -> None:
    assert api.delete(f"{GROUPS}/{group['id']}").status == 200


def automatic(api: Client, group: dict[str, Any]) -> None:
    assert api.post(f"{GROUPS}/{group['id']}", {"rule": BIG_SPENDERS}).status == 200


def newcomers(api: Client, group: dict[str, Any], size: int) -> jobs.Job:
    """Start a job that adds new customers to a group."""
    addresses = jobs.file_of(f"new{number}@mail.example" for number in range(size))
    source = {"upload_id": jobs.upload(api, addresses)}
    body = {"type": "change_members", "customer_group_id": group["id"], "action": "add"}
    return jobs.start(api, **body, create_missing=True, source=source)


def imported(api: Client, group: dict[str, Any], size: int) -> jobs.Job:
    """Start an import of new customers who are members of a group."""
    member = {"record": "member", "group_id": group["id"], "group_name": group["name"]}
    lines = [{**member, "customer_id": f"crm-{number}", "email": f"new{number}@mail.example"} for number in range(size)]
    content = "".join(json.dumps(line) + "\n" for line in lines)
    return jobs.start(api, type="import", upload_id=jobs.upload(api, content, "application/jsonl"))


def ended(api: Client, job: jobs.Job, machine: Machine | None = None) -> jobs.Job:
    """Run a job to its end, and check that it has created the customers that it says it has."""
    (machine or Machine()).run(job["id"])
    job = jobs.get(api, job)
    rows = jobs.lines(job) if job["type"] == "import" else jobs.rows(job)
    found = [one["id"] for one in api.get("/admin/customers?limit=200").body["customers"]]
    assert sorted(row["customer_id"] for row in rows if row["outcome"] == "created") == sorted(found)
    assert job["totals"]["created"] == len(found)
    return job


@pytest.mark.parametrize(
    ("gone", "code"), [(deleted, "customer_group_not_found"), (automatic, "customer_group_is_automatic")]
)
def test_no_customers_are_created_for_a_group_that_is_gone_before_its_chunk(
    api: Client, vip: dict[str, Any], gone: Gone, code: str
) -> None:
    job, calls = newcomers(api, vip, 60), list[str]()

    def invoke(operation: str, event: dict[str, Any]) -> Any:
        if operation == "do_job_chunk" and not calls:
            gone(api, vip)
            calls.append(operation)
        return handler(operation)(event, Context(operation))

    job = ended(api, job, Machine(invoke))
    assert (job["status"], job["error"]["code"]) == ("failed", code)
    assert (job["totals"]["created"], job["totals"]["refused"]) == (0, 60)
    assert {row["code"] for row in jobs.rows(job)} == {code}


@pytest.mark.parametrize("gone", [deleted, automatic])
@pytest.mark.parametrize("start", [newcomers, imported])
def test_customers_who_were_created_when_their_group_goes_are_reported_and_no_others_are_created(
    api: Client,
    vip: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    start: Callable[[Client, dict[str, Any], int], jobs.Job],
    gone: Gone,
) -> None:
    job, create, calls = start(api, vip, 100), customers.create, list[str]()

    def at_the_tenth(*args: Any, **more: Any) -> Any:
        calls.append("create")
        if len(calls) == 10:
            gone(api, vip)
        return create(*args, **more)

    monkeypatch.setattr(customers, "create", at_the_tenth)
    job = ended(api, job)
    assert job["status"] == ("succeeded" if start is imported else "failed")
    assert (job["totals"]["created"], job["totals"]["refused"]) == (48, 52)  # those of the transaction that failed
    code = "customer_group_is_automatic" if gone is automatic else "customer_group_not_found"
    assert {row["code"] for row in (jobs.lines(job) if start is imported else jobs.rows(job))} == {code}


@pytest.mark.parametrize("start", [newcomers, imported])
def test_a_chunk_that_dies_and_finds_its_group_gone_reports_what_it_did_before(
    api: Client,
    vip: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    start: Callable[[Client, dict[str, Any], int], jobs.Job],
) -> None:
    """The first transaction is committed. The second one is not, but its customers are created."""
    job, carry_out, calls = start(api, vip, 100), memberships.carry_out, list[str]()

    def die_at_the_second(request: Request, steps: Sequence[Step]) -> list[Step]:
        calls.append("carry_out")
        if len(calls) == 2:
            deleted(api, vip)
            raise trouble.Killed
        return carry_out(request, steps)

    monkeypatch.setattr(memberships, "carry_out", die_at_the_second)
    job = ended(api, job)
    assert (job["totals"]["created"], job["totals"]["refused"]) == (96, 4)
    rows = jobs.lines(job) if start is imported else jobs.rows(job)
    without_group = [row["code"] == "customer_group_not_found" for row in rows]
    assert without_group == [False] * 48 + [True] * 52
