"""Looking again at what an audit found, and putting it right.

A table is read while others write to it, so every fault is looked at once more, at what surrounds it alone and with
consistent reads. What is put right is written under the condition that it still is as it was seen.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from operations.consistency import Fault, faults, is_deleted, tokens_of
from shared import keys
from shared.keys import Key
from shared.storage import memberships, records, table
from shared.storage.kinds import CUSTOMER, GROUP
from shared.storage.records import Kind
from shared.storage.table import Condition, ConditionsFailed, Item, Stale, Write

ACTOR: Final = "audit"
_KINDS: Final = {"GROUP": GROUP, "CUSTOMER": CUSTOMER}
_LISTS: Final = {kind.list: kind for kind in (GROUP, CUSTOMER)}
_ROW: Final = ("LIST", *records.ROW[:4])


def confirmed(suspicions: Iterable[Fault]) -> Iterator[Fault]:
    """Those that are still there when looked at alone."""
    for fault in dict.fromkeys(suspicions):
        if fault.what == "counter":
            if _miscount(_LISTS[fault.subject]):
                yield fault
            continue
        present = {(one.what, one.subject, one.key): one for one in faults(surroundings(fault))}
        if (fault.what, fault.subject, fault.key) in present:
            yield present[fault.what, fault.subject, fault.key]


def surroundings(fault: Fault) -> list[Item]:
    """All items that the fault's rule is about, read consistently."""
    found: dict[Key, Item] = {}
    for record_key in _records_near(fault):
        _gather(found, table.query(Condition("PK = :pk", {":pk": record_key.PK}), consistent=True))
        if record_key.SK == "CUSTOMER":
            groups = memberships.group_ids(keys.id_of(record_key.PK))
            mine = (keys.membership(group, keys.id_of(record_key.PK)) for group in groups)
            _gather(found, table.batch_get(mine, consistent=True).values())
    wanted: list[Key] = [fault.key]
    for key, item in list(found.items()):
        if key.SK in _KINDS and not is_deleted(item):
            wanted += [lock] if (lock := _KINDS[key.SK].lock(item)) else []
            wanted += tokens_of(_KINDS[key.SK], item) if fault.what == "token" else []
    _gather(found, table.batch_get(wanted, consistent=True).values())
    if fault.what in ("lock", "stray lock") and fault.key in found:
        holder = found[fault.key]["holder"]
        _gather(found, table.batch_get([keys.group(holder), keys.customer(holder)], consistent=True).values())
    return list(found.values())


def repair(fault: Fault) -> list[Write] | None:
    """The writes of one transaction that put a fault right; None where a person must decide."""
    return _REPAIRS[fault.what](fault) if fault.what in _REPAIRS else None


def carry_out(writes: list[Write]) -> bool:
    """Write all or nothing. False when what was seen changed meanwhile: look again."""
    try:
        table.transact(writes)
    except ConditionsFailed:
        return False
    return True


def _records_near(fault: Fault) -> Iterator[Key]:
    """The records in the rule: the subject, or both ends of a membership."""
    if fault.key.SK.startswith(keys.MEMBERSHIP_PREFIX):
        yield keys.group(keys.id_of(fault.key.PK))
        yield keys.customer(keys.id_of(fault.key.SK))
    elif fault.key.SK in _KINDS:
        yield fault.key
    elif fault.what == "token":
        yield keys.group(fault.subject) if "#GROUPS#" in fault.key.PK else keys.customer(fault.subject)
    else:
        yield keys.group(fault.subject) if fault.key.PK.startswith("GROUP_NAME#") else keys.customer(fault.subject)


def _gather(into: dict[Key, Item], items: Iterable[Item]) -> None:
    into.update({Key(item["PK"], item["SK"]): item for item in items})


def _miscount(kind: Kind) -> int:
    """By how much a list's counters are wrong, while they stand still; 0 where they are right or on the move."""
    before = records.total(kind)
    mine = Condition("#LIST = :list", {":list": kind.list})
    listed = sum(1 for _ in table.query(mine, index=keys.BY_CREATED, attributes=("by_created",)))
    return listed - before if records.total(kind) == before else 0


