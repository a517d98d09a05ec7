"""Copies of a customer in its memberships are updated."""

from typing import Any

import pytest

from shared.dynamodb import retries
from shared.storage import keys, membership_reads
from tests.afterwards import Surroundings, on_stream, straight_to, stream_record
from tests.api import Client

GROUPS = "/admin/customer-groups"


def updated(api: Client, customer: dict[str, Any], **profile: Any) -> list[Any]:
    """Update a customer and return the stream's records."""
    key = keys.customer(customer["id"])
    before = api.table.item(key)
    api.post(f"/admin/customers/{customer['id']}", profile)
    return [stream_record(before, api.table.item(key))]


def test_a_new_address_changes_the_order_in_every_group(api: Client, surroundings: Surroundings) -> None:
    vip, wholesale = api.create_group("VIP"), api.create_group("Wholesale")
    ada, grace = api.create_customer("ada@mail.example"), api.create_customer("grace@mail.example")
    for group in (vip, wholesale):
        api.add(group, ada, grace)

    assert on_stream("refresh_copies", updated(api, ada, email="zoe@mail.example")) == []

    for group in (vip, wholesale):
        listed = api.get(f"{GROUPS}/{group['id']}/customers?order=email").shown("email")
        assert listed == ["grace@mail.example", "zoe@mail.example"]
    assert surroundings.dead_letters() == []


def test_the_new_name_is_found_in_the_group_and_the_old_one_is_not(api: Client, surroundings: Surroundings) -> None:
    vip, ada = api.create_group("VIP"), api.create_customer("ada@mail.example", last_name="Byron")
    api.add(vip, ada)
    on_stream("refresh_copies", updated(api, ada, last_name="Lovelace"))
    members = f"{GROUPS}/{vip['id']}/customers"
    assert api.get(f"{members}?q=lovelace").shown("id") == [ada["id"]]
    assert api.get(f"{members}?q=byron").shown("id") == []
    assert surroundings.dead_letters() == []


def test_writes_nothing_if_no_copied_attribute_has_changed(api: Client) -> None:
    vip, ada = api.create_group("VIP"), api.create_customer("ada@mail.example")
    before = api.table.item(keys.customer(ada["id"]))
    api.add(vip, ada)
    after = api.table.item(keys.customer(ada["id"]))
    stored = api.table.contents()
    assert on_stream("refresh_copies", [stream_record(before, after), stream_record(after, None)]) == []
    assert api.table.contents() == stored


def test_a_late_record_of_a_deleted_customer_has_no_effect(api: Client, surroundings: Surroundings) -> None:
    vip, ada = api.create_group("VIP"), api.create_customer("ada@mail.example")
    api.add(vip, ada)
    late = updated(api, ada, email="zoe@mail.example")
    api.delete(f"/admin/customers/{ada['id']}")
    stored = api.table.contents()
    assert on_stream("refresh_copies", late) == []
    assert api.table.contents() == stored
    assert surroundings.dead_letters() == []


def test_an_invalid_record_goes_to_the_dead_letter_queue(api: Client, surroundings: Surroundings) -> None:
    vip, ada = api.create_group("VIP"), api.create_customer("ada@mail.example")
    api.add(vip, ada)
    poison = {"dynamodb": {"NewImage": {"PK": {"strange": ""}}, "SequenceNumber": "1"}}
    assert straight_to("refresh_copies", [poison, *updated(api, ada, email="zoe@mail.example")]) == []
    assert api.get(f"{GROUPS}/{vip['id']}/customers?order=email").shown("email") == ["zoe@mail.example"]
    (letter,) = surroundings.dead_letters()
    assert (letter["reason"][:29], letter["event"]) == ("PoisonError: no stream record", {"Records": [poison]})


def test_a_temporary_failure_redelivers_the_record_and_all_later_ones(
    api: Client, surroundings: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    vip, ada, grace = (
        api.create_group("VIP"),
        api.create_customer("ada@mail.example"),
        api.create_customer("grace@mail.example"),
    )
    api.add(vip, ada, grace)
    stream = [*updated(api, ada, email="yara@mail.example"), *updated(api, grace, email="zoe@mail.example")]
    monkeypatch.setattr(retries, "ALLOWANCE_SECONDS", 0.1)
    with monkeypatch.context() as lagging:
        # The index does not return the membership yet.
        lagging.setattr(membership_reads, "all_of_customer", lambda _: iter(()))
        assert on_stream("refresh_copies", stream) == [one["dynamodb"]["SequenceNumber"] for one in stream]
    assert on_stream("refresh_copies", stream) == []
    listed = api.get(f"{GROUPS}/{vip['id']}/customers?order=email").shown("email")
    assert listed == ["yara@mail.example", "zoe@mail.example"]
    assert surroundings.dead_letters() == []
