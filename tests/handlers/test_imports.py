"""Imports of files that do not fit: groups in any order, own keys that are taken, customers who are missing."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from shared.jobs import chunks, import_groups
from shared.storage import customers, memberships
from shared.storage.membership_steps import Request, Step
from shared.storage.rules import judging
from tests import jobs, trouble
from tests.afterwards import Surroundings
from tests.api import Client, Context, handler
from tests.machine import Machine
from tests.rules import BIG_SPENDERS, GROUPS, Rules, every, where

pytestmark = [pytest.mark.usefixtures("surroundings"), pytest.mark.unwatched]

type Record = dict[str, Any]


@pytest.fixture
def rules(api: Client, surroundings: Surroundings) -> Rules:
    return Rules(api, surroundings)


def group(group_id: str, name: str, **more: Any) -> Record:
    return {"record": "customer_group", "group_id": group_id, "group_name": name, **more}


def member(group_id: str, customer_id: str, **more: Any) -> Record:
    return {"record": "member", "group_id": group_id, "group_name": "", "customer_id": customer_id, **more}


def mentioning(*names: str) -> Record:
    return {"group_rule": every(where("groups", "in", list(names)))}


def bring(api: Client, records: Sequence[Record], machine: Machine | None = None, **more: Any) -> jobs.Job:
    lines = "".join(json.dumps(one) + "\n" for one in records)
    return jobs.run(api, machine, type="import", upload_id=jobs.upload(api, lines, "application/jsonl"), **more)


def outcomes(job: jobs.Job) -> list[tuple[int, str, str | None]]:
    return sorted((line["line"], line["outcome"], line["code"]) for line in jobs.lines(job))


@pytest.mark.parametrize("rows_of_a_chunk", [1, 960])
def test_rules_can_mention_groups_that_the_file_has_later(
    api: Client, monkeypatch: pytest.MonkeyPatch, rows_of_a_chunk: int
) -> None:
    monkeypatch.setattr(chunks, "ROWS", rows_of_a_chunk)
    records = [
        group("g1", "Best", **mentioning("g2", "g4")),
        group("g2", "Better", **mentioning("key:good")),
        group("g3", "Good", group_key="good", **mentioning("g4")),
        group("g4", "All"),
    ]
    job = bring(api, records, Machine(concurrency=4))
    assert outcomes(job) == [(line, "created", None) for line in (1, 2, 3, 4)]
    assert api.get(f"{GROUPS}/g1").group["rule"] == records[0]["group_rule"]
    again = bring(api, records)
    assert outcomes(again) == [(line, "unchanged", None) for line in (1, 2, 3, 4)]


def test_groups_that_mention_each_other_in_a_circle_are_refused_and_the_others_imported(api: Client) -> None:
    records = [
        group("g1", "Hen", **mentioning("g2")),
        group("g2", "Egg", **mentioning("g1")),
        group("g3", "Itself", **mentioning("g3")),
        group("g4", "Nobody's", **mentioning("g9")),
        group("g5", "After all", **mentioning("g6")),
        group("g6", "Fine"),
    ]
    job = bring(api, records)
    refused = [(line, "refused", "invalid_data") for line in (1, 2, 3, 4)]
    assert outcomes(job) == [*refused, (5, "created", None), (6, "created", None)]


def test_own_keys_that_are_taken_are_refused_rows_and_the_others_imported(api: Client) -> None:
    api.create_group("Mine", key="vip")
    api.create_customer("mine@mail.example", key="42")
    records = [
        group("g1", "VIP", group_key="vip"),
        group("g2", "Retail", group_key="retail"),
        group("g3", "Broken", group_key="not a key"),
        member("g2", "c1", email="ada@mail.example", key="42"),
        member("g2", "c2", email="bela@mail.example", key="43"),
        member("g2", "c3", email="carla@mail.example", key="43"),
        member("g2", "c4", email="dora@mail.example", key="not a key"),
    ]
    expected = [
        (1, "refused", "customer_group_key_taken"),
        (2, "created", None),
        (3, "refused", "invalid_data"),
        (4, "refused", "customer_key_taken"),
        (5, "created", None),
        (6, "refused", "customer_key_taken"),
        (7, "refused", "invalid_data"),
    ]
    assert outcomes(bring(api, records, dry_run=True)) == expected
    assert outcomes(bring(api, records)) == expected
    assert api.get(f"{GROUPS}/key:retail").group["id"] == "g2"
    assert api.get("/admin/customers/key:43").customer["id"] == "c2"


def test_exceptions_of_customers_who_do_not_exist_are_dropped(api: Client) -> None:
    ada = api.create_customer("ada@mail.example")
    exceptions = {"always": ["c1", "c2"], "never": [ada["id"], "c3"]}
    records = [
        group("g1", "VIP", group_rule=BIG_SPENDERS, group_exceptions=exceptions),
        member("g1", "c1", email="bela@mail.example"),
        member("g1", "c2", email="broken@"),
    ]
    job = bring(api, records)
    assert outcomes(job) == [(1, "created", None), (2, "created", None), (3, "refused", "invalid_data")]
    assert api.get(f"{GROUPS}/g1/exceptions").body["exceptions"] == {"always": ["c1"], "never": [ada["id"]]}


def customer(customer_id: str, **more: Any) -> Record:
    return {"record": "customer", "customer_id": customer_id, **more}


def test_exceptions_follow_customers_who_are_there_with_another_id(api: Client, rules: Rules) -> None:
    """Ada and Bela have been created again since the export, and spend enough to be in the group."""
    rich = {"total_spent": 5000}
    ada = api.create_customer("ada@mail.example", metadata=rich)
    bela = api.create_customer("new@mail.example", key="crm-2", metadata=rich)
    carla = api.create_customer("carla@mail.example")
    records = [
        group("g1", "VIP", group_rule=BIG_SPENDERS, group_exceptions={"always": ["c3", "c4"], "never": ["c1", "c2"]}),
        group("g2", "Retail"),
        member("g2", "c3", email="Carla@mail.example"),
        customer("c1", email="ADA@mail.example"),
        customer("c2", email="bela@mail.example", key="crm-2"),
        customer("c4", email="dora@mail.example"),
    ]

    def invoke(operation: str, event: dict[str, Any]) -> Any:
        answer = handler(operation)(event, Context(operation))
        rules.finish()
        return answer

    expected = [
        (1, "created", None),
        (2, "created", None),
        (3, "added", None),
        (4, "unchanged", None),
        (5, "refused", "customer_key_taken"),
        (6, "created", None),
    ]
    assert outcomes(bring(api, records, dry_run=True)) == expected
    assert outcomes(bring(api, records, Machine(invoke))) == expected
    found = api.get(f"{GROUPS}/g1/exceptions").body["exceptions"]
    assert found == {"always": [carla["id"], "c4"], "never": [ada["id"], bela["id"]]}
    assert set(api.member_ids({"id": "g1"})) == {carla["id"], "c4"}
    joined = [one["detail"] for one in rules.published if one["detail-type"] == "customer-group.customers-added"]
    ever = {one for detail in joined if detail["customer_group_id"] == "g1" for one in detail["customer_ids"]}
    assert ever == {carla["id"], "c4"}, "nobody was in the group for a moment who never should"
    assert {line for line, outcome, _ in outcomes(bring(api, records)) if outcome == "unchanged"} == {1, 2, 3, 4, 6}
    assert api.get(f"{GROUPS}/g1/exceptions").body["exceptions"] == found


def test_exceptions_follow_a_customer_whom_an_earlier_row_creates(
    api: Client, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file has Ada with two ids. The worker dies after the exception was renamed, and the chunk runs again."""
    records = [
        group("g1", "VIP", group_rule=BIG_SPENDERS, group_exceptions={"always": ["c9"], "never": ["c2", "c1"]}),
        customer("c1", email="ada@mail.example", customer_metadata={"total_spent": 5000}),
        customer("c2", email="ada@mail.example"),
        customer("c9", email="ada@mail.example"),
    ]
    apply, killed = judging.apply, list[str]()

    def die_once(customer_ids: Any, *args: Any, **more: Any) -> Any:
        if not killed:
            killed.append("killed")
            raise trouble.Killed
        return apply(customer_ids, *args, **more)

    monkeypatch.setattr(judging, "apply", die_once)
    job = bring(api, records)
    assert (job["status"], killed) == ("succeeded", ["killed"])
    assert [outcome for _, outcome, _ in outcomes(job)] == ["created", "created", "unchanged", "unchanged"]
    rules.finish()
    assert api.get(f"{GROUPS}/g1/exceptions").body["exceptions"] == {"always": [], "never": ["c1"]}
    assert api.member_ids({"id": "g1"}) == []


