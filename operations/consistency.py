"""What must hold between the items of the table, whatever happened: a pure function over items.

`make audit` uses it on whole tables, the tests after everything they do. It says what is wrong and of what;
`operations/repair.py` knows how to put it right.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

from shared import keys, search
from shared.keys import Key
from shared.storage import memberships, records, tokens
from shared.storage.changes import CUSTOMER_CHANGES_KEPT
from shared.storage.kinds import CUSTOMER, GROUP
from shared.storage.records import Kind
from shared.storage.table import Item

type What = Literal[
    "count", "row", "lock", "stray lock", "counter", "token", "membership", "copy", "history", "members' history"
]

HEAVY: Final = frozenset({"metadata", "before", "after"})
"""Attributes that no rule needs."""
_SORT_KEYS: Final = {"GROUP": GROUP, "CUSTOMER": CUSTOMER}
_COUNTS: Final = {GROUP.list: "customer_count", CUSTOMER.list: "group_count"}


class Fault(NamedTuple):
    """One broken rule: which, of which group or customer (or list), and what is the matter. `key` is where it shows."""

    what: What
    subject: str
    message: str
    key: Key


@dataclass
class Facts:
    """The items of a table by what they are, without what no rule needs."""

    records: dict[Key, Item] = field(default_factory=dict)
    memberships: list[Item] = field(default_factory=list)
    locks: dict[Key, str] = field(default_factory=dict)
    tokens: dict[str, dict[Key, Item]] = field(default_factory=lambda: defaultdict(dict))
    changes: dict[str, list[Item]] = field(default_factory=lambda: defaultdict(list))
    counters: Counter[str] = field(default_factory=Counter)

    def add(self, item: Item) -> None:
        """Take one item in. Whatever is none of ours, or nobody's concern (idempotency), is passed over."""
        key = Key(item["PK"], item["SK"])
        item = {name: value for name, value in item.items() if name not in HEAVY}
        if key.SK in _SORT_KEYS:
            self.records[key] = item
        elif key.SK == "LOCK":
            self.locks[key] = item["holder"]
        elif key.SK.startswith(keys.CHANGE_PREFIX):
            self.changes[key.PK].append(item)
        elif key.PK.startswith("TOKEN#"):
            self.tokens[key.SK.rpartition("#")[2]][key] = item
        elif key.PK.startswith("COUNTER#"):
            self.counters[key.PK] += int(item["total"])
        elif key.SK.startswith(keys.MEMBERSHIP_PREFIX):
            self.memberships.append(item)

    def of(self, kind: Kind) -> Iterator[Item]:
        return (item for key, item in self.records.items() if _SORT_KEYS[key.SK] is kind)


def faults(items: Iterable[Item], *, settled: bool = True) -> list[Fault]:
    """Every broken rule. `settled` is whether the stream has been followed: copies may lag behind it."""
    facts = Facts()
    for item in items:
        facts.add(item)
    return faults_of(facts, settled=settled)


def faults_of(facts: Facts, *, settled: bool = True) -> list[Fault]:
    """The same over facts that were gathered before."""
    found = [*_memberships(facts, settled=settled), *_locks(facts), *_tokens(facts), *_changes(facts)]
    for kind in (GROUP, CUSTOMER):
        found += [*_counts(kind, facts), *_rows(kind, facts), *_counters(kind, facts)]
    return found


def _counts(kind: Kind, facts: Facts) -> Iterator[Fault]:
    """`customer_count` and `group_count` are the distinct memberships on their side."""
    side = "PK" if kind is GROUP else "SK"
    there = Counter(keys.id_of(one[side]) for one in facts.memberships)
    for item in facts.of(kind):
        counted = int(item.get(_COUNTS[kind.list], 0))
        if counted != there[item["id"]] and not (is_deleted(item) and kind is CUSTOMER):
            message = f"{_COUNTS[kind.list]} is {counted}, and there are {there[item['id']]} memberships"
            yield Fault("count", item["id"], message, kind.key(item["id"]))


def _rows(kind: Kind, facts: Facts) -> Iterator[Fault]:
    """What is alive stands in the lists, under its own values; what is deleted stands in none."""
    for item in facts.of(kind):
        row: dict[str, Any] = {} if is_deleted(item) else records.row(kind, item)
        stored: dict[str, Any] = {name: item[name] for name in ("LIST", *records.ROW[:4]) if name in item}
        if stored != row:
            wrong = sorted(name for name in {*row, *stored} if row.get(name) != stored.get(name))
            yield Fault("row", item["id"], f"{', '.join(wrong)} differ from the record", kind.key(item["id"]))


def _counters(kind: Kind, facts: Facts) -> Iterator[Fault]:
    """The list's counters add up to what is alive."""
    partition = keys.counter_partition(kind.list)
    alive = sum(1 for item in facts.of(kind) if not is_deleted(item))
    if facts.counters[partition] != alive:
        message = f"{facts.counters[partition]} are counted, and {alive} are there"
        yield Fault("counter", kind.list, message, Key(partition, ""))


