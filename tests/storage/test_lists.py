"""Any listing, with any plan, compared with a simple scan of all records."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.storage import lists
from tests.storage.shop import Shop, expected, listings, plentiful, tight
from tests.table import empty_table


@pytest.fixture(scope="module")
def shop() -> Shop:
    empty_table()
    return Shop()


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_page_is_the_same_as_from_a_full_scan(shop: Shop, data: st.DataObject) -> None:
    listing = data.draw(listings(shop))
    all_ids = expected(shop, listing)
    page = lists.page(listing)
    end = listing.offset + listing.limit
    assert [item["id"] for item in page.items] == all_ids[listing.offset : end]
    assert (page.count, page.count_is_exact) == (len(all_ids), True)
    assert (page.next_position is not None) is (len(all_ids) > end)


@pytest.mark.parametrize("budgeted", [plentiful, tight])
@settings(max_examples=100, deadline=None)
@given(st.data())
def test_paging_by_cursor_returns_every_match_once_in_order(
    shop: Shop, budgeted: Callable[[], AbstractContextManager[None]], data: st.DataObject
) -> None:
    listing = data.draw(listings(shop))._replace(limit=4)
    all_ids, offset = expected(shop, listing), listing.offset
    met: list[str] = []
    with budgeted():
        for _ in range(60):
            page = lists.page(listing)
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
