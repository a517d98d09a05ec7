"""Memberships: which customer is in which group.

Each write is one transaction: the membership, the group's `customer_count`, the customer's `group_count`, and the
change in the group's history. So a customer can only be added to a group once, and the counts are always exact.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Final

from shared.domain.errors import InvalidData
from shared.domain.terms import Terms
from shared.dynamodb import actions, transactions
from shared.dynamodb.actions import Action
from shared.dynamodb.expressions import EXISTS
from shared.dynamodb.retries import Stale
from shared.runtime import clock
from shared.storage import keys, membership_transactions, own_keys, record_writes, records, summaries
from shared.storage.items import CustomerItem
from shared.storage.kind import Kind
from shared.storage.kinds import CUSTOMER, GROUP
from shared.storage.membership_reads import Membership
from shared.storage.membership_steps import Request, Step
from shared.storage.membership_transactions import GROUPS_PER_WRITE, MEMBERS_PER_WRITE, TERMS_PER_WRITE
from shared.storage.membership_writes import removal_writes
from shared.storage.preconditions import ANY_VERSION, Precondition
from shared.storage.rules import store

NO_TERMS_GIVEN: Final[Mapping[str, Terms]] = {}


@dataclass(slots=True)
class Outcome:
    """Which ids of a request were added or removed, and which changed nothing."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    """Present ones that got other terms."""
    removed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


def change_members(
    group_id: str,
    add: Sequence[str],
    remove: Sequence[str],
    actor: str,
    precondition: Precondition = ANY_VERSION,
    *,
    terms: Mapping[str, Terms] = NO_TERMS_GIVEN,
) -> Outcome:
    """Add customers to a group and remove others, in transactions of up to 48 customers.

    `terms` has the terms of those customers in `add` that are added with terms.
    Raises CustomerGroupNotFound, CustomerGroupIsAutomatic and PreconditionFailed, and CustomerNotFound before anything
    is written.
    """
    adding, remove = _named(CUSTOMER, add, remove, terms)
    if not (adding or remove) or precondition.versions == frozenset():
        precondition.check(int(records.get(GROUP, group_id)["version"]))
    customers = summaries.get_all(adding)
    request = Request(actor, GROUP, customers, precondition)
    if any(adding.values()):
        group = records.get_many(GROUP, [group_id], attributes=("term_at",)).get(group_id)
        request.next_terms[group_id] = group.get("term_at") if group else None
    steps = [Step("add", group_id, one, adding[one]) for one in customers]
    steps += [Step("remove", group_id, one) for one in remove]
    return _carry_out(request, steps, MEMBERS_PER_WRITE, lambda step: step.customer_id)


def change_groups(
    customer_id: str,
    add: Sequence[str],
    remove: Sequence[str],
    actor: str,
    *,
    terms: Mapping[str, Terms] = NO_TERMS_GIVEN,
) -> Outcome:
    """Add a customer to groups and remove it from others, in transactions of up to 33 groups.

    Raises CustomerNotFound, and CustomerGroupNotFound and CustomerGroupIsAutomatic before anything is written.
    """
    adding, remove = _named(GROUP, add, remove, terms)
    customers = summaries.get_all([customer_id])
    groups = records.get_all(GROUP, adding, attributes=("id", "rule_version", "term_at"))
    for group in (groups | records.get_many(GROUP, remove, attributes=("id", "rule_version"))).values():
        membership_transactions.check_manual(group)
    steps = [Step("add", one, customer_id, adding[one]) for one in groups]
    steps += [Step("remove", one, customer_id) for one in remove]
    request = Request(actor, CUSTOMER, customers)
    request.next_terms.update({one: group.get("term_at") for one, group in groups.items()})
    return _carry_out(request, steps, GROUPS_PER_WRITE, lambda step: step.group_id)


def carry_out(request: Request, steps: Sequence[Step]) -> list[Step]:
    """Carry out the steps of a job in one transaction, and return those that changed something.

    Raises CustomerGroupNotFound, CustomerGroupIsAutomatic, and the error of the request's mark. Raises
    TooManyActionsError if the request has a mark and memberships turn out to have terms, and writes nothing then.
    """
    with_terms = {step.group_id for step in steps if step.terms and any(step.terms)}
    for group_id, group in records.get_many(GROUP, with_terms, attributes=("term_at",)).items():
        request.next_terms[group_id] = group.get("term_at")
    return membership_transactions.write(request, list(steps))


def remove_before_deletion(customer: CustomerItem, memberships: Sequence[Membership], actor: str) -> None:
    """Remove a customer that is about to be deleted from groups, including deleted groups.

    Stops when the customer or a membership has changed since it was read. Raises Stale if nothing was removed then.
    """
    for place, some in enumerate(batched(memberships, TERMS_PER_WRITE, strict=False)):
        unchanged = record_writes.check_unchanged(CUSTOMER, customer)
        removals = [write for one in some for write in removal_writes(one, actor)]
        try:
            transactions.commit([unchanged, *_without(customer["id"], some), *removals])
        except Stale:
            if place == 0:
                raise
            return


def _without(customer_id: str, removed: Sequence[Membership]) -> list[Action]:
    """The actions for the summary of a customer that leaves groups, also automatic ones. Raises Stale.

    If the customer is not deleted after all, rules decide about the automatic groups again: their entries are dropped,
    and the customer is due now.
    """
    summary = summaries.get(customer_id)
    if summary is None:
        raise Stale
    unchanged, where = summaries.as_read(summary)
    left = {one.group_id for one in removed}
    before = summary.get("by_rule", [])
    entries = [one for one in before if store.parts_of_entry(one)[1] not in left]
    due_before, now = summary.get("due_at"), clock.now()
    is_due = entries != before and not (due_before and due_before <= now)
    update = actions.update(
        keys.summary(customer_id),
        set={"by_rule": entries, **({"due_at": now} if is_due else {})} if entries != before else None,
        add=summaries.growth(-len(removed)),
        condition=f"{EXISTS} AND {unchanged}",
        where=where,
        refused=Stale(),
    )
    if not is_due:
        return [update]
    late = [actions.delete(keys.due(due_before, customer_id))] if due_before else []
    return [update, *late, actions.put(keys.due(now, customer_id)._asdict())]


def _named(
    kind: Kind, add: Sequence[str], remove: Sequence[str], terms: Mapping[str, Terms]
) -> tuple[dict[str, Terms | None], list[str]]:
    """The ids of those to add, with their terms, and of those to remove. They may be named by their own keys.

    Raises InvalidData for one in both.
    """
    found = own_keys.resolved(kind, [*add, *remove])
    adding = {item_id: terms.get(name) for name, item_id in zip(add, found, strict=False)}
    removing = found[len(add) :]
    if both := set(adding).intersection(removing):
        raise InvalidData.at("remove", f"{min(both)} is to be added and removed at once")
    return adding, list(dict.fromkeys(removing))


def _carry_out(request: Request, steps: Sequence[Step], at_once: int, name: Callable[[Step], str]) -> Outcome:
    outcome = Outcome()
    size = TERMS_PER_WRITE if any(step.terms for step in steps) else at_once
    for some in batched(steps, size, strict=False):
        done = {name(step): step for step in membership_transactions.write(request, list(some))}
        for one in map(name, some):
            _list_of(outcome, done.get(one)).append(one)
    return outcome


def _list_of(outcome: Outcome, step: Step | None) -> list[str]:
    if step is None:
        return outcome.unchanged
    if step.verb == "remove":
        return outcome.removed
    if step.present and (step.was_counted or not step.is_counted(clock.now())):
        return outcome.changed
    return outcome.added