def _memberships(facts: Facts, *, settled: bool) -> Iterator[Fault]:
    """Each points at a group and a living customer, and holds a copy of that customer's row."""
    for one in facts.memberships:
        key = Key(one["PK"], one["SK"])
        group = facts.records.get(keys.group(keys.id_of(key.PK)))
        customer = facts.records.get(keys.customer(keys.id_of(key.SK)))
        if group is None:
            yield Fault("membership", keys.id_of(key.PK), f"has {keys.id_of(key.SK)} in it and does not exist", key)
        if customer is None or is_deleted(customer):
            yield Fault("membership", keys.id_of(key.SK), f"is in {keys.id_of(key.PK)} and does not exist", key)
        elif (group is None or not is_deleted(group)) and (one.get("member_customer"), one.get("member_group")) != (
            key.SK,
            key.PK,
        ):
            yield Fault("membership", keys.id_of(key.SK), "cannot be found by its customer", key)
        elif settled and group and not is_deleted(group) and not _is_copy(one, customer):
            yield Fault("copy", customer["id"], f"its copy in {keys.id_of(key.PK)} is out of date", key)


def _is_copy(membership: Item, customer: Item) -> bool:
    there = {name: membership[name] for name in records.ROW if name in membership}
    return there == memberships.copy_of(customer) and membership.get("LIST") == membership["PK"]


def _locks(facts: Facts) -> Iterator[Fault]:
    """Every name and e-mail that is in use is locked by whoever has it, and no other is."""
    wanted: dict[Key, list[str]] = defaultdict(list)
    for kind in (GROUP, CUSTOMER):
        for item in facts.of(kind):
            lock = None if is_deleted(item) else kind.lock(item)
            if lock:
                wanted[lock].append(item["id"])
    for lock, ids in wanted.items():
        for item_id in ids:
            if facts.locks.get(lock) != item_id:
                holder = facts.locks.get(lock)
                yield Fault("lock", item_id, f"its name is locked by {holder or 'nobody'}", lock)
    for lock, holder in facts.locks.items():
        if holder not in wanted.get(lock, ()):
            yield Fault(
                "stray lock", holder, f"holds {lock.PK.partition('#')[0]} lock of a name it does not have", lock
            )


def _tokens(facts: Facts) -> Iterator[Fault]:
    """Every living record has exactly the search tokens of its text; where they are still to come, none are judged."""
    found = dict(facts.tokens)
    for kind in (GROUP, CUSTOMER):
        for item in facts.of(kind):
            mine = found.pop(item["id"], {})
            if "tokens_of" in item:
                continue
            wanted = {} if is_deleted(item) else tokens_of(kind, item)
            for key in wanted.keys() | mine.keys():
                if key not in mine or key not in wanted:
                    yield Fault("token", item["id"], "a search token is missing or is one too many", key)
                elif tokens.copy_of(mine[key]) != wanted[key]:
                    yield Fault("token", item["id"], "a search token is out of date", key)
    for item_id, theirs in found.items():
        for key in theirs:
            yield Fault("token", item_id, "has a search token and does not exist", key)


def tokens_of(kind: Kind, item: Item) -> dict[Key, dict[str, Any]]:
    """The tokens that a living record has, by their keys, each with what it carries."""
    copy = tokens.copy_of(item)
    return {keys.token(kind.list, token, item["id"]): copy for token in search.tokens(item["search_text"])}


def _changes(facts: Facts) -> Iterator[Fault]:
    """One change per version, without a gap; additions less removals are the members."""
    members: dict[str, set[str]] = defaultdict(set)
    for one in facts.memberships:
        members[one["PK"]].add(keys.id_of(one["SK"]))
    for partition in facts.changes.keys() | {key.PK for key in facts.records}:
        subject = keys.id_of(partition)
        key = keys.group(subject) if partition.startswith("GROUP#") else keys.customer(subject)
        item, told = facts.records.get(key), facts.changes.get(partition, [])
        if message := _versions(item, told):
            yield Fault("history", subject, message, key)
        if item and key.SK == "GROUP" and (message := _told_members(item, told, members[partition])):
            yield Fault("members' history", subject, message, key)


def _versions(item: Item | None, told: Iterable[Item]) -> str | None:
    """What is wrong with the versions that a record's changes tell of, in a sentence."""
    by_version = sorted((int(one["version"]), str(one["type"])) for one in told if "version" in one)
    versions = [version for version, _ in by_version]
    if len(set(versions)) < len(versions):
        return f"several changes tell of the same version: {versions}"
    if item is None:
        # A record that time has removed leaves its history, which ends with its deletion.
        return None if not by_version or by_version[-1][1] == "deleted" else "has a history and does not exist"
    first = versions[0] if versions and _may_have_forgotten(item) else 1
    last = int(item["version"])
    if "source_number" in item:
        # Where other systems delete a customer twice, its version moves and nothing is told.
        return None if not versions or versions[-1] <= last else f"version is {last}, changes tell of {versions}"
    if versions != list(range(first, last + 1)) and not (not versions and _may_have_forgotten(item)):
        return f"version is {last}, changes tell of {versions}"
    return None


def _may_have_forgotten(item: Mapping[str, Any]) -> bool:
    """Whether the first changes of a record may have expired: those of customers do."""
    if not str(item["PK"]).startswith("CUSTOMER#"):
        return False
    kept_since = datetime.now(UTC) - CUSTOMER_CHANGES_KEPT + timedelta(days=1)
    return datetime.fromisoformat(str(item.get("created_at", "1970-01-01T00:00:00Z"))) < kept_since


def _told_members(group: Item, told: Iterable[Item], there: set[str]) -> str | None:
    balance: Counter[str] = Counter()
    for change in told:
        balance.update(change.get("added", ()))
        balance.subtract(change.get("removed", ()))
    if not set(balance.values()) <= {0, 1}:
        return "tells of additions or removals that did not happen"
    if not is_deleted(group) and {one for one, times in balance.items() if times} != there:
        return "does not lead to the members that are there"
    return None


def is_deleted(item: Mapping[str, Any]) -> bool:
    return "deleted_at" in item
