"""The cost of each operation is the same in a group of ten and in a group of a thousand.

Calls are counted in the client, and capacity is reported by the engine (`ReturnConsumedCapacity`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from shared.domain.filters import Filters
from shared.domain.ids import GroupId
from shared.dynamodb.client import dynamodb
from shared.storage import groups, lists, memberships
from shared.storage.kinds import CUSTOMER, GROUP
from shared.storage.lists import Listing, Order
from tests.crowd import crowd
from tests.table import empty_table

SIZES = [10, 1_000]


@dataclass
class Cost:
    calls: int = 0
    transactions: int = 0
    read: float = 0
    written: float = 0


@contextmanager
def measured() -> Iterator[Cost]:
    """The cost of the requests in the block."""
    cost = Cost()

    def ask(params: dict[str, Any], **_: Any) -> None:
        params["ReturnConsumedCapacity"] = "TOTAL"

    def note(model: Any, parsed: dict[str, Any], **_: Any) -> None:
        writes = model.name == "TransactWriteItems"
        cost.calls += 1
        cost.transactions += writes
        reported = parsed.get("ConsumedCapacity", [])
        for one in reported if isinstance(reported, list) else [reported]:
            if writes:
                cost.written += one.get("WriteCapacityUnits", one["CapacityUnits"])
            else:
                cost.read += one["CapacityUnits"]

    events = dynamodb().meta.events
    events.register("provide-client-params.dynamodb", ask)
    events.register("after-call.dynamodb", note)
    try:
        yield cost
    finally:
        events.unregister("provide-client-params.dynamodb", ask)
        events.unregister("after-call.dynamodb", note)


@dataclass(frozen=True)
class World:
    groups: dict[int, GroupId]
    """A group of each size."""
    everyone: list[str]
    newcomers: list[str]
    """A hundred customers in no group."""


@pytest.fixture(scope="module")
def world() -> World:
    empty_table()
    everyone = list(crowd(max(SIZES) + 100))
    made = {size: groups.create(f"Group of {size:,}", {"seeded": True}, "seed")["id"] for size in SIZES}
    for size, group_id in made.items():
        memberships.change_members(group_id, everyone[:size], [], "seed")
    for number in range(28):
        groups.create(f"Campaign {number:02}", None, "seed")
    return World(made, everyone[: max(SIZES)], everyone[max(SIZES) :])


each_size = pytest.mark.parametrize("size", SIZES)


@each_size
def test_a_group_costs_half_a_unit_to_get(world: World, size: int) -> None:
    with measured() as cost:
        assert groups.get(world.groups[size])["customer_count"] == size
    assert (cost.calls, cost.read) == (1, 0.5)


@pytest.mark.parametrize("order", ["created_at", "-created_at", "name", "-updated_at"])
def test_a_page_of_groups_costs_three_calls(world: World, order: str) -> None:
    assert world.groups
    with measured() as cost:
        page = lists.page(Listing(GROUP, Order(order.removeprefix("-"), order.startswith("-")), limit=20))
    assert (len(page.items), page.count) == (20, 30)
    assert cost.calls <= 3
    assert cost.read <= 15


def test_a_search_costs_four_calls(world: World) -> None:
    assert world.groups
    with measured() as cost:
        page = lists.page(Listing(GROUP, filters=Filters(words=GROUP.search.words("campaign")), limit=20))
    assert (len(page.items), page.count) == (20, 28)
    assert cost.calls <= 4
    assert cost.read <= 25


def test_a_group_costs_one_call_to_create(world: World) -> None:
    assert world.groups
    with measured() as cost:
        groups.create("VIP", {"discount_percent": 10}, "someone")
    items = 1 + 1 + 1 + 1 + 3  # the group, its name, counter and change, and the tokens "vip", "ip" and "p"
    indexes = 3 * (1 + 2)  # the group is in the lists; tokens are only read by their keys
    assert (cost.calls, cost.read) == (1, 0)
    assert cost.written <= 2 * items + 2 * indexes


@each_size
def test_a_key_of_metadata_costs_two_calls(world: World, size: int) -> None:
    with measured() as cost:
        groups.update(world.groups[size], {"metadata": {"touched": size}}, "someone")
    assert (cost.calls, cost.transactions) == (2, 1)
    assert cost.read <= 1
    assert cost.written <= 10


@each_size
@pytest.mark.parametrize("order", ["created_at", "-created_at"])
def test_a_page_of_members_costs_two_calls(world: World, size: int, order: str) -> None:
    with measured() as cost:
        page = lists.page(
            Listing(
                CUSTOMER,
                Order(order.removeprefix("-"), order.startswith("-")),
                limit=20,
                members_of=world.groups[size],
            )
        )
    assert (len(page.items), page.count) == (min(20, size), size)
    assert cost.calls <= 2
    assert cost.read <= 12


def test_the_groups_of_a_customer_cost_two_calls(world: World) -> None:
    ada = world.everyone[-1]
    made = [groups.create(f"Ada's {number}", None, "seed")["id"] for number in range(9)]
    memberships.change_groups(ada, made, [], "seed")
    with measured() as cost:
        page = lists.page(Listing(GROUP, filters=Filters(related=(ada,))))
    assert page.count == 10
    assert cost.calls == 2
    assert cost.read <= 8


@each_size
def test_a_hundred_customers_cost_three_transactions_to_add(world: World, size: int) -> None:
    with measured() as cost:
        outcome = memberships.change_members(world.groups[size], world.newcomers, [], "someone")
    assert len(outcome.added) == 100
    assert cost.transactions == 3
    assert cost.calls <= 2 + 3
    assert cost.read <= 60
    assert cost.written > 0


@each_size
def test_a_group_costs_two_calls_to_delete(world: World, size: int) -> None:
    with measured() as cost:
        groups.delete(world.groups[size], "someone")
    assert cost.calls <= 2
    assert cost.read <= 1
    assert cost.written <= 2 * 40
