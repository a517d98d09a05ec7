"""Keys: `key:<key>` can be used instead of the id of a group or customer everywhere."""

import json
from typing import Any, Final

import pytest

from shared.storage import keys
from tests import jobs
from tests.api import Client, Context, handler, invoke

GROUPS: Final = "/admin/customer-groups"
CUSTOMERS: Final = "/admin/customers"
VIP: Final = f"{GROUPS}/key:vip"
ADA: Final = f"{CUSTOMERS}/key:ada"


@pytest.fixture
def vip(api: Client) -> dict[str, Any]:
    return api.create_group("VIP", key="vip")


@pytest.fixture
def ada(api: Client) -> dict[str, Any]:
    return api.create_customer("ada@mail.example", key="ada")


def test_a_record_has_no_key_until_one_is_set(api: Client) -> None:
    group, customer = api.create_group("VIP"), api.create_customer("ada@mail.example")
    assert (group["key"], customer["key"]) == (None, None)


def test_every_path_accepts_a_key(api: Client, vip: dict[str, Any], ada: dict[str, Any]) -> None:
    assert api.get(VIP).group == vip
    assert api.get(ADA).customer == ada
    assert api.post(VIP, {"name": "Very VIP"}).group["id"] == vip["id"]
    assert api.put(f"{VIP}/metadata", {"metadata": {"a": 1}}).group["id"] == vip["id"]
    assert api.post(ADA, {"first_name": "Ada"}).customer["id"] == ada["id"]
    assert api.post(f"{VIP}/customers", {"add": [ada["id"]]}).body["added"] == [ada["id"]]
    assert api.get(f"{VIP}/customers").shown("id") == [ada["id"]]
    assert len(api.get(f"{VIP}/history").body["changes"]) == 4
    assert api.post(f"{ADA}/customer-groups", {"remove": [vip["id"]]}).customer["id"] == ada["id"]
    assert api.delete(ADA).body == {"id": ada["id"], "object": "customer", "deleted": True}
    assert api.delete(VIP).body == {"id": vip["id"], "object": "customer_group", "deleted": True}


def test_lists_of_ids_accept_keys(api: Client, vip: dict[str, Any], ada: dict[str, Any]) -> None:
    members = f"{GROUPS}/{vip['id']}/customers"
    answer = api.post(members, {"add": ["key:ada", ada["id"], "key:ada"], "remove": ["key:nobody"]})
    assert (answer.body["added"], answer.body["unchanged"]) == ([ada["id"]], ["key:nobody"])
    assert api.post(members, {"remove": ["key:ada"]}).body["removed"] == [ada["id"]]
    api.post(f"{CUSTOMERS}/{ada['id']}/customer-groups", {"add": ["key:vip"]})
    assert api.groups_of(ada) == {"VIP"}


def test_a_customer_cannot_be_added_by_id_and_removed_by_key(
    api: Client, vip: dict[str, Any], ada: dict[str, Any]
) -> None:
    answer = api.post(f"{GROUPS}/{vip['id']}/customers", {"add": [ada["id"]], "remove": ["key:ada"]})
    assert (answer.status, answer.faults) == (400, {"remove"})


def test_an_unknown_key_in_add_refuses_the_whole_request(api: Client, vip: dict[str, Any], ada: dict[str, Any]) -> None:
    answer = api.post(f"{GROUPS}/{vip['id']}/customers", {"add": ["key:ada", "key:nobody"]})
    assert (answer.status, answer.message) == (404, "Customer with id: key:nobody not found")
    assert api.member_ids(vip) == []
    answer = api.post(f"{CUSTOMERS}/{ada['id']}/customer-groups", {"add": ["key:nothing"]})
    assert (answer.status, answer.message) == (404, "Customer group with id: key:nothing not found")


def test_filters_accept_keys(api: Client, vip: dict[str, Any], ada: dict[str, Any]) -> None:
    grace = api.create_customer("grace@mail.example")
    api.add(vip, ada)
    assert api.get(f"{CUSTOMERS}?groups=key:vip").shown("id") == [ada["id"]]
    assert api.get(f"{CUSTOMERS}?id=key:ada&id={grace['id']}&id={ada['id']}").shown("id") == [ada["id"], grace["id"]]
    assert api.get(f"{GROUPS}?customers=key:ada").shown("id") == [vip["id"]]
    assert api.get(f"{GROUPS}?id[]=key:vip&id[]=key:none").shown("id") == [vip["id"]]
    assert api.get(f"{CUSTOMERS}?groups=key:none").shown("id") == []


def test_filters_accept_a_limited_number_of_keys(api: Client) -> None:
    fifty = "&".join(f"id=key:k{number}" for number in range(50))
    assert api.get(f"{CUSTOMERS}?{fifty}").shown("id") == []
    answer = api.get(f"{CUSTOMERS}?{fifty}&id=key:k50")
    assert (answer.status, answer.faults) == (400, {"id"})


