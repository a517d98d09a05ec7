"""The customers' side of the history costs one unit for each who joins or leaves, and their request nothing."""

from typing import Any

import pytest

from shared.domain.ids import CustomerId
from shared.dynamodb import actions, transactions
from shared.dynamodb.client import dynamodb
from shared.storage import customers, groups, journal, keys, memberships, purge
from tests import database
from tests.crowd import crowd
from tests.table import Table


@pytest.mark.skipif(database.IS_MOTO, reason="moto counts no capacity")
def test_an_entry_costs_one_unit(table: Table) -> None:
    vip = groups.create("VIP", None, "service")["id"]
    joining = list(crowd(48))
    memberships.change_members(vip, joining, [], "service")
    (change,) = [item for item in table.items() if item.get("type") == "customers_added"]
    units = 0.0

    def note(parsed: dict[str, Any], **_: Any) -> None:
        nonlocal units
        units += sum(one["CapacityUnits"] for one in parsed["ConsumedCapacity"])

    def ask(params: dict[str, Any], **_: Any) -> None:
        params["ReturnConsumedCapacity"] = "TOTAL"

    events = dynamodb().meta.events
    events.register("provide-client-params.dynamodb.BatchWriteItem", ask)
    events.register("after-call.dynamodb.BatchWriteItem", note)
    try:
        journal.record(change)
    finally:
        events.unregister("provide-client-params.dynamodb.BatchWriteItem", ask)
        events.unregister("after-call.dynamodb.BatchWriteItem", note)
    assert units == len(joining)


def test_customers_leave_a_deleted_group_though_many_were_deleted_before_its_purge(table: Table) -> None:
    """Each of those is a change of the deleted group, after its deletion."""
    vip, crew = groups.create("VIP", None, "service")["id"], list(crowd(30))
    memberships.change_members(vip, crew, [], "service")
    groups.delete(vip, "service")
    for one in crew[1:]:
        customers.delete(CustomerId(one), "service")
    assert journal.name_of(vip) == "VIP"
    purge.purge_group(vip, lambda: True)
    left = [item for item in table.items() if item["SK"].startswith("MOVE#") and item["type"] == "left"]
    assert [(keys.id_of(item["PK"]), item["group"]["name"]) for item in left] == [(crew[0], "VIP")]


def test_customers_leave_a_deleted_group_though_a_change_drew_its_id_after_the_deletion(table: Table) -> None:
    """Ids are drawn before the write: of two writes at once, the first may have the later id."""
    vip, (ada,) = groups.create("VIP", None, "service")["id"], crowd(1)
    memberships.change_members(vip, [ada], [], "service")
    groups.delete(vip, "service")
    (added,) = [item for item in table.items() if item.get("type") == "customers_added"]
    late = actions.put({**added, "SK": f"{keys.CHANGE_PREFIX}change_{'7' + 25 * 'Z'}"})
    transactions.commit([late])
    purge.purge_group(vip, lambda: True)
    left = [item for item in table.items() if item["SK"].startswith("MOVE#") and item["type"] == "left"]
    assert [(keys.id_of(item["PK"]), item["group"]["name"]) for item in left] == [(ada, "VIP")]
