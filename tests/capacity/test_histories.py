"""What a page of a history costs: at most the budget of lists, however large and many its changes are."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest

from benchmarks.engine import Filled, filled_table, measured, request, send
from benchmarks.population import Population
from shared.domain.ids import CustomerId, GroupId
from shared.storage import customers, groups, history, memberships
from shared.storage.lists.budget import CALLS, UNITS
from tests import database

pytestmark = pytest.mark.skipif(database.IS_MOTO, reason="moto counts no capacity")

LARGE: Final = 90_000
SEVERAL: Final = 260
"""More small changes than two calls read."""


@contextmanager
def a_group_and_a_customer() -> Iterator[Filled]:
    def fill(population: Population) -> None:
        population.add_groups(1)
        population.add_customers(1)

    with filled_table(fill) as filled:
        yield filled


def pages(url: str) -> list[list[dict[str, Any]]]:
    """The entries of each page, each read within the budget."""
    found, cursor = [], ""
    while True:
        with measured() as cost:
            page = json.loads(send(request("GET", url + cursor))["body"])
        assert (len(cost.calls) <= CALLS, cost.reads <= UNITS) == (True, True), f"{len(cost.calls)}, {cost.reads}"
        found.append(page["changes"])
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


def change_group(filled: Filled, text: str) -> None:
    groups.update(GroupId(filled.groups[0]), {"metadata": {"text": text}}, "grace")


def change_customer(filled: Filled, text: str) -> None:
    customers.update(CustomerId(filled.customers[0]), {"metadata": {"text": text}}, "grace")


@pytest.mark.parametrize(
    ("route", "change"), [("customer-groups", change_group), ("customers", change_customer)], ids=["group", "customer"]
)
def test_large_changes_are_spread_over_pages_by_cursor(route: str, change: Callable[[Filled, str], None]) -> None:
    with a_group_and_a_customer() as filled:
        for number in range(30):
            change(filled, "z" * LARGE + str(number))
        subject = filled.groups[0] if route == "customer-groups" else filled.customers[0]
        url = f"/admin/{route}/{subject}/history"
        expected = [str(number) for number in reversed(range(30))]
        for query in ("limit=50", "limit=200", "limit=50&group_by=action", "limit=50&actor=grace", "limit=2"):
            entries = [entry for page in pages(f"{url}?{query}&type=updated") for entry in page]
            assert [entry["after"]["metadata"]["text"][LARGE:] for entry in entries] == expected, query
        assert [entry for page in pages(f"{url}?limit=50&actor=nobody") for entry in page] == []


def test_histories_have_the_budget_of_lists() -> None:
    assert (history.MAX_CALLS, history.MAX_UNITS) == (CALLS, UNITS)


def test_a_filter_reads_whole_pages_at_any_limit() -> None:
    with a_group_and_a_customer() as filled:
        group = GroupId(filled.groups[0])
        for number in range(SEVERAL):
            add, remove = ([], filled.customers) if number % 2 else (filled.customers, [])
            memberships.change_members(group, add, remove, "grace")
        for route, subject in (("customer-groups", filled.groups[0]), ("customers", filled.customers[0])):
            url = f"/admin/{route}/{subject}/history?limit=1&"
            for query in ("actor=nobody", "type=updated", "at[$gte]=2099-01-01"):
                assert pages(url + query) == [[]], query
            with measured() as cost:
                send(request("GET", url + "actor=nobody"))
            assert len(cost.calls) <= 1 + SEVERAL // history.PAGE_SIZE + 2