@pytest.mark.parametrize("path", [f"{GROUPS}/key:none", f"{CUSTOMERS}/key:none"])
def test_an_unknown_key_is_not_found(api: Client, path: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        answer = api.request(method, path, {} if method == "POST" else None)
        assert answer.status == 404
        assert answer.message.endswith("with id: key:none not found")


@pytest.mark.usefixtures("vip", "ada")
def test_a_key_is_unique_among_groups_and_among_customers(api: Client) -> None:
    assert api.post(GROUPS, {"name": "Other", "key": "vip"}).body["code"] == "customer_group_key_taken"
    assert api.post(CUSTOMERS, {"email": "x@mail.example", "key": "ada"}).body["code"] == "customer_key_taken"
    assert api.create_group("Ada's own", key="ada")["key"] == "ada"
    other = api.create_group("Other", key="VIP")
    answer = api.post(f"{GROUPS}/{other['id']}", {"key": "vip"})
    assert (answer.status, answer.body["code"], answer.faults) == (400, "customer_group_key_taken", {"key"})
    grace = api.create_customer("grace@mail.example")
    assert api.post(f"{CUSTOMERS}/{grace['id']}", {"key": "ada"}).body["code"] == "customer_key_taken"


def test_a_key_can_be_changed_and_removed(api: Client, vip: dict[str, Any]) -> None:
    changed = api.post(VIP, {"key": "gold"})
    assert changed.group["key"] == "gold"
    assert api.get(VIP).status == 404
    assert api.get(f"{GROUPS}/key:gold").group["id"] == vip["id"]
    assert api.create_group("Next", key="vip")["key"] == "vip"
    assert api.post(f"{GROUPS}/key:gold", {"key": None}).group["key"] is None
    assert api.get(f"{GROUPS}/key:gold").status == 404
    before, after = (json.loads(api.table.changes(vip["id"])[1][one]) for one in ("before", "after"))
    assert (before, after) == ({"key": "vip"}, {"key": "gold"})


@pytest.mark.parametrize("key", ["", "x" * 129, "a b", "a/b", "a:b", "ä", "a\n", 5, ["a"]], ids=repr)
def test_an_invalid_key_is_refused_with_the_field_name(api: Client, key: object) -> None:
    for path, body in ((GROUPS, {"name": "VIP", "key": key}), (CUSTOMERS, {"email": "a@b.example", "key": key})):
        answer = api.post(path, body)
        assert (answer.status, answer.faults) == (400, {"key"})


def test_an_id_cannot_look_like_a_key(api: Client) -> None:
    """`key:x` always refers to a key, so ids cannot start with `key:`."""
    assert api.post(GROUPS, {"id": "key:x", "name": "VIP"}).faults == {"id"}
    assert api.post(CUSTOMERS, {"id": "key:x", "email": "a@b.example"}).faults == {"id"}


def test_deletion_releases_the_key_immediately(api: Client, vip: dict[str, Any], ada: dict[str, Any]) -> None:
    api.delete(f"{GROUPS}/{vip['id']}")
    api.delete(f"{CUSTOMERS}/{ada['id']}")
    assert api.table.item(keys.customer(ada["id"])).get("key") is None
    assert api.table.item(keys.group(vip["id"])).get("key") is None
    assert api.create_group("Next", key="vip")["key"] == "vip"
    assert api.create_customer("next@mail.example", key="ada")["key"] == "ada"


def test_a_repeated_deletion_by_key_is_replayed(api: Client, vip: dict[str, Any]) -> None:
    for _ in range(2):
        assert api.delete(VIP, Idempotency_Key="k1").body["id"] == vip["id"]


@pytest.mark.usefixtures("api")
def test_direct_invocations_accept_keys(vip: dict[str, Any]) -> None:
    assert invoke("get_customer_group", path={"id": "key:vip"})["customer_group"]["id"] == vip["id"]


def test_resolve_customer_groups_accepts_keys(api: Client, vip: dict[str, Any], ada: dict[str, Any]) -> None:
    api.add(vip, ada)
    answer = handler("resolve_customer_groups")(
        {"customer_ids": ["key:ada", "key:nobody"]}, Context("resolve_customer_groups")
    )
    asked, unknown = answer["customers"]
    assert asked["customer_id"] == "key:ada"
    assert [(group["id"], group["key"]) for group in asked["groups"]] == [(vip["id"], "vip")]
    assert unknown["groups"] == []


@pytest.mark.usefixtures("surroundings")
def test_jobs_accept_keys(api: Client, vip: dict[str, Any], ada: dict[str, Any]) -> None:
    asked = {"values": ["key:ada", ada["id"], "key:nobody", "key:!"]}
    job = jobs.run(api, type="change_members", customer_group_id="key:vip", action="add", source=asked)
    assert job["request"]["customer_group_id"] == "key:vip"
    assert job["customer_group_id"] == vip["id"]
    outcomes = [(row["value"], row["customer_id"], row["outcome"], row["code"]) for row in jobs.rows(job)]
    assert outcomes == [
        ("key:ada", ada["id"], "added", ""),
        (ada["id"], ada["id"], "unchanged", ""),
        ("key:nobody", "", "refused", "customer_not_found"),
        ("key:!", "", "refused", "invalid_data"),
    ]
    gold = api.create_group("Gold", key="gold")
    jobs.run(api, type="move_members", from_="key:vip", to="key:gold", customer_ids=["key:ada"])
    assert api.member_ids(gold) == [ada["id"]]
    both = ["key:vip", gold["id"]]
    jobs.run(api, type="combine_groups", operation="union", customer_group_ids=both, into={"id": "key:vip"})
    assert api.member_ids(vip) == [ada["id"]]


@pytest.mark.usefixtures("surroundings")
def test_jobs_recognize_a_group_by_id_and_key(api: Client, vip: dict[str, Any]) -> None:
    answer = api.post(jobs.JOBS, {"type": "move_members", "from": vip["id"], "to": "key:vip"})
    assert answer.status == 400
    answer = api.post(jobs.JOBS, {"type": "copy_group", "customer_group_id": "key:none", "name": "Copy"})
    assert (answer.status, answer.message) == (404, "Customer group with id: key:none not found")


@pytest.mark.usefixtures("surroundings")
def test_files_can_name_customers_by_key(api: Client, vip: dict[str, Any], ada: dict[str, Any]) -> None:
    job = jobs.change(api, vip, "add", "key\nada\nnobody\n")
    assert jobs.outcomes(job) == [("key:ada", "added"), ("key:nobody", "refused")]
    assert api.member_ids(vip) == [ada["id"]]
