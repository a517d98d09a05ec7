"""POST /admin/customer-group-jobs: jobs change memberships row by row."""

import json
from typing import Any, Final

import pytest

from shared.dynamodb.client import dynamodb
from shared.dynamodb.values import serialize
from shared.runtime import clock
from shared.storage import keys
from tests import jobs
from tests.afterwards import Surroundings
from tests.api import ADMIN, Client
from tests.jobs import JOBS
from tests.machine import Machine

pytestmark = pytest.mark.usefixtures("surroundings")


@pytest.fixture
def vip(api: Client) -> dict[str, Any]:
    return api.create_group("VIP")


def test_adds_customers_by_address_or_id_with_a_result_for_each_row(api: Client, vip: dict[str, Any]) -> None:
    ada, bela = api.create_customer("ada@mail.example"), api.create_customer("bela@mail.example")
    api.add(vip, bela)
    values = ["Ada@Mail.example", bela["id"], "nobody@mail.example", "cus_nobody", "not an id", "two words@mail"]
    job = jobs.change(api, vip, "add", jobs.file_of(values, "value"))
    assert job["status"] == "succeeded"
    assert job["totals"] == {
        "rows": 6,
        "done": 6,
        "added": 1,
        "removed": 0,
        "unchanged": 1,
        "created": 0,
        "refused": 4,
    }
    found = jobs.rows(job)
    assert [row["outcome"] for row in found] == ["added", "unchanged", "refused", "refused", "refused", "refused"]
    assert [row["line"] for row in found] == ["2", "3", "4", "5", "6", "7"]
    assert found[0]["customer_id"] == ada["id"]
    assert [row["code"] for row in found[2:]] == ["customer_not_found"] * 2 + ["invalid_data"] * 2
    assert found[2]["message"] == "Customer with email: nobody@mail.example not found"
    assert sorted(api.member_ids(vip)) == sorted([ada["id"], bela["id"]])


def test_returns_the_started_job_immediately(api: Client, vip: dict[str, Any]) -> None:
    job = jobs.start(
        api, type="change_members", customer_group_id=vip["id"], action="add", source={"values": ["a@b.example"]}
    )
    assert job["status"] == "pending"
    assert job["request"] == {
        "type": "change_members",
        "customer_group_id": vip["id"],
        "action": "add",
        "source": {"value_count": 1},
    }
    assert job["created_by"] == ADMIN["sub"]
    assert (job["started_at"], job["finished_at"], job["result"], job["error"]) == (None, None, None, None)
    assert job["customer_group_id"] == vip["id"]


def test_a_dry_run_has_the_same_result_and_writes_nothing(api: Client, vip: dict[str, Any]) -> None:
    ada, bela = api.create_customer("ada@mail.example"), api.create_customer("bela@mail.example")
    api.add(vip, bela)
    content = "email,first_name\nada@mail.example,Ada\nbela@mail.example,Bela\nnew@mail.example,New\nbroken@,X\n"
    dry = jobs.change(api, vip, "add", content, create_missing=True, dry_run=True)
    assert api.member_ids(vip) == [bela["id"]]
    assert api.get("/admin/customers?email=new@mail.example").body["customers"] == []
    real = jobs.change(api, vip, "add", content, create_missing=True)
    assert dry["totals"] == real["totals"]
    hidden = ("customer_id",)
    outcomes = [{k: v for k, v in row.items() if k not in hidden} for row in jobs.rows(dry)]
    assert outcomes == [{k: v for k, v in row.items() if k not in hidden} for row in jobs.rows(real)]
    assert [row["outcome"] for row in jobs.rows(real)] == ["added", "unchanged", "created", "refused"]
    assert len(api.member_ids(vip)) == 3
    assert ada["id"] in api.member_ids(vip)
    assert api.get("/admin/customers?email=new@mail.example").body["customers"][0]["first_name"] == "New"


