"""Confirms the faults that an audit suspects.

Requests write to the table while it is audited, so each suspicion is checked again, on the items concerned only and
with consistent reads.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from operations import rule_members
from operations.automatic_groups import exceptions, mentioned_by
from operations.consistency import faults, tokens_of
from operations.facts import KINDS, Fault, What, is_deleted
from shared.dynamodb import reads
from shared.dynamodb.expressions import Condition, Item, Key
from shared.storage import keys, membership_reads, records, references
from shared.storage.kind import Kind, locks
from shared.storage.kinds import CUSTOMER, GROUP
from shared.storage.membership_reads import Membership

LISTS: Final = {kind.list: kind for kind in (GROUP, CUSTOMER)}
_SINGLE_RECORD_RULES: Final = frozenset({"row", "lock", "stray lock", "token", "membership", "copy"})
"""Rules that need neither the history nor the other members of a group."""


def confirmed(suspicion: Fault) -> Iterator[Fault]:
    """The faults that remain when a suspicion is checked again: the same rule at the same key or record."""
    if suspicion.what == "counter":
        if missing := miscount(LISTS[suspicion.subject]):
            yield suspicion._replace(
                message=f"the counters are too {'low' if missing > 0 else 'high'} by {abs(missing)}"
            )
    elif suspicion.what == "automatic membership":
        if message := rule_members.disagreement(*map(keys.id_of, suspicion.key)):
            yield suspicion._replace(message=message)
    elif suspicion.what in _OF_MEMBERS and (group := _live_group(suspicion.key)):
        if message := _OF_MEMBERS[suspicion.what](suspicion.subject, group):
            yield suspicion._replace(message=message)
    else:
        for fault in faults(surroundings(suspicion, of_all_rules=False)):
            if _is_same(fault, suspicion):
                yield fault


def _is_same(fault: Fault, suspicion: Fault) -> bool:
    if suspicion.key.SK.startswith(keys.MEMBERSHIP_PREFIX):
        return fault.key == suspicion.key
    is_of_record = suspicion.key.SK in KINDS and fault.subject == suspicion.subject
    return fault.what == suspicion.what and (is_of_record or fault.key == suspicion.key)


def _live_group(key: Key) -> Item | None:
    group = reads.get(key, consistent=True) if key.SK == "GROUP" else None
    return group if group and not is_deleted(group) else None


def _count_of(group_id: str, group: Item) -> str | None:
    """Checks the count of a group without loading its members into memory."""
    there, counted = (
        sum(one.is_counted for one in membership_reads.all_of_group(group_id)),
        group.get("customer_count", 0),
    )
    now = reads.get(keys.group(group_id), consistent=True) or {}
    if there == counted or now.get("customer_count") != counted:
        return None  # it changed while the members were counted, and writes keep it correct
    return f"customer_count is {counted}, but there are {there} memberships"


def _references_of(group_id: str, group: Item) -> str | None:
    """Checks the count of a group's references."""
    there, counted = sum(1 for _ in references.every(group_id)), group.get("reference_count", 0)
    now = reads.get(keys.group(group_id), consistent=True) or {}
    if there == counted or now.get("reference_change") != group.get("reference_change"):
        return None
    return f"reference_count is {counted}, and there are {there} references"


def _history_of(group_id: str, _group: Item) -> str | None:
    """Checks the history of a group: the digests of additions minus removals must add up to those of the members."""
    digests, balance = Digests(), 0
    mine = {":pk": keys.group(group_id).PK, ":change": keys.CHANGE_PREFIX}
    changes = Condition("PK = :pk AND begins_with(SK, :change)", mine)
    before = _last_change(group_id)
    for change in reads.query(changes, consistent=True, attributes=("added", "removed")):
        balance += sum(map(digests.of, change.get("added", ()))) - sum(map(digests.of, change.get("removed", ())))
    for one in membership_reads.all_of_group(group_id):
        balance -= digests.of(one.customer_id) if one.is_counted else 0
    if balance == 0 or _last_change(group_id) != before:
        return None
    return "does not result in the current members"


def _last_change(group_id: str) -> Item | None:
    mine = {":pk": keys.group(group_id).PK, ":change": keys.CHANGE_PREFIX}
    changes = Condition("PK = :pk AND begins_with(SK, :change)", mine)
    return next(reads.query(changes, consistent=True, descending=True, page_size=1, attributes=("SK",)), None)


