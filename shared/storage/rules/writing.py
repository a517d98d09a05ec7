"""Writes what rules decide about customers: memberships, counts, histories, and when to judge again."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from shared.dynamodb import actions, transactions
from shared.dynamodb.actions import Action
from shared.dynamodb.expressions import ABSENT, EXISTS
from shared.dynamodb.retries import Stale
from shared.storage import changes, keys, membership_writes, summaries, turns
from shared.storage.changes import Reason
from shared.storage.items import SummaryItem
from shared.storage.membership_steps import Verb
from shared.storage.records import IS_LIVE
from shared.storage.rules.store import StoredRule


class Step(NamedTuple):
    """A customer joins or leaves the group of a rule."""

    verb: Verb
    rule: StoredRule


class Verdict(NamedTuple):
    """What rules have decided about one customer, and the state that they have judged."""

    customer_id: str
    version: int
    summary: SummaryItem
    steps: tuple[Step, ...]
    rule_versions: Mapping[str, int]
    """The version of each rule that has decided, by group."""
    entries: tuple[str, ...]
    due_at: str | None
    is_partial: bool
    """Whether more groups have to change than one transaction has room for."""

    @property
    def changes_something(self) -> bool:
        has_other_entries = list(self.entries) != list(self.summary.get("by_rule", ()))
        return bool(self.steps) or has_other_entries or self.due_at != self.summary.get("due_at")


class Cause(NamedTuple):
    """What the writes of one transaction have in common."""

    action: str | None = None
    """The action that the changes belong to. Without it, each is an action of its own."""
    mark: Callable[[Sequence[Verdict]], Action] | None = None
    """The action that stores what a transaction of a job did. It is refused if the work was already done."""


def write(verdicts: Sequence[Verdict], cause: Cause) -> None:
    """Write what was decided, in one transaction. Raises Stale if the judged state is not the current one."""
    if writes := writes_of(verdicts, cause):
        transactions.commit(writes)


def writes_of(verdicts: Sequence[Verdict], cause: Cause) -> list[Action]:
    """The actions of that transaction. None if nothing has to change."""
    changed = [one for one in verdicts if one.changes_something]
    marks = [cause.mark(verdicts)] if cause.mark and changed else []
    return [*marks, *_of_customers(changed), *_of_groups(changed, cause)]


def _of_customers(verdicts: Iterable[Verdict]) -> Iterator[Action]:
    for one in verdicts:
        is_as_judged = f"{IS_LIVE} AND version = :judged"
        yield actions.check(keys.customer(one.customer_id), is_as_judged, {":judged": one.version}, Stale())
        yield _summary(one)
        yield from (_membership(one, step) for step in one.steps)
        before = one.summary.get("due_at")
        if before != one.due_at:
            if before:
                yield actions.delete(keys.due(before, one.customer_id))
            if one.due_at:
                yield actions.put(keys.due(one.due_at, one.customer_id)._asdict())


def _summary(verdict: Verdict) -> Action:
    unchanged, where = summaries.as_read(verdict.summary)
    return actions.update(
        keys.summary(verdict.customer_id),
        set={"by_rule": list(verdict.entries), "due_at": verdict.due_at},
        add=summaries.growth(sum(_growth(step) for step in verdict.steps)),
        condition=f"{EXISTS} AND {unchanged}",
        where=where,
        refused=Stale(),
    )


def _membership(verdict: Verdict, step: Step) -> Action:
    group_id = step.rule.group_id
    if step.verb == "remove":
        return actions.delete(keys.membership(group_id, verdict.customer_id), EXISTS, Stale())
    return actions.put(
        membership_writes.item(group_id, verdict.customer_id, verdict.summary, changes.RULES), ABSENT, Stale()
    )


def _of_groups(verdicts: Sequence[Verdict], cause: Cause) -> Iterator[Action]:
    """The count of each group, under the condition that its rule is the one that has decided, and its changes."""
    versions = {group_id: version for one in verdicts for group_id, version in one.rule_versions.items()}
    for group_id, version in versions.items():
        mine = [(one.customer_id, step) for one in verdicts for step in one.steps if step.rule.group_id == group_id]
        yield actions.update(
            keys.group(group_id),
            add={"customer_count": sum(_growth(step) for _, step in mine)},
            condition=f"{IS_LIVE} AND rule_version = :rule_version",
            where={":rule_version": version},
            refused=Stale(),
            contended=None if cause.mark else turns.asking(group_id),
        )
        yield from _changes(group_id, mine, cause)


def _changes(group_id: str, steps: Sequence[tuple[str, Step]], cause: Cause) -> Iterator[Action]:
    reason = Reason("rule", group_id)
    append: Any = partial(changes.append, keys.group(group_id), actor=changes.RULES, action=cause.action, reason=reason)
    added = [customer_id for customer_id, step in steps if step.verb == "add"]
    removed = [customer_id for customer_id, step in steps if step.verb == "remove"]
    if added:
        yield append("customers_added", customers=added)
    if removed:
        yield append("customers_removed", customers=removed)


def _growth(step: Step) -> int:
    return 1 if step.verb == "add" else -1
