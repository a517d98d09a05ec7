"""Terms of memberships in the history of the group, in that of the customer, and in events."""

from typing import Any

import pytest

from shared.storage import membership_reads
from tests.afterwards import Surroundings, on_stream, stream_record
from tests.api import Client, Context, handler
from tests.clocks import Clock

GROUPS = "/admin/customer-groups"
NO_TERMS = {"starts_at": None, "ends_at": None}


@pytest.fixture
def trial(api: Client) -> dict[str, Any]:
    return api.create_group("Trial")


@pytest.fixture
def ada(api: Client) -> dict[str, Any]:
    return api.create_customer("ada@mail.example")


def change(api: Client, group: dict[str, Any], **body: Any) -> None:
    assert api.post(f"{GROUPS}/{group['id']}/customers", body).status == 200


def of_group(api: Client, group: dict[str, Any], query: str = "") -> list[tuple[str, Any]]:
    """The changes of members in the group's history, the oldest first: what, and the terms."""
    changes = api.get(f"{GROUPS}/{group['id']}/history?{query}").body["changes"]
    return [(one["type"], one["terms"]) for one in reversed(changes) if one["type"] != "created"]


def of_customer(api: Client, customer: dict[str, Any], query: str = "") -> list[tuple[str, Any]]:
    """What the stream writes into the customer's history, every record of it delivered twice."""
    written = [stream_record(None, item) for item in api.table.items() if item["SK"].startswith("CHANGE#")]
    assert on_stream("refresh_copies", written + written) == []
    changes = api.get(f"/admin/customers/{customer['id']}/history?{query}").body["changes"]
    return [(one["type"], one["terms"]) for one in reversed(changes) if one["type"] != "created"]


def published(api: Client, surroundings: Surroundings) -> list[tuple[str, dict[str, Any]]]:
    """The events about members of the group, in the order of the changes."""
    items = [item for item in api.table.items() if item["SK"].startswith("CHANGE#")]
    written = [stream_record(None, item) for item in sorted(items, key=lambda item: item["id"])]
    assert on_stream("publish_changes", written) == []
    return [(kind, detail) for kind, detail in surroundings.events() if "terms" in detail]


def terms(customer: dict[str, Any], previous: Any, new: Any) -> list[Any]:
    return [{"customer_ids": [customer["id"]], "previous": previous, "new": new}]


def test_both_histories_and_the_events_have_the_terms_of_who_is_added(
    api: Client, trial: Any, ada: Any, surroundings: Surroundings, watch: Clock
) -> None:
    grace, end = api.create_customer("grace@mail.example"), watch.later(days=30)
    change(api, trial, add=[{"id": ada["id"], "ends_at": end}, grace["id"]])
    given = {"starts_at": None, "ends_at": end}
    assert of_group(api, trial) == [("customers_added", terms(ada, None, given))]
    group = {"id": trial["id"], "name": "Trial"}
    assert of_customer(api, ada) == [("joined", [{"group": group, "previous": None, "new": given}])]
    assert of_customer(api, grace) == [("joined", [])]
    ((kind, detail),) = published(api, surroundings)
    assert kind == "customer-group.customers-added"
    assert sorted(detail["customer_ids"]) == sorted([ada["id"], grace["id"]])
    assert detail["terms"] == terms(ada, None, given)


def test_a_membership_that_begins_later_is_an_entry_when_it_is_added_begun_and_ended(
    api: Client, trial: Any, ada: Any, surroundings: Surroundings, watch: Clock
) -> None:
    given = {"starts_at": watch.later(hours=1), "ends_at": watch.later(hours=2)}
    change(api, trial, add=[{"id": ada["id"], **given}])
    for _ in range(2):
        watch.pass_(hours=1)
        handler("apply_terms")({}, Context("apply_terms"))
    expected = [(None, given), (given, given), (given, None)]
    assert of_group(api, trial) == [
        (what, terms(ada, *both))
        for what, both in zip(("terms_changed", "customers_added", "customers_removed"), expected, strict=True)
    ]
    group = {"id": trial["id"], "name": "Trial"}
    assert of_customer(api, ada) == [
        (what, [{"group": group, "previous": previous, "new": new}])
        for what, (previous, new) in zip(("terms_changed", "joined", "left"), expected, strict=True)
    ]
    events = published(api, surroundings)
    assert [kind.rpartition(".")[2] for kind, _ in events] == ["terms-changed", "customers-added", "customers-removed"]
    assert [detail["terms"] for _, detail in events] == [terms(ada, *both) for both in expected]
    assert [detail["reason"] for _, detail in events] == [
        None,
        {"type": "term", "id": "started"},
        {"type": "term", "id": "expired"},
    ]


