"""Repairs the faults of an audit, on the condition that the items concerned have not changed."""

from collections.abc import Callable
from itertools import islice
from typing import Final

from operations import repair_of_rules
from operations.confirmation import LISTS, miscount, records_near
from operations.consistency import list_of, tokens_of
from operations.facts import KINDS, Fault, What, is_deleted
from shared.dynamodb import actions, reads, transactions
from shared.dynamodb.actions import Action
from shared.dynamodb.expressions import ABSENT, EXISTS, Item, Key
from shared.dynamodb.retries import Stale
from shared.dynamodb.transactions import MAX_ACTIONS, ConditionsFailed
from shared.storage import keys, membership_reads, membership_writes, references, summaries, tokens
from shared.storage.kind import LISTED, row

ACTOR: Final = "audit"


def repair(fault: Fault) -> list[Action] | None:
    """The actions of a transaction that repairs a fault. None if a person must decide."""
    return _REPAIRS[fault.what](fault) if fault.what in _REPAIRS else None


def apply(writes: list[Action]) -> bool:
    """Write a repair. Returns False if an item has changed meanwhile, so that nothing may be left to write."""
    if not writes:
        return False
    try:
        transactions.transact(writes)
    except ConditionsFailed:
        return False
    return True


def _count(fault: Fault) -> list[Action]:
    """Set the count to the number of memberships, if it has not changed meanwhile."""
    if fault.key.SK == "GROUP":
        key, name = fault.key, "customer_count"
        there = sum(one.is_counted for one in membership_reads.all_of_group(fault.subject))
    else:
        key, name, there = keys.summary(fault.subject), "group_count", _groups_of(fault.subject)
    item = reads.get(key, consistent=True) or {}
    condition, where = f"{name} = :seen", {":seen": item.get(name)}
    if name not in item:
        condition, where = f"attribute_exists(PK) AND attribute_not_exists({name})", {}
    return [actions.update(key, set={name: there}, condition=condition, where=where)]


def _groups_of(customer_id: str) -> int:
    mine = (keys.membership(one.group_id, customer_id) for one in membership_reads.all_of_customer(customer_id))
    return len(reads.batch_get(mine, consistent=True, attributes=("PK", "SK")))


def _summary(fault: Fault) -> list[Action]:
    """Restore the summary of a customer. Without it, memberships cannot change while the groups are counted."""
    customer = reads.get(keys.customer(fault.subject), consistent=True)
    if customer is None or is_deleted(customer):
        return [_is_gone(fault.subject), actions.delete(fault.key)]
    values = {name: value for name, value in summaries.of_new(customer).items() if name not in ("PK", "SK")}
    if reads.get(fault.key, consistent=True) is None:
        counted = fault.key._asdict() | values | {"group_count": _groups_of(fault.subject)}
        return [_unchanged(customer), actions.put(counted, ABSENT)]
    del values["group_count"]
    return [_unchanged(customer), actions.update(fault.key, set=values, condition=EXISTS)]


def _row(fault: Fault) -> list[Action]:
    """Set the list attributes, and replace the tokens of the search text, which nobody would find later."""
    kind, item = KINDS[fault.key.SK], reads.get(fault.key, consistent=True) or {}
    wanted = {} if is_deleted(item) else row(kind, item)
    stray = [name for name in LISTED if name in item and name not in wanted]
    seen = {":version": item.get("version")}
    renewed = tokens.difference(kind, item, {**item, **wanted}) if wanted and "search_text" in item else []
    return [actions.update(fault.key, set=wanted, remove=stray, condition="version = :version", where=seen), *renewed]


def _counter(fault: Fault) -> list[Action]:
    kind = LISTS[fault.subject]
    return [actions.update(keys.counter(kind.list, ""), add={"total": miscount(kind)})]


def _membership(fault: Fault) -> list[Action]:
    """Remove a customer that does not exist from the group. If the group does not exist, delete the membership."""
    group_id, customer_id = keys.id_of(fault.key.PK), keys.id_of(fault.key.SK)
    customer = reads.get(keys.customer(customer_id), consistent=True)
    exists = customer is not None and not is_deleted(customer)
    membership = membership_reads.stored([(group_id, customer_id)]).get((group_id, customer_id))
    if membership is None:
        return []
    if reads.get(keys.group(group_id), consistent=True) is None:
        return [actions.delete(fault.key, "attribute_exists(PK)")]
    if exists:
        ends = {"member_customer": fault.key.SK, "member_group": fault.key.PK}
        return [actions.update(fault.key, set=ends, condition="attribute_exists(PK)")]
    return [
        _is_gone(customer_id),
        *membership_writes.removal_writes(membership, ACTOR),
    ]


