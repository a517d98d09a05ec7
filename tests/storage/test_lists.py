"""Any listing, with any plan, compared with a simple scan of all records."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.filters import Filters, Span
from shared.dynamodb.metering import metered
from shared.storage import large_metadata, lists
from shared.storage.kind import Kind
from shared.storage.kinds import CUSTOMER, GROUP
from shared.storage.lists import Listing, Order, budget, plan
from shared.storage.lists.plan import Found, Plan
from tests.storage.budgets import exhausted, plentiful, tight, with_few_calls
from tests.storage.shop import DUE, LARGE, QUERIES, Shop, at, expected, listings
from tests.table import empty_table

MOMENTS = (None, None, DUE)


@pytest.fixture(scope="module")
def shop() -> Shop:
    empty_table()
    return Shop()


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_page_is_the_same_as_from_a_full_scan(shop: Shop, data: st.DataObject) -> None:
    listing = data.draw(listings(shop))
    with at(data.draw(st.sampled_from(MOMENTS))), metered() as meter:
        all_ids = expected(shop, listing)
        page = lists.page(listing)
    end = listing.offset + listing.limit
    assert [item["id"] for item in page.items] == all_ids[listing.offset : end]
    assert all(item["metadata"] == LARGE for item in page.items if large_metadata.REFERENCE in item)
    assert (page.count, page.count_is_exact) == (len(all_ids), True)
    assert (page.next_position is not None) is (len(all_ids) > end)
    assert meter.calls + listing.shows_memberships <= budget.CALLS


@pytest.mark.parametrize("kind", [GROUP, CUSTOMER])
@pytest.mark.parametrize("query", QUERIES)
def test_each_query_finds_the_same_as_a_full_scan(shop: Shop, query: str, kind: Kind) -> None:
    listing = Listing(kind, filters=Filters(words=kind.search.words(query)), limit=50)
    assert [item["id"] for item in lists.page(listing).items] == expected(shop, listing)


@pytest.mark.parametrize("budgeted", [plentiful, tight, with_few_calls, exhausted])
@settings(max_examples=50, deadline=None)
@given(st.data())
def test_paging_by_cursor_returns_every_match_once_in_order(
    shop: Shop, budgeted: Callable[[], AbstractContextManager[None]], data: st.DataObject
) -> None:
    listing = data.draw(listings(shop))._replace(limit=4)
    met: list[str] = []
    with budgeted(), at(data.draw(st.sampled_from(MOMENTS))):
        all_ids, offset = expected(shop, listing), listing.offset
        for _ in range(60):
            with metered() as meter:
                page = lists.page(listing)
            assert meter.calls + listing.shows_memberships <= budget.CALLS
            assert len(page.items) <= listing.limit
            assert page.count == len(all_ids) if page.count_is_exact else page.count <= len(all_ids)
            met += [item["id"] for item in page.items]
            assert page.count >= len(met)
            if page.next_position is None:
                break
            listing = listing._replace(after=page.next_position, offset=0)
        else:
            pytest.fail("the pages do not end")
    assert met == all_ids[offset:]


def _customers(order: str = "created_at", *, limit: int = 4, **filters: Any) -> Callable[[Shop], Listing]:
    return lambda shop: Listing(CUSTOMER, Order(order), Filters(**filters), limit=limit, members_of=_second(shop))


def _second(shop: Shop) -> str:
    return sorted(shop.members)[1]


def _everyone(order: str = "created_at", **filters: Any) -> Callable[[Shop], Listing]:
    return lambda _: Listing(CUSTOMER, Order(order), Filters(**filters), limit=4)


def _groups_of(*, number: int) -> Callable[[Shop], Listing]:
    return lambda shop: Listing(GROUP, filters=Filters(related=(shop.customers[number]["id"],)))


SINCE_EVER = Span("2020-01-01T00:00:00.000Z", None)


@pytest.mark.parametrize(
    ("way", "asked"),
    [
        (Plan.NAMED, _everyone(ids=("nobody",))),
        (Plan.STRAIGHT, _everyone()),
        (Plan.MEMBERS, _customers("email")),
        (Plan.WORDS, _everyone(words=CUSTOMER.search.words("ada"))),
        (Plan.RELATED, _groups_of(number=0)),
        (Plan.UPDATED, _everyone(updated=SINCE_EVER)),
        (Plan.CREATED, _everyone("email", created=SINCE_EVER)),
        (Plan.ACCOUNTS, _everyone("email", has_account=True)),
        (Plan.WALK, _everyone(created_by=("x",))),
    ],
)
def test_each_plan_can_be_reached_here(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, way: Plan, asked: Callable[[Shop], Listing]
) -> None:
    """Otherwise the tests above would compare fewer plans than they seem to."""
    listing, decide = asked(shop), plan.plan
    ways = [decide(listing, Found())]

    def watched(listing: Listing, found: Found) -> Plan:
        ways.append(decide(listing, found))
        return ways[-1]

    monkeypatch.setattr(plan, "plan", watched)
    lists.page(listing)
    assert ways[-1] is way
