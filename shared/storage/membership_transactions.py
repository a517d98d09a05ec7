"""One transaction of memberships, and what is left to do of it if conditions fail."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from shared.domain.errors import CustomerGroupIsAutomatic
from shared.domain.terms import Terms
from shared.dynamodb import retries, transactions
from shared.dynamodb.transactions import ConditionsFailed
from shared.runtime import clock
from shared.storage import changes, membership_reads, records, summaries
from shared.storage.changes import Reason
from shared.storage.kind import Kind
from shared.storage.kinds import CUSTOMER, GROUP
from shared.storage.membership_reads import Membership
from shared.storage.membership_steps import Request, Step
from shared.storage.membership_writes import Part, parts

MEMBERS_PER_WRITE: Final = 48
"""Two actions for each member (membership, customer), one for the group, up to two changes and a mark: at most 100."""
GROUPS_PER_WRITE: Final = 33
"""Three actions for each group (membership, group, change), and one for the customer: at most 100."""
MEMBERS_WITH_TERMS_PER_WRITE: Final = 23
"""Four actions for each member: two more for its old and its new term item. With up to three changes: at most 97."""
MOVES_WITH_TERMS_PER_WRITE: Final = 15
"""For each customer two memberships, three term items and the customer; two groups, four changes and a mark: 97."""
TERMS_PER_WRITE: Final = 19
"""Two more actions for each: its old and its new term item. With a group and a change for each: at most 96."""


type Present = Mapping[tuple[str, str], Membership]
"""Stored memberships, by group and customer."""


class TooManyActionsError(Exception):
    """The steps do not fit into one transaction. Nothing was written."""


def check_manual(group: Mapping[str, Any]) -> None:
    """Raise CustomerGroupIsAutomatic if a rule decides about the members of a group."""
    if group.get("rule_version"):
        raise CustomerGroupIsAutomatic(group["id"])


def possible_steps(request: Request, steps: Sequence[Step]) -> tuple[list[Step], Present]:
    """The steps that would change something now, and the memberships that they meet. Nothing is written."""
    present = membership_reads.stored((step.group_id, step.customer_id) for step in steps)
    return _only_moves(request, _adapted(request, steps, present).values()), present


def for_present(step: Step, membership: Membership | None, now: str) -> Step | None:
    """The step for a stored membership, or for none. None if nothing is left to do."""
    if membership and step.verb == "add" and step.meets == "keep":
        return None
    if step.verb == "remove":
        if membership is None:
            return None
        return step._replace(present=membership if membership.term_at else None)
    changed = step._replace(present=membership)
    if membership is None:
        return changed
    has_other_terms = changed.terms_at(now) != membership.terms or changed.is_counted(now) != membership.is_counted
    return changed if has_other_terms else None


def write(request: Request, steps: list[Step]) -> list[Step]:
    """Carry out the steps in one transaction and return those that changed something.

    Steps may turn out to concern memberships with terms, which need more actions. If they are too many for one
    transaction, some of them have one of their own before. A request with a mark is refused with TooManyActionsError
    instead, because its mark has to be written with all that it stands for.
    """
    done: list[Step] = []
    for _ in retries.attempts():
        if not steps:
            break
        tried = parts(request, steps)
        if len(tried) > transactions.MAX_ACTIONS:
            if request.mark:
                raise TooManyActionsError
            before = _some_with_terms(request, steps)
            done += write(request, before)
            steps = [step for step in steps if step not in before]
            continue
        try:
            transactions.transact([part.write for part in tried])
            break
        except ConditionsFailed as failure:
            refusal = next((write.refused for write in failure.writes if write.refused), None)
            if refusal:
                raise refusal from None
            steps = _still_possible(request, steps, [part for part in tried if part.write in failure.writes])
    return [*done, *steps]


def _some_with_terms(request: Request, steps: Sequence[Step]) -> list[Step]:
    """As many steps with terms as one transaction has room for. Those of a move stay together."""
    most = MOVES_WITH_TERMS_PER_WRITE if request.moves else TERMS_PER_WRITE
    some = [step for step in steps if step.present or step.terms][:most]
    moved = {step.customer_id for step in some}
    return [step for step in steps if step.customer_id in moved] if request.moves else some


def _still_possible(request: Request, steps: list[Step], failed: Iterable[Part]) -> list[Step]:
    """The steps that can still be carried out. Raises NotFound if the record in the request's path is deleted."""
    impossible: set[Step] = set()
    refused: list[Step] = []
    for part in failed:
        if part.record is None:
            refused += part.steps
        elif not _is_there(request, *part.record):
            impossible.update(part.steps)
    if request.moves:  # what a customer has in one group decides about both steps
        moved = {step.customer_id for step in refused}
        refused = [step for step in steps if step.customer_id in moved]
    now_possible = _reconsidered(request, refused)
    left = [now_possible.get(step, step) for step in steps if step not in impossible]
    return _only_moves(request, [step for step in left if step and _can_be_written(request, step)])


