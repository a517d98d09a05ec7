"""PUT /admin/customers/key:{key}."""

import pytest

from shared.storage import customers
from tests.api import Client
from tests.meddling import meddle_once

EMMY = "/admin/customers/key:erp-4711"
PROFILE = {"email": "emmy@mail.example", "first_name": "Emmy", "metadata": {"points": 52}}


def test_creates_updates_or_does_not_change_a_customer(api: Client) -> None:
    created = api.put(EMMY, PROFILE)
    assert created.body["result"] == "created"
    assert created.customer["key"] == "erp-4711"
    assert created.customer["has_account"] is False
    assert created.customer["last_name"] is None
    assert api.put(EMMY, PROFILE).body == {"customer": created.customer, "result": "unchanged"}
    changed = api.put(EMMY, {"last_name": "Noether"})
    assert changed.body["result"] == "updated"
    assert changed.customer == {
        **created.customer,
        "last_name": "Noether",
        "updated_at": changed.customer["updated_at"],
    }


def test_refuses_to_change_has_account(api: Client) -> None:
    created = api.put(EMMY, {**PROFILE, "has_account": True}).customer
    assert api.put(EMMY, {**PROFILE, "has_account": True}).body["result"] == "unchanged"
    assert api.put(EMMY, PROFILE).customer == created
    answer = api.put(EMMY, {"has_account": False})
    assert (answer.status, answer.faults) == (400, {"has_account"})


def test_the_address_of_another_customer_is_refused(api: Client) -> None:
    api.create_customer("emmy@mail.example")
    assert api.put(EMMY, PROFILE).body["code"] == "customer_email_taken"


def test_a_customer_that_is_deleted_meanwhile_is_created_again(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = api.put(EMMY, PROFILE).customer
    meddle_once(monkeypatch, lambda: customers.delete(gone["id"], "other"))
    answer = api.put(EMMY, {**PROFILE, "first_name": "Amalie"})
    assert answer.body["result"] == "created"
    assert answer.customer["id"] != gone["id"]


def test_a_repeated_request_returns_the_first_result(api: Client) -> None:
    for _ in range(2):
        assert api.put(EMMY, PROFILE, Idempotency_Key="k1").body["result"] == "created"


def test_is_for_admins(api: Client) -> None:
    assert api.signed_in_as("editor").put(EMMY, PROFILE).status == 403
