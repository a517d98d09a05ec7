"""A dry run has the rows and totals of the job that follows it.

That includes rows of different chunks that have to do with each other: they name one customer differently, or a group
or a customer that an earlier row creates.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any, Final

import pytest

from shared.jobs import chunks
from tests import jobs
from tests.api import Client, Context, handler
from tests.machine import Machine
from tests.rules import BIG_SPENDERS, every, where
from tests.table import Table

pytestmark = [pytest.mark.usefixtures("surroundings"), pytest.mark.unwatched]

type Record = dict[str, Any]

GROUPS: Final = "/admin/customer-groups"
UNTIL: Final = "2999-01-01T00:00:00.000Z"
LATER: Final = "2998-01-01T00:00:00.000Z"


@pytest.fixture(params=[1, 2, 960])
def rows_of_a_chunk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(chunks, "ROWS", request.param)
    return int(request.param)


def agreed(api: Client, **body: Any) -> list[tuple[str, str]]:
    """Run a job dry and then in earnest, and check that both have the same result. Returns values and outcomes."""
    before = everything(api.table)
    known = {one["id"] for one in api.get("/admin/customers?limit=200").body["customers"]}
    dry = jobs.run(api, **body, dry_run=True)
    assert everything(api.table) == before, "a dry run writes nothing"
    job = jobs.run(api, **body)
    assert (dry["status"], job["status"]) == ("succeeded", "succeeded")
    assert list(shown(dry, known)) == list(shown(job, known))
    assert dry["totals"] == job["totals"]
    return [(str(row["value"]), str(row["outcome"])) for row in result(job)]


def everything(table: Table) -> dict[str, Any]:
    """All groups, customers, memberships, and what belongs to them."""
    return {str(key): item for key, item in table.contents().items() if not key.PK.startswith(("JOB", "CHANGE"))}


def shown(job: jobs.Job, known: set[str]) -> Iterator[dict[str, Any]]:
    """The rows of a result. A dry run creates no customers, so it cannot say their ids."""
    for row in result(job):
        yield row | {"customer_id": row["customer_id"] if row["customer_id"] in known else None}


def result(job: jobs.Job) -> list[dict[str, Any]]:
    return list(map(dict, jobs.rows(job) if ".csv" in job["result"]["url"] else jobs.lines(job)))


def file_of(api: Client, lines: Sequence[Mapping[str, Any]], file_format: str = "jsonl") -> dict[str, Any]:
    if file_format == "jsonl":
        text = "".join(json.dumps(one) + "\n" for one in lines)
        return {"upload_id": jobs.upload(api, text, "application/jsonl")}
    written = io.StringIO()
    columns = sorted({name for one in lines for name in one})
    table = csv.writer(written)
    table.writerows([columns, *([as_cell(one.get(name)) for name in columns] for one in lines)])
    return {"upload_id": jobs.upload(api, written.getvalue())}


def as_cell(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value)


def group(group_id: str, name: str, **more: Any) -> Record:
    return {"record": "customer_group", "group_id": group_id, "group_name": name, **more}


def member(group_id: str, customer_id: str, email: str | None = None, **more: Any) -> Record:
    return {"record": "member", "group_id": group_id, "customer_id": customer_id, "email": email, **more}


def people(api: Client) -> tuple[Record, Record, Record]:
    """Ada, who has a key, Bela, and Carla, who is in both groups."""
    ada = api.create_customer("ada@mail.example", key="crm-17")
    return ada, api.create_customer("bela@mail.example"), api.create_customer("carla@mail.example", has_account=True)


@pytest.mark.parametrize("action", ["add", "remove", "set"])
def test_rows_that_name_one_customer_differently(api: Client, action: str, rows_of_a_chunk: int) -> None:  # noqa: ARG001
    ada, bela, carla = people(api)
    vip, dora = api.create_group("VIP"), api.create_customer("dora@mail.example")
    api.add(vip, bela, carla, dora)
    values = [ada["id"], "ada@mail.example", "bela@mail.example", "key:crm-17", "eve@mail.example", "Eve@mail.example"]
    values += [bela["id"], carla["id"], "nobody", "ADA@mail.example", "carla@mail.example", "broken@", bela["id"]]
    body = {"type": "change_members", "customer_group_id": vip["id"], "action": action, "source": {"values": values}}
    create = {} if action == "remove" else {"create_missing": True}
    found = agreed(api, **body, **create)
    first = [outcome for value, outcome in found if value in (ada["id"], "bela@mail.example")]
    assert first == {"remove": ["unchanged", "removed"]}.get(action, ["added", "unchanged"])
    assert all(outcome == "unchanged" for value, outcome in found if value in ("key:crm-17", "carla@mail.example"))
    assert [outcome for value, outcome in found if value == dora["id"]] == (["removed"] if action == "set" else [])


def test_rows_that_give_one_customer_different_terms(api: Client, rows_of_a_chunk: int) -> None:
    ada, bela, carla = people(api)
    vip = api.create_group("VIP")
    trial = {"id": carla["id"], "ends_at": UNTIL}
    assert api.post(f"{GROUPS}/{vip['id']}/customers", {"add": [bela["id"], trial]}).status == 200
    lines = [
        {"value": ada["id"], "starts_at": LATER},
        {"value": "ada@mail.example", "starts_at": LATER},
        {"value": "key:crm-17"},
        {"value": "ADA@mail.example ", "ends_at": UNTIL},
        {"value": bela["id"], "ends_at": "2001-01-01"},
        {"value": "bela@mail.example", "ends_at": UNTIL},
        {"value": carla["id"]},
        {"value": "carla@mail.example", "ends_at": UNTIL},
        {"value": "nobody"},
    ]
    source = file_of(api, lines)
    found = agreed(api, type="change_members", customer_group_id=vip["id"], action="add", source=source)
    # Ada's membership begins later, then again, and then now; in one transaction, only her first row counts.
    each = ["added", "unchanged", "added"] if rows_of_a_chunk == 1 else ["added", "unchanged"]
    assert [outcome for _, outcome in found][: len(each)] == each
    assert found[4:6] == [(bela["id"], "refused"), ("bela@mail.example", "added")]


def test_rows_of_one_address_mean_the_customer_whom_the_first_of_them_creates(
    api: Client,
    rows_of_a_chunk: int,  # noqa: ARG001
) -> None:
    vip = api.create_group("VIP")
    lines = [
        {"email": "eve@mail.example", "has_account": "true"},
        {"email": "eve@mail.example"},
        {"email": "Eve@mail.example", "first_name": "Eve"},
        {"email": "eve@mail.example", "ends_at": "soon"},
    ]
    body = {"type": "change_members", "customer_group_id": vip["id"], "action": "add", "create_missing": True}
    found = agreed(api, **body, source=file_of(api, lines))
    assert [outcome for _, outcome in found] == ["created", "unchanged", "unchanged", "refused"]
    created = api.get("/admin/customers").body["customers"]
    assert [(one["email"], one["has_account"]) for one in created] == [("eve@mail.example", True)]


def test_a_profile_that_no_customer_can_have_refuses_only_rows_before_the_creation(
    api: Client, rows_of_a_chunk: int
) -> None:
    vip, too_long = api.create_group("VIP"), "E" * 290
    lines = [
        {"email": "eve@mail.example"},
        {"email": "eve@mail.example", "first_name": too_long},
        {"email": "finn@mail.example", "first_name": too_long},
        {"email": "finn@mail.example", "last_name": too_long},
        {"email": "Finn@mail.example"},
        {"email": "finn@mail.example", "phone": too_long},
        {"email": "gwen@mail.example", "starts_at": LATER},
        {"email": "gwen@mail.example", "first_name": too_long},
        {"email": "hugo@mail.example", "first_name": too_long},
    ]
    body = {"type": "change_members", "customer_group_id": vip["id"], "action": "add", "create_missing": True}
    found = agreed(api, **body, source=file_of(api, lines))
    each = ["created", "unchanged", "refused", "refused", "created", "unchanged", "created"]
    # Gwen's membership begins now instead of later; in one transaction, only her first row counts.
    each += ["added" if rows_of_a_chunk == 1 else "unchanged", "refused"]
    assert [outcome for _, outcome in found] == each


def test_a_move_of_customers_who_are_named_differently(api: Client, rows_of_a_chunk: int) -> None:  # noqa: ARG001
    ada, bela, carla = people(api)
    trial, vip = api.create_group("Trial"), api.create_group("VIP")
    until = {"id": ada["id"], "ends_at": UNTIL}
    assert api.post(f"{GROUPS}/{trial['id']}/customers", {"add": [until, carla["id"]]}).status == 200
    api.add(vip, carla)
    values = [ada["id"], bela["id"], "key:crm-17", carla["id"], "key:crm-99", "nobody"]
    found = agreed(api, type="move_members", customer_ids=values, from_=trial["id"], to=vip["id"])
    assert [outcome for _, outcome in found] == ["added", "unchanged", "unchanged", "removed", "refused", "refused"]


def test_a_copy_and_a_combination(api: Client, rows_of_a_chunk: int) -> None:  # noqa: ARG001
    ada, bela, carla = people(api)
    trial, vip = api.create_group("Trial"), api.create_group("VIP")
    api.add(trial, ada, carla)
    api.add(vip, bela, carla)
    copied = agreed(api, type="copy_group", customer_group_id=trial["id"], name="Copy", with_members=True)
    assert [outcome for _, outcome in copied] == ["added", "added"]
    both = {"customer_group_ids": [trial["id"], vip["id"]], "into": {"id": vip["id"]}}
    combined = agreed(api, type="combine_groups", operation="intersection", **both)
    assert sorted(combined) == sorted([(bela["id"], "removed"), (carla["id"], "unchanged")])


@pytest.mark.parametrize("file_format", ["csv", "jsonl"])
def test_an_import_of_rows_that_have_to_do_with_each_other(api: Client, file_format: str, rows_of_a_chunk: int) -> None:
    ada, _, _ = people(api)
    api.create_group("Retail", key="retail")
    gone = api.create_customer("gone@mail.example")
    assert api.delete(f"/admin/customers/{gone['id']}").status == 200
    records = [
        group("g1", "VIP", group_key="vip"),
        group("g1", "Other name"),
        group("g2", "vip"),
        group("g3", "Trade", group_key="vip"),
        group("g4", "Outlet", group_key="retail"),
        group("", "retail"),
        group("g5", "Spenders", group_rule=BIG_SPENDERS),
        group("g6", "Best", group_rule=every(where("groups", "in", ["key:vip", "g5"]))),
        group("g7", "Lost", group_rule=every(where("groups", "in", ["g3"]))),
        group("g8", "Lost too", group_rule=every(where("groups", "in", ["g7"]))),
        member("g1", "c1", "eve@mail.example", key="42"),
        member("g1", "", "Eve@mail.example"),
        member("", "c1", group_name="VIP"),
        member("g2", "", "eve@mail.example"),
        member("", "c9", "eve@mail.example", group_name="retail"),
        member("g1", "c2", "finn@mail.example", key="42"),
        member("g1", "c2", "finn@mail.example"),
        member("g5", "c2", "finn@mail.example"),
        member("g5", "c3", "gwen@mail.example"),
        member("g1", "", "gwen@mail.example"),
        member("g1", "c4", "gwen@mail.example", has_account=True),
        member("g1", ada["id"]),
        member("g1", "another", "ada@mail.example"),
        member("", "", "ADA@mail.example", group_name="Vip"),
        member("g3", ada["id"]),
        member("g1", gone["id"], "gone@mail.example"),
        member("g1", "c5", "hugo@mail.example", ends_at="2001-01-01T00:00:00Z"),
        member("g1", "", "hugo@mail.example", ends_at=UNTIL),
        member("g1", "c5", starts_at=LATER),
        member("g1", "c6", "ida@mail.example", has_account="perhaps"),
        member("", "c6", "ida@mail.example", group_name="Nobody's"),
        member("", "c6", "ida@mail.example", has_account="NO"),
        member("g1", "c6", "ida@mail.example", has_account="NO"),
    ]
    found = agreed(api, type="import", **file_of(api, records, file_format))
    outcomes = [outcome for _, outcome in found]
    # In one transaction, only a customer's first row counts. Hugo's is over, and a later one has him join.
    joins = 3 if rows_of_a_chunk == 960 else 4
    assert [outcomes.count(one) for one in ("created", "added", "refused")] == [3 + 6, joins, 11]


@pytest.mark.parametrize("seed", [*range(6), 103, 111, 116, 118])
def test_imports_of_any_rows(api: Client, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups and customers of few names, so that nearly all rows have to do with others."""
    random = Random(seed)
    monkeypatch.setattr(chunks, "ROWS", random.choice([1, 2, 5]))
    ada, _, carla = people(api)
    retail = api.create_group("Retail", key="k1")
    api.add(retail, carla)
    agreed(
        api, type="import", **file_of(api, list(any_records(random, [ada["id"], carla["id"], "c1", "c2", "c3", ""])))
    )


