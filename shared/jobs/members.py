"""Chunks that change memberships: customers are added, removed or moved, in transactions."""

from collections.abc import Callable, Sequence
from typing import Final

from shared.domain.errors import ApiError
from shared.domain.terms import NO_TERMS, Terms
from shared.jobs import candidates, row_terms
from shared.jobs.member_changes import Change, Created, Find
from shared.jobs.rows import Result, Row
from shared.jobs.work import Work
from shared.runtime import clock
from shared.storage.membership_steps import Meeting, Step, Verb
from shared.storage.membership_transactions import (
    MEMBERS_PER_WRITE,
    MEMBERS_WITH_TERMS_PER_WRITE,
    MOVES_WITH_TERMS_PER_WRITE,
)

MOVED_PER_WRITE: Final = 31
"""For each member two memberships and the customer; two groups, their two changes, and the mark: 98 actions."""
NO_GROUP: Final = "cusgroup_none"
"""A placeholder for a group that a dry run does not create, or for no group at all."""

type TermsOf = Callable[[Row], Terms | None]
"""The terms of the membership that a row asks for. None leaves the end of a present membership as it is."""


def change(
    work: Work,
    some: Sequence[Row],
    verb: Verb | None,
    group_id: str,
    *,
    begin: int = 0,
    find: Find = candidates.named,
    created: Created = candidates.created,
    terms_of: TermsOf = lambda _: None,
    meets: Meeting = "replace",
    is_one_of_many: bool = False,
    gone: ApiError | None = None,
) -> list[Result]:
    """Add the customers of rows to a group or remove them. A row can have a verb of its own. None changes nothing.

    `begin` is the index of the first row in its chunk. `find` and `created` replace the default way of finding the
    customers. If the group is one of many (`is_one_of_many`), its deletion is no reason to stop the job. `gone` is why
    there is no group, if it should be there.
    """

    def steps(row: Row, customer_id: str) -> list[Step]:
        wanted = row.more.get("verb", verb)
        terms = terms_of(row) if wanted == "add" else None
        is_over = terms is not None and terms.is_over(clock.now())
        return [Step(wanted, group_id, customer_id, terms, meets=meets)] if wanted and not is_over else []

    involved = [] if group_id == NO_GROUP else [group_id]
    change = Change(work, involved, steps, find, created, is_one_of_many, gone, is_by_hand=verb is not None)
    return change.carry_out(some, rows_per_write(work, some), begin)


def rows_per_write(work: Work, some: Sequence[Row]) -> int:
    has_terms = any(map(row_terms.has_any, some)) or any(map(work.arguments.get, Terms._fields))
    return MEMBERS_WITH_TERMS_PER_WRITE if has_terms else MEMBERS_PER_WRITE


def move(work: Work, some: Sequence[Row], source: str, target: str) -> list[Result]:
    """Move customers, with their terms, from one group to another. Those that are not in the first are skipped.

    Who is in the second group already keeps what that membership has beyond the moved one.
    """

    def steps(_: Row, customer_id: str) -> list[Step]:
        return [Step("remove", source, customer_id), Step("add", target, customer_id, NO_TERMS, meets="extend")]

    size = MOVES_WITH_TERMS_PER_WRITE if any(map(row_terms.has_any, some)) else MOVED_PER_WRITE
    return Change(work, [source, target], steps).carry_out(some, size)