def _count(fault: Fault) -> list[Write]:
    """As many as there are, if the count still says what it said before they were counted."""
    name = "customer_count" if fault.key.SK == "GROUP" else "group_count"
    item = table.get(fault.key, consistent=True) or {}
    if fault.key.SK == "GROUP":
        there = sum(1 for _ in memberships.customer_ids(fault.subject, consistent=True))
    else:
        mine = (keys.membership(one, fault.subject) for one in memberships.group_ids(fault.subject))
        there = len(table.batch_get(mine, consistent=True, attributes=("PK", "SK")))
    condition, where = f"{name} = :seen", {":seen": item.get(name)}
    if name not in item:
        condition, where = f"attribute_exists(PK) AND attribute_not_exists({name})", {}
    return [table.update(fault.key, set={name: there}, condition=condition, where=where)]


def _row(fault: Fault) -> list[Write]:
    item = table.get(fault.key, consistent=True) or {}
    row = {} if is_deleted(item) else records.row(_KINDS[fault.key.SK], item)
    stray = [name for name in _ROW if name in item and name not in row]
    seen = {":version": item.get("version")}
    return [table.update(fault.key, set=row, remove=stray, condition="version = :version", where=seen)]


def _counter(fault: Fault) -> list[Write]:
    kind = _LISTS[fault.subject]
    return [table.update(keys.counter(kind.list, ""), add={"total": _miscount(kind)})]


def _membership(fault: Fault) -> list[Write]:
    """Who does not exist is taken out of the group, history and all; where the group is gone, the membership goes."""
    group_id, customer_id = keys.id_of(fault.key.PK), keys.id_of(fault.key.SK)
    customer = table.get(keys.customer(customer_id), consistent=True)
    exists = customer is not None and not is_deleted(customer)
    if table.get(keys.group(group_id), consistent=True) is None:
        return [table.delete(fault.key, "attribute_exists(PK)")]
    if exists:
        ends = {"member_customer": fault.key.SK, "member_group": fault.key.PK}
        return [table.update(fault.key, set=ends, condition="attribute_exists(PK)")]
    gone = "attribute_not_exists(PK) OR attribute_exists(deleted_at)"
    return [
        table.check(keys.customer(customer_id), gone, {}, Stale()),
        *memberships.removal(customer_id, group_id, ACTOR),
    ]


def _copy(fault: Fault) -> list[Write]:
    customer = table.get(keys.customer(keys.id_of(fault.key.SK)), consistent=True) or {}
    copy = {"LIST": fault.key.PK, **memberships.copy_of(customer)}
    return [_unchanged(customer), table.update(fault.key, set=copy, condition="attribute_exists(PK)")]


def _lock(fault: Fault) -> list[Write] | None:
    """A name that nobody has locked is locked by who has it. Which of two may keep a name, a person decides."""
    item = table.get(next(_records_near(fault)), consistent=True) or {}
    if table.get(fault.key, consistent=True) is not None:
        return None
    return [_unchanged(item), table.put(fault.key._asdict() | {"holder": fault.subject}, table.ABSENT)]


def _stray_lock(fault: Fault) -> list[Write]:
    """It goes, if its holder still is as it was when it had no such name."""
    record_key = next(_records_near(fault))
    item = table.get(record_key, consistent=True)
    absent = table.check(record_key, table.ABSENT, {}, Stale())
    return [
        _unchanged(item) if item else absent,
        table.delete(fault.key, "holder = :holder", where={":holder": fault.subject}),
    ]


def _token(fault: Fault) -> list[Write]:
    record_key = next(_records_near(fault))
    kind = _KINDS[record_key.SK]
    item = table.get(record_key, consistent=True)
    if item is None:
        return [table.check(record_key, table.ABSENT, {}, Stale()), table.delete(fault.key)]
    wanted = {} if is_deleted(item) else tokens_of(kind, item)
    put = table.put(fault.key._asdict() | wanted[fault.key]) if fault.key in wanted else table.delete(fault.key)
    return [_unchanged(item), put]


def _unchanged(item: Item) -> Write:
    key = Key(item["PK"], item["SK"])
    return table.check(key, "version = :version", {":version": item["version"]}, Stale())


_REPAIRS: Final[dict[str, Callable[[Fault], list[Write] | None]]] = {
    "count": _count,
    "row": _row,
    "counter": _counter,
    "membership": _membership,
    "copy": _copy,
    "lock": _lock,
    "stray lock": _stray_lock,
    "token": _token,
}
