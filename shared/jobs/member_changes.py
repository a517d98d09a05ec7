"""A change of memberships by a job: customers are added, removed or moved, in transactions with marks."""

from collections.abc import Callable, Mapping, Sequence
from itertools import batched
from typing import NamedTuple

from shared.domain.errors import ApiError, CustomerGroupIsAutomatic, CustomerGroupNotFound
from shared.domain.ids import GroupId
from shared.dynamodb import parallel
from shared.dynamodb.reads import MAX_KEYS
from shared.jobs import candidates, leases, member_results, rows
from shared.jobs.bases import Addition, ChangeBasis
from shared.jobs.candidates import Candidate, Candidates
from shared.jobs.rows import Result, Row
from shared.jobs.work import Work, batches_of
from shared.runtime import clock
from shared.storage import groups, job_chunks, jobs, membership_transactions, memberships
from shared.storage.kinds import GROUP
from shared.storage.membership_steps import Request, Step
from shared.storage.membership_transactions import (
    MEMBERS_WITH_TERMS_PER_WRITE,
    MOVES_WITH_TERMS_PER_WRITE,
    Present,
    TooManyActionsError,
)

type Find = Callable[[Work, int, Sequence[Row]], Candidates]
"""Finds the customers of a batch of rows, given the index of its first row in the chunk."""
type Created = Callable[[Work, int, Sequence[Row]], Mapping[int, str]]
"""The customers that the rows of such a batch have created, by the index of the row in the batch."""


