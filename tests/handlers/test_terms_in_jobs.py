"""Jobs add customers from a day until a day, and take the terms of memberships along."""

from typing import Any

import pytest

from shared.jobs.leases import Lease
from tests import jobs
from tests.api import Client
from tests.clocks import Clock

pytestmark = [pytest.mark.usefixtures("surroundings"), pytest.mark.unwatched]

GROUPS = "/admin/customer-groups"
NO_TERMS = (None, None)

type Group = dict[str, Any]


@pytest.fixture
def vip(api: Client) -> Group:
    return api.create_group("VIP")


def customer(api: Client, name: str) -> dict[str, Any]:
    return api.create_customer(f"{name}@mail.example")


def add(api: Client, group: Group, **terms: tuple[str | None, str | None]) -> None:
    """Add new or known customers by name, with the beginning and the end of their membership."""
    known = {one["email"].partition("@")[0]: one["id"] for one in api.get("/admin/customers").body["customers"]}
    ids = {name: known.get(name) or customer(api, name)["id"] for name in terms}
    added = [{"id": ids[name], "starts_at": start, "ends_at": end} for name, (start, end) in terms.items()]
    assert api.post(f"{GROUPS}/{group['id']}/customers", {"add": added}).status == 200


def terms(api: Client, group: Group) -> dict[str, tuple[str | None, str | None]]:
    """The terms of all memberships, by the name of the customer."""
    found = api.get(f"{GROUPS}/{group['id']}/customers?membership=all&fields=email,membership").body["customers"]
    return {
        one["email"].partition("@")[0]: (one["membership"]["starts_at"], one["membership"]["ends_at"]) for one in found
    }


def both(api: Client, **body: Any) -> jobs.Job:
    """Run a job, after a dry run that has the same result and writes nothing."""
    before = api.table.contents()
    dry = jobs.run(api, **body, dry_run=True)
    after = api.table.contents()
    assert not [key for key in after if after[key] != before.get(key) and key.PK.startswith(("GROUP#", "CUSTOMER#"))]
    job = jobs.run(api, **body)
    parts = ("value", "outcome", "code", "message")
    assert [[row[one] for one in parts] for row in jobs.rows(job)] == [
        [row[one] for one in parts] for row in jobs.rows(dry)
    ]
    assert job["totals"] == dry["totals"]
    return job


def from_file(api: Client, group: Group, content: str, **source: Any) -> jobs.Job:
    given = {"upload_id": jobs.upload(api, content), **source}
    return both(api, type="change_members", customer_group_id=group["id"], action="add", source=given)


def test_a_file_says_when_memberships_begin_and_end(api: Client, vip: Group, watch: Clock) -> None:
    begin, end = watch.later(days=1), watch.later(days=30)
    for name in ("ada", "grace", "hedy", "joan", "mary"):
        customer(api, name)
    add(api, vip, joan=(None, end), mary=(None, end))
    content = "email,starts_at,Ends At\n" + "".join(
        f"{name}@mail.example,{cells}\n"
        for name, cells in {
            "ada": f"{begin},{end}",
            "grace": f",{end}",
            "hedy": ",",
            "joan": ",",  # nothing is said about the end
            "mary": f"{begin},",
        }.items()
    )
    job = from_file(api, vip, content)
    assert [outcome for _, outcome in jobs.outcomes(job)] == ["added", "added", "added", "unchanged", "added"]
    assert terms(api, vip) == {
        "ada": (begin, end),
        "grace": (None, end),
        "hedy": NO_TERMS,
        "joan": (None, end),
        "mary": (begin, None),
    }
    assert api.count_of(vip) == 3


