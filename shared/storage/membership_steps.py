"""What a request does to memberships: its steps, and what they have in common."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from shared.domain import ids
from shared.domain.terms import NO_TERMS, Terms
from shared.dynamodb.actions import Action
from shared.storage.changes import Reason
from shared.storage.items import SummaryItem
from shared.storage.kind import Kind
from shared.storage.membership_reads import Membership
from shared.storage.preconditions import ANY_VERSION, Precondition

type Verb = Literal["add", "remove"]
type Meeting = Literal["replace", "extend", "keep"]


class Step(NamedTuple):
    """One customer to add to, or remove from, one group."""

    verb: Verb
    group_id: str
    customer_id: str
    terms: Terms | None = None
    """For an addition. None leaves the end of a present membership as it is; one that begins later begins now."""
    present: Membership | None = None
    """The membership that is changed, or that is removed and has terms."""
    meets: Meeting = "replace"
    """What an addition with terms does to the terms of a present membership."""

    def terms_at(self, now: str) -> Terms:
        """The terms after an addition."""
        if self.terms is not None:
            extends = self.present and self.meets == "extend"
            return self.terms.extended_by(self.present.terms) if self.present and extends else self.terms
        before = self.present.terms if self.present else NO_TERMS
        return Terms(None, before.ends_at) if before.is_scheduled(now) else before

    @property
    def was_counted(self) -> bool:
        return self.present.is_counted if self.present else self.verb == "remove"

    def is_counted(self, now: str) -> bool:
        return self.verb == "add" and not self.terms_at(now).is_scheduled(now)

    def growth(self, now: str) -> int:
        """The change of the group's count."""
        return self.is_counted(now) - self.was_counted

    @property
    def memberships(self) -> int:
        """The change of the customer's number of memberships."""
        if self.verb == "remove":
            return -1
        return 0 if self.present else 1


@dataclass(slots=True)
class Request:
    """What all steps of one request have in common."""

    actor: str
    owner: Kind
    """The kind of the record in the path. If that record is deleted, the request fails; others are skipped."""
    customers: dict[str, SummaryItem]
    """The customers to add, as last read. Their memberships get a copy."""
    precondition: Precondition = ANY_VERSION
    """The versions that the group may have."""
    action: str = field(default_factory=lambda: ids.new("change"))
    """The action that all changes of the request belong to."""
    reason: Reason | None = None
    moves: bool = False
    """Whether a customer is only added if the same transaction removes it from another group."""
    only_as_read: bool = False
    """Whether a step is dropped, not adapted, if its membership is not the one that was read."""
    mark: Callable[[Sequence[Step]], Action] | None = None
    """The action that stores what a transaction did. It is refused if the work was already done."""
    next_terms: dict[str, str | None] = field(default_factory=dict)
    """The `term_at` of groups whose memberships get terms, as last read."""