def test_changed_terms_are_shown_before_and_after(
    api: Client, trial: Any, ada: Any, surroundings: Surroundings, watch: Clock
) -> None:
    week, month = ({"starts_at": None, "ends_at": watch.later(days=days)} for days in (7, 30))
    change(api, trial, add=[ada["id"]])
    for ends in ({"ends_at": week["ends_at"]}, {"ends_at": month["ends_at"]}, {}):
        change(api, trial, add=[{"id": ada["id"], **ends}])
    expected = [(NO_TERMS, week), (week, month), (month, NO_TERMS)]
    assert of_group(api, trial)[1:] == [("terms_changed", terms(ada, *both)) for both in expected]
    group = {"id": trial["id"], "name": "Trial"}
    assert of_customer(api, ada)[1:] == [
        ("terms_changed", [{"group": group, "previous": previous, "new": new}]) for previous, new in expected
    ]
    events = published(api, surroundings)
    assert [(kind, detail["terms"], detail["actor"]) for kind, detail in events[1:]] == [
        ("customer-group.terms-changed", terms(ada, *both), api.claims["sub"]) for both in expected
    ]


def test_one_change_names_all_customers_with_the_same_terms(api: Client, trial: Any, watch: Clock) -> None:
    people = [api.create_customer(f"{name}@mail.example")["id"] for name in ("ada", "grace", "hedy")]
    one, other = watch.later(days=1), watch.later(days=2)
    change(api, trial, add=[{"id": each, "ends_at": end} for each, end in zip(people, (one, other, one), strict=True)])
    ((_, found),) = of_group(api, trial)
    assert {entry["new"]["ends_at"]: entry["customer_ids"] for entry in found} == {
        one: [people[0], people[2]],
        other: [people[1]],
    }


def test_a_member_who_will_join_later_instead_has_left(api: Client, trial: Any, ada: Any, watch: Clock) -> None:
    later = {"starts_at": watch.later(days=1), "ends_at": None}
    change(api, trial, add=[ada["id"]])
    change(api, trial, add=[{"id": ada["id"], **later}])
    change(api, trial, add=[ada["id"]])
    assert of_group(api, trial) == [
        ("customers_added", []),
        ("customers_removed", terms(ada, NO_TERMS, later)),
        ("customers_added", terms(ada, later, NO_TERMS)),
    ]


@pytest.mark.parametrize("deletes", [False, True])
def test_the_end_of_a_membership_that_has_not_begun_is_an_entry(
    api: Client, trial: Any, ada: Any, watch: Clock, *, deletes: bool
) -> None:
    later = {"starts_at": watch.later(days=1), "ends_at": None}
    change(api, trial, add=[{"id": ada["id"], **later}])
    if deletes:
        assert api.delete(f"/admin/customers/{ada['id']}").status == 200
    else:
        change(api, trial, remove=[ada["id"]])
    assert of_group(api, trial)[1:] == [("terms_changed", terms(ada, later, None))]


def test_changed_terms_can_be_filtered_and_are_part_of_their_action(
    api: Client, trial: Any, ada: Any, watch: Clock
) -> None:
    grace = api.create_customer("grace@mail.example")
    change(api, trial, add=[ada["id"]])
    week = watch.later(days=7)
    change(api, trial, add=[{"id": ada["id"], "ends_at": week}, grace["id"]])
    changed = ("terms_changed", terms(ada, NO_TERMS, {"starts_at": None, "ends_at": week}))
    assert of_group(api, trial, "type=terms_changed") == [changed]
    assert [what for what, _ in of_customer(api, ada, "type=terms_changed")] == ["terms_changed"]
    assert of_group(api, trial, "group_by=action")[1:] == [("customers_changed", changed[1])]


def test_an_end_that_was_changed_between_read_and_write_is_kept(
    api: Client, trial: Any, ada: Any, watch: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One request lets the membership begin now and leaves its end as it is, while another moves the end."""
    start, end, later = watch.later(days=5), watch.later(days=9), watch.later(days=99)
    change(api, trial, add=[{"id": ada["id"], "starts_at": start, "ends_at": end}])
    stored = membership_reads.stored

    def and_then_another(*asked: Any) -> Any:
        found = stored(*asked)
        monkeypatch.setattr(membership_reads, "stored", stored)
        change(api, trial, add=[{"id": ada["id"], "starts_at": start, "ends_at": later}])
        return found

    monkeypatch.setattr(membership_reads, "stored", and_then_another)
    change(api, trial, add=[ada["id"]])
    (member,) = api.get(f"{GROUPS}/{trial['id']}/customers?fields=membership").body["customers"]
    assert (member["membership"]["starts_at"], member["membership"]["ends_at"]) == (None, later)