class Change(NamedTuple):
    """A change of memberships: the groups involved, and the steps for each customer."""

    work: Work
    groups: Sequence[str]
    steps: Callable[[Row, str], list[Step]]
    find: Find = candidates.named
    created: Created = candidates.created
    is_one_of_many: bool = False
    """Whether the job has other groups as well, so that it goes on without this one."""
    gone: ApiError | None = None
    """Why there is no group to begin with."""
    is_by_hand: bool = True
    """Whether the job decides about the members, and not the rule of the group."""

    @property
    def moves(self) -> bool:
        return len(self.groups) > 1

    @property
    def _creates_customers(self) -> bool:
        return self.find is not candidates.named or bool(self.work.arguments.get("create_missing"))

    def carry_out(self, some: Sequence[Row], size: int, begin: int = 0) -> list[Result]:
        results: list[Result] = []
        if self.work.is_dry:
            for first, batch in self.work.batches(some, size, begin):
                results += self._simulate(first, batch)
            return results
        read_at_once = batched(batches_of(some, size, begin), MAX_KEYS // size, strict=False)
        with (
            leases.acquired(self.groups, self.work.holder) as lease,
            parallel.read_ahead(self._read, read_at_once, between=lease.take_turn) as reading,
        ):
            for _, batches in reading:
                for place, (first, batch, found) in enumerate(batches):
                    if place:  # the turn of the first batch was taken before the next ones were read
                        lease.take_turn()
                    self.work.check_time(first)
                    results += self._carry_out_once(first, batch, found)
        return results

    def _read(self, batches: Sequence[tuple[int, Sequence[Row]]]) -> list[tuple[int, Sequence[Row], Candidates | None]]:
        """The customers of batches that are not done yet, read in one call while the ones before are written.

        None if any are created.
        """
        if self._creates_customers or any(self.work.is_marked(first) for first, _ in batches):
            return [(first, batch, None) for first, batch in batches]
        found = self.find(self.work, batches[0][0], [row for _, batch in batches for row in batch])
        each = found.split(len(batch) for _, batch in batches)
        return [(first, batch, its) for (first, batch), its in zip(batches, each, strict=True)]

    def _carry_out_once(self, first: int, batch: Sequence[Row], found: Candidates | None) -> list[Result]:
        """Carry out one batch, unless another run of the chunk has done it or does it at the same time."""
        while True:
            try:
                return self._carry_out_batch(first, batch, found)
            except job_chunks.AlreadyDoneError:
                self.work.read_marks_again()

    def _carry_out_batch(self, first: int, batch: Sequence[Row], found: Candidates | None) -> list[Result]:
        if self.work.is_in_parts(first, len(batch)):
            return self._carry_out_parts(first, batch)
        try:
            return self.work.results_before(first, batch) or self._write(first, batch, found)
        except TooManyActionsError:
            return self._carry_out_parts(first, batch)

    def _carry_out_parts(self, first: int, batch: Sequence[Row]) -> list[Result]:
        """Carry out a batch whose memberships turned out to have terms, in several transactions of a fixed size."""
        size = MOVES_WITH_TERMS_PER_WRITE if self.moves else MEMBERS_WITH_TERMS_PER_WRITE
        results: list[Result] = []
        for number, part in enumerate(batched(batch, size, strict=False)):
            begin = first + number * size
            results += self.work.results_before(begin, part) or self._write(begin, part)
        return results

    def _write(self, first: int, batch: Sequence[Row], found: Candidates | None = None) -> list[Result]:
        """Carry out rows in one transaction. Raises AlreadyDoneError and TooManyActionsError."""
        if self._creates_customers and (gone := self._gone()):
            return self._refused(first, batch, gone)
        found = found or self.find(self.work, first, batch)
        request = self._request(found)
        request.mark = lambda steps: self.work.mark(first, member_results.of(found, steps))
        try:
            steps = memberships.carry_out(request, self._wanted(found))
            return member_results.of(found, steps)
        except (CustomerGroupNotFound, CustomerGroupIsAutomatic) as gone:
            return self._refused(first, batch, gone)

    def _gone(self) -> ApiError | None:
        """Why nobody can be added to the groups by now. Then no customers must be created for it."""
        try:
            for group in (groups.get(GroupId(one), consistent=True) for one in self.groups):
                if self.is_by_hand:
                    membership_transactions.check_manual(group)
        except (CustomerGroupNotFound, CustomerGroupIsAutomatic) as gone:
            return gone
        return self.gone

    def _refused(self, first: int, batch: Sequence[Row], gone: ApiError) -> list[Result]:
        """The results of rows whose group is gone. A row whose customer was created before says so."""
        if not self.is_one_of_many:
            self.work.set_error(gone)
        created = self.created(self.work, first, batch) if self._creates_customers else {}
        return [
            rows.only_created(row, gone, created[index]) if index in created else rows.refused(row, gone)
            for index, row in enumerate(batch)
        ]

    def _simulate(self, first: int, batch: Sequence[Row]) -> list[Result]:
        """The results that a batch would have if it were the only one, with their bases."""
        found = self.find(self.work, first, batch)
        steps, present = membership_transactions.possible_steps(self._request(found), self._wanted(found))
        results = member_results.of(found, steps)
        return [self._with_basis(first, one, result, present) for one, result in zip(found.each, results, strict=True)]

    def _with_basis(self, first: int, one: Candidate, result: Result, present: Present) -> Result:
        if result.outcome == "refused" and not one.cannot_be_created:
            return _without_simulated_id(result)
        if isinstance(one.refusal, candidates.DuplicateRow):
            return result
        customer_id = one.customer_id or candidates.simulated_id(one.row)
        basis: ChangeBasis = {"customer": customer_id, "batch": self.work.batch(first)}
        adds = next((step for step in self.steps(one.row, customer_id) if step.verb == "add"), None)
        if "named_before" in one.row.more:
            basis["named_before"] = True
        if one.cannot_be_created:
            basis["cannot"] = True  # unless an earlier row creates the customer
        if adds and not self.moves:
            basis = {**basis, **as_basis(adds, present)}
        return _without_simulated_id(result._replace(basis={"change": basis}))

    def _request(self, found: Candidates) -> Request:
        return Request(
            self.work.actor,
            GROUP,
            found.customers,
            action=jobs.action(self.work.id),
            reason=jobs.reason(self.work.id),
            moves=self.moves,
        )

    def _wanted(self, found: Candidates) -> list[Step]:
        """The steps for the customers that were found, each once."""
        rows_of: dict[str, Row] = {}
        for one in found.each:
            if one.customer_id and not one.refusal:
                rows_of.setdefault(one.customer_id, one.row)
        return [step for customer_id, row in rows_of.items() for step in self.steps(row, customer_id)]


def as_basis(adds: Step, present: Present) -> Addition:
    """The part of a basis with the addition that a row asks for, and the terms of the membership that it meets."""
    membership = present.get((adds.group_id, adds.customer_id))
    basis: Addition = {"adds": True, "wants": adds.terms and list(adds.terms)}
    if membership and not membership.terms.is_over(clock.now()):
        basis["has"] = list(membership.terms)
    return basis


def _without_simulated_id(result: Result) -> Result:
    """A dry run creates no customers, so there is no id to return."""
    is_simulated = (result.customer_id or "").startswith(candidates.DRY_RUN_ID_PREFIX)
    return result._replace(customer_id=None) if is_simulated else result
