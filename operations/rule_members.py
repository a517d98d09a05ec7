"""Whether the members of automatic groups are those that their rules say, as the service itself decides it."""

from collections.abc import Iterator, Sequence
from itertools import batched
from typing import Final

from operations.automatic_groups import as_in_group, as_in_rule
from operations.facts import is_deleted
from shared.domain import exact_json
from shared.dynamodb import reads, retries
from shared.dynamodb.actions import Action
from shared.dynamodb.expressions import Item
from shared.runtime import clock
from shared.storage import keys, large_metadata
from shared.storage.rules import judging, store, writing
from shared.storage.rules.store import Rules
from shared.storage.rules.writing import Cause

AT_ONCE: Final = 100
"""How many customers are judged together."""

_decide = retries.when_stale(judging.decide)


def decided(page: Sequence[Item]) -> Iterator[tuple[str, str]]:
    """The partitions of the group and the customer, for each group that a customer in the page should be in."""
    customers = [item for item in page if item["SK"] == "CUSTOMER" and not is_deleted(item)]
    rules = store.current() if customers else store.NONE
    if not rules.each:
        return
    for some in batched(customers, AT_ONCE, strict=False):
        for facts in judging.facts_of([_with_metadata(one, rules) for one in some], rules):
            customer = keys.customer(facts.record["id"]).PK
            yield from ((keys.group(one.group_id).PK, customer) for one in rules.each.values() if one.decide(facts))


def _with_metadata(record: Item, rules: Rules) -> Item:
    if large_metadata.REFERENCE not in record or not rules.reads_metadata:
        return record
    return large_metadata.get(keys.customer(record["id"]), consistent=True) or record


def disagreement(group_id: str, customer_id: str) -> str | None:
    """Describes how a membership differs from what the rule says now.

    None if it does not, or if it will follow: the rule is being applied to all customers, or the customer is due.
    """
    group = reads.get(keys.group(group_id), consistent=True) or {}
    if is_deleted(group) or group.get("rule_status") != "current":
        return None
    if not exact_json.same(as_in_group(group), as_in_rule(store.get(group_id))):
        return None  # the rule itself must be repaired first
    for verdict in _decide([customer_id], only=group_id):
        due_at = verdict.summary.get("due_at")
        if not verdict.rule_versions or (due_at and due_at <= clock.now()):
            continue
        if verdict.steps:
            return f"is {'not in' if verdict.steps[0].verb == 'add' else 'in'} {group_id} against the rule"
        return f"has no right entry for {group_id} in its summary"
    return None


def corrections(group_id: str, customer_id: str) -> list[Action]:
    """The actions that let a customer join or leave, under the conditions that the service has."""
    return writing.writes_of(_decide([customer_id], only=group_id), Cause())