def test_sets_the_members_of_a_group_to_the_list(api: Client, vip: dict[str, Any]) -> None:
    ada, bela, chiara = (api.create_customer(f"{name}@mail.example") for name in ("ada", "bela", "chiara"))
    api.add(vip, ada, bela)
    content = jobs.file_of(["bela@mail.example", "chiara@mail.example"])
    dry = jobs.change(api, vip, "set", content, dry_run=True)
    assert sorted(api.member_ids(vip)) == sorted([ada["id"], bela["id"]])
    job = jobs.change(api, vip, "set", content)
    assert sorted(api.member_ids(vip)) == sorted([bela["id"], chiara["id"]])
    assert jobs.rows(job) == jobs.rows(dry)
    assert jobs.outcomes(job) == [
        ("bela@mail.example", "unchanged"),
        ("chiara@mail.example", "added"),
        (ada["id"], "removed"),
    ]
    assert jobs.rows(job)[2]["line"] == ""
    assert (job["totals"]["rows"], job["totals"]["removed"]) == (3, 1)


def test_who_joins_later_leaves_a_group_that_is_set_to_a_list_without_them(api: Client, vip: dict[str, Any]) -> None:
    ada, bela, chiara = (api.create_customer(f"{name}@mail.example") for name in ("ada", "bela", "chiara"))
    later = [{"id": one["id"], "starts_at": "2999-01-01T00:00:00Z"} for one in (bela, chiara)]
    api.post(f"/admin/customer-groups/{vip['id']}/customers", {"add": [ada["id"], *later]})
    job = jobs.change(api, vip, "set", jobs.file_of([ada["email"], bela["email"]]))
    assert jobs.outcomes(job) == [(ada["email"], "unchanged"), (bela["email"], "added"), (chiara["id"], "removed")]
    everybody = api.get(f"/admin/customer-groups/{vip['id']}/customers?membership=all").shown("id")
    assert sorted(everybody) == sorted([ada["id"], bela["id"]])


def test_whom_an_address_of_two_customers_may_mean_stays_in_a_group_that_is_set(
    api: Client, vip: dict[str, Any]
) -> None:
    guest, bela = api.create_customer("ada@mail.example"), api.create_customer("bela@mail.example")
    account = api.create_customer("ada@mail.example", has_account=True)
    api.add(vip, guest, account, bela)
    job = jobs.change(api, vip, "set", jobs.file_of(["Ada@mail.example"]))
    assert [(row["outcome"], row["code"]) for row in jobs.rows(job)] == [
        ("refused", "email_is_ambiguous"),
        ("removed", ""),
    ]
    assert sorted(api.member_ids(vip)) == sorted([guest["id"], account["id"]])


def test_removes_customers_from_a_group(api: Client, vip: dict[str, Any]) -> None:
    ada, bela = api.create_customer("ada@mail.example"), api.create_customer("bela@mail.example")
    api.add(vip, ada)
    job = jobs.run(
        api,
        type="change_members",
        customer_group_id=vip["id"],
        action="remove",
        source={"values": [ada["id"], bela["id"], "cus_nobody"]},
    )
    assert jobs.outcomes(job) == [(ada["id"], "removed"), (bela["id"], "unchanged"), ("cus_nobody", "refused")]
    assert api.member_ids(vip) == []


def test_uses_the_customers_that_match_a_filter(api: Client, vip: dict[str, Any]) -> None:
    for name in ("ada", "bela"):
        api.create_customer(f"{name}@mail.example", company_name="Night Owls")
    api.create_customer("chiara@mail.example")
    body = {"type": "change_members", "customer_group_id": vip["id"], "action": "add"}
    job = jobs.run(api, **body, source={"filter": {"q": "night", "created_at": {"$gte": "2026-01-01"}}})
    assert job["totals"]["added"] == 2
    assert [row["line"] for row in jobs.rows(job)] == ["1", "2"]
    refused = api.post(JOBS, {**body, "source": {"filter": {"color": "red"}}})
    assert (refused.status, refused.faults) == (400, {"source.filter.color"})
    assert api.post(JOBS, {**body, "source": {"filter": {"limit": 5}}}).faults == {"source.filter.limit"}
    assert api.post(JOBS, {**body, "source": {"filter": {"created_at": "soon"}}}).faults == {"source.filter"}