def test_an_import_that_ends_earlier_does_not_drop_the_exceptions_of_another(api: Client) -> None:
    exceptions = {"always": ["c1"], "never": []}
    records = [group("g1", "VIP", group_rule=BIG_SPENDERS, group_exceptions=exceptions), member("g1", "c1")]

    def invoke(operation: str, event: dict[str, Any]) -> Any:
        if operation == "prepare_job" and event["plan"]:  # the groups are there, and the members not yet
            bring(api, [group("g2", "Other")])
        return handler(operation)(event, Context(operation))

    bring(api, records, Machine(invoke))
    assert api.get(f"{GROUPS}/g1/exceptions").body["exceptions"] == exceptions


def test_an_import_does_not_change_the_exceptions_of_a_group_that_exists(api: Client) -> None:
    vip = api.create_group("VIP", rule=BIG_SPENDERS)
    ada = api.create_customer("ada@mail.example")
    exceptions = {"always": [], "never": [ada["id"]]}
    bring(api, [group("g1", "VIP", group_rule=BIG_SPENDERS, group_exceptions=exceptions)])
    assert api.get(f"{GROUPS}/{vip['id']}/exceptions").body["exceptions"] == {"always": [], "never": []}


@pytest.mark.parametrize(
    ("rule", "exceptions"),
    [
        (BIG_SPENDERS, {"always": ["c1"], "never": ["c1"]}),
        (BIG_SPENDERS, {"always": [f"c{number}" for number in range(501)], "never": []}),
        (BIG_SPENDERS, {"always": ["not an id"], "never": []}),
        (BIG_SPENDERS, ["c1"]),
        (None, {"always": ["c1"], "never": []}),
    ],
)
def test_exceptions_that_cannot_be_are_a_refused_row(api: Client, rule: Any, exceptions: Any) -> None:
    job = bring(api, [group("g1", "VIP", group_rule=rule, group_exceptions=exceptions), group("g2", "Fine")])
    assert outcomes(job) == [(1, "refused", "invalid_data"), (2, "created", None)]


