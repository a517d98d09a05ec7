"""Every filter and event pattern of the template matches the events for its target, and no others.

They are evaluated like by AWS, with what the functions write and send.
"""

import json
from typing import Any, Final

import pytest

from operations import event_patterns
from shared.events.translation import KINDS
from shared.storage import keys
from tests import event_sources, jobs, template
from tests.afterwards import StreamRecord, Surroundings, on_stream, stream_record
from tests.api import Client

GROUPS: Final = "/admin/customer-groups"
TRIED: Final = {
    *("ChangesToPublish", "RecordsToRefresh"),
    *("EventArchive", "CustomerArchive", "DeletedGroups", "SyncCustomer.CustomersElsewhere"),
    *("ChangedCustomers", "ChangedGroups"),
    "SyncReference.ReferencesElsewhere",
}


def passes(operation: str, one: StreamRecord) -> bool:
    return any(event_patterns.matches(one, pattern) for pattern in event_sources.filters(operation))


def test_every_filter_and_pattern_of_the_template_is_tested_here() -> None:
    assert event_sources.all_of_them() == TRIED
    assert template.document()["Parameters"]["CustomerSources"]["Default"] == "liqnic.storefront"
    assert template.document()["Parameters"]["ReferenceSources"]["Default"] == "liqnic.pricing"


def test_only_changes_are_published(api: Client) -> None:
    vip, ada = api.create_group("VIP"), api.create_customer("ada@mail.example")
    api.add(vip, ada)
    api.delete(f"{GROUPS}/{vip['id']}")
    written = [stream_record(None, item) for item in api.table.items()]
    passed = [one["dynamodb"]["Keys"]["SK"]["S"] for one in written if passes("publish_changes", one)]
    assert len(passed) == 4
    assert all(key.startswith("CHANGE#") for key in passed)
    assert not any(passes("publish_changes", stream_record(item, None)) for item in api.table.items()), "they expire"


def test_refresh_copies_receives_changed_customers_but_not_new_ones(api: Client) -> None:
    ada = api.create_customer("ada@mail.example")
    before = api.table.item(keys.customer(ada["id"]))
    api.post(f"/admin/customers/{ada['id']}", {"first_name": "Ada"})
    assert passes("refresh_copies", stream_record(before, api.table.item(keys.customer(ada["id"]))))
    assert not passes("refresh_copies", stream_record(None, before))


def test_changes_of_members_reach_the_histories_of_customers_and_no_other_changes_do(api: Client) -> None:
    vip, ada = api.create_group("VIP"), api.create_customer("ada@mail.example")
    api.add(vip, ada)
    api.post(f"{GROUPS}/{vip['id']}/customers", {"remove": [ada["id"]]})
    api.post(f"{GROUPS}/{vip['id']}/customers", {"add": [{"id": ada["id"], "starts_at": "2999-01-01"}]})
    api.post(f"{GROUPS}/{vip['id']}", {"name": "Gold"})
    passed = [item for item in api.table.items() if passes("refresh_copies", stream_record(None, item))]
    assert sorted(item["type"] for item in passed) == ["customers_added", "customers_removed", "terms_changed"]
    assert not any(passes("refresh_copies", stream_record(item, None)) for item in passed), "they expire"


def test_only_deleted_groups_are_purged(api: Client, surroundings: Surroundings) -> None:
    vip, ada = api.create_group("VIP"), api.create_customer("ada@mail.example")
    api.add(vip, ada)
    api.post(f"{GROUPS}/{vip['id']}", {"name": "Gold"})
    api.delete(f"{GROUPS}/{vip['id']}")
    api.delete(f"/admin/customers/{ada['id']}")
    on_stream("publish_changes", [stream_record(None, item) for item in api.table.items()])
    surroundings.events()
    purging = [one for one in surroundings.received if event_patterns.matches(one, event_sources.rule("DeletedGroups"))]
    assert [one["detail"]["customer_group_id"] for one in purging] == [vip["id"]]


