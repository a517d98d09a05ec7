"""DELETE /admin/customers/{id}."""

from typing import Any

import pytest

from shared.domain.errors import TooManyRequests
from shared.storage import customers, memberships, record_writes
from tests.afterwards import Surroundings
from tests.api import Client, Context, handler
from tests.meddling import meddle_once
from tests.rules import BIG_SPENDERS, Rules

CUSTOMERS = "/admin/customers"
PERSONAL = {"email", "first_name", "last_name", "company_name", "phone", "metadata", "search_text", "LIST"}


@pytest.fixture
def ada(api: Client) -> dict[str, Any]:
    return api.create_customer("ada@example.com", first_name="Ada", metadata={"tier": "gold"})


def test_returns_the_deleted_id(api: Client, ada: dict[str, Any]) -> None:
    answer = api.delete(f"{CUSTOMERS}/{ada['id']}")
    assert (answer.status, answer.body) == (200, {"id": ada["id"], "object": "customer", "deleted": True})


def test_removes_the_customer_from_every_list_and_group(api: Client, ada: dict[str, Any]) -> None:
    vip, grace = api.create_group("VIP"), api.create_customer("grace@example.com")
    api.add(vip, ada, grace)
    api.delete(f"{CUSTOMERS}/{ada['id']}")
    for query in ("", "?order=email", f"?groups={vip['id']}", "?created_at[$gte]=2020-01-01"):
        answer = api.get(f"{CUSTOMERS}{query}")
        assert (answer.shown("id"), answer.body["count"]) == ([grace["id"]], 1)
    for query in ("?q=ada", "?email=ada@example.com", f"?id={ada['id']}"):
        assert api.get(f"{CUSTOMERS}{query}").shown("id") == []
    assert api.member_ids(vip) == [grace["id"]]
    assert api.count_of(vip) == 1


def test_appends_changes_of_the_customer_and_its_groups(api: Client, ada: dict[str, Any]) -> None:
    vip = api.create_group("VIP")
    api.add(vip, ada)
    api.delete(f"{CUSTOMERS}/{ada['id']}")
    change = api.table.changes(ada["id"])[-1]
    assert (change["type"], change["version"], "before" in change) == ("deleted", 2, False)
    assert api.table.changes(vip["id"])[-1]["removed"] == [ada["id"]]


def test_deletes_all_personal_data(api: Client, ada: dict[str, Any]) -> None:
    api.delete(f"{CUSTOMERS}/{ada['id']}")
    (tombstone,) = (item for item in api.table.items() if item["SK"] == "CUSTOMER")
    assert not PERSONAL & set(tombstone)
    assert "expires_at" in tombstone


def test_releases_the_email_immediately(api: Client, ada: dict[str, Any]) -> None:
    api.delete(f"{CUSTOMERS}/{ada['id']}")
    assert api.create_customer("ada@example.com")["id"] != ada["id"]


def test_deletes_a_customer_of_more_groups_than_a_transaction_can_have(
    api: Client, ada: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customers, "GROUPS_LEFT_ON_DELETION", 2)
    monkeypatch.setattr(memberships, "TERMS_PER_WRITE", 2)
    groups = [api.create_group(f"Campaign {number}") for number in range(7)]
    for group in groups:
        api.add(group, ada)
    assert api.delete(f"{CUSTOMERS}/{ada['id']}").status == 200
    assert {api.count_of(group) for group in groups} == {0}
    assert api.table.memberships() == set()