def test_a_group_that_is_deleted_meanwhile_does_not_stop_the_import_of_others(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "ROWS", 3)
    records = [group("g1", "Gone"), group("g2", "There")]
    records += [member(group_id, f"c{number}") for group_id in ("g1", "g2") for number in range(4)]
    carry_out = memberships.carry_out

    def after_deletion(request: Request, steps: Sequence[Step]) -> list[Step]:
        if steps[0].group_id == "g1":
            api.delete(f"{GROUPS}/g1")
        return carry_out(request, steps)

    monkeypatch.setattr(memberships, "carry_out", after_deletion)
    job = bring(api, records)
    assert (job["status"], job["error"], job["totals"]["done"]) == ("succeeded", None, 10)
    refused = [line for line, outcome, code in outcomes(job) if code == "customer_group_not_found"]
    assert refused == [3, 4, 5, 6]
    assert len(api.member_ids({"id": "g2"})) == 4


def test_a_dry_run_counts_what_occurs_twice_like_the_import_itself(api: Client) -> None:
    records = [
        group("g1", "VIP"),
        group("g2", "vip"),
        group("g1", "Other name"),
        group("g3", "Retail", group_key="retail"),
        group("g4", "Trade", group_key="retail"),
        member("g1", "c1", email="ada@mail.example"),
        member("g1", "", email="Ada@mail.example"),
        member("g3", "", email="ada@mail.example"),
        member("g3", "c2", email="ada@mail.example", has_account=True),
    ]
    dry = outcomes(bring(api, records, dry_run=True))
    assert api.get("/admin/customers").body["customers"] == api.get(GROUPS).body["customer_groups"] == []
    assert dry == outcomes(bring(api, records))
    counted = [outcome for _, outcome, _ in dry]
    assert (counted.count("created"), counted.count("unchanged"), counted.count("refused")) == (4, 3, 1)


