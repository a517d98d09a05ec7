"""POST /admin/customers/{id}/customer-groups."""

from typing import Any

import pytest

from shared.storage import customers, groups, memberships
from tests.api import Answer, Client
from tests.meddling import meddle_once

NO_GROUP = "cusgroup_01JD9Z0000000000000000000A"


@pytest.fixture
def ada(api: Client) -> dict[str, Any]:
    return api.create_customer("ada@example.com", first_name="Ada")


@pytest.fixture
def vip(api: Client) -> dict[str, Any]:
    return api.create_group("VIP")


def manage(api: Client, customer: dict[str, Any], body: Any, query: str = "") -> Answer:
    return api.post(f"/admin/customers/{customer['id']}/customer-groups{query}", body)


def test_adds_the_customer_to_groups(api: Client, ada: dict[str, Any], vip: dict[str, Any]) -> None:
    wholesale = api.create_group("Wholesale")
    answer = manage(api, ada, {"add": [vip["id"], wholesale["id"]]})
    assert (answer.customer, answer.etag) == (ada, '"1"')
    assert api.groups_of(ada) == {"VIP", "Wholesale"}
    assert api.member_ids(vip) == api.member_ids(wholesale) == [ada["id"]]


def test_adds_and_removes_at_once(api: Client, ada: dict[str, Any], vip: dict[str, Any]) -> None:
    wholesale = api.create_group("Wholesale")
    api.add(vip, ada)
    answer = manage(api, ada, {"add": [wholesale["id"]], "remove": [vip["id"]]}, "?fields=groups.name")
    assert answer.customer["groups"] == [{"id": wholesale["id"], "name": "Wholesale"}]
    assert (api.count_of(vip), api.count_of(wholesale)) == (0, 1)


def test_counts_a_repeated_id_and_a_member_once(api: Client, ada: dict[str, Any], vip: dict[str, Any]) -> None:
    manage(api, ada, {"add": [vip["id"]] * 3})
    before = api.table.contents()
    manage(api, ada, {"add": [vip["id"]]})
    assert api.table.contents() == before
    assert api.count_of(vip) == 1


def test_removing_from_another_group_changes_nothing(api: Client, ada: dict[str, Any], vip: dict[str, Any]) -> None:
    before = api.table.contents()
    assert manage(api, ada, {"remove": [vip["id"], NO_GROUP]}).customer == ada
    assert api.table.contents() == before


def test_changes_nothing_if_one_group_to_add_is_unknown(api: Client, ada: dict[str, Any], vip: dict[str, Any]) -> None:
    wholesale = api.create_group("Wholesale")
    api.add(vip, ada)
    answer = manage(api, ada, {"add": [wholesale["id"], NO_GROUP], "remove": [vip["id"]]})
    assert (answer.status, answer.message) == (404, f"Customer group with id: {NO_GROUP} not found")
    assert api.groups_of(ada) == {"VIP"}


def test_does_not_add_to_a_deleted_group(api: Client, ada: dict[str, Any], vip: dict[str, Any]) -> None:
    api.delete(f"/admin/customer-groups/{vip['id']}")
    assert manage(api, ada, {"add": [vip["id"]]}).status == 404


def test_refuses_an_id_in_both_add_and_remove(api: Client, ada: dict[str, Any], vip: dict[str, Any]) -> None:
    assert manage(api, ada, {"add": [vip["id"]], "remove": [vip["id"]]}).faults == {"remove"}


def test_accepts_more_groups_than_fit_into_one_transaction(
    api: Client, ada: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memberships, "GROUPS_PER_WRITE", 2)
    many = [api.create_group(f"Campaign {number}")["id"] for number in range(5)]
    manage(api, ada, {"add": many})
    assert len(api.groups_of(ada)) == 5
    manage(api, ada, {"remove": many})
    assert api.groups_of(ada) == set()


@pytest.mark.parametrize(
    "body", [{"add": "x"}, {"add": [""]}, {"groups": []}, {"add": [f"g{n}" for n in range(1_001)]}]
)
def test_refuses_invalid_ids_in_add_and_remove(api: Client, ada: dict[str, Any], body: Any) -> None:
    assert manage(api, ada, body).status == 400


def test_returns_404_for_an_unknown_customer(api: Client, ada: dict[str, Any], vip: dict[str, Any]) -> None:
    api.delete(f"/admin/customers/{ada['id']}")
    for missing in (ada, vip, {"id": "cus_01JD9Z0000000000000000000A"}):
        answer = manage(api, missing, {"add": [vip["id"]]})
        assert (answer.status, answer.message) == (404, f"Customer with id: {missing['id']} not found")


def test_returns_404_if_the_customer_is_deleted_meanwhile(
    api: Client, ada: dict[str, Any], vip: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    meddle_once(monkeypatch, lambda: customers.delete(ada["id"], "someone else"))
    assert manage(Client(api.table, watches_table=False), ada, {"add": [vip["id"]]}).status == 404
    assert api.table.memberships() == set()


def test_skips_a_group_that_is_deleted_meanwhile(
    api: Client, ada: dict[str, Any], vip: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    wholesale = api.create_group("Wholesale")
    meddle_once(monkeypatch, lambda: groups.delete(vip["id"], "someone else"))
    manage(api, ada, {"add": [vip["id"], wholesale["id"]]})
    assert api.table.memberships() == {(wholesale["id"], ada["id"])}


def test_is_for_editors(api: Client, ada: dict[str, Any], vip: dict[str, Any]) -> None:
    assert manage(api.signed_in_as("viewer"), ada, {"add": [vip["id"]]}).status == 403
    assert manage(api.signed_in_as("editor"), ada, {"add": [vip["id"]]}).status == 200
