"""After the deletion of a customer, only ids and times are left, but no values."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from shared.dynamodb import transactions
from shared.dynamodb.actions import Action
from shared.dynamodb.expressions import Item
from shared.storage import customers, keys
from shared.storage.items import CustomerItem
from tests import limits
from tests.afterwards import Surroundings, on_stream, stream_record
from tests.api import Client, Context, handler, invoke
from tests.meddling import meddle_once

CUSTOMERS = "/admin/customers"
LARGE_BYTES = 95_000
"""Metadata that is changed is in its change twice, before and after, and again in the stored response."""
VALUES = ("ada@", "countess", "lovelace", "byron", "analytical", "7946", "opium")


def lively(api: Client) -> dict[str, Any]:
    """Ada was created, renamed and added to a group, each with an `Idempotency-Key`."""
    profile = {"last_name": "Byron", "phone": "+44 20 7946 0000", "metadata": {"vice": "opium"}}
    ada = api.post(CUSTOMERS, {"email": "ada@example.com", **profile}, Idempotency_Key="create").customer
    change = {
        "last_name": "Lovelace",
        "company_name": "Analytical Engines",
        "metadata": {"vice": "", "title": "Countess"},
    }
    api.post(f"{CUSTOMERS}/{ada['id']}", change, Idempotency_Key="update")
    vip = api.create_group("VIP")
    api.post(f"{CUSTOMERS}/{ada['id']}/customer-groups", {"add": [vip["id"]]}, Idempotency_Key="join")
    return ada


def delete(api: Client, customer: dict[str, Any]) -> list[Any]:
    """Delete a customer and return the stream's records."""
    before = api.table.item(keys.customer(customer["id"]))
    assert api.delete(f"{CUSTOMERS}/{customer['id']}").status == 200
    return [stream_record(before, api.table.item(keys.customer(customer["id"])))]


def telling(api: Client) -> list[Item]:
    """The items with values of Ada, except ids."""
    return [
        item for item in api.table.items() if any(value in json.dumps(item, default=str).lower() for value in VALUES)
    ]


def test_no_values_of_a_deleted_customer_are_left_in_the_table(api: Client, surroundings: Surroundings) -> None:
    ada = lively(api)
    assert len(telling(api)) > 10
    deletion = delete(api, ada)
    assert on_stream("refresh_copies", deletion * 2) == []
    assert telling(api) == []
    changes = [(one["type"], one.get("version")) for one in api.table.changes(ada["id"])]
    assert changes == [("created", 1), ("updated", 2), ("deleted", 3)]
    assert surroundings.dead_letters() == []


def test_values_are_erased_however_large_they_are(
    api: Client, surroundings: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = api.create_customer("ada@example.com")
    for number in range(25):
        change = {"metadata": {"opium": str(number) * (LARGE_BYTES // len(str(number)))}}
        assert api.post(f"{CUSTOMERS}/{ada['id']}", change, Idempotency_Key=f"update {number}").status == 200
    deletion = delete(api, ada)
    transact, sizes = transactions.transact, list[int]()

    def measured(writes: Sequence[Action]) -> None:
        items = api.table.state()
        keys = [(write.request["Key"]["PK"]["S"], write.request["Key"]["SK"]["S"]) for write in writes]
        sizes.append(sum(limits.size(items[key]) for key in keys))
        transact(writes)

    monkeypatch.setattr(transactions, "transact", measured)
    assert on_stream("refresh_copies", deletion) == []
    assert telling(api) == []
    assert sum(sizes) > limits.LARGEST_TRANSACTION_BYTES >= max(sizes)
    assert surroundings.dead_letters() == []


def test_data_of_other_customers_is_kept(api: Client, surroundings: Surroundings) -> None:
    ada, grace = lively(api), api.create_customer("grace@example.com", last_name="Hopper")
    api.post(f"{CUSTOMERS}/{grace['id']}", {"phone": "1906"}, Idempotency_Key="grace")
    before = [item for item in api.table.items() if "grace" in json.dumps(item, default=str)]
    on_stream("refresh_copies", delete(api, ada))
    assert [item for item in api.table.items() if "grace" in json.dumps(item, default=str)] == before
    assert api.post(f"{CUSTOMERS}/{grace['id']}", {"phone": "1906"}, Idempotency_Key="grace").headers[
        "Idempotency-Replayed"
    ]
    assert surroundings.dead_letters() == []


def test_a_repeated_request_returns_no_values_and_creates_no_customer(api: Client, surroundings: Surroundings) -> None:
    ada = lively(api)
    on_stream("refresh_copies", delete(api, ada))
    body = {"last_name": "Byron", "phone": "+44 20 7946 0000", "metadata": {"vice": "opium"}}
    assert api.post(CUSTOMERS, {"email": "ada@example.com", **body}, Idempotency_Key="create").status == 404
    assert api.post(f"{CUSTOMERS}/{ada['id']}", {"last_name": "L"}, Idempotency_Key="update").status == 404
    assert api.get(CUSTOMERS).body["count"] == 0
    assert surroundings.dead_letters() == []


def test_the_deletion_is_in_the_ledger(api: Client, surroundings: Surroundings) -> None:
    ada = lively(api)
    deletion = delete(api, ada)
    (entry,) = (item for item in api.table.items() if item["PK"] in keys.erasure_partitions())
    tombstone = api.table.item(keys.customer(ada["id"]))
    assert (entry["customer_id"], entry["at"]) == (ada["id"], tombstone["deleted_at"])
    assert set(entry) == {"PK", "SK", "customer_id", "at"}
    on_stream("refresh_copies", deletion)
    assert surroundings.dead_letters() == []


def test_a_response_is_not_stored_if_the_customer_is_deleted_meanwhile(
    api: Client, surroundings: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = lively(api)
    update = customers.update

    def update_and_lose(*given: Any) -> CustomerItem:
        updated = update(*given)
        meddle_once(monkeypatch, lambda: customers.delete(ada["id"], "someone else"))
        return updated

    monkeypatch.setattr(customers, "update", update_and_lose)
    living = api.table.item(keys.customer(ada["id"]))
    assert (
        api.post(f"{CUSTOMERS}/{ada['id']}", {"last_name": "King"}, Idempotency_Key="late").customer["last_name"]
        == "King"
    )
    on_stream("refresh_copies", [stream_record(living, api.table.item(keys.customer(ada["id"])))])
    assert telling(api) == []
    assert "King" not in json.dumps(api.table.items(), default=str)
    assert surroundings.dead_letters() == []


def test_a_customer_that_a_source_creates_again_keeps_its_new_values(api: Client, surroundings: Surroundings) -> None:
    def send_event(kind: str, **detail: Any) -> None:
        event = {"source": "liqnic.storefront", "time": "2026-11-24T09:00:00Z", "detail-type": f"customer.{kind}"}
        handler("sync_customer")({**event, "detail": {"id": "shop-1", **detail}}, Context("sync_customer"))

    send_event("created", version=1, email="ada@example.com", last_name="Byron")
    living = api.table.item(keys.customer("shop-1"))
    send_event("deleted", version=2)
    deleted = api.table.item(keys.customer("shop-1"))
    send_event("created", version=3, email="grace@example.com", last_name="Hopper")

    assert on_stream("refresh_copies", [stream_record(living, deleted)]) == []

    assert telling(api) == []
    assert json.loads(api.table.changes("shop-1")[-1]["after"])["last_name"] == "Hopper"
    assert invoke("get_customer", path={"id": "shop-1"})["customer"]["last_name"] == "Hopper"
    assert surroundings.dead_letters() == []