def _is_gone(customer_id: str) -> Action:
    gone = "attribute_not_exists(PK) OR attribute_exists(deleted_at)"
    return actions.check(keys.customer(customer_id), gone, {}, Stale())


def _copy(fault: Fault) -> list[Action]:
    customer = reads.get(keys.customer(keys.id_of(fault.key.SK)), consistent=True) or {}
    membership = reads.get(fault.key, consistent=True) or fault.key._asdict()
    listed = {"LIST": list_of(membership), "by_created": customer.get("by_created")}
    renewed = {**listed, "customer": summaries.copy_of(customer)}
    return [_unchanged(customer), actions.update(fault.key, set=renewed, condition="attribute_exists(PK)")]


def _lock(fault: Fault) -> list[Action] | None:
    """Create a missing lock. If two records have the same name, a person must decide."""
    item = reads.get(next(records_near(fault)), consistent=True) or {}
    if reads.get(fault.key, consistent=True) is not None:
        return None
    return [_unchanged(item), actions.put(fault.key._asdict() | {"holder": fault.subject}, ABSENT)]


def _stray_lock(fault: Fault) -> list[Action]:
    """Delete the lock, if its holder has not changed meanwhile."""
    record_key = next(records_near(fault))
    item = reads.get(record_key, consistent=True)
    absent = actions.check(record_key, ABSENT, {}, Stale())
    return [
        _unchanged(item) if item else absent,
        actions.delete(fault.key, "holder = :holder", where={":holder": fault.subject}),
    ]


def _token(fault: Fault) -> list[Action]:
    record_key = next(records_near(fault))
    kind = KINDS[record_key.SK]
    item = reads.get(record_key, consistent=True)
    if item is None:
        return [actions.check(record_key, ABSENT, {}, Stale()), actions.delete(fault.key)]
    wanted = {} if is_deleted(item) else tokens_of(kind, item)
    put = actions.put(fault.key._asdict() | wanted[fault.key]) if fault.key in wanted else actions.delete(fault.key)
    return [_unchanged(item), put]


def _unchanged(item: Item) -> Action:
    key = Key(item["PK"], item["SK"])
    return actions.check(key, "version = :version", {":version": item["version"]}, Stale())


def _references(fault: Fault) -> list[Action]:
    """Set the count to the number of references, if none has changed since. Delete references of a missing group."""
    group = reads.get(fault.key, consistent=True)
    if group is None:
        absent = actions.check(fault.key, ABSENT, {}, Stale())
        return [absent, *(actions.delete(key) for key in islice(references.all_keys(fault.subject), MAX_ACTIONS - 1))]
    seen = group.get("reference_change")
    condition = "attribute_not_exists(reference_change)" if seen is None else "reference_change = :seen"
    there = sum(1 for _ in references.every(fault.subject))
    return [
        actions.update(
            fault.key,
            set={"reference_count": there},
            add={"reference_change": 1},
            condition=f"{EXISTS} AND {condition}",
            where=None if seen is None else {":seen": seen},
        )
    ]


def _term(fault: Fault) -> list[Action]:
    """Create the term item of a membership, or delete one that no membership has; or correct the group's `term_at`."""
    if fault.key.SK == "GROUP":
        term = next(membership_reads.term_keys(keys.id_of(fault.key.PK), page_size=1), None)
        at = keys.moment_of_term(term) if term else None
        is_later = "attribute_not_exists(term_at) OR term_at > :at OR attribute_not_exists(term_list)"
        condition, where = f"{EXISTS} AND ({is_later} OR term_list <> :terms)", {":at": at, ":terms": keys.TERMS}
        changed = {"term_at": at, "term_list": keys.TERMS}
        return [actions.update(fault.key, set=changed, add={"term_change": 1}, condition=condition, where=where)]
    pair = keys.id_of(fault.key.PK), fault.subject
    at = keys.moment_of_term(fault.key)
    membership = membership_reads.stored([pair]).get(pair)
    if membership and membership.term_at == at:
        stored = {name: value for name, value in membership.terms._asdict().items() if value}
        unchanged = actions.check(keys.membership(*pair), "term_at = :at", {":at": at}, Stale())
        return [unchanged, actions.put(fault.key._asdict() | stored)]
    has_another = "attribute_not_exists(PK) OR attribute_not_exists(term_at) OR term_at <> :at"
    return [actions.check(keys.membership(*pair), has_another, {":at": at}, Stale()), actions.delete(fault.key)]


_REPAIRS: Final[dict[What, Callable[[Fault], list[Action] | None]]] = {
    "count": _count,
    "summary": _summary,
    "row": _row,
    "counter": _counter,
    "membership": _membership,
    "copy": _copy,
    "lock": _lock,
    "stray lock": _stray_lock,
    "token": _token,
    "references": _references,
    "term": _term,
    **repair_of_rules.REPAIRS,
}
