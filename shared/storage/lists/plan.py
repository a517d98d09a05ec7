"""Decides how a list is read, from the request and from the results of bounded probes. Does not read itself.

| requested                                                 | probes found                          | plan      |
|-----------------------------------------------------------|---------------------------------------|-----------|
| ids, names or e-mail addresses                            |                                       | NAMED     |
| only filters that the order's own index supports          |                                       | STRAIGHT  |
| members of groups                                         | the groups are small                  | MEMBERS   |
| words                                                     | few records have one of them          | WORDS     |
| groups of customers                                       | the customers are in few groups       | RELATED   |
| updated or created in a span, has an account              | few of these                          | UPDATED … |
| anything else                                             |                                       | WALK      |

MEMBERS, WORDS, RELATED, UPDATED, CREATED and ACCOUNTS are leads: filters that may have few candidates. Such a plan
reads all candidates, filters and sorts them in memory, and counts exactly. STRAIGHT reads the page as one range of an
index. WALK reads the order's index from the start of the page and skips rows that do not match, until the page is full
or the budget ends.
"""

from collections.abc import Iterable
from enum import Enum, auto
from typing import Final, NamedTuple

from shared.dynamodb.expressions import Index
from shared.storage import keys
from shared.storage.keys import ListName
from shared.storage.kinds import CUSTOMER, GROUP
from shared.storage.lists.listing import Listing, account_prefix

FEW_ROWS: Final = 2_000
"""The most candidates that are read into memory as rows."""
FEW_RECORDS: Final = 200
"""The most candidates whose records or memberships are read one by one."""


class Plan(Enum):
    """How the rows of a page are found."""

    NAMED = auto()
    STRAIGHT = auto()
    MEMBERS = auto()
    WORDS = auto()
    RELATED = auto()
    UPDATED = auto()
    CREATED = auto()
    ACCOUNTS = auto()
    WALK = auto()


class Found(NamedTuple):
    """The number of candidates of each lead. None if there are too many, or if it was not probed."""

    members: int | None = None
    words: int | None = None
    related: int | None = None
    updated: int | None = None
    created: int | None = None
    accounts: int | None = None


class Part(NamedTuple):
    """A list in an index. Its positions begin with the prefix, which puts the parts in order."""

    indexed_by: Index
    list: ListName
    prefix: str = ""
    has_account: bool | None = None

    @property
    def has_members(self) -> bool:
        """Whether it contains memberships."""
        return self.indexed_by == keys.BY_CREATED and self.list.startswith("GROUP#")


def plan(listing: Listing, found: Found) -> Plan:
    """The first plan of the table whose conditions hold."""
    if names_its_records(listing):
        return Plan.NAMED
    if is_straight(listing):
        return Plan.STRAIGHT
    rows = FEW_RECORDS if needs_records(listing) else FEW_ROWS
    looked_up = FEW_RECORDS // (1 + len(listing.filters.related or (listing.members_of and [1]) or ()))
    is_related = listing.lists_members or listing.filters.related is not None
    candidates = (
        (Plan.MEMBERS, found.members, rows),
        (Plan.WORDS, found.words, looked_up if is_related else rows),
        (Plan.RELATED, found.related, FEW_RECORDS),
        (Plan.UPDATED, found.updated, looked_up),
        (Plan.CREATED, found.created, looked_up),
        (Plan.ACCOUNTS, found.accounts, rows),
    )
    return next((way for way, size, most in candidates if size is not None and size <= most), Plan.WALK)


def names_its_records(listing: Listing) -> bool:
    return not listing.filters.given.isdisjoint({"ids", "names"})


def is_straight(listing: Listing) -> bool:
    """Whether the page is one range of an index."""
    given = listing.filters.given
    if listing.lists_members:
        has_only_members = listing.membership == "active" and not listing.due
        return has_only_members and listing.order.is_creation and given <= {"related", "created"}
    return given <= supported(listing)


def needs_records(listing: Listing) -> bool:
    """Whether the filters or the order need attributes that copies of a record do not have."""
    return listing.order.indexed_by == keys.BY_UPDATED or listing.filters.updated is not None


def related_to_check(
    listing: Listing, way: Plan, group_ids: Iterable[str], *, merged: bool = False
) -> tuple[str, ...] | None:
    """The groups or customers whose membership with each candidate must be read. None if it is known."""
    if listing.kind is GROUP:
        return None if way is Plan.RELATED else listing.filters.related
    is_known = way is Plan.MEMBERS or (way is Plan.WALK and merged)
    return tuple(group_ids) if listing.lists_members and not is_known else None


def leads(listing: Listing) -> list[Plan]:
    """The leads to probe, the cheapest first."""
    filters, index = listing.filters, listing.order.indexed_by
    in_order_of_creation = index in (keys.BY_CREATED, keys.BY_ACCOUNT)
    asked = (
        (Plan.MEMBERS, listing.lists_members),
        (Plan.WORDS, any(word.leads for word in filters.words)),
        (Plan.RELATED, listing.kind is GROUP and filters.related is not None),
        (Plan.UPDATED, filters.updated is not None and index != keys.BY_UPDATED),
        (Plan.CREATED, filters.created is not None and not in_order_of_creation),
        (Plan.ACCOUNTS, filters.has_account is not None and not in_order_of_creation and not listing.lists_members),
    )
    return [lead for lead, is_there in asked if is_there]


def parts(listing: Listing, group_ids: Iterable[str], *, merged: bool = False) -> list[Part]:
    """The lists that contain all matches in the requested order. `merged` are those of the members of groups."""
    order, has_account = listing.order, listing.filters.has_account
    if merged:
        return member_parts(listing, group_ids)
    if listing.kind is CUSTOMER and order.indexed_by == keys.BY_ACCOUNT:
        both = [_account_part(has_account=either, separate=True) for either in (False, True)]
        wanted = [part for part in both if has_account in (None, part.has_account)]
        return wanted[::-1] if order.descending else wanted
    if listing.kind is CUSTOMER and order.is_creation and listing.filters.given - {"created"}:
        either = (False, True) if has_account is None else (has_account,)
        return [_account_part(has_account=one) for one in either]
    return [Part(order.indexed_by, listing.kind.list)]


def merges_members(listing: Listing, group_ids: Iterable[str], calls: int) -> bool:
    """Whether a walk reads the lists of members. Each needs a call, so if there are too many it reads all customers."""
    in_their_order = listing.lists_members and listing.order.is_creation
    return in_their_order and len(member_parts(listing, group_ids)) <= calls


def member_parts(listing: Listing, group_ids: Iterable[str]) -> list[Part]:
    """The lists with the members of groups. Memberships that have just begun are still among the scheduled ones."""
    each = []
    for group_id in group_ids:
        if listing.membership != "scheduled":
            each.append(keys.members(group_id))
        if group_id in (listing.due if listing.membership == "active" else listing.with_terms):
            each.append(keys.scheduled_members(group_id))
    return [Part(keys.BY_CREATED, one) for one in each]


def _account_part(*, has_account: bool, separate: bool = False) -> Part:
    prefix = account_prefix(has_account=has_account) if separate else ""
    return Part(keys.BY_ACCOUNT, keys.accounts(has_account=has_account), prefix, has_account)


def supported(listing: Listing) -> frozenset[str]:
    """The filters that the order's own index supports."""
    index = listing.order.indexed_by
    if index == keys.BY_UPDATED:
        return frozenset({"updated"})
    if index in (keys.BY_CREATED, keys.BY_ACCOUNT):
        return frozenset({"created", "has_account"} if listing.kind is CUSTOMER else {"created"})
    return frozenset()