def any_records(random: Random, customer_ids: Sequence[str]) -> Iterator[Record]:
    names, group_ids = ["VIP", "vip", "Retail", "Trade", "Best", ""], ["g1", "g2", "g3", "g4", "not an id", ""]
    emails = [f"{one}@mail.example" for one in ("ada", "carla", "eve", "EVE", "finn")] + ["broken@", ""]
    keys = [None, None, None, "k1", "k2", "not a key"]
    for _ in range(8):
        mentioned = random.sample(["g1", "g2", "g3", "key:k1", "key:k2"], 2)
        rule = random.choice([None, None, BIG_SPENDERS, every(where("groups", "in", mentioned))])
        yield group(random.choice(group_ids), random.choice(names), group_key=random.choice(keys), group_rule=rule)
    for _ in range(25):
        more: Record = {"key": random.choice(keys), "has_account": random.random() < 0.2}
        ends_at = random.choice([None, None, UNTIL, "2001-01-01T00:00:00Z", "soon"])
        metadata = {"customer_metadata": {"rate": 0.1, "tags": ["a"]}}
        named = {"group_name": random.choice(names), **more, "ends_at": ends_at, **metadata}
        yield member(random.choice(group_ids), random.choice(customer_ids), random.choice(emails), **named)


def test_a_cancelled_dry_run_has_the_rows_of_the_chunks_that_were_done(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "ROWS", 2)
    ada, bela, _ = people(api)
    vip = api.create_group("VIP")
    values = [ada["id"], bela["id"], "ada@mail.example", "carla@mail.example", "key:crm-17"]
    body = {"type": "change_members", "customer_group_id": vip["id"], "action": "add", "source": {"values": values}}
    job, done = jobs.start(api, **body, dry_run=True), list[str]()

    def invoke(operation: str, event: dict[str, Any]) -> Any:
        if operation == "do_job_chunk" and len(done) == 2:
            api.post(f"{jobs.JOBS}/{job['id']}/cancel")
        done.extend([event["key"]] if operation == "do_job_chunk" else [])
        return handler(operation)(event, Context(operation))

    Machine(invoke).run(job["id"])
    job = jobs.get(api, job)
    assert job["status"] == "cancelled"
    assert [outcome for _, outcome in jobs.outcomes(job)] == ["added", "added", "unchanged", "added"]
    assert (job["totals"]["done"], job["totals"]["added"], job["totals"]["unchanged"]) == (4, 3, 1)
