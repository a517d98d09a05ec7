"""Lists that are paged through while other records are created, changed and deleted."""

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.dynamodb.expressions import Item
from shared.storage import copies, customers, groups, lists, memberships, purge
from shared.storage.kind import Kind
from shared.storage.kinds import GROUP
from tests.storage.budgets import plentiful, tight
from tests.storage.shop import WORDS, Shop, expected, listings
from tests.table import empty_table

SHIFTING = {"words", "created_by", "has_account", "updated", "related"}
"""Filters that changing records can begin and cease to match."""
AT_START = 8
CHANGES_PER_PAGE = 3


@pytest.fixture(scope="module")
def shop() -> Shop:
    empty_table()
    return Shop()


class Changing:
    """Records of one kind that change at random. All other records and their memberships stay as they are."""

    def __init__(self, shop: Shop, kind: Kind, seed: int) -> None:
        self._shop = shop
        self._is_of_groups = kind is GROUP
        self._dice = random.Random(seed)
        self.records: list[Any] = []
        self._all: list[Any] = shop.groups if self._is_of_groups else shop.customers

    def change(self) -> None:
        """Create, change, delete, join or leave."""
        ways: list[Callable[[Any], None]] = [self._update, self._delete, self._join_or_leave]
        way = self._dice.choice(ways) if self.records and self._dice.random() < 0.8 else None
        if way:
            way(self._dice.choice(self.records))
        else:
            self.create()

    def create(self) -> None:
        words = self._dice.choice(WORDS), self._dice.choice(WORDS)
        number = self._dice.randrange(10**9)
        record: Any
        if self._is_of_groups:
            record = groups.create(f"{' '.join(words)} {number}", None, self._dice.choice("xy"))
            self._shop.members[record["id"]] = set()
        else:
            record = customers.create(self._profile(number), self._dice.choice("xy"))
        self.records.append(record)
        self._all.append(record)

    def delete_all(self) -> None:
        for record in list(self.records):
            self._delete(record)

    def _profile(self, number: int) -> dict[str, Any]:
        return {
            "email": f"new{number}@example.com",
            "first_name": self._dice.choice(WORDS),
            "last_name": self._dice.choice([None, *WORDS]),
            "company_name": None,
            "phone": None,
            "has_account": self._dice.random() < 0.5,
            "metadata": None,
        }

    def _update(self, record: Any) -> None:
        number = self._dice.randrange(10**9)
        renamed: dict[str, Any]
        if self._is_of_groups:
            renamed = {"name": f"{self._dice.choice(WORDS)} {number}"}
        else:
            renamed = {"first_name": self._dice.choice(WORDS), "email": f"new{number}@example.com"}
        self._write(record, self._dice.choice([renamed, {"metadata": {"touched": number}}]))

    def _write(self, record: Any, changes: dict[str, Any]) -> None:
        changed: Item
        if self._is_of_groups:
            changed = dict(groups.update(record["id"], changes, "y"))
        else:
            changed = dict(customers.update(record["id"], changes, "y"))
            copies.refresh(record["id"])
        record.clear()
        record.update(changed)

    def _delete(self, record: Any) -> None:
        if self._is_of_groups:
            groups.delete(record["id"], "y")
            purge.purge_group(record["id"], lambda: True)
            del self._shop.members[record["id"]]
        else:
            customers.delete(record["id"], "y")
            for members in self._shop.members.values():
                members.discard(record["id"])
        self.records.remove(record)
        self._all.remove(record)

    def _join_or_leave(self, record: Any) -> None:
        other = self._dice.choice(self._shop.customers if self._is_of_groups else self._shop.groups)["id"]
        group_id: Any
        customer_id: Any
        group_id, customer_id = (record["id"], other) if self._is_of_groups else (other, record["id"])
        members = self._shop.members[group_id]
        is_inside = customer_id in members
        add, remove = ([], [customer_id]) if is_inside else ([customer_id], [])
        memberships.change_members(group_id, add, remove, "y")
        (members.discard if is_inside else members.add)(customer_id)


@contextmanager
def changing(shop: Shop, kind: Kind, seed: int) -> Iterator[Changing]:
    """Some records of this kind that can change. At the end they are deleted."""
    some = Changing(shop, kind, seed)
    for _ in range(AT_START):
        some.create()
    try:
        yield some
    finally:
        some.delete_all()


@pytest.mark.parametrize("budgeted", [plentiful, tight])
@settings(max_examples=30, deadline=None)
@given(st.data())
def test_unchanged_matches_are_found_once_and_others_never(
    shop: Shop, budgeted: Callable[[], AbstractContextManager[None]], data: st.DataObject
) -> None:
    listing = data.draw(listings(shop).filter(lambda one: bool(one.filters.given & SHIFTING)))
    filters = listing.filters._replace(ids=None, names=None)
    listing = listing._replace(limit=data.draw(st.sampled_from([1, 2])), offset=0, filters=filters)
    unchanging = expected(shop, listing)
    met: list[str] = []
    with changing(shop, listing.kind, data.draw(st.integers(0, 10_000))) as others, budgeted():
        once_matching = set(expected(shop, listing))
        for _ in range(200):
            page = lists.page(listing)
            met += [item["id"] for item in page.items]
            if page.next_position is None:
                break
            for _ in range(CHANGES_PER_PAGE):
                others.change()
                once_matching |= set(expected(shop, listing))
            listing = listing._replace(after=page.next_position)
        else:
            pytest.fail("the pages do not end")
    assert [one for one in met if one in unchanging] == unchanging
    assert set(met) <= once_matching