def test_impossible_terms_are_refused_rows_that_keep_their_cells(api: Client, vip: Group, watch: Clock) -> None:
    customer(api, "ada")
    soon, later = watch.later(days=1), watch.later(days=2)
    lines = [("soon", ""), ("", "2020-01-01"), (later, soon), (soon, soon)]
    content = "email,starts_at,ends_at\n" + "".join(
        f"{'new' * (place < 3)}ada@mail.example,{start},{end}\n" for place, (start, end) in enumerate(lines)
    )
    source = {"upload_id": jobs.upload(api, content.replace("newada", "ada", 1))}
    body = {"type": "change_members", "customer_group_id": vip["id"], "action": "add", "create_missing": True}
    rows = jobs.rows(both(api, **body, source=source))
    assert [(row["outcome"], row["code"], row["message"]) for row in rows] == [
        ("refused", "invalid_data", "starts_at: must be a date and time in ISO 8601"),
        ("refused", "invalid_data", "ends_at: must be in the future"),
        ("refused", "invalid_data", "ends_at: must be after starts_at"),
        ("refused", "invalid_data", "ends_at: must be after starts_at"),
    ]
    assert [(row["starts_at"], row["ends_at"]) for row in rows] == lines
    assert api.get("/admin/customers").body["count"] == 1, "nobody is created for a refused row"
    assert terms(api, vip) == {}


def test_a_row_whose_end_passes_before_it_is_written_changes_nothing(
    api: Client, vip: Group, watch: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, bela = customer(api, "ada"), customer(api, "bela")
    monkeypatch.setattr(Lease, "renew", lambda _: watch.pass_(days=2))  # a chunk waits for its turn
    content = f"id,ends_at\n{ada['id']},{watch.later(days=1)}\n{bela['id']},{watch.later(days=9)}\n"
    job = jobs.change(api, vip, "add", content)
    assert jobs.outcomes(job) == [(ada["id"], "unchanged"), (bela["id"], "added")]
    assert list(terms(api, vip)) == ["bela"]


def test_the_columns_of_terms_can_be_named(api: Client, vip: Group, watch: Clock) -> None:
    customer(api, "ada")
    begin, end = watch.later(days=1), watch.later(days=2)
    content = f"email;Valid from;until;ends_at\nada@mail.example;{begin};{end};never\n"
    from_file(api, vip, content, starts_at_column="valid from", ends_at_column="Until")
    assert terms(api, vip) == {"ada": (begin, end)}
    job = jobs.change(api, vip, "add", content, source={"ends_at_column": "end"})
    assert (job["status"], job["error"]["code"]) == ("failed", "malformed_file")
    assert "no column 'end'" in job["error"]["message"]


@pytest.mark.parametrize("source", ["values", "filter"])
def test_all_can_get_the_same_terms(api: Client, vip: Group, watch: Clock, source: str) -> None:
    ada, grace, end = customer(api, "ada"), customer(api, "grace"), watch.later(days=14)
    body: dict[str, Any] = {"type": "change_members", "customer_group_id": vip["id"], "action": "add", "ends_at": end}
    named = {"values": [ada["id"], grace["id"]]} if source == "values" else {"filter": {"q": "mail"}}
    assert both(api, **body, source=named)["totals"]["added"] == 2
    assert terms(api, vip) == {"ada": (None, end), "grace": (None, end)}
    assert jobs.run(api, **body, source=named)["totals"]["unchanged"] == 2


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"action": "remove", "ends_at": "2999-01-01"}, "body"),
        ({"action": "set", "starts_at": "2999-01-01"}, "body"),
        ({"action": "add", "ends_at": "2020-01-01"}, "ends_at"),
        ({"action": "add", "source": {"values": ["cus_1"], "ends_at_column": "end"}}, "source"),
    ],
)
def test_refuses_terms_where_they_cannot_be(api: Client, vip: Group, more: dict[str, Any], path: str) -> None:
    body = {"type": "change_members", "customer_group_id": vip["id"], "source": {"values": ["cus_1"]}, **more}
    answer = api.post(jobs.JOBS, body)
    assert (answer.status, answer.faults) == (400, {path})