@pytest.fixture
def every_kind(api: Client, surroundings: Surroundings) -> list[dict[str, Any]]:
    """Events of every kind, about a group and a customer with a name."""
    vip, ada = api.create_group("VIP", {"discount": 10}), api.create_customer("ada@mail.example")
    api.add(vip, ada)
    api.post(f"/admin/customers/{ada['id']}", {"last_name": "Lovelace"})
    api.post(f"{GROUPS}/{vip['id']}/customers", {"add": [{"id": ada["id"], "ends_at": "2999-01-01"}]})
    api.post(f"{GROUPS}/{vip['id']}/customers", {"remove": [ada["id"]]})
    api.post(f"{GROUPS}/{vip['id']}", {"name": "Gold"})
    jobs.run(api, type="export")
    api.delete(f"/admin/customers/{ada['id']}")
    api.delete(f"{GROUPS}/{vip['id']}")
    on_stream("publish_changes", [stream_record(None, item) for item in api.table.items() if "subject" in item])
    surroundings.events()
    assert {one["detail-type"] for one in surroundings.received} == set(KINDS)
    return surroundings.received


def matching(events: list[dict[str, Any]], source: str) -> list[dict[str, Any]]:
    return [one for one in events if event_patterns.matches(one, event_sources.rule(source))]


def test_rules_receive_changed_customers_and_groups(every_kind: list[dict[str, Any]]) -> None:
    of_customers, of_groups = (
        {one["detail-type"] for one in matching(every_kind, source)} for source in ("ChangedCustomers", "ChangedGroups")
    )
    assert of_customers == {"customer.created", "customer.updated", "customer.deleted"}
    concerns_no_rule = {"customer-group.terms-changed"}  # nobody joins or leaves by it
    assert of_groups == {kind for kind in KINDS if kind.startswith("customer-group.") and "job" not in kind} - (
        concerns_no_rule
    )


def test_everything_is_archived_except_values_of_customers(every_kind: list[dict[str, Any]]) -> None:
    archived = matching(every_kind, "EventArchive")
    assert {one["detail-type"] for one in every_kind if one not in archived} == {"customer.created", "customer.updated"}
    assert not any(word in json.dumps(archived) for word in ("ada@", "Lovelace"))
    of_a_shop = {"source": "liqnic.storefront", "detail-type": "customer.deleted"}
    assert not matching([of_a_shop], "EventArchive")


@pytest.mark.parametrize(
    ("event", "is_taken_over"),
    [
        ({"source": "liqnic.storefront", "detail-type": "customer.created"}, True),
        ({"source": "liqnic.storefront", "detail-type": "customer.updated"}, True),
        ({"source": "liqnic.storefront", "detail-type": "customer.deleted"}, True),
        ({"source": "liqnic.storefront", "detail-type": "order.created"}, False),
        ({"source": "liqnic.payroll", "detail-type": "customer.created"}, False),
        ({"source": "liqnic.customer-groups", "detail-type": "customer.created"}, False),
    ],
    ids=str,
)
def test_only_customers_of_accepted_sources_are_synchronized(event: dict[str, Any], is_taken_over: bool) -> None:  # noqa: FBT001 - a parameter of the test
    rule = event_sources.rule("SyncCustomer.CustomersElsewhere")
    assert event_patterns.matches({**event, "detail": {"id": "shop-1"}}, rule) is is_taken_over
    # Exactly the synchronized events are archived for a restore.
    assert event_patterns.matches({**event, "detail": {"id": "shop-1"}}, event_sources.rule("CustomerArchive")) is (
        is_taken_over
    )


@pytest.mark.parametrize(
    ("event", "is_stored"),
    [
        ({"source": "liqnic.pricing", "detail-type": "customer-group.reference-added"}, True),
        ({"source": "liqnic.pricing", "detail-type": "customer-group.reference-removed"}, True),
        ({"source": "liqnic.pricing", "detail-type": "customer-group.deleted"}, False),
        ({"source": "liqnic.payroll", "detail-type": "customer-group.reference-added"}, False),
        ({"source": "liqnic.customer-groups", "detail-type": "customer-group.reference-added"}, False),
    ],
    ids=str,
)
def test_only_references_of_accepted_sources_are_stored(event: dict[str, Any], is_stored: bool) -> None:  # noqa: FBT001 - a parameter of the test
    rule = event_sources.rule("SyncReference.ReferencesElsewhere")
    assert event_patterns.matches({**event, "detail": {"id": "sale"}}, rule) is is_stored
