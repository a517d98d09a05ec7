"""Reads memberships, with their terms.

A membership is in effect from its beginning to its end. `apply_terms` updates the stored lists and counts within a
minute of these moments; until then, readers apply the terms themselves.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from shared.domain import ids, terms
from shared.domain.terms import Terms
from shared.dynamodb import reads
from shared.dynamodb.expressions import Condition, Item, Key
from shared.dynamodb.reads import Slice
from shared.runtime import clock
from shared.storage import keys

READ_AT_ONCE: Final = 2_000
"""Memberships of a group per call: nearly the 1 MB that DynamoDB reads. Without a limit, dynoxide reads all first."""


class Membership(NamedTuple):
    """A stored membership."""

    group_id: str
    customer_id: str
    terms: Terms = terms.NO_TERMS
    term_at: str | None = None
    """The moment of its term item."""

    @property
    def is_counted(self) -> bool:
        """Whether it is in the group's list of members and in its count. Scheduled ones are not."""
        return self.term_at is None or self.term_at != self.terms.starts_at

    @classmethod
    def of(cls, item: Item) -> "Membership":
        return cls(keys.id_of(item["PK"]), keys.id_of(item["SK"]), terms_of(item), item.get("term_at"))


def terms_of(item: Mapping[str, Any]) -> Terms:
    """The terms in a membership's item, or in its entry in an index."""
    return Terms(item.get("starts_at"), item.get("ends_at"))


def customer_ids(group_id: str, *, consistent: bool = False, after: str | None = None) -> Iterator[str]:
    """The ids of a group's members in ascending order, from the first one or from `after` an id."""
    now = clock.now()
    found = _of_group(group_id, consistent=consistent, after=after)
    return (one.customer_id for one in found if one.terms.is_active(now))


def all_of_group(group_id: str) -> Iterator[Membership]:
    """All memberships in a group, also those that begin later."""
    return _of_group(group_id, consistent=True)


def not_over(group_id: str, *, after: str | None = None) -> Iterator[Membership]:
    """The memberships in a group that are in effect or begin later, in ascending order of customers."""
    now = clock.now()
    return (one for one in _of_group(group_id, consistent=True, after=after) if not one.terms.is_over(now))


def group_ids(customer_id: str) -> Iterator[str]:
    """The ids of the groups that a customer is in, including deleted groups that are still being purged."""
    now = clock.now()
    return (one.group_id for one in all_of_customer(customer_id) if one.terms.is_active(now))


def group_ids_not_over(customer_id: str) -> Iterator[str]:
    """The same with the groups that the customer joins later."""
    now = clock.now()
    return (one.group_id for one in all_of_customer(customer_id) if not one.terms.is_over(now))


def all_of_customer(customer_id: str) -> Iterator[Membership]:
    """All memberships of a customer, also those that begin later."""
    if not ids.is_possible(customer_id):
        return iter(())
    return map(Membership.of, reads.query(_of_customer(customer_id), index=keys.BY_CUSTOMER))


def first_group_ids(customer_id: str, most: int) -> tuple[list[str], Slice]:
    """The ids of a customer's groups among so many memberships, and what the one call returned."""
    if not ids.is_possible(customer_id):
        return [], Slice([], None)
    now = clock.now()
    found = reads.one_slice(_of_customer(customer_id), most, index=keys.BY_CUSTOMER)
    memberships = map(Membership.of, found.items)
    return [one.group_id for one in memberships if one.terms.is_active(now)], found


def existing(
    pairs: Iterable[tuple[str, str]], *, consistent: bool = False, membership: terms.Membership = "active"
) -> set[tuple[str, str]]:
    """The pairs of a group id and a customer id that are memberships."""
    now = clock.now()
    attributes = ("PK", "SK", *Terms._fields)
    found = reads.batch_get((keys.membership(*pair) for pair in pairs), consistent=consistent, attributes=attributes)
    return {
        (keys.id_of(key.PK), keys.id_of(key.SK))
        for key, item in found.items()
        if terms_of(item).is_listed(membership, now)
    }


def stored(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Membership]:
    """The memberships as they are stored now, whether they are in effect or not."""
    attributes = ("PK", "SK", "term_at", *Terms._fields)
    found = reads.batch_get((keys.membership(*pair) for pair in pairs), consistent=True, attributes=attributes)
    each = map(Membership.of, found.values())
    return {(one.group_id, one.customer_id): one for one in each}


def term_keys(group_id: str, page_size: int | None = None) -> Iterator[Key]:
    """The keys of a group's term items, the earliest first. Each call reads `page_size` of them, or 1 MB."""
    values = {":group": keys.group(group_id).PK, ":terms": keys.TERM_PREFIX}
    mine = Condition("PK = :group AND begins_with(SK, :terms)", values)
    found = reads.query(mine, attributes=("PK", "SK"), consistent=True, page_size=page_size)
    return (Key(item["PK"], item["SK"]) for item in found)


def details(group_id: str, ids: Sequence[str]) -> dict[str, Item]:
    """The items of the memberships in a group, by customer."""
    found: Mapping[Key, Item] = reads.batch_get(keys.membership(group_id, one) for one in ids)
    return {keys.id_of(key.SK): item for key, item in found.items()}


def _of_group(group_id: str, *, consistent: bool, after: str | None = None) -> Iterator[Membership]:
    values = {":group": keys.group(group_id).PK, ":members": keys.MEMBERSHIP_PREFIX}
    mine = Condition("PK = :group AND begins_with(SK, :members)", values)
    start = keys.membership(group_id, after)._asdict() if after else None
    attributes = ("PK", "SK", "term_at", *Terms._fields)
    found = reads.query(mine, attributes=attributes, consistent=consistent, after=start, page_size=READ_AT_ONCE)
    return map(Membership.of, found)


def _of_customer(customer_id: str) -> Condition:
    return Condition("member_customer = :customer", {":customer": keys.customer(customer_id).PK})