def _can_be_written(request: Request, step: Step) -> bool:
    """A new membership needs a copy of its customer, which may have been deleted since it was read."""
    is_new = step.verb == "add" and step.present is None
    return not is_new or step.customer_id in request.customers


def _only_moves(request: Request, steps: Iterable[Step | None]) -> list[Step]:
    """The steps that are left. A customer who does not leave one group of a move does not join the other."""
    possible = [step for step in steps if step is not None]
    leaving = {step.customer_id for step in possible if step.verb == "remove"}
    return [step for step in possible if step.customer_id in leaving] if request.moves else possible


def _reconsidered(request: Request, refused: Sequence[Step]) -> dict[Step, Step | None]:
    """The steps whose membership is not as they assumed, for the stored memberships. None if nothing is left to do."""
    if request.only_as_read or not refused:
        return dict.fromkeys(refused)
    present = membership_reads.stored((step.group_id, step.customer_id) for step in refused)
    now = clock.now()
    for step in refused:
        membership = present.get((step.group_id, step.customer_id))
        if membership and membership.terms.is_over(now) and step.verb == "add":
            _end(request, membership)
    return _adapted(request, refused, present)


def _adapted(request: Request, steps: Sequence[Step], present: Present) -> dict[Step, Step | None]:
    """The steps for these memberships. One that is over is none. None if nothing is left to do."""
    now = clock.now()
    carried = _carried(steps, present) if request.moves else {}
    found: dict[Step, Step | None] = {}
    for step in steps:
        membership = present.get((step.group_id, step.customer_id))
        if membership and membership.terms.is_over(now) and (step.verb == "add" or request.moves):
            membership = None
        takes = carried.get(step.customer_id) if step.verb == "add" else None
        found[step] = for_present(step._replace(terms=takes) if takes else step, membership, now)
    return found


def _carried(steps: Sequence[Step], present: Present) -> dict[str, Terms]:
    """The terms that customers take along from the group that they leave."""
    leaving = (present.get((step.group_id, step.customer_id)) for step in steps if step.verb == "remove")
    return {one.customer_id: one.terms for one in leaving if one}


def _end(request: Request, membership: Membership) -> None:
    """End a membership that is over, before its customer is added again. In the history both are one action."""
    reason = Reason("term", "expired")
    ended = replace(request, actor=changes.TERMS, reason=reason, moves=False, only_as_read=True, mark=None)
    write(ended, [Step("remove", membership.group_id, membership.customer_id, present=membership)])


def _is_there(request: Request, kind: Kind, record_id: str) -> bool:
    """Read a record again whose condition failed. Raises NotFound if it is the deleted one in the request's path."""
    found = _read_customer(request, record_id) if kind is CUSTOMER else _read_group(request, record_id)
    if not found and kind is request.owner:
        raise kind.not_found(record_id)
    return found


def _read_customer(request: Request, customer_id: str) -> bool:
    request.customers.pop(customer_id, None)
    request.customers |= summaries.get_many([customer_id], consistent=True)
    return customer_id in request.customers


def _read_group(request: Request, group_id: str) -> bool:
    group = records.get_many(GROUP, [group_id], consistent=True).get(group_id)
    if group:
        check_manual(group)
        request.next_terms[group_id] = group.get("term_at")
    if group and request.owner is GROUP:
        request.precondition.check(group["version"])
    return group is not None
