"""A request for one page of a list, and the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from shared.domain import attributes, search
from shared.domain.filters import NO_FILTERS, Filters, Row
from shared.domain.terms import Membership
from shared.dynamodb.expressions import Index, Item
from shared.storage import keys
from shared.storage.keys import ListName
from shared.storage.kind import Kind
from shared.storage.kinds import CUSTOMER

INDEXES: Final[Mapping[str, Index]] = {
    "id": keys.BY_CREATED,
    "created_at": keys.BY_CREATED,
    "updated_at": keys.BY_UPDATED,
    "name": keys.BY_NAME,
    "email": keys.BY_NAME,
    "first_name": keys.BY_FIRST_NAME,
    "last_name": keys.BY_LAST_NAME,
    "company_name": keys.BY_COMPANY_NAME,
    "has_account": keys.BY_ACCOUNT,
}
"""The index for each order."""

ORDERS: Final[Mapping[ListName, tuple[str, ...]]] = {
    keys.GROUPS: attributes.GROUP.orders,
    keys.CUSTOMERS: attributes.CUSTOMER.orders,
}
"""What each list can be ordered by."""


class Order(NamedTuple):
    """A field to sort by, and the direction."""

    field: str
    descending: bool = False

    @property
    def indexed_by(self) -> Index:
        return INDEXES[self.field]

    @property
    def is_creation(self) -> bool:
        return self.indexed_by == keys.BY_CREATED


CREATION: Final = Order("created_at")


class Listing(NamedTuple):
    """One request for a page of a list."""

    kind: Kind
    order: Order = CREATION
    filters: Filters = NO_FILTERS
    offset: int = 0
    limit: int = 50
    after: str | None = None
    """The cursor from the page before."""
    members_of: str | None = None
    """The group whose members are listed. Unlike the groups in `filters.related`, it must exist."""
    membership: Membership = "active"
    """Which members of groups are listed."""
    shows_memberships: bool = False
    """Whether the answer will contain the memberships of the customers on the page, which takes a call."""
    with_metadata: bool = True
    """Whether the records are read with large metadata, which is most of their cost."""
    due: frozenset[str] = frozenset()
    """Groups in which memberships have begun or ended that are not yet moved to or from the list of members."""
    with_terms: frozenset[str] = frozenset()
    """Groups that can have memberships that begin later. The others' list of these is not read."""

    @property
    def lists_members(self) -> bool:
        """Whether the list contains members of one or more groups."""
        return self.members_of is not None or (self.kind is CUSTOMER and self.filters.related is not None)


@dataclass(frozen=True, slots=True)
class Page:
    """A page: the records in order, the number of matches, and the cursor of the next page, if there is one."""

    items: list[Item]
    count: int
    count_is_exact: bool = True
    next_position: str | None = None


_ROUND: Final = "round:"
"""The beginning of the text form of a state with a round. Without one, it is that of earlier releases."""


class Round(NamedTuple):
    """How far the candidates were read, if one request cannot read all. They are read in the order of their digests."""

    unread: str = ""
    """The digest of the first candidate that is not read yet."""
    kept: tuple[str, ...] = ()
    """The digests of the first matches after the position among those that were read."""
    is_cut: bool = False
    """Whether there are further matches among those that were read."""

    def __str__(self) -> str:
        return f"{self.unread}-{self.is_cut:d}-{','.join(self.kept)}"

    @classmethod
    def read(cls, text: str) -> "Round":
        """The round from its text form. Raises ValueError for an invalid one."""
        unread, is_cut, kept = text.split("-")
        return cls(unread, tuple(kept.split(",")) if kept else (), bool(int(is_cut)))


class CursorState(NamedTuple):
    """How far a list has been read. `Listing.after` is its text form."""

    position: str = ""
    """The position of the last row that was read."""
    matches: int = 0
    """The number of matches so far, including those skipped by `offset`."""
    skip: int = 0
    """How many matches must still be skipped, because the budget ended before `offset` was reached."""
    known_count: int = 0
    """The count of the first page."""
    count_is_exact: bool = False
    round: Round = Round()

    def __str__(self) -> str:
        state = f"{self.matches}.{self.skip}.{self.known_count}.{self.count_is_exact:d}.{self.position}"
        return f"{_ROUND}{self.round}.{state}" if self.round.unread else state

    @classmethod
    def of(cls, listing: Listing) -> "CursorState":
        """The state that a listing starts from. Raises ValueError for an invalid text."""
        return cls(skip=listing.offset) if listing.after is None else cls.read(listing.after)

    @classmethod
    def read(cls, text: str) -> "CursorState":
        """The state from its text form. Raises ValueError for an invalid one."""
        begun = Round()
        if text.startswith(_ROUND):
            round_, text = text.removeprefix(_ROUND).split(".", 1)
            begun = Round.read(round_)
        matches, skip, count, is_exact, position = text.split(".", 4)
        if len(position.encode()) > keys.LONGEST_SORT_KEY:
            raise ValueError
        return cls(position, int(matches), int(skip), int(count), bool(int(is_exact)), begun)


def position(listing: Listing, row: Row) -> str:
    """The position of a row in the order of its list: its sort key."""
    order = listing.order
    if order.is_creation:
        return keys.sort_key(row.created_at, row.id)
    if order.indexed_by == keys.BY_UPDATED:
        return keys.sort_key(str(row.updated_at), row.id)
    if order.indexed_by == keys.BY_ACCOUNT:
        return account_prefix(has_account=bool(row.has_account)) + keys.sort_key(row.created_at, row.id)
    text = search.lines(row.search_text)[listing.kind.texts.index(order.field)]
    return keys.sort_key(text, row.id)


def after_record(listing: Listing, item: Item) -> str:
    """The cursor that continues after a record, whatever its page was."""
    return str(CursorState(position(listing, row_of(item))))


def account_prefix(*, has_account: bool) -> str:
    """The prefix that sorts customers without an account first."""
    return f"{str(has_account).lower()} "


def row_of(item: Item) -> Row:
    """The row of a whole record, or of a search token."""
    return Row(
        id=item["id"] if "id" in item else id_of(item["SK"]),
        created_at=item["created_at"],
        search_text=item["search_text"],
        created_by=item["created_by"],
        has_account=item.get("has_account"),
        updated_at=item.get("updated_at"),
    )


def row_of_member(item: Item) -> Row:
    """The row of a membership's index entry."""
    created_at, _, customer_id = keys.parts_of(item["by_created"])
    return Row(customer_id, created_at, **item["customer"])


def row_of_account(item: Item, *, has_account: bool) -> Row:
    """The row of a customer's entry in the ByAccount index."""
    created_at, _, customer_id = keys.parts_of(item["by_created"])
    return Row(customer_id, created_at, item["search_text"], item["created_by"], has_account)


def id_of(sort_key: str) -> str:
    """The id at the end of a sort key."""
    return sort_key.rpartition("#")[2]
