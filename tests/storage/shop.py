"""A small shop in the table and as plain lists, any listing of it, and the answer of a simple scan."""

import random
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final, get_args

import pytest
from hypothesis import strategies as st

from shared.domain import moments, search
from shared.domain.filters import Filters, Span
from shared.domain.ids import GroupId
from shared.domain.terms import NO_TERMS, Membership, Terms
from shared.dynamodb.expressions import Item
from shared.runtime import clock
from shared.storage import customers, groups, keys, lists, memberships
from shared.storage.items import CustomerItem
from shared.storage.kind import Kind
from shared.storage.kinds import CUSTOMER, GROUP
from shared.storage.lists import Listing, Order

LATER, MUCH_LATER = (moments.iso(datetime.now(UTC) + timedelta(days=days)) for days in (10, 30))
DUE: Final = moments.iso(datetime.now(UTC) + timedelta(days=20))
"""When memberships have begun and ended and nothing has moved them yet."""
TERMS: Final = (NO_TERMS, NO_TERMS, Terms(LATER, None), Terms(None, LATER), Terms(LATER, MUCH_LATER))
LARGE: Final = {"long": "y" * 5_000}
WORDS = [
    "Ada",
    "ada",
    "Lovelace",
    "VIP",
    "vip gold",
    "Größe",
    "50%",
    "a",
    "B",
    "Hopper-Murray",
    "zz",
    "x " * 120 + "far",
]
QUERIES = [
    "a",
    "ada",
    "vip",
    "vip a",
    "love",
    "example",
    "example.c",
    "1@example.com",
    "com",
    ".com",
    "co",
    "gros",
    "größe",
    "e 1",
    "%",
    "murray",
    "hopper-m",
    "7788",
    "0-77",
    "far",
    "nobody",
]


class Shop:
    """Groups, customers and memberships, in the table and as plain lists."""

    def __init__(self) -> None:
        dice = random.Random(1815)
        self.customers = [self.customer(dice, number) for number in range(18)]
        self.groups = [
            groups.create(f"{dice.choice(WORDS)} {dice.choice(WORDS)} {number}", None, dice.choice("xy"))
            for number in range(12)
        ]
        self.members = {
            group["id"]: {one["id"] for one in dice.sample(self.customers, dice.randint(0, 12))}
            for group in self.groups
        }
        self.terms: Mapping[str, Mapping[str, Terms]] = {
            group["id"]: {one["id"]: dice.choice(TERMS) for one in dice.sample(self.customers, 5)}
            for group in dice.sample(self.groups, 4)
        }
        for number, one in enumerate(dice.sample(self.customers, 5)):
            customers.update(one["id"], {"metadata": {"touched": True}, "key": f"c{number}"}, "y")
        for number, group in enumerate(dice.sample(self.groups, 5)):
            groups.update(group["id"], {"metadata": {"touched": True}, "key": f"g{number}"}, "y")
        customers.update(self.customers[3]["id"], {"metadata": LARGE}, "y")
        groups.update(self.groups[5]["id"], {"metadata": LARGE}, "y")
        for group_id, members in self.members.items():
            terms = self.terms.get(group_id, {})
            members.difference_update(terms)
            memberships.change_members(group_id, sorted({*members, *terms}), [], "x", terms=terms)
        self.customers = [customers.get(one["id"]) for one in self.customers]
        self.groups = [groups.get(one["id"]) for one in self.groups]

    def has(self, group_id: str, customer_id: str, membership: Membership = "active") -> bool:
        """Whether a customer is listed in a group at this moment."""
        terms = self.terms.get(group_id, {}).get(customer_id)
        if terms is None:
            terms = NO_TERMS if customer_id in self.members[GroupId(group_id)] else None
        return terms is not None and terms.is_listed(membership, clock.now())

    @staticmethod
    def customer(dice: random.Random, number: int) -> CustomerItem:
        profile: dict[str, Any] = {
            "email": dice.choice([None, f"{dice.choice('abc')}{number}@example.com"]),
            "first_name": dice.choice([None, *WORDS]),
            "last_name": dice.choice([None, *WORDS]),
            "company_name": dice.choice([None, None, "Compilers & Co"]),
            "phone": dice.choice([None, "+1 555 010-7788"]),
            "has_account": dice.random() < 0.5,
            "metadata": None,
        }
        return customers.create(profile, dice.choice("xy"))


