"""Change items on the stream become events on the bus."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from shared.dynamodb.expressions import Item
from shared.events import bus
from tests.afterwards import StreamRecord, Surroundings, errors, on_stream, straight_to, stream_record
from tests.api import ADMIN, Client

GROUPS = "/admin/customer-groups"

type PutEvents = Callable[..., dict[str, Any]]


def changes(api: Client) -> list[Item]:
    """All changes in the table, oldest first."""
    return sorted((item for item in api.table.items() if item["SK"].startswith("CHANGE#")), key=lambda one: one["id"])


def records(items: Iterable[Item]) -> list[StreamRecord]:
    return [stream_record(None, item) for item in items]


@pytest.fixture(autouse=True)
def without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)


def failing(put: PutEvents, fails: Callable[[str], bool]) -> PutEvents:
    """A bus that refuses the entries for whose detail `fails` returns True."""

    def put_events(Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 - the name of the parameter in boto3
        refused = [fails(entry["Detail"]) for entry in Entries]
        taken = [entry for entry, is_refused in zip(Entries, refused, strict=True) if not is_refused]
        if taken:
            put(Entries=taken)
        return {"Entries": [{"ErrorCode": "ThrottlingException"} if one else {"EventId": "1"} for one in refused]}

    return put_events


def test_every_kind_of_write_publishes_one_event_in_order(api: Client, surroundings: Surroundings) -> None:
    vip = api.create_group("VIP", {"discount_percent": 10})
    ada = api.create_customer("ada@mail.example", first_name="Ada")
    api.add(vip, ada)
    api.post(f"{GROUPS}/{vip['id']}", {"name": "Very VIP", "metadata": {"discount_percent": 12}})
    api.post(f"/admin/customers/{ada['id']}", {"last_name": "Lovelace"})
    api.post(f"{GROUPS}/{vip['id']}/customers", {"remove": [ada["id"]]})
    api.delete(f"/admin/customers/{ada['id']}")
    api.delete(f"{GROUPS}/{vip['id']}")

    assert on_stream("publish_changes", records(changes(api))) == []

    published = surroundings.events()
    assert [kind for kind, _ in published] == [
        "customer-group.created",
        "customer.created",
        "customer-group.customers-added",
        "customer-group.updated",
        "customer.updated",
        "customer-group.customers-removed",
        "customer.deleted",
        "customer-group.deleted",
    ]
    details = [detail for _, detail in published]
    assert {detail["actor"] for detail in details} == {ADMIN["sub"]}
    assert len({detail["event_id"] for detail in details}) == len(details)
    assert details[0]["new"] == {"name": "VIP", "key": None, "metadata": {"discount_percent": 10}, "rule": None}
    assert details[1]["new"]["first_name"] == "Ada"
    assert (details[2]["customer_group_id"], details[2]["customer_ids"]) == (vip["id"], [ada["id"]])
    assert details[3]["previous"] == {"name": "VIP", "metadata": {"discount_percent": 10}}
    assert details[3]["new"] == {"name": "Very VIP", "metadata": {"discount_percent": 12}}
    assert (details[4]["previous"], details[4]["new"]) == ({"last_name": None}, {"last_name": "Lovelace"})
    assert details[5]["customer_ids"] == [ada["id"]]
    assert (details[6]["customer_id"], details[6]["version"]) == (ada["id"], 3)
    assert details[7]["previous"]["name"] == "Very VIP"
    assert [detail["version"] for detail in details if detail.get("customer_group_id") and "version" in detail] == [
        1,
        2,
        3,
    ]


def test_the_event_of_a_deleted_customer_has_no_values(api: Client, surroundings: Surroundings) -> None:
    ada = api.create_customer("ada@mail.example", first_name="Ada", phone="+49 30 1815")
    api.delete(f"/admin/customers/{ada['id']}")
    on_stream("publish_changes", records(changes(api)[1:]))
    ((_, detail),) = surroundings.events()
    assert not any(text in json.dumps(detail) for text in ("Ada", "ada@", "1815"))


def test_events_have_the_time_of_their_change(api: Client, surroundings: Surroundings) -> None:
    group = api.create_group("VIP")
    on_stream("publish_changes", records(changes(api)))
    ((_, detail),) = surroundings.events()
    assert detail["time"] == changes(api)[0]["at"] >= group["created_at"]
    assert surroundings.received[0]["time"][:19] == detail["time"][:19]


def test_a_repeated_record_is_published_twice_with_the_same_id(api: Client, surroundings: Surroundings) -> None:
    api.create_group("VIP")
    on_stream("publish_changes", records(changes(api) * 2))
    (_, first), (_, second) = surroundings.events()
    assert first == second


@pytest.mark.parametrize(
    "poison",
    [
        {"dynamodb": {"SequenceNumber": "7"}},
        {"dynamodb": {"NewImage": {"PK": {"S": "GROUP#1"}}, "SequenceNumber": "7"}},
        {"dynamodb": {"NewImage": {"PK": {"strange": "GROUP#1"}}, "SequenceNumber": "7"}},
        {"dynamodb": {"NewImage": {"subject": {"S": "voucher"}, "type": {"S": "created"}}, "SequenceNumber": "7"}},
        {"dynamodb": {"NewImage": {"subject": {"S": "group"}, "type": {"N": "7"}}, "SequenceNumber": "7"}},
        {},
    ],
    ids=str,
)
def test_an_invalid_record_goes_to_the_dead_letter_queue_and_does_not_block(
    api: Client, surroundings: Surroundings, poison: StreamRecord
) -> None:
    api.create_group("VIP")
    api.create_group("Wholesale")
    before, after = records(changes(api))

    assert straight_to("publish_changes", [before, poison, after]) == []

    assert [detail["new"]["name"] for _, detail in surroundings.events()] == ["VIP", "Wholesale"]
    (letter,) = surroundings.dead_letters()
    assert letter["function"] == "customer-groups-TheFunction"
    assert letter["reason"].startswith("PoisonError: no ")
    assert letter["event"] == {"Records": [poison]}


def test_a_change_without_the_values_of_its_event_is_invalid(api: Client, surroundings: Surroundings) -> None:
    api.create_group("VIP")
    (change,) = changes(api)
    on_stream("publish_changes", records([{**change, "version": "new"}, {**change, "before": "{no json"}]))
    assert [letter["reason"] for letter in surroundings.dead_letters()] == [
        "PoisonError: no change: ValidationError",
        "PoisonError: no change: InvalidData",
    ]


def test_a_refused_entry_is_repeated_before_later_ones_of_its_group(
    api: Client, surroundings: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    vip, wholesale = api.create_group("VIP"), api.create_group("Wholesale")
    api.post(f"{GROUPS}/{vip['id']}", {"name": "VIP 2"})
    api.post(f"{GROUPS}/{vip['id']}", {"name": "VIP 3"})
    api.post(f"{GROUPS}/{wholesale['id']}", {"name": "Wholesale 2"})
    refusals = iter([True, False, False, True, False, False, True])
    monkeypatch.setattr(bus.client(), "put_events", failing(bus.client().put_events, lambda _: next(refusals, False)))

    assert on_stream("publish_changes", records(changes(api))) == []

    published = [detail for _, detail in surroundings.events()]
    assert [one["version"] for one in published if one["customer_group_id"] == vip["id"]] == [1, 2, 3]
    assert [one["version"] for one in published if one["customer_group_id"] == wholesale["id"]] == [1, 2]


def test_entries_that_stay_refused_are_redelivered_with_all_later_ones(
    api: Client, surroundings: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(25):
        api.create_group(f"Group {number}")
    stream = records(changes(api))
    with monkeypatch.context() as broken:
        put_events = bus.client().put_events
        broken.setattr(bus.client(), "put_events", failing(put_events, lambda detail: '"Group 13"' in detail))
        (again,) = on_stream("publish_changes", stream)
    assert again == stream[13]["dynamodb"]["SequenceNumber"]

    assert on_stream("publish_changes", stream[13:]) == []

    published = {detail["new"]["name"] for _, detail in surroundings.events()}
    assert published == {f"Group {number}" for number in range(25)}
    assert surroundings.dead_letters() == []


def test_a_failed_batch_is_an_error_and_a_partially_failed_one_a_metric(
    api: Client, surroundings: Surroundings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("VIP", "Wholesale", "Retail"):
        api.create_group(name)
    stream, before = records(changes(api)), errors["publish_changes"]
    put_events = bus.client().put_events
    monkeypatch.setattr(bus.client(), "put_events", failing(put_events, lambda detail: '"Wholesale"' in detail))
    capsys.readouterr()

    on_stream("publish_changes", stream)
    assert errors["publish_changes"] == before
    assert '"FailedRecords":[2' in capsys.readouterr().out
    on_stream("publish_changes", stream[1:])
    assert errors["publish_changes"] == before + 1
    assert {detail["new"]["name"] for _, detail in surroundings.events()} == {"VIP", "Retail"}


def test_an_event_too_large_for_the_bus_comes_in_two_parts(api: Client, surroundings: Surroundings) -> None:
    text = "x" * 99_000
    wide = {f"{number:03}": "ü" * 200 for number in range(230)}
    group = api.create_group("VIP", {"terms": text})
    api.put(f"{GROUPS}/{group['id']}/metadata", {"metadata": {"terms": text[1:]}})
    api.put(f"{GROUPS}/{group['id']}/metadata", {"metadata": wide})
    change = {**changes(api)[1], "before": json.dumps({"metadata": {"terms": text * 2}}), "version": 2}
    on_stream("publish_changes", records([change]))

    (_, first), (_, last) = surroundings.events()

    assert [(one["part"], one["parts"]) for one in (first, last)] == [(1, 2), (2, 2)]
    assert first["event_id"] == last["event_id"]
    assert (first["previous"], first["new"]) == ({"metadata": {"terms": text * 2}}, {})
    assert (last["previous"], last["new"]) == ({}, {"metadata": {"terms": text[1:]}})


def test_the_largest_metadata_can_be_published(api: Client, surroundings: Surroundings) -> None:
    group = api.create_group("VIP", {"a": "ü" * 49_000})
    api.put(f"{GROUPS}/{group['id']}/metadata", {"metadata": {"b": "é" * 49_000}})
    assert on_stream("publish_changes", records(changes(api))) == []
    assert [sorted(detail["new"]) for _, detail in surroundings.events()] == [
        ["key", "metadata", "name", "rule"],
        ["metadata"],
    ]
    assert surroundings.dead_letters() == []


def test_counts_business_metrics(api: Client, surroundings: Surroundings, capsys: pytest.CaptureFixture[str]) -> None:
    vip = api.create_group("VIP")
    ada, grace = api.create_customer("ada@mail.example"), api.create_customer("grace@mail.example")
    api.add(vip, ada, grace)
    api.post(f"{GROUPS}/{vip['id']}/customers", {"remove": [ada["id"]]})
    capsys.readouterr()
    on_stream("publish_changes", records(changes(api)))
    assert len(surroundings.events()) == 5
    (metrics,) = (json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line)
    assert metrics["service"] == "customer-groups"
    assert {name: sum(value) for name, value in metrics.items() if isinstance(value, list)} == {
        "CustomerGroupsCreated": 1,
        "CustomersCreated": 2,
        "MembershipsAdded": 2,
        "MembershipsRemoved": 1,
        "FailedRecords": 0,
    }