@pytest.fixture
def campaigns(api: Client, ada: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Five groups of Ada, whose deletion needs three transactions."""
    monkeypatch.setattr(customers, "GROUPS_LEFT_ON_DELETION", 2)
    monkeypatch.setattr(memberships, "TERMS_PER_WRITE", 2)
    groups = [api.create_group(f"Campaign {number}") for number in range(5)]
    api.post(f"{CUSTOMERS}/{ada['id']}/customer-groups", {"add": [group["id"] for group in groups]})
    return groups


@pytest.mark.parametrize("what", ["updated", "deleted"])
def test_a_deletion_that_has_begun_wins_over_another_request(
    api: Client, ada: dict[str, Any], campaigns: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    path, other = f"{CUSTOMERS}/{ada['id']}", Client(api.table, watches_table=False)

    def meddle() -> None:
        answer = other.post(path, {"phone": "1"}) if what == "updated" else other.delete(path)
        assert answer.status == 200

    meddle_once(monkeypatch, lambda: meddle_once(monkeypatch, meddle))  # before the second transaction
    assert Client(api.table, watches_table=False).delete(path, If_Match='"1"').status == 200
    assert api.get(path).status == 404
    assert {api.count_of(group) for group in campaigns} == {0}
    assert api.table.memberships() == set()


def test_a_deletion_that_is_refused_has_removed_no_membership(
    api: Client, ada: dict[str, Any], campaigns: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, quiet = f"{CUSTOMERS}/{ada['id']}", Client(api.table, watches_table=False)
    meddle_once(monkeypatch, lambda: quiet.post(path, {"phone": "1"}))  # before the first transaction
    assert quiet.delete(path, If_Match='"1"').status == 412
    assert {api.count_of(group) for group in campaigns} == {1}
    assert len(api.table.memberships()) == len(campaigns)


@pytest.fixture
def rules(api: Client, surroundings: Surroundings) -> Rules:
    return Rules(api, surroundings)


def test_rules_restore_what_a_deletion_has_removed_that_did_not_succeed(
    api: Client, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customers, "GROUPS_LEFT_ON_DELETION", 0)
    vip = rules.automatic("VIP", BIG_SPENDERS)
    ada = api.create_customer("ada@example.com", metadata={"total_spent": 2000})
    rules.finish()

    def contended(*_: Any, **__: Any) -> None:
        raise TooManyRequests("contended")

    with monkeypatch.context() as contending:
        contending.setattr(record_writes, "delete", contended)
        quiet = Client(api.table, watches_table=False)
        assert quiet.delete(f"{CUSTOMERS}/{ada['id']}", If_Match='"1"').status == 429
    assert api.member_ids(vip) == []
    rules.finish()
    assert (rules.let_time_pass(), api.member_ids(vip), api.count_of(vip)) == (1, [ada["id"]], 1)
    assert api.delete(f"{CUSTOMERS}/{ada['id']}", If_Match='"1"').status == 200


def test_a_deletion_that_a_newer_state_of_the_source_overtakes_leaves_the_customer_in_its_automatic_groups(
    api: Client, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customers, "GROUPS_LEFT_ON_DELETION", 1)
    monkeypatch.setattr(memberships, "TERMS_PER_WRITE", 1)

    def send_event(kind: str, version: int) -> None:
        profile = {"email": "ada@example.com", "metadata": {"total_spent": 2000}} if kind != "deleted" else {}
        event = {"source": "shop", "time": "2026-11-24T09:00:00Z", "detail-type": f"customer.{kind}"}
        detail = {"id": "shop-1", "version": version, **profile}
        handler("sync_customer")({**event, "detail": detail}, Context("sync_customer"))

    groups = [rules.automatic(name, BIG_SPENDERS) for name in ("VIP", "Generous", "Loyal")]
    send_event("created", 1)
    rules.finish()
    meddle_once(monkeypatch, lambda: meddle_once(monkeypatch, lambda: send_event("updated", 3)))
    send_event("deleted", 2)
    assert len(api.table.memberships()) == 2
    rules.finish()
    rules.let_time_pass()
    assert [api.member_ids(group) for group in groups] == [["shop-1"]] * 3


def test_leaves_no_membership_when_the_customer_is_added_meanwhile(
    api: Client, ada: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    vip = api.create_group("VIP")
    meddle_once(monkeypatch, lambda: memberships.change_members(vip["id"], [ada["id"]], [], "someone else"))
    assert api.delete(f"{CUSTOMERS}/{ada['id']}").status == 200
    assert api.table.memberships() == set()


def test_deletes_memberships_of_groups_that_are_not_purged_yet(api: Client, ada: dict[str, Any]) -> None:
    vip = api.create_group("VIP")
    api.add(vip, ada)
    api.delete(f"/admin/customer-groups/{vip['id']}")
    assert api.delete(f"{CUSTOMERS}/{ada['id']}").status == 200


@pytest.mark.parametrize("customer_id", ["cus_01JD9Z0000000000000000000A", "crm-4711", "%zz"])
def test_returns_404_for_an_unknown_id(api: Client, customer_id: str) -> None:
    answer = api.delete(f"{CUSTOMERS}/{customer_id}")
    assert (answer.status, answer.message) == (404, f"Customer with id: {customer_id} not found")


def test_returns_404_the_second_time(api: Client, ada: dict[str, Any]) -> None:
    assert [api.delete(f"{CUSTOMERS}/{ada['id']}").status for _ in range(2)] == [200, 404]


def test_checks_if_match(api: Client, ada: dict[str, Any]) -> None:
    assert api.delete(f"{CUSTOMERS}/{ada['id']}", If_Match='"2"').status == 412
    assert api.delete(f"{CUSTOMERS}/{ada['id']}", If_Match='"1"').status == 200


def test_is_for_admins(api: Client, ada: dict[str, Any]) -> None:
    for role in ("viewer", "editor"):
        assert api.signed_in_as(role).delete(f"{CUSTOMERS}/{ada['id']}").status == 403
