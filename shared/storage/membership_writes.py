"""The writes of membership transactions: memberships, both counts, and the changes in the history."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Literal, NamedTuple

from shared.domain import ids
from shared.dynamodb import actions
from shared.dynamodb.actions import Action
from shared.dynamodb.expressions import ABSENT, EXISTS
from shared.dynamodb.retries import Stale
from shared.runtime import clock
from shared.storage import changes, keys, summaries
from shared.storage.changes import Reason
from shared.storage.items import SummaryItem
from shared.storage.kind import Kind
from shared.storage.kinds import CUSTOMER, GROUP
from shared.storage.preconditions import ANY_VERSION, Precondition
from shared.storage.records import IS_LIVE

type Verb = Literal["add", "remove"]

IS_MANUAL: Final = "(attribute_not_exists(rule_version) OR rule_version = :manual)"
"""The condition that no rule decides about the members of a group. `MANUAL` has its value."""
MANUAL: Final = {":manual": 0}


class Step(NamedTuple):
    """One customer to add to, or remove from, one group."""

    verb: Verb
    group_id: str
    customer_id: str


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
    mark: Callable[[Sequence[Step]], Action] | None = None
    """The action that stores what a transaction did. It is refused if the work was already done."""


class Part(NamedTuple):
    """One write of a transaction, and the steps that need it."""

    write: Action
    steps: list[Step]
    record: tuple[Kind, str] | None = None


def item(group_id: str, customer_id: str, summary: SummaryItem, actor: str) -> dict[str, object]:
    """The item of a new membership."""
    return {
        **keys.membership(group_id, customer_id)._asdict(),
        "LIST": keys.members(group_id),
        "by_created": summary["by_created"],
        "customer": summary["customer"],
        "member_customer": keys.customer(customer_id).PK,
        "member_group": keys.group(group_id).PK,
        "added_at": clock.now(),
        "added_by": actor,
    }


def removal_writes(customer_id: str, group_id: str, actor: str) -> list[Action]:
    """The three writes that remove a customer from a group, for a transaction that also updates the customer.

    The group may be a deleted one that is still being purged.
    """
    key = keys.group(group_id)
    return [
        actions.delete(keys.membership(group_id, customer_id), "attribute_exists(PK)", Stale()),
        actions.update(key, add={"customer_count": -1}, condition="attribute_exists(PK)", refused=Stale()),
        changes.append(key, "customers_removed", actor, removed=[customer_id]),
    ]


def parts(request: Request, steps: Sequence[Step]) -> list[Part]:
    """The writes of a transaction that carries out the steps."""
    parts = [Part(_membership(step, request), [step]) for step in steps]
    for group_id, its_steps in _by(steps, lambda step: step.group_id).items():
        parts.append(Part(_count_members(group_id, its_steps, request), its_steps, (GROUP, group_id)))
        parts += [Part(change, []) for change in _changes(group_id, its_steps, request)]
    for customer_id, its_steps in _by(steps, lambda step: step.customer_id).items():
        parts.append(Part(_count_groups(customer_id, its_steps, request), its_steps, (CUSTOMER, customer_id)))
    return [*parts, Part(request.mark(steps), [])] if request.mark else parts


def _membership(step: Step, request: Request) -> Action:
    key = keys.membership(step.group_id, step.customer_id)
    if step.verb == "remove":
        return actions.delete(key, "attribute_exists(PK)")
    return actions.put(
        item(step.group_id, step.customer_id, request.customers[step.customer_id], request.actor), ABSENT
    )


def _count_members(group_id: str, steps: Sequence[Step], request: Request) -> Action:
    condition, where = request.precondition.as_condition()
    return actions.update(
        keys.group(group_id),
        add={"customer_count": _growth(steps)},
        condition=f"{IS_LIVE} AND {IS_MANUAL}{condition}",
        where={**where, **MANUAL},
    )


def _count_groups(customer_id: str, steps: Sequence[Step], request: Request) -> Action:
    """For an addition, the customer must still have the version that was read, so that the copy is not outdated."""
    adds = any(step.verb == "add" for step in steps)
    return actions.update(
        keys.summary(customer_id),
        add=summaries.growth(_growth(steps)),
        condition=f"{EXISTS} AND version = :version" if adds else EXISTS,
        where={":version": request.customers[customer_id]["version"]} if adds else None,
    )


def _changes(group_id: str, steps: Sequence[Step], request: Request) -> Iterator[Action]:
    key = keys.group(group_id)
    append = partial(changes.append, key, actor=request.actor, action=request.action, reason=request.reason)
    added = [step.customer_id for step in steps if step.verb == "add"]
    removed = [step.customer_id for step in steps if step.verb == "remove"]
    if added:
        yield append("customers_added", added=added)
    if removed:
        yield append("customers_removed", removed=removed)


def _growth(steps: Iterable[Step]) -> int:
    verbs = Counter(step.verb for step in steps)
    return verbs["add"] - verbs["remove"]


def _by(steps: Iterable[Step], name: Callable[[Step], str]) -> Mapping[str, list[Step]]:
    grouped: dict[str, list[Step]] = {}
    for step in steps:
        grouped.setdefault(name(step), []).append(step)
    return grouped
