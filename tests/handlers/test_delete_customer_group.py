"""DELETE /admin/customer-groups/{id}."""

import json

import pytest

from tests.api import Client

GROUPS = "/admin/customer-groups"


def test_answers_with_what_is_gone(api: Client) -> None:
    group = api.create_group("VIP")
    answer = api.delete(f"{GROUPS}/{group['id']}")
    assert (answer.status, answer.body) == (200, {"id": group["id"], "object": "customer_group", "deleted": True})


def test_takes_the_group_out_of_every_list(api: Client) -> None:
    vip, wholesale = api.create_group("VIP"), api.create_group("Wholesale")
    ada = api.create_customer("ada@example.com")
    api.add(vip, ada)
    api.delete(f"{GROUPS}/{vip['id']}")
    for query in ("", "?order=name", "?order=-updated_at", "?created_at[$gte]=2020-01-01"):
        answer = api.get(f"{GROUPS}{query}")
        assert (answer.shown("id"), answer.body["count"]) == ([wholesale["id"]], 1)
    for query in ("?q=vip", "?name=VIP", f"?id={vip['id']}", f"?customers={ada['id']}"):
        answer = api.get(f"{GROUPS}{query}")
        assert (answer.shown("id"), answer.body["count"]) == ([], 0)


def test_leaves_its_customers_and_their_other_groups_untouched(api: Client) -> None:
    vip, wholesale, ada = api.create_group("VIP"), api.create_group("Wholesale"), api.create_customer("ada@example.com")
    api.add(vip, ada)
    api.add(wholesale, ada)
    api.delete(f"{GROUPS}/{vip['id']}")
    assert api.get(f"/admin/customers/{ada['id']}").customer == ada
    assert api.groups_of(ada) == {"Wholesale"}
    assert api.count_of(wholesale) == 1
    assert api.get(f"/admin/customers?groups={vip['id']}").body["count"] == 0
    assert api.get(f"{GROUPS}/{vip['id']}/customers").status == 404


def test_writes_its_change_and_forgets_name_and_metadata(api: Client) -> None:
    group = api.create_group("VIP", {"secret": "plan"})
    api.delete(f"{GROUPS}/{group['id']}")
    change = api.table.changes(group["id"])[-1]
    assert (change["type"], change["version"]) == ("deleted", 2)
    assert json.loads(change["before"]) == {"name": "VIP", "metadata": {"secret": "plan"}}
    (tombstone,) = (item for item in api.table.items() if item["SK"] == "GROUP")
    assert not {"name", "metadata", "search_text", "LIST"} & set(tombstone)


@pytest.mark.parametrize("group_id", ["cusgroup_01JD9Z0000000000000000000A", "VIP", "%zz", "x" * 500])
def test_answers_404_for_an_unknown_id(api: Client, group_id: str) -> None:
    answer = api.delete(f"{GROUPS}/{group_id}")
    assert (answer.status, answer.message) == (404, f"Customer group with id: {group_id} not found")


def test_answers_404_the_second_time(api: Client) -> None:
    group = api.create_group("VIP")
    assert api.delete(f"{GROUPS}/{group['id']}").status == 200
    assert api.delete(f"{GROUPS}/{group['id']}").status == 404


def test_does_not_delete_a_customer(api: Client) -> None:
    ada = api.create_customer("ada@example.com")
    assert api.delete(f"{GROUPS}/{ada['id']}").status == 404


def test_honours_if_match(api: Client) -> None:
    group = api.create_group("VIP")
    api.post(f"{GROUPS}/{group['id']}", {"name": "Very VIP"})
    stale = api.delete(f"{GROUPS}/{group['id']}", If_Match='"1"')
    assert (stale.status, stale.body["type"]) == (412, "precondition_failed")
    assert api.delete(f"{GROUPS}/{group['id']}", If_Match='"2"').status == 200


def test_refuses_unknown_parameters(api: Client) -> None:
    group = api.create_group("VIP")
    assert api.delete(f"{GROUPS}/{group['id']}?cascade=true").message == "Unrecognized fields: 'cascade'"


def test_is_for_admins(api: Client) -> None:
    group = api.create_group("VIP")
    for role in ("viewer", "editor"):
        assert api.signed_in_as(role).delete(f"{GROUPS}/{group['id']}").status == 403
