"""The ledger of erasures: customers stay erased after a restore."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from operations.deployment import Deployment
from operations.erasures import delete_dead_letters, erase, ledger
from shared.domain.ids import CustomerId
from shared.dynamodb.client import dynamodb
from shared.dynamodb.values import serialize
from shared.runtime import environment
from shared.storage import customers, keys, memberships, record_writes, records
from shared.storage.kinds import CUSTOMER
from tests import template
from tests.afterwards import QUEUES, Surroundings, stream_record, surroundings
from tests.api import Client, Context, handler
from tests.table import Table

__all__ = ["surroundings"]

RESTORED = "customer-groups-restored"


@pytest.fixture
def restored(table: Table) -> Iterator[Table]:
    """A second, empty table."""
    dynamodb().create_table(**template.table_definition(RESTORED))
    yield Table(dynamodb(), RESTORED)
    dynamodb().delete_table(TableName=RESTORED)
    assert table.name != RESTORED


def restore(damaged: Table, into: Table) -> None:
    """Copy the table, like a backup."""
    for item in damaged.items():
        dynamodb().put_item(TableName=into.name, Item=serialize(item))


def replay(damaged: Table) -> list[str]:
    return [erase(entry) for entry in ledger(damaged.name)]


def test_customers_deleted_after_the_backup_are_deleted_again(
    api: Client, restored: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    vip = api.create_group("VIP")
    ada, bela, grace = (api.create_customer(f"{name}@example.com") for name in ("ada", "bela", "grace"))
    api.add(vip, ada, bela, grace)
    api.delete(f"/admin/customers/{bela['id']}")
    restore(api.table, restored)
    api.delete(f"/admin/customers/{ada['id']}")

    monkeypatch.setattr(environment, "table_name", lambda: RESTORED)
    assert sorted(replay(api.table)) == ["erased again", "erased already"]

    assert "ada@" not in json.dumps(restored.items(), default=str)
    assert restored.memberships() == {(vip["id"], grace["id"])}
    assert records.total(CUSTOMER) == 1
    restored.check()
    # The ledger was copied for the next restore, and all entries are processed.
    assert {entry.customer_id for entry in ledger(RESTORED)} == {ada["id"], bela["id"]}
    assert replay(api.table) == ["erased already"] * 2
    assert set(replay(restored)) == {"erased already"}


def test_a_later_customer_with_the_same_id_is_kept(
    api: Client, restored: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = api.create_customer("ada@example.com")
    api.delete(f"/admin/customers/{ada['id']}")
    present: Any = api.table.item(keys.customer(ada["id"]))
    profile = dict.fromkeys(CUSTOMER.attributes) | {"email": "new@example.com", "has_account": False}
    version = int(present["version"]) + 1
    values = profile | {"created_at": "2999-01-01T00:00:00.000Z", "version": version}
    record_writes.create(CUSTOMER, ada["id"], values, "source", over=present)
    restore(api.table, restored)
    monkeypatch.setattr(environment, "table_name", lambda: RESTORED)
    assert replay(api.table) == ["erased already"]
    assert customers.get(ada["id"])["email"] == "new@example.com"


def test_replayed_customers_are_erased_but_new_ones_are_not(
    api: Client, restored: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    def send_event(customer_id: str, version: int) -> None:
        detail = {"id": customer_id, "version": version, "email": f"{customer_id}@example.com"}
        event = {"source": "shop", "time": "2026-11-24T09:00:00Z", "detail-type": "customer.created", "detail": detail}
        handler("sync_customer")(event, Context("sync_customer"))

    for customer_id in ("shop-1", "shop-2"):
        send_event(customer_id, 7)
        api.delete(f"/admin/customers/{customer_id}")
    monkeypatch.setattr(environment, "table_name", lambda: RESTORED)
    # The backup has neither. The archive replays both, and the shop creates one again.
    send_event("shop-1", 7)
    send_event("shop-2", 8)
    assert sorted(replay(api.table)) == ["erased again", "erased already"]
    assert [one["id"] for one in restored.items() if one["SK"] == "CUSTOMER" and "deleted_at" not in one] == ["shop-2"]
    restored.check()


def test_an_interrupted_erasure_is_completed(api: Client) -> None:
    ada = api.post("/admin/customers", {"email": "ada@example.com"}, Idempotency_Key="once").customer
    api.delete(f"/admin/customers/{ada['id']}")
    assert "ada@" in json.dumps(api.table.items(), default=str), "the stream has not been followed"
    assert replay(api.table) == ["erased already"]
    assert "ada@" not in json.dumps(api.table.items(), default=str)


def test_customers_of_too_many_groups_for_one_transaction_are_erased(
    api: Client, restored: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = api.create_customer("ada@example.com")
    groups = [api.create_group(f"Group {number}") for number in range(customers.GROUPS_LEFT_ON_DELETION + 2)]
    memberships.change_groups(ada["id"], [group["id"] for group in groups], [], "grace")
    restore(api.table, restored)
    api.delete(f"/admin/customers/{ada['id']}")
    monkeypatch.setattr(environment, "table_name", lambda: RESTORED)
    assert replay(api.table) == ["erased again"]
    assert restored.memberships() == set()
    restored.check()


def test_deletes_dead_letters_with_values_of_erased_customers(
    api: Client, surroundings: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, grace = api.create_customer("ada@example.com"), api.create_customer("grace@example.com")
    changes = {one["id"]: stream_record(None, api.table.changes(one["id"])[0]) for one in (ada, grace)}
    api.delete(f"/admin/customers/{ada['id']}")
    deletion = stream_record(None, api.table.changes(ada["id"])[-1])

    def event(kind: str, customer_id: CustomerId) -> dict[str, Any]:
        return {"source": "liqnic.storefront", "detail-type": f"customer.{kind}", "detail": {"id": customer_id}}

    gone = [
        {"function": "Sync", "reason": "taken", "event": event("updated", ada["id"])},
        {"requestContext": {}, "requestPayload": event("created", ada["id"])},
        event("created", ada["id"]),
        {"function": "Publish", "reason": "poison", "event": {"Records": [changes[ada["id"]]]}},
    ]
    kept: list[Any] = [
        {"function": "Sync", "reason": "taken", "event": event("updated", grace["id"])},
        {"function": "Sync", "reason": "taken", "event": event("deleted", ada["id"])},
        {"function": "Publish", "reason": "poison", "event": {"Records": [changes[grace["id"]]]}},
        {"function": "Publish", "reason": "poison", "event": {"Records": [deletion]}},
        {"function": "Publish", "reason": "poison", "event": {"Records": [{}]}},
        {"DDBStreamBatchInfo": {}},
        [],
    ]
    for dead_letter in gone + kept:
        boto3.client("sqs").send_message(QueueUrl=f"{QUEUES}dead-letters", MessageBody=json.dumps(dead_letter))
    monkeypatch.setattr(Deployment, "outputs", {"DeadLetterQueueUrl": f"{QUEUES}dead-letters"})

    dropped = delete_dead_letters(
        Deployment(boto3.Session(), "customer-groups"), {entry.customer_id for entry in ledger(api.table.name)}
    )

    assert dropped == len(gone)
    left = surroundings.dead_letters()
    assert sorted(map(json.dumps, left)) == sorted(map(json.dumps, kept))
