"""Any listing, with any plan, compared with a simple scan of all records."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.dynamodb.metering import metered
from shared.storage import large_metadata, lists
from shared.storage.lists import budget
from tests.storage.shop import (
    DUE,
    LARGE,
    Shop,
    at,
    exhausted,
    expected,
    listings,
    plentiful,
    tight,
    with_few_calls,
)
from tests.table import empty_table

MOMENTS = (None, None, DUE)


@pytest.fixture(scope="module")
def shop() -> Shop:
    empty_table()
    return Shop()


@settings(max_examples=2000, deadline=None)
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


@pytest.mark.parametrize("budgeted", [plentiful, tight, with_few_calls, exhausted])
@settings(max_examples=700, deadline=None)
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
