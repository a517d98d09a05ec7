"""Any listing, compared with a plain look at everything there is."""

import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared import keys, search
from shared.config import config
from shared.storage import customers, groups, lists, memberships
from shared.storage import table as storage_table
from shared.storage.kinds import CUSTOMER, GROUP
from shared.storage.lists import Filters, Listing, Order, Span
from shared.storage.records import Kind
from shared.storage.table import Item
from tests import template

WORDS = ["Ada", "ada", "Lovelace", "VIP", "vip gold", "Größe", "50%", "a", "B", "Hopper", "zz"]


class World:
    """Groups, customers and memberships, in the table and as plain lists."""

    def __init__(self) -> None:
        dice = random.Random(1815)
        self.customers = [self._customer(dice, number) for number in range(18)]
        self.groups = [
            groups.create(f"{dice.choice(WORDS)} {dice.choice(WORDS)} {number}", None, dice.choice("xy"))
            for number in range(12)
        ]
        self.members = {
            group["id"]: {one["id"] for one in dice.sample(self.customers, dice.randint(0, 12))}
            for group in self.groups
        }
        for one in dice.sample(self.customers, 5):
            customers.update(one["id"], {"metadata": {"touched": True}}, "y")
        for one in dice.sample(self.groups, 4):
            groups.update(one["id"], {"metadata": {"touched": True}}, "y")
        for group_id, members in self.members.items():
            memberships.change_members(group_id, sorted(members), [], "x")
        self.customers = [customers.get(one["id"]) for one in self.customers]
        self.groups = [groups.get(one["id"]) for one in self.groups]

    @staticmethod
    def _customer(dice: random.Random, number: int) -> Item:
        profile: dict[str, Any] = {
            "email": dice.choice([None, f"{dice.choice('abc')}{number}@example.com"]),
            "first_name": dice.choice([None, *WORDS]),
            "last_name": dice.choice([None, *WORDS]),
            "company_name": dice.choice([None, None, "Compilers & Co"]),
            "phone": None,
            "has_account": dice.random() < 0.5,
            "metadata": None,
        }
        return customers.create(profile, dice.choice("xy"))


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    storage_table.client.create_table(**template.table_definition(config.table_name))
    yield World()
    storage_table.client.delete_table(TableName=config.table_name)


def expected(world: World, listing: Listing) -> list[str]:
    """The ids of all matches in order: what the storage should find, found the plain way."""
    kind, filters = listing.kind, listing.filters
    everything = world.groups if kind is GROUP else world.customers
    matches = [item for item in everything if _matches(world, item, kind, filters)]
    if listing.members_of:
        matches = [item for item in matches if item["id"] in world.members[listing.members_of]]
    return [item["id"] for item in sorted(matches, key=_place(listing.order), reverse=listing.order.descending)]


def _matches(world: World, item: Item, kind: Kind, filters: Filters) -> bool:
    text = " ".join(
        search.fold(item[name] or "")
        for name in ("name", "email", "first_name", "last_name", "company_name", "phone")
        if name in item
    )
    if kind is GROUP:
        related = set(world.members[item["id"]])
    else:
        related = {group_id for group_id, members in world.members.items() if item["id"] in members}
    return (
        (filters.ids is None or item["id"] in filters.ids)
        and (filters.names is None or item["name" if kind is GROUP else "email"] in filters.names)
        and (filters.related is None or not related.isdisjoint(filters.related))
        and (filters.created is None or filters.created.holds(item["created_at"]))
        and (filters.updated is None or filters.updated.holds(item["updated_at"]))
        and (filters.created_by is None or item["created_by"] in filters.created_by)
        and (filters.has_account is None or item.get("has_account") == filters.has_account)
        and all(word in text for word in filters.words)
    )


def _place(order: Order) -> Any:
    name = "created_at" if order.field == "id" else order.field
    return lambda item: (search.fold(item[name] or ""), item["id"])


def spans(moments: list[str]) -> st.SearchStrategy[Span]:
    some = st.sampled_from(moments)
    return st.builds(Span, some, st.none() | some) | st.builds(Span, st.none(), some)


@st.composite
def listings(draw: st.DrawFn, world: World) -> Listing:
    kind = draw(st.sampled_from([GROUP, CUSTOMER]))
    mine, others = (world.groups, world.customers) if kind is GROUP else (world.customers, world.groups)
    own_ids = st.lists(st.sampled_from([one["id"] for one in mine] + ["nobody"]), max_size=6).map(tuple)
    other_ids = st.lists(st.sampled_from([one["id"] for one in others] + ["nobody"]), max_size=3).map(tuple)
    names = [one["name" if kind is GROUP else "email"] for one in mine]
    seldom = st.integers(0, 3).map(lambda number: number == 0)
    members_of = draw(st.sampled_from(sorted(world.members))) if kind is CUSTOMER and draw(seldom) else None
    filters = Filters(
        ids=draw(own_ids) if draw(seldom) else None,
        names=tuple(draw(st.lists(st.sampled_from([name for name in names if name]), max_size=4)))
        if draw(seldom)
        else None,
        related=draw(other_ids) if draw(seldom) and not members_of else None,
        created=draw(spans([one["created_at"] for one in mine])) if draw(seldom) else None,
        updated=draw(spans([one["updated_at"] for one in mine])) if draw(seldom) else None,
        created_by=tuple(draw(st.sets(st.sampled_from("xyz"), min_size=1))) if draw(seldom) else None,
        has_account=draw(st.booleans()) if kind is CUSTOMER and draw(seldom) else None,
        words=tuple(
            search.words(draw(st.sampled_from(["a", "ada", "vip", "vip a", "love", "example", "co", "e 1", "%"])))
        )
        if draw(seldom)
        else (),
    )
    return Listing(
        kind=kind,
        order=Order(
            draw(st.sampled_from(lists.ORDERS[keys.GROUPS if kind is GROUP else keys.CUSTOMERS])), draw(st.booleans())
        ),
        filters=filters,
        offset=draw(st.sampled_from([0, 0, 1, 3, 50])),
        limit=draw(st.sampled_from([1, 2, 5, 50])),
        members_of=members_of,
    )


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_a_page_is_what_a_look_at_everything_would_show(world: World, data: st.DataObject) -> None:
    listing = data.draw(listings(world))
    all_ids = expected(world, listing)
    page = lists.page(listing)
    end = listing.offset + listing.limit
    assert [item["id"] for item in page.items] == all_ids[listing.offset : end]
    assert (page.count, page.count_is_exact) == (len(all_ids), True)
    assert (page.next_position is not None) is (len(all_ids) > end)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_walk_by_cursor_meets_every_match_once_in_order(world: World, data: st.DataObject) -> None:
    listing = data.draw(listings(world))
    met: list[str] = []
    after = None
    for _ in range(20):
        page = lists.page(Listing(listing.kind, listing.order, listing.filters, 0, 4, after, listing.members_of))
        met += [item["id"] for item in page.items]
        after = page.next_position
        if after is None:
            break
    assert met == expected(world, listing)
