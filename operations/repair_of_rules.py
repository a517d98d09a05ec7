"""Repairs the faults of automatic groups, on the condition that the items concerned have not changed."""

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from operations import rule_members
from operations.automatic_groups import as_in_group, exceptions, mentioned_by, mentions
from operations.facts import Fault, What, is_deleted
from shared.domain import exact_json
from shared.domain.errors import InvalidData
from shared.dynamodb import actions, reads
from shared.dynamodb.actions import Action
from shared.dynamodb.expressions import ABSENT, EXISTS, Condition, Item, Key
from shared.dynamodb.retries import Stale
from shared.dynamodb.transactions import MAX_ACTIONS
from shared.storage import keys
from shared.storage.rules import mentioned_groups, store

ACTOR: Final = "audit"
IS_GONE: Final = "attribute_not_exists(PK) OR attribute_exists(deleted_at)"
OTHER_ACTIONS: Final = 3


def _rule(fault: Fault) -> list[Action] | None:
    """Store the rule of an automatic group as the group has it. Delete the stored rule of any other group."""
    group = reads.get(keys.group(fault.subject), consistent=True)
    stored = store.get(fault.subject)
    is_as_read, where = _as_read(stored)
    wanted = as_in_group(group) if group and not is_deleted(group) else None
    if group is None or wanted is None:
        return [_unchanged(group, fault.subject), actions.delete(fault.key, is_as_read, where=where), store.renew()]
    version, since, rule = wanted
    if not (version and since and rule):
        return None
    try:
        group_ids = mentioned_groups.ids_by_name(rule)
    except InvalidData:
        return None  # a group that the rule mentions does not exist
    listed = stored or _last_exceptions(fault.subject)
    item = store.item(fault.subject, rule, group_ids, version, since)
    item |= {name: listed.get(name, []) for name in ("always", "never")}
    return [_unchanged(group, fault.subject), actions.put(item, is_as_read, where=where), store.renew()]


def _last_exceptions(group_id: str) -> Mapping[str, Sequence[str]]:
    """The exceptions of a group according to its history. They end with the rule."""
    mine = {":pk": keys.group(group_id).PK, ":change": keys.CHANGE_PREFIX}
    changes = Condition("PK = :pk AND begins_with(SK, :change)", mine)
    for change in reads.query(changes, consistent=True, descending=True, attributes=("after",)):
        after: dict[str, Any] = exact_json.loads(change.get("after") or "{}")
        if "exceptions" in after:
            found: Mapping[str, Sequence[str]] = after["exceptions"]
            return found
        if "rule" in after and after["rule"] is None:
            break
    return {}


def _reference(fault: Fault) -> list[Action]:
    """Create the reference of a rule that mentions the group, or delete that of one that does not."""
    by_group = mentioned_by(fault.key)
    rule = store.get(by_group)
    is_as_read, where = _as_read(rule)
    unchanged = actions.check(keys.rule(by_group), is_as_read, where or {}, Stale())
    if rule and fault.subject in mentions(rule):
        named = reads.get(keys.group(by_group), consistent=True) or {}
        reference = mentioned_groups.reference(by_group, fault.subject, str(named.get("name", by_group)), ACTOR)
        return [unchanged, actions.put(reference, ABSENT), mentioned_groups.count_reference(fault.subject, 1)]
    return [unchanged, actions.delete(fault.key, EXISTS), mentioned_groups.count_reference(fault.subject, -1)]


def _due(fault: Fault) -> list[Action]:
    """Create the due item of a customer for the moment in the summary, or delete one for another moment."""
    summary_key = keys.summary(fault.subject)
    summary = reads.get(summary_key, consistent=True)
    at = summary.get("due_at") if summary else None
    if not at:
        no_moment = "attribute_not_exists(due_at) OR attribute_type(due_at, :null)"
        return [actions.check(summary_key, no_moment, {":null": "NULL"}, Stale()), actions.delete(fault.key)]
    unchanged = actions.check(summary_key, "due_at = :at", {":at": at}, Stale())
    wanted = keys.due(at, fault.subject)
    if fault.key in (wanted, keys.customer(fault.subject)):
        return [unchanged, actions.put(wanted._asdict())]
    return [unchanged, actions.delete(fault.key)]


def _exceptions(fault: Fault) -> list[Action]:
    """Remove customers who do not exist from the exceptions of a group."""
    rule = store.get(fault.subject) or {"always": [], "never": []}
    there = reads.batch_get(map(keys.customer, exceptions(rule)), consistent=True)
    live = {key for key, customer in there.items() if not is_deleted(customer)}
    gone = set(islice((one for one in exceptions(rule) if keys.customer(one) not in live), MAX_ACTIONS - OTHER_ACTIONS))
    left = {name: [one for one in rule[name] if one not in gone] for name in ("always", "never")}
    seen = {f":{name}": rule[name] for name in left}
    return [
        actions.update(fault.key, set=left, condition="always = :always AND never = :never", where=seen),
        store.renew(),
        *(actions.check(keys.customer(one), IS_GONE, {}, Stale()) for one in gone),
    ]


def _membership(fault: Fault) -> list[Action]:
    return rule_members.corrections(keys.id_of(fault.key.PK), keys.id_of(fault.key.SK))


def _as_read(rule: Item | None) -> tuple[str, dict[str, Any] | None]:
    """The condition that a stored rule is the one that was read."""
    return ("version = :read_version", {":read_version": rule["version"]}) if rule else (ABSENT, None)


def _unchanged(group: Item | None, group_id: str) -> Action:
    if group is None:
        return actions.check(keys.group(group_id), ABSENT, {}, Stale())
    return actions.check(Key(group["PK"], group["SK"]), "version = :version", {":version": group["version"]}, Stale())


REPAIRS: Final[dict[What, Callable[[Fault], list[Action] | None]]] = {
    "rule": _rule,
    "rule's reference": _reference,
    "due": _due,
    "exceptions": _exceptions,
    "automatic membership": _membership,
}