IN_VIP: Final = [
    {"groups": "VIP"},
    {"groups[]": ["VIP"]},
    {"groups[0]": "VIP", "groups[1]": "GOLD"},
    {"groups[id]": "VIP"},
    {"groups[id][]": ["VIP"]},
    {"groups": {"id": "VIP"}},
    {"groups": {"id": ["VIP", "GOLD"]}},
    {"id[0]": "key:ada"},
    {"id[]": "key:ada", "id": ["key:nobody"]},
    {"email[]": ["ada@mail.example"]},
    {"email[0]": "ada@mail.example", "has_account": False},
]


@pytest.mark.parametrize("given", IN_VIP, ids=str)
def test_a_filter_can_be_written_like_the_parameters_of_the_list(
    api: Client, vip: dict[str, Any], given: dict[str, Any]
) -> None:
    ids = {"VIP": vip["id"], "GOLD": api.create_group("Gold")["id"]}
    ada = api.put("/admin/customers/key:ada", {"email": "ada@mail.example"}).body["customer"]
    api.create_customer("bela@mail.example")
    api.add(vip, ada)
    text = json.dumps(given)
    for name, group_id in ids.items():
        text = text.replace(name, group_id)
    body = {"type": "change_members", "customer_group_id": ids["GOLD"], "action": "add"}
    job = jobs.run(api, **body, source={"filter": json.loads(text)})
    assert [row["customer_id"] for row in jobs.rows(job)] == [ada["id"]]


def test_a_filter_can_give_a_single_value_once(api: Client, vip: dict[str, Any]) -> None:
    body = {"type": "change_members", "customer_group_id": vip["id"], "action": "add"}
    twice = {"created_at[$gte]": "2026-01-01", "created_at": {"$gte": "2026-02-01"}}
    answer = api.post(JOBS, {**body, "source": {"filter": twice}})
    assert (answer.status, answer.faults) == (400, {"source.filter.created_at[$gte]"})
    for unknown in ("q[]", "has_account[0]", "color[id]", "id[id]"):
        assert api.post(JOBS, {**body, "source": {"filter": {unknown: "x"}}}).faults == {f"source.filter.{unknown}"}


@pytest.mark.parametrize("operation", ["union", "intersection", "difference"])
def test_a_combination_names_each_group_once(api: Client, vip: dict[str, Any], operation: str) -> None:
    keyed = api.put("/admin/customer-groups/key:gold", {"name": "Gold"}).body["customer_group"]
    for both in ([vip["id"], vip["id"]], [keyed["id"], "key:gold"]):
        body = {"type": "combine_groups", "operation": operation, "customer_group_ids": both, "into": {"name": "Both"}}
        answer = api.post(JOBS, body)
        assert (answer.status, answer.faults) == (400, {"customer_group_ids"}), answer.text


def test_the_changes_of_a_job_have_it_as_reason(api: Client, vip: dict[str, Any], surroundings: Surroundings) -> None:
    api.create_customer("ada@mail.example")
    job = jobs.change(api, vip, "add", jobs.file_of(["ada@mail.example", "new@mail.example"]), create_missing=True)
    (joined, created) = api.get(f"/admin/customer-groups/{vip['id']}/history").body["changes"]
    assert (joined["type"], joined["reason"]) == ("customers_added", {"type": "job", "id": job["id"]})
    assert (created["type"], created["reason"]) == ("created", None)
    surroundings.follow(api.table)
    events = surroundings.events()
    reasons = {kind: detail["reason"] for kind, detail in events}
    assert reasons["customer-group.customers-added"] == {"type": "job", "id": job["id"]}
    assert [kind for kind, _ in events if "job" in kind] == [
        "customer-group.job.started",
        "customer-group.job.finished",
    ]
    finished = next(detail for kind, detail in events if kind.endswith("finished"))
    assert (finished["job_id"], finished["status"], finished["totals"]) == (job["id"], "succeeded", job["totals"])


