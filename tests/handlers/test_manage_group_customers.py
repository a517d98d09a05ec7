"""POST /admin/customer-groups/{id}/customers."""

from typing import Any

import pytest

from shared.domain import search
from shared.storage import customers, groups, keys, memberships
from tests.api import ADMIN, Answer, Client
from tests.meddling import meddle_once

GROUPS = "/admin/customer-groups"
NOBODY = "cus_01JD9Z0000000000000000000A"


@pytest.fixture
def vip(api: Client) -> dict[str, Any]:
    return api.create_group("VIP", {"discount_percent": 10})


@pytest.fixture
def ada(api: Client) -> dict[str, Any]:
    return api.create_customer("ada@example.com", first_name="Ada", last_name="Lovelace")


@pytest.fixture
def grace(api: Client) -> dict[str, Any]:
    return api.create_customer("grace@example.com", first_name="Grace", last_name="Hopper")


def manage(api: Client, group: dict[str, Any], body: Any, **headers: str) -> Answer:
    return api.post(f"{GROUPS}/{group['id']}/customers", body, **headers)


def outcome(answer: Answer) -> tuple[list[str], list[str], list[str]]:
    assert answer.status == 200, answer.text
    return answer.body["added"], answer.body["removed"], answer.body["unchanged"]


def test_adds_customers(api: Client, vip: dict[str, Any], ada: dict[str, Any], grace: dict[str, Any]) -> None:
    answer = manage(api, vip, {"add": [ada["id"], grace["id"]]})
    assert answer.group == {**vip, "customer_count": 2}
    assert outcome(answer) == ([ada["id"], grace["id"]], [], [])
    assert api.member_ids(vip) == [ada["id"], grace["id"]]
    assert api.groups_of(ada) == api.groups_of(grace) == {"VIP"}


def test_removes_customers(api: Client, vip: dict[str, Any], ada: dict[str, Any], grace: dict[str, Any]) -> None:
    api.add(vip, ada, grace)
    answer = manage(api, vip, {"remove": [ada["id"]]})
    assert answer.group["customer_count"] == 1
    assert outcome(answer) == ([], [ada["id"]], [])
    assert api.member_ids(vip) == [grace["id"]]
    assert api.groups_of(ada) == set()


def test_adds_and_removes_at_once(api: Client, vip: dict[str, Any], ada: dict[str, Any], grace: dict[str, Any]) -> None:
    api.add(vip, ada)
    assert outcome(manage(api, vip, {"add": [grace["id"]], "remove": [ada["id"]]})) == ([grace["id"]], [ada["id"]], [])
    assert api.member_ids(vip) == [grace["id"]]


def test_counts_a_repeated_id_once(api: Client, vip: dict[str, Any], ada: dict[str, Any]) -> None:
    assert outcome(manage(api, vip, {"add": [ada["id"]] * 5})) == ([ada["id"]], [], [])
    assert api.count_of(vip) == 1
    assert outcome(manage(api, vip, {"remove": [ada["id"]] * 5})) == ([], [ada["id"]], [])
    assert api.count_of(vip) == 0


def test_adding_a_member_again_does_not_change_it(api: Client, vip: dict[str, Any], ada: dict[str, Any]) -> None:
    manage(api, vip, {"add": [ada["id"]]})
    before = api.table.contents()
    answer = manage(api.signed_in_as("editor"), vip, {"add": [ada["id"]]})
    assert outcome(answer) == ([], [], [ada["id"]])
    assert answer.group["customer_count"] == 1
    assert api.table.contents() == before


def test_adds_the_others_if_one_is_already_a_member(
    api: Client, vip: dict[str, Any], ada: dict[str, Any], grace: dict[str, Any]
) -> None:
    api.add(vip, ada)
    assert outcome(manage(api, vip, {"add": [grace["id"], ada["id"]]})) == ([grace["id"]], [], [ada["id"]])
    assert api.count_of(vip) == 2


@pytest.mark.parametrize("stranger", [NOBODY, "crm-4711", "cusgroup_01JD9Z0000000000000000000A"])
def test_removing_a_non_member_changes_nothing(
    api: Client, vip: dict[str, Any], ada: dict[str, Any], stranger: str
) -> None:
    before = api.table.contents()
    assert outcome(manage(api, vip, {"remove": [ada["id"], stranger]})) == ([], [], [ada["id"], stranger])
    assert api.table.contents() == before


