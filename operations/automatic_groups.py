"""The consistency rules of automatic groups: their stored rules, exceptions and references, and who is due.

Like `consistency`, this is a function over items. It does not need the metadata of customers, so it does not compare
members with rules: `rule_members` does that in the table.
"""

from collections.abc import Iterator
from typing import Any

from operations.facts import Facts, Fault, is_deleted
from shared.domain import exact_json
from shared.dynamodb.expressions import Item, Key
from shared.storage import keys, references
from shared.storage.kinds import CUSTOMER, GROUP


def faults(facts: Facts, *, check_exceptions: bool) -> Iterator[Fault]:
    """All faults. With `check_exceptions`, exceptions of deleted customers must have been removed already."""
    yield from _rules(facts)
    yield from _mentions(facts)
    yield from _due(facts)
    if check_exceptions:
        yield from _exceptions(facts)


def as_in_group(group: Item) -> list[Any] | None:
    """The rule of a group and its versions, as the group's record has them. None if the group is manual."""
    if not group.get("rule") and not group.get("rule_version"):
        return None
    return [group.get("rule_version"), group.get("rule_since"), group.get("rule")]


def as_in_rule(rule: Item | None) -> list[Any] | None:
    """The same, as the item of the rule has them."""
    return [rule.get("version"), rule.get("since"), rule.get("rule")] if rule else None


def mentions(rule: Item) -> set[str]:
    """The ids of the groups that a stored rule mentions."""
    return set(rule["group_ids"].values())


def exceptions(rule: Item) -> list[str]:
    """The ids of the customers in both lists of exceptions."""
    return [*rule["always"], *rule["never"]]


def _rules(facts: Facts) -> Iterator[Fault]:
    """Every automatic group has its rule among the rules, and there are no others."""
    live = {item["id"]: item for item in facts.of(GROUP) if not is_deleted(item)}
    for group_id, group in live.items():
        wanted, there = as_in_group(group), as_in_rule(facts.rules.get(group_id))
        if not exact_json.same(wanted, there):
            yield Fault("rule", group_id, _difference(wanted, there), keys.rule(group_id))
    for group_id in facts.rules.keys() - live.keys():
        yield Fault("rule", group_id, "has a stored rule and does not exist", keys.rule(group_id))


def _difference(wanted: object, there: object) -> str:
    if wanted is None:
        return "is manual and has a stored rule"
    return "differs from its stored rule" if there else "is automatic and has no stored rule"


def _mentions(facts: Facts) -> Iterator[Fault]:
    """Every live group has a reference from each rule that mentions it. Those of a deleted group are cleaned up."""
    live = {item["PK"] for item in facts.of(GROUP) if not is_deleted(item)}
    wanted = {
        keys.reference(one, references.RULES, rule["group_id"])
        for rule in facts.rules.values()
        for one in mentions(rule)
    }
    for key in sorted(wanted ^ facts.mentions):
        if key.PK in live:
            message = "has no reference from" if key in wanted else "has a reference but is not mentioned by"
            yield Fault("rule's reference", keys.id_of(key.PK), f"{message} the rule of {mentioned_by(key)}", key)


def mentioned_by(key: Key) -> str:
    """The id of the group whose rule has a reference."""
    return key.SK.rpartition("#")[2]


def _due(facts: Facts) -> Iterator[Fault]:
    """Every customer has a due item for the moment in the summary, and no other."""
    moments = {keys.id_of(key.PK): summary.get("due_at") for key, summary in facts.summaries.items()}
    for customer_id in moments.keys() | facts.due.keys():
        at = moments.get(customer_id)
        wanted = {keys.due(at, customer_id)} if at else set()
        for key in sorted(wanted ^ facts.due.get(customer_id, set())):
            message = "has no due item" if key in wanted else "has a due item for another moment than its summary"
            yield Fault("due", customer_id, message, key)


def _exceptions(facts: Facts) -> Iterator[Fault]:
    """Exceptions are of live customers."""
    live = {item["id"] for item in facts.of(CUSTOMER) if not is_deleted(item)}
    for group_id, rule in facts.rules.items():
        if gone := [one for one in exceptions(rule) if one not in live]:
            message = f"has exceptions of {len(gone)} customers who do not exist"
            yield Fault("exceptions", group_id, message, keys.rule(group_id))