def test_a_repeated_request_starts_one_job(api: Client, vip: dict[str, Any]) -> None:
    body = {
        "type": "change_members",
        "customer_group_id": vip["id"],
        "action": "add",
        "source": {"values": ["cus_nobody"]},
    }
    first, again = (api.post(JOBS, body, Idempotency_Key="monday") for _ in range(2))
    assert first.text == again.text
    assert len(api.get(JOBS).body["jobs"]) == 1


def test_a_repeated_request_returns_the_job_though_its_response_was_lost_and_its_group_now_exists(
    api: Client, vip: dict[str, Any]
) -> None:
    body = {"type": "copy_group", "customer_group_id": vip["id"], "name": "VIP of last year", "with_members": True}
    first = api.post(JOBS, body, Idempotency_Key="monday").body["job"]
    Machine().run(first["id"])
    for key in api.table.contents():
        if key.PK.startswith("IDEMPOTENCY#"):
            api.table.client.delete_item(TableName=api.table.name, Key=serialize(key._asdict()))
    again = api.post(JOBS, body, Idempotency_Key="monday")
    assert (again.status, again.body["job"]["id"], again.body["job"]["status"]) == (200, first["id"], "succeeded")
    assert [group["name"] for group in api.get("/admin/customer-groups?order=name").body["customer_groups"]] == [
        "VIP",
        "VIP of last year",
    ]


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({}, "type"),
        ({"type": "dance"}, "type"),
        ({"type": "change_members"}, "customer_group_id"),
        ({"action": "add"}, "source"),
        ({"action": "add", "source": {}}, "source"),
        ({"action": "add", "source": {"values": ["a@b.example"], "upload_id": "upload_1"}}, "source"),
        ({"action": "add", "source": {"values": []}}, "source.values"),
        ({"action": "add", "source": {"values": [f"cus_{n}" for n in range(1_001)]}}, "source.values"),
        ({"action": "add", "source": {"values": ["a@b.example"], "column": "email"}}, "source"),
        ({"action": "double", "source": {"values": ["a@b.example"]}}, "action"),
        ({"action": "add", "source": {"values": ["a@b.example"]}, "dry_run": "yes"}, "dry_run"),
        ({"action": "add", "source": {"values": ["a@b.example"]}, "color": "red"}, "color"),
        ({"type": "move_members", "from": "cusgroup_1", "to": "cusgroup_1"}, "body"),
        ({"type": "move_members", "from": "a", "to": "b", "customer_ids": ["cus_1"], "filter": {}}, "body"),
        ({"type": "move_members", "from": "a", "to": "b", "filter": {"groups": ["c"]}}, "body"),
        ({"type": "move_members", "from": "a", "to": "b", "filter": {"groups[id]": "c"}}, "body"),
        ({"type": "move_members", "from": "a", "to": "b", "filter": {"color": "red"}}, "filter.color"),
        ({"type": "move_members", "from": "a", "to": "b", "filter": {"created_at": {"$gte": "soon"}}}, "filter"),
        ({"type": "copy_group", "customer_group_id": "cusgroup_1", "name": " "}, "name"),
        (
            {"type": "combine_groups", "operation": "union", "customer_group_ids": ["a"], "into": {"id": "b"}},
            "customer_group_ids",
        ),
        ({"type": "combine_groups", "operation": "union", "customer_group_ids": ["a", "b"], "into": {}}, "into"),
        ({"type": "export", "format": "xlsx"}, "format"),
        ({"action": "add", "source": {"filter": {"id": ["x" * 4_000 + str(n) for n in range(200)]}}}, "source.filter"),
        ({"action": "add", "source": {"filter": {"groups": ["x" * 100_000]}}}, "source.filter"),
        ({"action": "add", "source": {"filter": {"q": 9_000 * ["vip"]}}}, "source.filter"),
    ],
    ids=lambda one: str(one)[:100],
)
def test_refuses_invalid_requests_and_names_the_field(
    api: Client, vip: dict[str, Any], body: dict[str, Any], fault: str
) -> None:
    if "type" not in body and body:
        body = {"type": "change_members", "customer_group_id": vip["id"], **body}
    answer = api.post(JOBS, body)
    assert answer.status == 400
    assert fault in answer.faults, answer.text