def test_changes_nothing_if_one_customer_to_add_is_unknown(
    api: Client, vip: dict[str, Any], ada: dict[str, Any], grace: dict[str, Any]
) -> None:
    api.add(vip, ada)
    answer = manage(api, vip, {"add": [grace["id"], NOBODY], "remove": [ada["id"]]})
    assert (answer.status, answer.body["code"]) == (404, "customer_not_found")
    assert answer.message == f"Customer with id: {NOBODY} not found"
    assert api.member_ids(vip) == [ada["id"]]


def test_does_not_add_a_deleted_customer(api: Client, vip: dict[str, Any], ada: dict[str, Any]) -> None:
    api.delete(f"/admin/customers/{ada['id']}")
    assert manage(api, vip, {"add": [ada["id"]]}).status == 404


def test_does_not_add_a_group(api: Client, vip: dict[str, Any]) -> None:
    assert manage(api, vip, {"add": [vip["id"]]}).body["code"] == "customer_not_found"


def test_refuses_an_id_in_both_add_and_remove(api: Client, vip: dict[str, Any], ada: dict[str, Any]) -> None:
    answer = manage(api, vip, {"add": [ada["id"]], "remove": [ada["id"]]})
    assert (answer.status, answer.body["type"], answer.faults) == (400, "invalid_data", {"remove"})


def test_changes_nothing_without_ids(api: Client, vip: dict[str, Any]) -> None:
    bodies: list[dict[str, list[str]]] = [{}, {"add": []}, {"add": [], "remove": []}]
    for nothing in bodies:
        answer = manage(api, vip, nothing)
        assert answer.group == vip
        assert outcome(answer) == ([], [], [])


@pytest.mark.parametrize(
    "body",
    [
        {"add": "cus_1"},
        {"add": [1]},
        {"add": [None]},
        {"add": None},
        {"add": [""]},
        {"add": ["a b"]},
        {"add": ["x" * 129]},
        {"add": ["cus_\0"]},
        {"add": ["cus_\ud800"]},
        {"add": [["cus_1"]]},
        {"remove": {"id": "cus_1"}},
        {"remove": ["../x"]},
        {"customer_ids": ["cus_1"]},
    ],
    ids=repr,
)
def test_refuses_invalid_ids_in_add_and_remove(api: Client, vip: dict[str, Any], body: Any) -> None:
    answer = manage(api, vip, body)
    assert (answer.status, answer.body["type"]) == (400, "invalid_data")


def test_names_the_index_of_an_invalid_id(api: Client, vip: dict[str, Any], ada: dict[str, Any]) -> None:
    assert manage(api, vip, {"add": [ada["id"], 7]}).faults == {"add.1"}


def test_refuses_more_than_1000_ids(api: Client, vip: dict[str, Any]) -> None:
    ids = [f"crm-{number}" for number in range(1_001)]
    for body in ({"remove": ids}, {"add": ids}, {"add": ids[:500], "remove": ids[500:]}):
        answer = manage(api, vip, body)
        assert (answer.status, answer.faults) == (400, {"add"})
        assert "1,000 ids" in answer.message


def test_returns_404_for_an_unknown_group(api: Client, vip: dict[str, Any], ada: dict[str, Any]) -> None:
    api.delete(f"{GROUPS}/{vip['id']}")
    for missing in (vip, {"id": "cusgroup_01JD9Z0000000000000000000A"}, {"id": ada["id"]}):
        answer = manage(api, missing, {"add": [ada["id"]]})
        assert (answer.status, answer.message) == (404, f"Customer group with id: {missing['id']} not found")
        assert manage(api, missing, {}).status == 404


def test_does_not_change_version_or_updated_at(
    api: Client, vip: dict[str, Any], ada: dict[str, Any], grace: dict[str, Any]
) -> None:
    answer = manage(api, vip, {"add": [ada["id"], grace["id"]]})
    assert answer.etag == '"1-2"'
    assert api.get(f"{GROUPS}/{vip['id']}").group == {**vip, "customer_count": 2}
    assert api.get(f"/admin/customers/{ada['id']}").customer == ada


def test_appends_changes_with_the_ids(
    api: Client, vip: dict[str, Any], ada: dict[str, Any], grace: dict[str, Any]
) -> None:
    api.add(vip, ada)
    manage(api.signed_in_as("editor", sub="e1"), vip, {"add": [grace["id"]], "remove": [ada["id"]]})
    changes = {change["type"]: change for change in api.table.changes(vip["id"])[-2:]}
    assert changes["customers_added"]["added"] == [grace["id"]]
    assert changes["customers_removed"]["removed"] == [ada["id"]]
    assert {change["actor"] for change in changes.values()} == {"e1"}
    assert not any("version" in change for change in changes.values())


