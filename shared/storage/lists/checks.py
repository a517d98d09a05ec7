"""Checks of candidates that need further reads: whether they are members, and what their records contain."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from shared.dynamodb.expressions import Item
from shared.storage import membership_reads, records
from shared.storage.kinds import CUSTOMER
from shared.storage.lists.budget import Budget, OutOfBudgetError
from shared.storage.lists.listing import Listing, row_of
from shared.storage.lists.walks import Step


class Checks(NamedTuple):
    """The checks of one request that cannot be made on rows alone."""

    listing: Listing
    related: tuple[str, ...] | None = None
    """Customers must be in one of these groups, or groups must have one of these customers."""
    reads_records: bool = False

    @property
    def must_be_related(self) -> bool:
        return self.related is not None

    @property
    def are_needed(self) -> bool:
        return self.must_be_related or self.reads_records

    def apply(self, steps: Iterator[Step], budget: Budget) -> Iterator[tuple[Step, Item | None]]:
        """The steps whose candidates pass, with the records that were read for the checks.

        For a candidate that does not pass, the step has only its position. Raises OutOfBudgetError.
        """
        if not self.are_needed:
            yield from ((step, None) for step in steps)
            return
        each, end, is_first = len(self.related or ()), None, True
        while end is None:
            most = partial(budget.candidates, each, reads_records=self.reads_records, opening=is_first)
            (batch, end), is_first = _take(steps, most), False
            passed = self._passed([step.id for step in batch if step.id], budget)
            for step in batch:
                yield (step, passed[step.id]) if step.id in passed else (Step(step.position), None)
        if isinstance(end, OutOfBudgetError):
            raise end

    def _passed(self, ids: Sequence[str], budget: Budget) -> dict[str, Item | None]:
        left = self.members_among(ids) if self.must_be_related else list(ids)
        if not self.reads_records:
            return dict.fromkeys(left)
        before = budget.units
        found = records.get_stored(self.listing.kind, left)
        budget.update_estimate(before, len(left))
        return {one: item for one, item in found.items() if self.listing.filters.match(row_of(item))}

    def members_among(self, ids: Sequence[str]) -> list[str]:
        """The candidates that have one of the required memberships."""
        related = self.related or ()
        if self.listing.kind is CUSTOMER:
            pairs = [(group, one) for group in related for one in ids]
            found = {customer for _, customer in membership_reads.existing(pairs, membership=self.listing.membership)}
        else:
            pairs = [(one, customer) for one in ids for customer in related]
            found = {group for group, _ in membership_reads.existing(pairs, membership=self.listing.membership)}
        return [one for one in ids if one in found]


class _End:
    """There are no more steps."""


def _take(steps: Iterator[Step], affordable: Callable[[], int]) -> tuple[list[Step], _End | OutOfBudgetError | None]:
    """The next candidates with the positions between them, and why the steps ended, if they did.

    How many is decided when their rows have been read. They end where more rows would be read before their look-up.
    """
    taken: list[Step] = []
    left = 0
    try:
        for step in steps:
            left = left or affordable()
            taken.append(step)
            left -= bool(step.id)
            if not left or not step.id:
                return taken, None
    except OutOfBudgetError as end:
        return taken, end
    return taken, _End()