@pytest.mark.parametrize("name", ["email", "groups", "id", "created_by", "\ud800"])
def test_refuses_half_a_surrogate_pair_in_a_filter(api: Client, vip: dict[str, Any], name: str) -> None:
    source = {"filter": {name: ["\ud800@mail.example"]}}
    body = {"type": "change_members", "customer_group_id": vip["id"], "action": "add", "source": source}
    answer = api.post(JOBS, body)
    assert (answer.status, "surrogate" in answer.message) == (400, True)
    assert answer.text.encode()  # the runtime of Lambda cannot send it otherwise


def test_refuses_unknown_groups_and_uploads(api: Client, vip: dict[str, Any]) -> None:
    by_value = {"type": "change_members", "action": "add", "source": {"values": ["a@b.example"]}}
    gone = api.post(JOBS, {**by_value, "customer_group_id": "cusgroup_gone"})
    assert (gone.status, gone.body["code"]) == (404, "customer_group_not_found")
    by_file = {"type": "change_members", "action": "add", "customer_group_id": vip["id"]}
    never = api.post(JOBS, {**by_file, "source": {"upload_id": "upload_never"}})
    assert (never.status, never.body["code"]) == (404, "upload_not_found")
    body = {"filename": "a.csv", "content_type": "text/csv", "size": 10}
    announced = api.post(jobs.UPLOADS, body).body["upload"]
    missing = api.post(JOBS, {**by_file, "source": {"upload_id": announced["id"]}})
    assert (missing.status, missing.body["code"]) == (409, "upload_incomplete")
    jobs.put(announced, b"email\n")
    other_size = api.post(JOBS, {**by_file, "source": {"upload_id": announced["id"]}})
    assert (other_size.status, other_size.body["code"]) == (409, "upload_incomplete")
    taken = api.post(JOBS, {"type": "copy_group", "customer_group_id": vip["id"], "name": "vip"})
    assert (taken.status, taken.body["code"]) == (400, "customer_group_name_taken")


def test_an_upload_that_expired_is_not_there_even_while_its_item_is(api: Client, vip: dict[str, Any]) -> None:
    upload_id = jobs.upload(api, "email\nada@mail.example\n")
    item = api.table.item(keys.upload(upload_id)) | {"expires_at": clock.epoch_seconds() - 1}
    dynamodb().put_item(TableName=api.table.name, Item=serialize(item))
    body = {"type": "change_members", "action": "add", "customer_group_id": vip["id"]}
    answer = api.post(JOBS, {**body, "source": {"upload_id": upload_id}})
    assert (answer.status, answer.body["code"]) == (404, "upload_not_found")


def test_is_for_editors_but_creating_customers_is_for_admins(api: Client, vip: dict[str, Any]) -> None:
    body = {
        "type": "change_members",
        "customer_group_id": vip["id"],
        "action": "add",
        "source": {"values": ["a@b.example"]},
    }
    assert api.signed_in_as("viewer").post(JOBS, body).status == 403
    editor = api.signed_in_as("editor")
    assert editor.post(JOBS, body).status == 200
    assert editor.post(JOBS, {**body, "create_missing": True}).status == 403
    assert editor.post(JOBS, {"type": "import", "upload_id": "upload_1"}).status == 403