@pytest.mark.parametrize("which", ["all", "ids", "filter"])
def test_a_move_takes_the_terms_along(api: Client, vip: Group, watch: Clock, which: str) -> None:
    trial, begin, end = api.create_group("Trial"), watch.later(days=1), watch.later(days=30)
    add(api, trial, ada=NO_TERMS, grace=(None, end), hedy=(begin, end), joan=(None, end), mary=(begin, end))
    add(api, vip, joan=NO_TERMS, mary=(None, begin))
    known = [one["id"] for one in api.get(f"{GROUPS}/{trial['id']}/customers?membership=all").body["customers"]]
    body = {"type": "move_members", "from": trial["id"], "to": vip["id"]}
    if which == "ids":
        body |= {"customer_ids": known}
    if which == "filter":
        body |= {"filter": {"q": "mail", "membership": "all"}}
    job = both(api, **body)
    assert (job["totals"]["added"], job["totals"]["removed"]) == (4, 1)
    assert terms(api, trial) == {}
    assert terms(api, vip) == {
        "ada": NO_TERMS,
        "grace": (None, end),
        "hedy": (begin, end),
        "joan": NO_TERMS,  # a membership that is there already is not shortened
        "mary": (None, end),  # but extended
    }
    assert (api.count_of(trial), api.count_of(vip)) == (0, 4)


def test_a_member_whose_time_is_over_is_not_moved(api: Client, vip: Group, watch: Clock) -> None:
    trial = api.create_group("Trial")
    add(api, trial, ada=(None, watch.later(days=1)))
    ada = api.get("/admin/customers").body["customers"][0]
    watch.pass_(days=1)
    job = both(api, type="move_members", **{"from": trial["id"], "to": vip["id"]}, customer_ids=[ada["id"]])
    assert jobs.outcomes(job) == [(ada["id"], "unchanged")]
    assert (terms(api, trial), terms(api, vip)) == ({}, {})


def test_a_copy_has_the_terms_of_the_original(api: Client, vip: Group, watch: Clock) -> None:
    begin, end = watch.later(days=1), watch.later(days=30)
    add(api, vip, ada=NO_TERMS, grace=(None, end), hedy=(begin, end))
    job = both(api, type="copy_group", customer_group_id=vip["id"], name="VIP 2")
    assert terms(api, {"id": job["customer_group_id"]}) == terms(api, vip)


def test_combinations_have_the_time_in_any_in_all_or_in_the_first_group(api: Client, watch: Clock) -> None:
    first, second = (api.create_group(name) for name in ("First", "Second"))
    soon, later, end = watch.later(days=1), watch.later(days=10), watch.later(days=30)
    add(api, first, ada=(None, later), grace=(None, soon), hedy=(soon, end), joan=NO_TERMS)
    add(api, second, ada=(soon, end), grace=(later, end), hedy=(None, later))
    made = {
        operation: both(
            api,
            type="combine_groups",
            operation=operation,
            customer_group_ids=[first["id"], second["id"]],
            into={"name": operation},
        )
        for operation in ("union", "intersection", "difference")
    }
    found = {name: terms(api, {"id": job["customer_group_id"]}) for name, job in made.items()}
    assert found["union"] == {
        "ada": (None, end),
        "grace": (None, end),  # also between the two
        "hedy": (None, end),
        "joan": NO_TERMS,
    }
    assert found["intersection"] == {"ada": (soon, later), "hedy": (soon, later)}
    assert found["difference"] == {
        "ada": (None, later),  # she is not in the second group yet
        "grace": (None, soon),
        "joan": NO_TERMS,
    }


def test_a_combination_sets_the_terms_in_a_present_group(api: Client, vip: Group, watch: Clock) -> None:
    other, end, later = api.create_group("Other"), watch.later(days=1), watch.later(days=30)
    add(api, vip, ada=(None, end), grace=(None, end), hedy=(later, None))
    add(api, other, ada=(None, later))
    groups = [vip["id"], other["id"]]
    body = {"type": "combine_groups", "operation": "intersection", "customer_group_ids": groups}
    job = both(api, **body, into={"id": other["id"]})
    assert (terms(api, other), job["totals"]["added"]) == ({"ada": (None, end)}, 1)
    job = both(api, **(body | {"operation": "difference"}), into={"id": other["id"]})
    assert (terms(api, other), job["totals"]["removed"]) == ({"grace": (None, end), "hedy": (later, None)}, 1)
