"""What is derived from a record follows it."""

from typing import Any

import pytest

from shared import keys
from shared.storage import memberships
from shared.storage import table as storage_table
from tests.afterwards import Surroundings, on_stream, record
from tests.api import Client

GROUPS = "/admin/customer-groups"
LONG = " ".join(f"wordnumber{number}" for number in range(18))


def updated(api: Client, customer: dict[str, Any], **profile: Any) -> list[Any]:
    """Update a customer; the stream's records of it."""
    key = keys.customer(customer["id"])
    before = api.table.item(key)
    api.post(f"/admin/customers/{customer['id']}", profile)
    return [record(before, api.table.item(key))]


def test_a_new_address_reaches_the_order_of_every_group(api: Client, surroundings: Surroundings) -> None:
    vip, wholesale = api.create_group("VIP"), api.create_group("Wholesale")
    ada, grace = api.create_customer("ada@mail.example"), api.create_customer("grace@mail.example")
    for group in (vip, wholesale):
        api.add(group, ada, grace)

    assert on_stream("refresh_copies", updated(api, ada, email="zoe@mail.example")) == []

    for group in (vip, wholesale):
        listed = api.get(f"{GROUPS}/{group['id']}/customers?order=email").shown("email")
        assert listed == ["grace@mail.example", "zoe@mail.example"]
    assert surroundings.dead_letters() == []


def test_a_new_name_is_found_in_the_group_and_the_old_one_is_not(api: Client, surroundings: Surroundings) -> None:
    vip, ada = api.create_group("VIP"), api.create_customer("ada@mail.example", last_name="Byron")
    api.add(vip, ada)
    on_stream("refresh_copies", updated(api, ada, last_name="Lovelace"))
    members = f"{GROUPS}/{vip['id']}/customers"
    assert api.get(f"{members}?q=lovelace").shown("id") == [ada["id"]]
    assert api.get(f"{members}?q=byron").shown("id") == []
    assert surroundings.dead_letters() == []


def test_a_text_too_long_for_one_transaction_is_searched_once_the_stream_has_caught_up(
    api: Client, surroundings: Surroundings
) -> None:
    group = api.create_group(LONG[:250])
    assert api.get(f"{GROUPS}?q=dnumber15").shown("id") == []
    stored = api.table.item(keys.group(group["id"]))
    assert on_stream("refresh_copies", [record(None, stored)]) == []
    assert api.get(f"{GROUPS}?q=dnumber15").shown("id") == [group["id"]]
    assert surroundings.dead_letters() == []


def test_a_deleted_group_with_a_long_name_is_found_no_more(api: Client, surroundings: Surroundings) -> None:
    group = api.create_group(LONG[:250])
    key = keys.group(group["id"])
    on_stream("refresh_copies", [record(None, api.table.item(key))])
    api.delete(f"{GROUPS}/{group['id']}")
    assert api.get(f"{GROUPS}?q=dnumber15").shown("id") == []
    on_stream("refresh_copies", [record(None, api.table.item(key))])
    assert not [item for item in api.table.items() if item["PK"].startswith("TOKEN#")]
    assert surroundings.dead_letters() == []


def test_writes_nothing_where_nothing_derived_has_changed(api: Client) -> None:
    vip, ada = api.create_group("VIP"), api.create_customer("ada@mail.example")
    before = api.table.item(keys.customer(ada["id"]))
    api.add(vip, ada)
    after = api.table.item(keys.customer(ada["id"]))
    stored = api.table.contents()
    assert on_stream("refresh_copies", [record(before, after), record(after, None)]) == []
    assert api.table.contents() == stored


def test_a_late_record_of_what_is_gone_does_no_harm(api: Client, surroundings: Surroundings) -> None:
    vip, ada = api.create_group("VIP"), api.create_customer("ada@mail.example")
    api.add(vip, ada)
    late = updated(api, ada, email="zoe@mail.example")
    api.delete(f"/admin/customers/{ada['id']}")
    stored = api.table.contents()
    assert on_stream("refresh_copies", late) == []
    assert api.table.contents() == stored
    assert surroundings.dead_letters() == []


def test_poison_is_buried_and_blocks_nothing(api: Client, surroundings: Surroundings) -> None:
    vip, ada = api.create_group("VIP"), api.create_customer("ada@mail.example")
    api.add(vip, ada)
    poison = {"dynamodb": {"NewImage": {"PK": {"strange": ""}}, "SequenceNumber": "1"}}
    assert on_stream("refresh_copies", [poison, *updated(api, ada, email="zoe@mail.example")]) == []
    assert api.get(f"{GROUPS}/{vip['id']}/customers?order=email").shown("email") == ["zoe@mail.example"]
    (letter,) = surroundings.dead_letters()
    assert (letter["reason"][:29], letter["event"]) == ("PoisonError: no stream record", {"Records": [poison]})


def test_a_passing_fault_brings_the_record_and_those_after_it_again(
    api: Client, surroundings: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    vip, ada, grace = (
        api.create_group("VIP"),
        api.create_customer("ada@mail.example"),
        api.create_customer("grace@mail.example"),
    )
    api.add(vip, ada, grace)
    stream = [*updated(api, ada, email="yara@mail.example"), *updated(api, grace, email="zoe@mail.example")]
    monkeypatch.setattr(storage_table, "_PATIENCE_SECONDS", 0.1)
    with monkeypatch.context() as lagging:
        # The index does not show the membership yet.
        lagging.setattr(memberships, "group_ids", lambda _: iter(()))
        assert on_stream("refresh_copies", stream) == [stream[0]["dynamodb"]["SequenceNumber"]]
    assert on_stream("refresh_copies", stream) == []
    listed = api.get(f"{GROUPS}/{vip['id']}/customers?order=email").shown("email")
    assert listed == ["yara@mail.example", "zoe@mail.example"]
    assert surroundings.dead_letters() == []