def test_a_dry_run_knows_that_the_members_of_an_automatic_group_follow_from_its_rule(api: Client) -> None:
    ada = api.create_customer("ada@mail.example")
    records = [group("g1", "VIP", group_rule=BIG_SPENDERS), member("g1", ada["id"]), member("g1", "c1")]
    expected = [(1, "created", None), (2, "unchanged", None), (3, "created", None)]
    assert outcomes(bring(api, records, dry_run=True)) == expected
    assert outcomes(bring(api, records)) == expected


def test_the_row_that_creates_a_customer_says_so_also_if_an_earlier_row_is_refused(api: Client) -> None:
    api.create_group("Holder", key="taken")
    records = [
        group("g1", "Refused", group_key="taken"),
        group("g2", "Fine"),
        member("g1", "crm-1", email="ada@mail.example"),
        member("g2", "crm-1", email="ada@mail.example"),
        member("g2", "crm-2", email="bela@mail.example", ends_at="soon"),
        member("g2", "crm-2", email="bela@mail.example"),
        member("", "crm-2", group_name="Holder"),
    ]
    expected = [
        (1, "refused", "customer_group_key_taken"),
        (2, "created", None),
        (3, "refused", "customer_group_not_found"),
        (4, "created", None),
        (5, "refused", "invalid_data"),
        (6, "created", None),
        (7, "added", None),
    ]
    assert outcomes(bring(api, records, dry_run=True)) == expected
    job = bring(api, records)
    assert outcomes(job) == expected
    assert job["totals"]["created"] == 1 + api.get("/admin/customers").body["count"]


