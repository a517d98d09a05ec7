"""POST /admin/customers/{id}."""

import json
from typing import Any

import pytest

from tests.api import Client

CUSTOMERS = "/admin/customers"


@pytest.fixture
def ada(api: Client) -> dict[str, Any]:
    return api.create_customer(
        "ada@example.com", first_name="Ada", last_name="Byron", phone="+44 20 7946 0000", metadata={"tier": "gold"}
    )


def test_changes_only_what_was_sent(api: Client, ada: dict[str, Any]) -> None:
    answer = api.post(f"{CUSTOMERS}/{ada['id']}", {"last_name": "Lovelace", "phone": None, "metadata": {"points": 5}})
    assert answer.customer == {
        **ada,
        "last_name": "Lovelace",
        "phone": None,
        "metadata": {"tier": "gold", "points": 5},
        "updated_at": answer.customer["updated_at"],
    }
    assert answer.etag == '"2"'
    assert api.get(f"{CUSTOMERS}/{ada['id']}").customer == answer.customer


def test_appends_its_change(api: Client, ada: dict[str, Any]) -> None:
    api.post(f"{CUSTOMERS}/{ada['id']}", {"last_name": "Lovelace"})
    change = api.table.changes(ada["id"])[-1]
    assert (change["type"], change["version"]) == ("updated", 2)
    assert json.loads(change["before"]) == {"last_name": "Byron"}
    assert json.loads(change["after"]) == {"last_name": "Lovelace"}


def test_is_only_found_by_its_new_texts(api: Client, ada: dict[str, Any]) -> None:
    api.post(f"{CUSTOMERS}/{ada['id']}", {"last_name": "Lovelace", "email": "countess@example.com"})
    assert api.get(f"{CUSTOMERS}?q=lovelace+countess").shown("id") == [ada["id"]]
    assert api.get(f"{CUSTOMERS}?q=byron").shown("id") == []
    assert api.get(f"{CUSTOMERS}?email=ada@example.com").shown("id") == []


def test_releases_the_old_email_immediately(api: Client, ada: dict[str, Any]) -> None:
    api.post(f"{CUSTOMERS}/{ada['id']}", {"email": "countess@example.com"})
    assert api.create_customer("ADA@example.com")["id"] != ada["id"]


def test_removes_an_email(api: Client, ada: dict[str, Any]) -> None:
    assert api.post(f"{CUSTOMERS}/{ada['id']}", {"email": None}).customer["email"] is None
    assert api.create_customer("ada@example.com")["id"] != ada["id"]


def test_adds_an_email_to_a_customer_without_one(api: Client) -> None:
    nameless = api.create_customer(None)
    assert api.post(f"{CUSTOMERS}/{nameless['id']}", {"email": "ada@example.com"}).status == 200
    assert api.post(CUSTOMERS, {"email": "ada@example.com"}).body["code"] == "customer_email_taken"


def test_refuses_an_email_that_is_taken(api: Client, ada: dict[str, Any]) -> None:
    grace = api.create_customer("grace@example.com")
    answer = api.post(f"{CUSTOMERS}/{grace['id']}", {"email": "Ada@example.com"})
    assert (answer.status, answer.body["code"]) == (400, "customer_email_taken")
    assert api.get(f"{CUSTOMERS}?email=ada@example.com").shown("id") == [ada["id"]]


def test_keeps_the_version_when_nothing_changes(api: Client, ada: dict[str, Any]) -> None:
    unchanged: list[dict[str, Any]] = [
        {},
        {"first_name": "Ada"},
        {"metadata": {}},
        {"metadata": {"tier": "gold", "x": ""}},
    ]
    for same in unchanged:
        assert api.post(f"{CUSTOMERS}/{ada['id']}", same).customer == ada


@pytest.mark.parametrize(
    "body",
    [{"email": "ada"}, {"email": ""}, {"phone": 5}, {"first_name": "x" * 256}, {"has_account": True}, {"id": "cus_1"}],
)
def test_refuses_invalid_values(api: Client, ada: dict[str, Any], body: dict[str, Any]) -> None:
    answer = api.post(f"{CUSTOMERS}/{ada['id']}", body)
    assert (answer.status, answer.faults) == (400, set(body))


def test_checks_if_match(api: Client, ada: dict[str, Any]) -> None:
    url = f"{CUSTOMERS}/{ada['id']}"
    assert api.post(url, {"last_name": "Lovelace"}, If_Match='"2"').status == 412
    assert api.post(url, {"last_name": "Lovelace"}, If_Match='"1"').status == 200


def test_returns_404_for_an_unknown_customer(api: Client, ada: dict[str, Any]) -> None:
    api.delete(f"{CUSTOMERS}/{ada['id']}")
    answer = api.post(f"{CUSTOMERS}/{ada['id']}", {"last_name": "Lovelace"})
    assert (answer.status, answer.message) == (404, f"Customer with id: {ada['id']} not found")


def test_is_for_admins(api: Client, ada: dict[str, Any]) -> None:
    for role in ("viewer", "editor"):
        assert api.signed_in_as(role).post(f"{CUSTOMERS}/{ada['id']}", {"last_name": "Lovelace"}).status == 403