def surroundings(fault: Fault, *, of_all_rules: bool = True) -> list[Item]:
    """The items that the fault's rule needs, or with `of_all_rules` those that all rules need, read consistently."""
    if fault.what in _OF_RULES:
        return list(_near_rule(fault).values())
    if fault.what == "term":
        return list(_near_term(fault).values())
    found: dict[Key, Item] = {}
    for record_key in records_near(fault):
        if not of_all_rules and fault.what in _SINGLE_RECORD_RULES:
            _gather(found, reads.batch_get([record_key], consistent=True).values())
            continue
        _gather(found, reads.query(Condition("PK = :pk", {":pk": record_key.PK}), consistent=True))
        if record_key.SK == "CUSTOMER":
            found_of = membership_reads.all_of_customer(keys.id_of(record_key.PK))
            mine = (keys.membership(one.group_id, one.customer_id) for one in found_of)
            _gather(found, reads.batch_get(mine, consistent=True).values())
    wanted: list[Key] = [fault.key]
    for key, item in list(found.items()):
        if key.SK in KINDS and not is_deleted(item):
            wanted += locks(KINDS[key.SK], item)
            wanted += tokens_of(KINDS[key.SK], item) if fault.what == "token" else []
    _gather(found, reads.batch_get(wanted, consistent=True).values())
    if fault.what in ("lock", "stray lock") and fault.key in found:
        holder = found[fault.key].get("holder")
        if holder:
            _gather(found, reads.batch_get([keys.group(holder), keys.customer(holder)], consistent=True).values())
    return list(found.values())


def _near_rule(fault: Fault) -> dict[Key, Item]:
    """The items that the consistency rules of automatic groups need, read consistently."""
    wanted = [fault.key, *_OF_RULES[fault.what](fault)]
    found = dict(reads.batch_get(wanted, consistent=True))
    further = [keys.customer(one) for key in found if key.PK == keys.RULES for one in exceptions(found[key])]
    if at := found.get(keys.summary(fault.subject), {}).get("due_at"):
        further.append(keys.due(at, fault.subject))
    return found | reads.batch_get(further, consistent=True)


def _near_term(fault: Fault) -> dict[Key, Item]:
    """The memberships of a customer with their groups and term items, and the item of the fault."""
    mine = list(membership_reads.all_of_customer(fault.subject))
    if fault.key.SK.startswith(keys.TERM_PREFIX):
        mine.append(Membership(keys.id_of(fault.key.PK), fault.subject))
    pairs = {(one.group_id, one.customer_id) for one in mine}
    wanted = [fault.key, *(key for pair in pairs for key in (keys.membership(*pair), keys.group(pair[0])))]
    stored = membership_reads.stored(pairs).values()
    terms = [keys.term(one.group_id, one.term_at, one.customer_id) for one in stored if one.term_at]
    return reads.batch_get([*wanted, *terms], consistent=True)


def _with_mentioning(fault: Fault) -> list[Key]:
    return [keys.group(fault.subject), keys.rule(mentioned_by(fault.key))]


def records_near(fault: Fault) -> Iterator[Key]:
    """The records concerned: the subject, or both sides of a membership."""
    if fault.key.SK.startswith(keys.MEMBERSHIP_PREFIX):
        yield keys.group(keys.id_of(fault.key.PK))
        yield keys.customer(keys.id_of(fault.key.SK))
    elif fault.key.SK in KINDS:
        yield fault.key
    elif fault.what == "token":
        yield keys.group(fault.subject) if "#GROUPS#" in fault.key.PK else keys.customer(fault.subject)
    else:
        yield keys.group(fault.subject) if fault.key.PK.startswith("GROUP_") else keys.customer(fault.subject)


class Digests:
    """Keyed digests of ids. Sums of them are equal only if the ids are the same."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def of(self, item_id: str) -> int:
        return int.from_bytes(hashlib.blake2b(item_id.encode(), digest_size=16, key=self._key).digest())


def _gather(into: dict[Key, Item], items: Iterable[Item]) -> None:
    into.update({Key(item["PK"], item["SK"]): item for item in items})


def miscount(kind: Kind) -> int:
    """How much a list's counters are too low. 0 if they are right, or changed meanwhile."""
    before = records.total(kind)
    mine = Condition("#LIST = :list", {":list": kind.list})
    listed = sum(1 for _ in reads.query(mine, index=keys.BY_CREATED, attributes=("by_created",)))
    return listed - before if records.total(kind) == before else 0


_OF_RULES: Final[dict[What, Callable[[Fault], list[Key]]]] = {
    "rule": lambda fault: [keys.group(fault.subject)],
    "exceptions": lambda fault: [keys.group(fault.subject)],
    "rule's reference": _with_mentioning,
    "due": lambda fault: [keys.customer(fault.subject), keys.summary(fault.subject)],
}
_OF_MEMBERS: Final = {"count": _count_of, "members' history": _history_of, "references": _references_of}
