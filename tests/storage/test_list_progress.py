"""Pages that end where the budget does: nothing is skipped, and the next page is another one."""

import random

import pytest

from shared.domain.filters import Filters
from shared.domain.terms import Terms
from shared.dynamodb import actions, transactions
from shared.jobs import sources
from shared.storage import groups, keys, lists, memberships, summaries
from shared.storage.kinds import CUSTOMER
from shared.storage.lists import Listing, Order, Page, pages
from shared.storage.lists.listing import CursorState
from shared.storage.lists.pages import NoProgress
from tests.storage.budgets import exhausted
from tests.storage.shop import DUE, LATER, Shop, at
from tests.table import Table


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("is_over", [False, True])
def test_an_entry_that_does_not_match_hides_no_other_of_the_customer(
    table: Table,  # noqa: ARG001 - the fixture is needed, not its value
    *,
    descending: bool,
    is_over: bool,
) -> None:
    """The entry is the last one that is read of its group: it has ended, or is a copy that is not up to date."""
    people = [Shop.customer(random.Random(1), number) for number in range(3)]
    before, twice, after = people[::-1] if descending else people
    one, other = (groups.create(name, None, "ada") for name in ("One", "Other"))
    terms: dict[str, Terms] = {twice["id"]: Terms(None, LATER)} if is_over else {}
    memberships.change_members(one["id"], [each["id"] for each in people], [], "x", terms=terms)
    memberships.change_members(other["id"], [twice["id"], after["id"]], [], "x")
    if not is_over:
        key = keys.membership(one["id"], twice["id"])
        transactions.commit([actions.update(key, set={"customer": summaries.copy_of(twice) | {"created_by": "z"}})])
    filters = Filters(related=(one["id"], other["id"]), created_by=("x", "y"))
    listing = Listing(CUSTOMER, Order("created_at", descending=descending), filters)
    with exhausted(), at(DUE):
        page = lists.page(listing)
        met = [item["id"] for item in page.items]
        while page.next_position:
            page = lists.page(listing._replace(after=page.next_position))
            met += [item["id"] for item in page.items]
    assert met == [before["id"], twice["id"], after["id"]]
    assert page.count == len(met)


def test_a_page_that_would_be_followed_by_itself_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that follows the cursors would never end. Neither would a job."""
    after = str(CursorState("2026-01-01T00:00:00.000Z"))
    stuck = Page([], 0, count_is_exact=False, next_position=after)
    monkeypatch.setattr(pages, "_page", lambda *_: stuck)
    listing = Listing(CUSTOMER, filters=Filters(created_by=("x",)))
    with pytest.raises(NoProgress):
        lists.page(listing._replace(after=after))
    with pytest.raises(NoProgress):
        list(sources.matches(listing, None))


@pytest.mark.parametrize("descending", [False, True])
def test_a_cursor_of_an_earlier_release_continues_the_list(table: Table, *, descending: bool) -> None:  # noqa: ARG001
    """A client, or a job that is planned by several invocations, can have one while a new release is deployed."""
    people = [Shop.customer(random.Random(1), number) for number in range(4)]
    in_order = people[::-1] if descending else people
    listing = Listing(CUSTOMER, Order("created_at", descending=descending))
    first = in_order[0]
    page = lists.page(listing._replace(after=f"1.0.4.1.{first['created_at']}\x1f#{first['id']}"))
    assert [one["id"] for one in page.items] == [one["id"] for one in in_order[1:]]
    assert (page.count, page.next_position) == (4, None)
