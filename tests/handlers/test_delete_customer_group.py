"""DELETE /admin/customer-groups/{id}."""

import json
from typing import Any

import pytest

from shared.domain.ids import GroupId
from shared.storage import references
from shared.storage.references import Use
from tests.afterwards import Surroundings, on_queue, on_stream, stream_record
from tests.api import Client
from tests.meddling import meddle_once

GROUPS = "/admin/customer-groups"


def test_returns_the_deleted_id(api: Client) -> None:
    group = api.create_group("VIP")
    answer = api.delete(f"{GROUPS}/{group['id']}")
    assert (answer.status, answer.body) == (200, {"id": group["id"], "object": "customer_group", "deleted": True})


def test_removes_the_group_from_every_list(api: Client) -> None:
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


def test_does_not_change_its_customers_and_their_other_groups(api: Client) -> None:
    vip, wholesale, ada = api.create_group("VIP"), api.create_group("Wholesale"), api.create_customer("ada@example.com")
    api.add(vip, ada)
    api.add(wholesale, ada)
    api.delete(f"{GROUPS}/{vip['id']}")
    assert api.get(f"/admin/customers/{ada['id']}").customer == ada
    assert api.groups_of(ada) == {"Wholesale"}
    assert api.count_of(wholesale) == 1
    assert api.get(f"/admin/customers?groups={vip['id']}").body["count"] == 0
    assert api.get(f"{GROUPS}/{vip['id']}/customers").status == 404


def test_appends_its_change_and_deletes_name_and_metadata(api: Client) -> None:
    group = api.create_group("VIP", {"secret": "plan"})
    api.delete(f"{GROUPS}/{group['id']}")
    change = api.table.changes(group["id"])[-1]
    assert (change["type"], change["version"]) == ("deleted", 2)
    assert json.loads(change["before"]) == {"name": "VIP", "key": None, "metadata": {"secret": "plan"}, "rule": None}
    (tombstone,) = (item for item in api.table.items() if item["SK"] == "GROUP")
    assert not {"name", "metadata", "search_text", "LIST"} & set(tombstone)


@pytest.mark.parametrize("group_id", ["cusgroup_01JD9Z0000000000000000000A", "VIP", "%zz", "x" * 500])
def test_returns_404_for_an_unknown_id(api: Client, group_id: str) -> None:
    answer = api.delete(f"{GROUPS}/{group_id}")
    assert (answer.status, answer.message) == (404, f"Customer group with id: {group_id} not found")


def test_returns_404_the_second_time(api: Client) -> None:
    group = api.create_group("VIP")
    assert api.delete(f"{GROUPS}/{group['id']}").status == 200
    assert api.delete(f"{GROUPS}/{group['id']}").status == 404


def test_does_not_delete_a_customer(api: Client) -> None:
    ada = api.create_customer("ada@example.com")
    assert api.delete(f"{GROUPS}/{ada['id']}").status == 404


def test_checks_if_match(api: Client) -> None:
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


def rely(api: Client, group: dict[str, Any], number: int) -> None:
    for one in range(number):
        use = f"{GROUPS}/{group['id']}/references/pricing/rule-{one:02}"
        assert api.put(use, {"label": f"Rule {one}", "url": f"https://pricing.example.com/{one}"}).status == 200


def test_refuses_to_delete_what_others_rely_on_and_names_them(api: Client) -> None:
    vip = api.create_group("VIP")
    rely(api, vip, 12)
    answer = api.delete(f"{GROUPS}/{vip['id']}")
    assert (answer.status, answer.body["code"], answer.body["count"]) == (409, "customer_group_in_use", 12)
    assert [one["id"] for one in answer.body["references"]] == [f"rule-{one:02}" for one in range(10)]
    assert "pricing: Rule 0, " in answer.message
    assert " and 2 more. " in answer.message
    assert api.delete(f"{GROUPS}/{vip['id']}?force=false").status == 409


def test_deletes_by_force_with_the_references_in_the_event(api: Client, surroundings: Surroundings) -> None:
    vip = api.create_group("VIP")
    rely(api, vip, 12)
    assert api.delete(f"{GROUPS}/{vip['id']}?force=true").status == 200
    on_stream("publish_changes", [stream_record(None, item) for item in api.table.changes(vip["id"])])
    kind, detail = surroundings.events()[-1]
    assert kind == "customer-group.deleted"
    listed = [(one["system"], one["id"]) for one in detail["references"]]
    assert listed == [("pricing", f"rule-{one:02}") for one in range(12)]
    on_queue("purge_deleted", [{"detail": {"customer_group_id": vip["id"]}}])
    assert not [item for item in api.table.items() if "REFERENCE" in item["SK"]]


def test_a_reference_that_is_added_meanwhile_prevents_the_deletion(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    vip = api.create_group("VIP")
    meddle_once(
        monkeypatch, lambda: references.put(GroupId(vip["id"]), Use("pricing", "sale"), "Sale", None, "pricing")
    )
    answer = Client(api.table, watches_table=False).delete(f"{GROUPS}/{vip['id']}")
    assert (answer.status, answer.body["count"]) == (409, 1)
    assert api.get(f"{GROUPS}/{vip['id']}").status == 200


def test_a_forced_deletion_includes_references_that_are_added_meanwhile(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    vip = api.create_group("VIP")
    rely(api, vip, 1)

    def exchange() -> None:
        references.put(GroupId(vip["id"]), Use("pricing", "sale"), "Sale", None, "pricing")
        references.remove(GroupId(vip["id"]), Use("pricing", "rule-00"))

    meddle_once(monkeypatch, exchange)
    assert api.delete(f"{GROUPS}/{vip['id']}?force=true").status == 200
    listed = json.loads(api.table.changes(vip["id"])[-1]["references"])
    assert listed == [{"system": "pricing", "id": "sale"}]


def test_force_has_no_effect_on_a_group_that_is_not_in_use(api: Client) -> None:
    vip = api.create_group("VIP")
    assert api.delete(f"{GROUPS}/{vip['id']}?force=true").status == 200
    assert "references" not in api.table.changes(vip["id"])[-1]


def test_force_is_for_admins(api: Client) -> None:
    vip = api.create_group("VIP")
    rely(api, vip, 1)
    assert api.signed_in_as("editor").delete(f"{GROUPS}/{vip['id']}?force=true").status == 403


@pytest.mark.parametrize("value", ["", "maybe", "2"])
def test_force_is_yes_or_no(api: Client, value: str) -> None:
    answer = api.delete(f"{GROUPS}/cusgroup_x?force={value}")
    assert (answer.status, answer.faults) == (400, {"force"})