def test_a_chunk_that_died_after_it_created_customers_says_so_when_it_runs_again(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    carry_out, deaths = memberships.carry_out, iter([trouble.Killed()])

    def die_once(request: Request, steps: Sequence[Step]) -> list[Step]:
        for death in deaths:
            raise death
        return carry_out(request, steps)

    monkeypatch.setattr(memberships, "carry_out", die_once)
    members = [member("g1", "crm-1", ends_at="soon"), member("g1", "crm-1"), member("g1", "crm-1")]
    job = bring(api, [group("g1", "VIP"), *members])
    assert outcomes(job)[1:] == [(2, "refused", "invalid_data"), (3, "created", None), (4, "unchanged", None)]
    assert api.member_ids({"id": "g1"}) == ["crm-1"]


def test_a_customer_whom_two_chunks_want_to_create_at_once_is_created_once(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "ROWS", 1)
    api.create_group("VIP", id="g1")
    api.create_group("Retail", id="g2")
    create, first = customers.create, list[dict[str, Any]]()

    def invoke(operation: str, event: dict[str, Any]) -> Any:
        if operation == "do_job_chunk" and not first:
            first.append(event)
        return handler(operation)(event, Context(operation))

    def create_later(*args: Any, **more: Any) -> Any:
        monkeypatch.setattr(customers, "create", create)
        second = {**first[0], "key": first[0]["key"].replace("000000", "000001")}
        handler("do_job_chunk")(second, Context("do_job_chunk"))
        return create(*args, **more)

    monkeypatch.setattr(customers, "create", create_later)
    job = bring(api, [member("g1", "crm-1", email="ada@mail.example"), member("g2", "crm-1")], Machine(invoke))
    assert outcomes(job) == [(1, "added", None), (2, "created", None)]
    assert api.groups_of({"id": "crm-1"}) == {"VIP", "Retail"}


@pytest.mark.parametrize("other", [group("g1", "VIP"), group("g9", "vip"), group("g1", "Other", group_key="vip")])
def test_a_group_that_another_import_creates_a_moment_before_is_unchanged(
    api: Client, monkeypatch: pytest.MonkeyPatch, other: Record
) -> None:
    named = import_groups.named

    def too_early(*args: Any, **more: Any) -> str | None:
        found = named(*args, **more)
        monkeypatch.setattr(import_groups, "named", named)
        assert outcomes(bring(api, [other])) == [(1, "created", None)]
        return found

    monkeypatch.setattr(import_groups, "named", too_early)
    job = bring(api, [group("g1", "VIP", group_key="vip")])
    assert outcomes(job) == [(1, "unchanged", None)]
    assert api.get(GROUPS).shown("id") == [other["group_id"]]


def test_has_account_is_what_spreadsheets_write_and_anything_else_refuses_the_row(api: Client) -> None:
    api.create_group("VIP")
    written = ["TRUE", "WAHR", "Vrai", "VERDADERO", "verdadeiro", "Yes", "y", "1"]
    written += ["FALSE", "FALSCH", "0", "", "perhaps"]
    lines = [f"member,VIP,c{place},c{place}@mail.example,{word}" for place, word in enumerate(written)]
    content = "\n".join(["record,group_name,customer_id,email,has_account", *lines])
    dry, job = (jobs.run(api, type="import", upload_id=jobs.upload(api, content), dry_run=dry) for dry in (True, False))
    assert [row["outcome"] for row in jobs.rows(job)] == [*["created"] * 12, "refused"]
    assert dry["totals"] == job["totals"]
    (refused,) = (row for row in jobs.rows(job) if row["outcome"] == "refused")
    assert (refused["message"], refused["has_account"]) == ("has_account: must be true or false", "perhaps")
    found = api.get("/admin/customers?limit=50").body["customers"]
    assert {one["id"] for one in found if one["has_account"]} == {f"c{place}" for place in range(8)}


@pytest.mark.parametrize("file_format", ["csv", "jsonl"])
def test_refused_rows_can_be_corrected_and_imported_again(api: Client, rules: Rules, file_format: str) -> None:
    """Everything is refused: the names and keys are taken. Then they are not, and the refused rows are enough."""
    vip = api.create_group("VIP", {"discount": 10, "rate": 0.1}, key="vip")
    rich = api.create_group("Rich", key="rich", rule=BIG_SPENDERS)
    profile = {"first_name": "Ada", "phone": "=1+1", "has_account": True, "metadata": {"n": 1, "tags": ["a", "1"]}}
    ada = api.create_customer("ada@mail.example", key="42", **profile)
    bela = api.create_customer("bela@mail.example", key="43")
    trial = {"id": ada["id"], "ends_at": "2999-01-01T00:00:00.000Z"}
    assert api.post(f"{GROUPS}/{vip['id']}/customers", {"add": [trial]}).status == 200
    exceptions = {"always": [], "never": [bela["id"]]}
    assert api.put(f"{GROUPS}/{rich['id']}/exceptions", exceptions).status == 200
    rules.finish()
    exported = jobs.result(jobs.run(api, type="export", format=file_format))
    api.table.clear()
    blocking = [api.create_group(f"Other {own_key}", key=own_key) for own_key in ("vip", "rich")]
    takers = [api.create_customer(f"{own_key}@mail.example", key=own_key) for own_key in ("42", "43")]
    content_type = {"csv": "text/csv", "jsonl": "application/jsonl"}[file_format]

    def bring_back(content: str, **more: Any) -> jobs.Job:
        return jobs.run(api, type="import", upload_id=jobs.upload(api, content, content_type), **more)

    dry, job = bring_back(exported, dry_run=True), bring_back(exported)
    assert job["totals"]["refused"] == job["totals"]["rows"] == 4
    assert jobs.result(dry) == jobs.result(job)
    for one in blocking:
        api.delete(f"{GROUPS}/{one['id']}")
    for taker in takers:
        api.delete(f"/admin/customers/{taker['id']}")
    assert bring_back(jobs.result(job))["totals"]["created"] == 4
    rules.finish()
    assert jobs.result(jobs.run(api, type="export", format=file_format)) == exported


def test_a_row_without_its_group_says_what_the_file_calls_the_group(api: Client) -> None:
    records = [member("", "c1", group_name="New one"), member("g9", "c1"), member("", "c1")]
    for dry_run in (True, False):
        job = bring(api, records, dry_run=dry_run)
        assert [(line["code"], line["message"]) for line in jobs.lines(job)] == [
            ("customer_group_not_found", "Customer group with name: New one not found"),
            ("customer_group_not_found", "Customer group with id: g9 not found"),
            ("invalid_data", "group_name: is needed where there is no group_id"),
        ]