def expected(shop: Shop, listing: Listing) -> list[str]:
    """The expected ids of all matches, in order, found by a simple scan."""
    everything: list[Any] = [*shop.groups] if listing.kind is GROUP else [*shop.customers]
    matches = [item for item in everything if _matches(shop, item, listing)]
    if listing.members_of:
        matches = [item for item in matches if shop.has(listing.members_of, item["id"], listing.membership)]
    return [item["id"] for item in sorted(matches, key=_place(listing.order), reverse=listing.order.descending)]


def _matches(shop: Shop, item: Item, listing: Listing) -> bool:
    kind, filters = listing.kind, listing.filters
    related: dict[str, Any]
    if kind is GROUP:
        related = {one["id"]: one for one in shop.customers if shop.has(item["id"], one["id"])}
    else:
        related = {one["id"]: one for one in shop.groups if shop.has(one["id"], item["id"], listing.membership)}
    of_related = {*related, *(f"key:{one.get('key')}" for one in related.values())}
    return (
        (filters.ids is None or not {item["id"], f"key:{item.get('key')}"}.isdisjoint(filters.ids))
        and (filters.names is None or item["name" if kind is GROUP else "email"] in filters.names)
        and (filters.related is None or not of_related.isdisjoint(filters.related))
        and (filters.created is None or filters.created.contains(item["created_at"]))
        and (filters.updated is None or filters.updated.contains(item["updated_at"]))
        and (filters.created_by is None or item["created_by"] in filters.created_by)
        and (filters.has_account is None or item.get("has_account") == filters.has_account)
        and all(_has(item, kind, word.forms[0].replace("\x1f", "")) for word in filters.words)
    )


def _has(item: Item, kind: Kind, word: str) -> bool:
    """Words match anywhere in groups; in customers at the start of parts and at the end of the phone number.

    The last label of an e-mail address does not start a part.
    """
    texts = [search.line(item[name]) for name in kind.texts]
    if kind is GROUP:
        return any(word in text for text in texts)
    digits = re.sub(r"\D", "", word) if re.fullmatch(r"[\d-]+", word) else None
    is_tail = bool(digits) and re.sub(r"\D", "", texts[-1]).endswith(digits or "")
    begins = r"(?<![^\W_])" if word[0].isalnum() else ""
    starts = {(text, found.start()) for text in texts for found in re.finditer(begins + re.escape(word), text)}
    last_label = texts[0].rfind(".") + 1
    return is_tail or bool(starts - {(texts[0], last_label)})


def _place(order: Order) -> Any:
    name = "created_at" if order.field == "id" else order.field
    if name == "has_account":
        return lambda item: (item[name], item["created_at"], item["id"])
    return lambda item: (search.line(item[name]), item["id"])


def spans(moments: list[str]) -> st.SearchStrategy[Span]:
    some = st.sampled_from(moments)
    return st.builds(Span, some, st.none() | some) | st.builds(Span, st.none(), some)


def _ids(records: list[Any]) -> list[str]:
    """Ids and own keys of the records, and of none."""
    return [
        *(one["id"] for one in records),
        *(f"key:{one['key']}" for one in records if one.get("key")),
        "nobody",
        "key:-",
    ]


@st.composite
def listings(draw: st.DrawFn, shop: Shop) -> Listing:
    kinds: list[Kind] = [GROUP, CUSTOMER]
    kind = draw(st.sampled_from(kinds))
    both: list[Any] = [shop.groups, shop.customers]
    mine, others = both if kind is GROUP else reversed(both)
    own_ids = st.lists(st.sampled_from(_ids(mine)), max_size=6).map(tuple)
    other_ids = st.lists(st.sampled_from(_ids(others)), max_size=4).map(tuple)
    names = [one["name" if kind is GROUP else "email"] for one in mine]
    seldom = st.integers(0, 3).map(lambda number: number == 0)
    members_of = draw(st.sampled_from(sorted(shop.members))) if kind is CUSTOMER and draw(seldom) else None
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
        words=kind.search.words(draw(st.sampled_from(QUERIES))) if draw(seldom) else (),
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
        membership=draw(st.sampled_from(get_args(Membership))) if kind is CUSTOMER and draw(seldom) else "active",
        shows_memberships=members_of is not None and draw(st.booleans()),
    )


@contextmanager
def at(moment: str | None) -> Iterator[None]:
    """The time stands still at this moment, if one is given."""
    with pytest.MonkeyPatch.context() as patch:
        if moment:
            patch.setattr(clock, "now", lambda: moment)
        yield
