"""POST /admin/customers."""

import json
import re
from typing import Any

import pytest

from shared.runtime import clock
from tests.api import ADMIN, Client

CUSTOMERS = "/admin/customers"
ADA: dict[str, Any] = {
    "email": "ada@example.com",
    "first_name": "Ada",
    "last_name": "Lovelace",
    "company_name": "Analytical Engines Ltd",
    "phone": "+44 20 7946 0000",
    "has_account": True,
    "metadata": {"loyalty": {"points": 52, "tier": "gold"}},
}


def test_returns_the_whole_customer(api: Client) -> None:
    answer = api.post(CUSTOMERS, ADA)
    customer = answer.customer
    assert re.fullmatch(r"cus_[0-9A-HJKMNP-TV-Z]{26}", customer["id"])
    assert customer == {
        **ADA,
        "id": customer["id"],
        "key": None,
        "created_by": ADMIN["sub"],
        "created_at": customer["created_at"],
        "updated_at": customer["created_at"],
        "deleted_at": None,
    }
    assert answer.etag == '"1"'
    assert api.get(f"{CUSTOMERS}/{customer['id']}").customer == customer


def test_requires_no_fields(api: Client) -> None:
    customer = api.post(CUSTOMERS, {}).customer
    for name in ("email", "first_name", "last_name", "company_name", "phone", "metadata"):
        assert customer[name] is None
    assert customer["has_account"] is False
    assert api.post(CUSTOMERS, {}).customer["id"] != customer["id"]


def test_trims_texts(api: Client) -> None:
    customer = api.create_customer(" ada@example.com ", first_name=" Ada ")
    assert (customer["email"], customer["first_name"]) == ("ada@example.com", "Ada")


def test_appends_a_change_that_expires(api: Client) -> None:
    customer = api.post(CUSTOMERS, ADA).customer
    (change,) = api.table.changes(customer["id"])
    assert (change["type"], change["actor"], change["version"]) == ("created", ADMIN["sub"], 1)
    assert json.loads(change["after"]) == ADA | {"key": None}
    assert "expires_at" in change


@pytest.mark.parametrize("again", ["ada@example.com", "ADA@Example.com", " ada@example.com "])
def test_refuses_an_email_that_is_taken(api: Client, again: str) -> None:
    api.create_customer("ada@example.com")
    answer = api.post(CUSTOMERS, {"email": again})
    assert (answer.status, answer.body["code"], answer.faults) == (400, "customer_email_taken", {"email"})
    assert answer.message == f"Customer with email: {again.strip()}, already exists."


def test_lets_a_guest_and_an_account_share_an_email(api: Client) -> None:
    guest = api.create_customer("ada@example.com", has_account=False)
    account = api.create_customer("ada@example.com", has_account=True)
    assert guest["id"] != account["id"]
    assert api.post(CUSTOMERS, {"email": "ada@example.com", "has_account": True}).status == 400


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("email", "ada"),
        ("email", "@"),
        ("email", ""),
        ("email", "ada@"),
        ("email", "a da@example.com"),
        ("email", "ada@@example.com"),
        ("email", f"{'a' * 250}@example.com"),
        ("email", "ada@example.com\0"),
        ("email", 5),
        ("first_name", "x" * 256),
        ("first_name", "x" * 10_000),
        ("last_name", "Love\nlace"),
        ("company_name", ["Ltd"]),
        ("phone", 4420),
        ("has_account", "true"),
        ("has_account", 1),
        ("has_account", None),
        ("metadata", {"": 1}),
        ("metadata", "{}"),
    ],
)
def test_refuses_invalid_values_and_names_the_field(api: Client, name: str, value: object) -> None:
    answer = api.post(CUSTOMERS, {name: value})
    assert (answer.status, answer.body["type"], answer.faults) == (400, "invalid_data", {name})


def test_names_unknown_fields(api: Client) -> None:
    answer = api.post(CUSTOMERS, {"email": "ada@example.com", "groups": [], "password": "x"})
    assert (answer.status, answer.message) == (400, "Unrecognized fields: 'groups', 'password'")


def test_accepts_texts_that_need_too_many_tokens(api: Client) -> None:
    words = " ".join(f"{word}antidisestablishment" for word in "abcdefgh")
    customer = api.create_customer("ada@example.com", company_name=words)
    assert api.get(f"{CUSTOMERS}/{customer['id']}").customer["company_name"] == words


def test_is_for_admins(api: Client) -> None:
    for role in ("viewer", "editor"):
        assert api.signed_in_as(role).post(CUSTOMERS, ADA).status == 403


def test_keeps_an_id_of_another_system(api: Client) -> None:
    before = clock.now()
    ada = api.post(CUSTOMERS, ADA | {"id": "cus_01KASXM6H2Y4Z8B3D5F7G9J1KM"}).customer
    assert api.get(f"{CUSTOMERS}/cus_01KASXM6H2Y4Z8B3D5F7G9J1KM").customer == ada
    assert before <= ada["created_at"] <= clock.now()
    again = api.post(CUSTOMERS, {"id": ada["id"], "email": "grace@example.com"})
    assert (again.status, again.body["code"], again.faults) == (409, "customer_id_taken", {"id"})
    assert api.post(CUSTOMERS, ADA | {"id": "cus-2"}).body["code"] == "customer_email_taken"
    assert api.post(CUSTOMERS, {"id": "no id"}).faults == {"id"}
