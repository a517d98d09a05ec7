"""Judges customers by all rules, and writes who joins and leaves automatic groups.

The order of events does not matter, because a customer's current state is judged, and the writes have the condition
that it is still the state that was read: the customer's version, the number of changes of its memberships, and the
versions of the rules. Otherwise it is judged again.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import batched
from typing import Any, Final, NamedTuple, cast

from shared.domain import ids, terms
from shared.domain.rules.facts import Facts
from shared.dynamodb import reads, retries
from shared.dynamodb.expressions import Item
from shared.runtime import clock
from shared.storage import keys, large_metadata, membership_reads
from shared.storage.items import SummaryItem
from shared.storage.membership_steps import Verb
from shared.storage.rules import store, writing
from shared.storage.rules.store import Rules
from shared.storage.rules.writing import Cause, Step, Verdict

AT_ONCE: Final = 19
"""For each customer a check, the summary, a membership, and two due items; a group, its two changes, a mark: 99."""
GROUPS_AT_ONCE: Final = 28
"""For one customer a check, the summary, and two due items; three actions for each group: at most 88."""

type Only = str | None


class State(NamedTuple):
    """What is known of a customer."""

    record: Mapping[str, Any]
    summary: SummaryItem
    facts: Facts

    @property
    def entries(self) -> frozenset[str]:
        return frozenset(self.summary.get("by_rule", ()))


def apply(customer_ids: Collection[str], cause: Cause, *, only: Only = None) -> set[str]:
    """Let customers join and leave the groups of all rules, or of one group (`only`).

    Customers that do not exist are skipped. Returns the others.
    """
    at_once = AT_ONCE if only else 1
    found: set[str] = set()
    for some in batched(dict.fromkeys(customer_ids), at_once, strict=False):
        found.update(one.customer_id for one in judge(some, cause, only=only))
    return found


@retries.when_stale
def judge(customer_ids: Sequence[str], cause: Cause, *, only: Only = None) -> list[Verdict]:
    """Judge customers and write what follows, in one transaction. Without `only`, there must be one customer.

    Returns what was written. Raises Stale if something has changed meanwhile, and the mark's error.
    """
    verdicts = decide(customer_ids, only=only)
    writing.write(verdicts, cause)
    if any(one.is_partial for one in verdicts):
        raise retries.Stale  # the rest follows in the next attempt
    return verdicts


def decide(customer_ids: Sequence[str], *, only: Only = None) -> list[Verdict]:
    """Judge customers, without writing anything. Raises Stale."""
    rules, states = _read(customer_ids)
    wanted = {state.record["id"]: _wanted(rules, state, only) for state in states}
    pairs = ((group_id, customer_id) for customer_id, some in wanted.items() for group_id in some)
    # "all", because a membership may have begun only by a clock that is ahead. It is counted like the others.
    inside = _memberships(pairs, membership="all")
    return [_verdict(rules, state, wanted[state.record["id"]], inside, only) for state in states]


def _read(customer_ids: Sequence[str]) -> tuple[Rules, list[State]]:
    """The rules, and the states of the customers that exist."""
    possible = [one for one in customer_ids if ids.is_possible(one)]
    wanted = [key for one in possible for key in (keys.customer(one), keys.summary(one))]
    found = reads.batch_get([keys.RULES_VERSION, *wanted], consistent=True)
    rules = store.of_version(store.version_in(found.get(keys.RULES_VERSION)))
    live = [one for one in possible if keys.customer(one) in found and keys.summary(one) in found]
    if not _knows_entries(rules, [found[keys.summary(one)] for one in live]):
        rules = store.current()
    # The memberships are read after the summaries, whose number of changes then shows whether they are still the same.
    facts = facts_of([_with_metadata(found[keys.customer(one)], rules) for one in live], rules)
    summaries = (cast("SummaryItem", found[keys.summary(one)]) for one in live)
    return rules, [State(one.record, summary, one) for one, summary in zip(facts, summaries, strict=True)]


def _knows_entries(rules: Rules, summaries: Iterable[Item]) -> bool:
    """Whether all entries are of these rules. Others are of former rules, or of rules newer than the version read."""
    entries = {entry for one in summaries for entry in one.get("by_rule", ())}
    return not entries or entries <= {rule.entry for rule in rules.each.values()}


def facts_of(records: Sequence[Item], rules: Rules) -> list[Facts]:
    """What rules are judged by, for customers whose records have been read with their metadata."""
    inside = _memberships((group_id, one["id"]) for one in records for group_id in rules.mentioned)
    now = clock.now()
    return [
        Facts(one, {group_id for group_id in rules.mentioned if (group_id, one["id"]) in inside}, now)
        for one in records
    ]


def _with_metadata(record: Item, rules: Rules) -> Item:
    if large_metadata.REFERENCE not in record or not rules.reads_metadata:
        return record
    found = large_metadata.get(keys.customer(record["id"]), consistent=True)
    if found is None or found["version"] != record["version"]:
        raise retries.Stale
    return found


def _memberships(pairs: Iterator[tuple[str, str]], membership: terms.Membership = "active") -> set[tuple[str, str]]:
    wanted = list(pairs)
    return membership_reads.existing(wanted, consistent=True, membership=membership) if wanted else set()


def _wanted(rules: Rules, state: State, only: Only) -> dict[str, bool]:
    """Whether the customer belongs to a group, for the groups whose membership may have to change.

    For one group (`only`) that is looked up in any case: its members of the time when it was manual have no entry.
    """
    if only:
        rule = rules.each.get(only)
        return {only: rule.decide(state.facts)} if rule else {}
    entries = state.entries
    decisions = ((rule, rule.decide(state.facts)) for rule in rules.each.values())
    return {rule.group_id: belongs for rule, belongs in decisions if belongs != (rule.entry in entries)}


def _verdict(
    rules: Rules, state: State, wanted: Mapping[str, bool], inside: Collection[tuple[str, str]], only: Only
) -> Verdict:
    customer_id: str = state.record["id"]
    now = dict(list(wanted.items())[:GROUPS_AT_ONCE])
    steps = tuple(
        Step(verb, rules.each[group_id])
        for group_id, belongs in now.items()
        if (verb := _verb(belongs=belongs, is_member=(group_id, customer_id) in inside))
    )
    return Verdict(
        customer_id,
        state.record["version"],
        state.summary,
        steps,
        {step.rule.group_id: step.rule.version for step in steps} | _adopted(rules, state, now),
        tuple(sorted(_entries(rules, state.entries, now))),
        _due_at(rules, state, only),
        is_partial=len(now) < len(wanted),
    )


def _due_at(rules: Rules, state: State, only: Only) -> str | None:
    """When the customer is due next. If one rule judges, a moment that has passed is left to the schedule, for all."""
    before = state.summary.get("due_at")
    return before if only and before and before <= state.facts.now else rules.next_change(state.facts)


def _adopted(rules: Rules, state: State, wanted: Mapping[str, bool]) -> dict[str, int]:
    """The rules whose entries change although no membership does."""
    decided = ((rules.each[group_id], belongs) for group_id, belongs in wanted.items())
    return {rule.group_id: rule.version for rule, belongs in decided if belongs != (rule.entry in state.entries)}


def _verb(*, belongs: bool, is_member: bool) -> Verb | None:
    if belongs == is_member:
        return None
    return "add" if belongs else "remove"


def _entries(rules: Rules, before: frozenset[str], wanted: Mapping[str, bool]) -> Iterator[str]:
    """The entries of the groups that the customer is in now. Those of former rules are dropped."""
    for rule in rules.each.values():
        if wanted.get(rule.group_id, rule.entry in before):
            yield rule.entry