def test_checks_if_match(api: Client, vip: dict[str, Any], ada: dict[str, Any]) -> None:
    stale = manage(api, vip, {"add": [ada["id"]]}, If_Match='"2"')
    assert (stale.status, stale.body["type"]) == (412, "precondition_failed")
    assert outcome(manage(api, vip, {"add": [ada["id"]]}, If_Match='"1"'))[0] == [ada["id"]]


def test_returns_412_if_a_concurrent_change_makes_if_match_outdated(
    api: Client, vip: dict[str, Any], ada: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    meddle_once(monkeypatch, lambda: groups.update(vip["id"], {"name": "Very VIP"}, "someone else"))
    answer = manage(Client(api.table, watches_table=False), vip, {"add": [ada["id"]]}, If_Match='"1"')
    assert answer.status == 412
    assert api.count_of(vip) == 0


def test_succeeds_if_a_concurrent_change_has_a_version_in_if_match(
    api: Client, vip: dict[str, Any], ada: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    meddle_once(monkeypatch, lambda: groups.update(vip["id"], {"name": "Very VIP"}, "someone else"))
    assert outcome(manage(api, vip, {"add": [ada["id"]]}, If_Match='"1", "2"'))[0] == [ada["id"]]


def test_skips_a_customer_who_is_added_meanwhile(
    api: Client, vip: dict[str, Any], ada: dict[str, Any], grace: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    meddle_once(monkeypatch, lambda: memberships.change_members(vip["id"], [ada["id"]], [], "someone else"))
    assert outcome(manage(api, vip, {"add": [ada["id"], grace["id"]]})) == ([grace["id"]], [], [ada["id"]])


def test_skips_a_customer_who_is_removed_meanwhile(
    api: Client, vip: dict[str, Any], ada: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    api.add(vip, ada)
    meddle_once(monkeypatch, lambda: memberships.change_members(vip["id"], [], [ada["id"]], "someone else"))
    assert outcome(manage(api, vip, {"remove": [ada["id"]]})) == ([], [], [ada["id"]])


def test_leaves_no_membership_of_a_customer_that_is_deleted_meanwhile(
    api: Client, vip: dict[str, Any], ada: dict[str, Any], grace: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    meddle_once(monkeypatch, lambda: customers.delete(ada["id"], "someone else"))
    assert outcome(manage(api, vip, {"add": [ada["id"], grace["id"]]}))[0] == [grace["id"]]


def test_returns_404_if_the_group_is_deleted_meanwhile(
    api: Client, vip: dict[str, Any], ada: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    meddle_once(monkeypatch, lambda: groups.delete(vip["id"], "someone else"))
    assert manage(Client(api.table, watches_table=False), vip, {"add": [ada["id"]]}).status == 404
    assert api.table.memberships() == set()


def test_copies_the_current_customer_even_if_it_changes_meanwhile(
    api: Client, vip: dict[str, Any], ada: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    meddle_once(monkeypatch, lambda: customers.update(ada["id"], {"email": "countess@example.com"}, "someone else"))
    assert outcome(manage(api, vip, {"add": [ada["id"]]}))[0] == [ada["id"]]
    membership = api.table.item(keys.membership(vip["id"], ada["id"]))
    assert search.lines(membership["customer"]["search_text"])[0] == "countess@example.com"


def test_returns_what_fields_selects(api: Client, vip: dict[str, Any], ada: dict[str, Any]) -> None:
    answer = api.post(f"{GROUPS}/{vip['id']}/customers?fields=name,customers.email", {"add": [ada["id"]]})
    assert answer.group == {
        "id": vip["id"],
        "name": "VIP",
        "customers": [{"id": ada["id"], "email": "ada@example.com"}],
    }


def test_is_for_editors(api: Client, vip: dict[str, Any], ada: dict[str, Any]) -> None:
    assert vip["created_by"] == ADMIN["sub"]
    assert manage(api.signed_in_as("viewer"), vip, {"add": [ada["id"]]}).status == 403
    assert manage(api.signed_in_as("editor"), vip, {"add": [ada["id"]]}).status == 200


def test_refuses_too_many_versions_in_if_match(api: Client) -> None:
    vip, ada = api.create_group("VIP"), api.create_customer("ada@mail.example")
    etags = [f'"{version}"' for version in range(1, 102)]
    assert manage(api, vip, {"add": [ada["id"]]}, If_Match=", ".join(etags)).faults == {"If-Match"}
    assert manage(api, vip, {"add": [ada["id"]]}, If_Match=", ".join(etags[1:])).status == 412
    assert manage(api, vip, {"add": [ada["id"]]}, If_Match=", ".join(etags[:100])).status == 200
