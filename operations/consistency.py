"""The consistency rules between the items of the table, as a pure function over items.

`make audit` applies it to whole tables, and the tests apply it after their writes. It returns faults.
`confirmation.py` confirms them in the table, and `repair.py` repairs them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from operations import automatic_groups
from operations.facts import KINDS, Facts, Fault, is_deleted
from shared.dynamodb.expressions import Item, Key
from shared.storage import keys, summaries, tokens
from shared.storage.changes import CUSTOMER_CHANGES_KEPT
from shared.storage.kind import LISTED, Kind, locks, row
from shared.storage.kinds import CUSTOMER, GROUP
from shared.storage.membership_reads import Membership

COUNTS: Final = {GROUP.list: "customer_count", CUSTOMER.list: "group_count"}


def faults(items: Iterable[Item], *, check_copies: bool = True) -> list[Fault]:
    """All faults. With `check_copies`, what follows from the stream's records must be up to date."""
    facts = Facts()
    for item in items:
        facts.add(item)
    return faults_of(facts, check_copies=check_copies)


def faults_of(facts: Facts, *, check_copies: bool = True) -> list[Fault]:
    """All faults in facts that were collected before."""
    found = [
        *_memberships(facts, check_copies=check_copies),
        *_locks(facts),
        *_tokens(facts),
        *_changes(facts),
        *_references(facts),
        *_summaries(facts),
        *automatic_groups.faults(facts, check_exceptions=check_copies),
        *_terms(facts),
    ]
    for kind in (GROUP, CUSTOMER):
        found += [*_counts(kind, facts), *_rows(kind, facts), *_counters(kind, facts)]
    return found


def _counts(kind: Kind, facts: Facts) -> Iterator[Fault]:
    """`customer_count` is the number of memberships that have begun, and `group_count` that of all."""
    if kind is GROUP:
        there = Counter(keys.id_of(one["PK"]) for one in facts.memberships if is_counted(one))
    else:
        there = Counter(keys.id_of(one["SK"]) for one in facts.memberships)
    for item in facts.summaries.values() if kind is CUSTOMER else facts.of(GROUP):
        counted, item_id = counted_by(item), keys.id_of(item["PK"])
        if counted != there[item_id]:
            message = f"{COUNTS[kind.list]} is {counted}, but there are {there[item_id]} memberships"
            yield Fault("count", item_id, message, kind.key(item_id))


def counted_by(item: Item) -> int:
    """The number of memberships that a group, or the summary of a customer, has stored."""
    return int(item.get(COUNTS[CUSTOMER.list if item["SK"] == keys.SUMMARY else GROUP.list], 0))


def _summaries(facts: Facts) -> Iterator[Fault]:
    """Each live customer has a summary with the attributes that memberships copy. Nothing else has one."""
    live = {item["id"]: item for item in facts.of(CUSTOMER) if not is_deleted(item)}
    for customer_id, customer in live.items():
        key = keys.summary(customer_id)
        if key not in facts.summaries:
            yield Fault("summary", customer_id, "has no summary", key)
        elif not summarizes(facts.summaries[key], customer):
            yield Fault("summary", customer_id, "its summary is out of date", key)
    for key in facts.summaries:
        if keys.id_of(key.PK) not in live:
            yield Fault("summary", keys.id_of(key.PK), "has a summary and does not exist", key)


def summarizes(summary: Item, customer: Item) -> bool:
    """Whether a summary is up to date."""
    return copy_in(summary) == copy_for(customer) and 1 <= summary.get("version", 0) <= customer["version"]


def _rows(kind: Kind, facts: Facts) -> Iterator[Fault]:
    """Live records are in the lists, with their current values. Deleted ones are in none."""
    for item in facts.of(kind):
        if wrong := misplaced(kind, item):
            yield Fault("row", item["id"], f"{', '.join(wrong)} differ from the record", kind.key(item["id"]))


def misplaced(kind: Kind, item: Item) -> list[str]:
    """The list attributes of a record that are wrong."""
    wanted: dict[str, Any] = {} if is_deleted(item) else row(kind, item)
    stored: dict[str, Any] = {name: item[name] for name in LISTED if name in item}
    return sorted(name for name in {*wanted, *stored} if wanted.get(name) != stored.get(name))


def _counters(kind: Kind, facts: Facts) -> Iterator[Fault]:
    """The counters of a list add up to the number of live records."""
    alive = sum(1 for item in facts.of(kind) if not is_deleted(item))
    if facts.counters[kind.list] != alive:
        message = f"the counters add up to {facts.counters[kind.list]}, but there are {alive}"
        yield Fault("counter", kind.list, message, keys.counters(kind.list)[0])


def _memberships(facts: Facts, *, check_copies: bool) -> Iterator[Fault]:
    """Each membership has an existing group and a live customer, and up-to-date copies of the customer."""
    for one in facts.memberships:
        key = Key(one["PK"], one["SK"])
        group = facts.records.get(keys.group(keys.id_of(key.PK)))
        customer = facts.records.get(keys.customer(keys.id_of(key.SK)))
        if group is None:
            yield Fault(
                "membership", keys.id_of(key.PK), f"has the member {keys.id_of(key.SK)} but does not exist", key
            )
        if customer is None or is_deleted(customer):
            yield Fault("membership", keys.id_of(key.SK), f"is in {keys.id_of(key.PK)} but does not exist", key)
        elif (group is None or not is_deleted(group)) and (one.get("member_customer"), one.get("member_group")) != (
            key.SK,
            key.PK,
        ):
            yield Fault("membership", keys.id_of(key.SK), "is missing from the index by customer", key)
        elif check_copies and group and not is_deleted(group) and not _is_copy(one, customer):
            yield Fault("copy", customer["id"], f"its copy in {keys.id_of(key.PK)} is out of date", key)


def _is_copy(membership: Item, customer: Item) -> bool:
    return copy_in(membership) == copy_for(customer) and membership.get("LIST") == list_of(membership)


def is_counted(membership: Item) -> bool:
    """Whether a membership is in the group's count and in its history. Scheduled ones are not."""
    return Membership.of(membership).is_counted


def list_of(membership: Item) -> str:
    """The list that a membership must be in."""
    group_id = keys.id_of(membership["PK"])
    return keys.members(group_id) if is_counted(membership) else keys.scheduled_members(group_id)


def copy_in(membership: Item) -> dict[str, Any]:
    """The copies that a membership has."""
    return {"by_created": membership.get("by_created"), **(membership.get("customer") or {})}


def copy_for(customer: Item) -> dict[str, Any]:
    """The copies that a membership of a customer must have."""
    return {"by_created": customer["by_created"], **summaries.copy_of(customer)}


def _locks(facts: Facts) -> Iterator[Fault]:
    """Every name, e-mail address and key has a lock held by its record, and there are no other locks."""
    wanted: dict[Key, list[str]] = defaultdict(list)
    for kind in KINDS.values():
        for item in facts.of(kind):
            for lock in {} if is_deleted(item) else locks(kind, item):
                wanted[lock].append(item["id"])
    for lock, ids in wanted.items():
        for item_id in ids:
            if facts.locks.get(lock) != item_id:
                holder = facts.locks.get(lock)
                yield Fault("lock", item_id, f"its name is locked by {holder or 'no record'}", lock)
    for lock, holder in facts.locks.items():
        if holder not in wanted.get(lock, ()):
            yield Fault(
                "stray lock", holder, f"holds a {lock.PK.partition('#')[0]} lock for a name that it does not have", lock
            )


def _tokens(facts: Facts) -> Iterator[Fault]:
    """Every live record has exactly the search tokens of its search text."""
    found = dict(facts.tokens)
    for kind in KINDS.values():
        for item in facts.of(kind):
            mine = found.pop(item["id"], {})
            wanted = {} if is_deleted(item) else tokens_of(kind, item)
            for key in wanted.keys() | mine.keys():
                if key not in mine or key not in wanted:
                    yield Fault("token", item["id"], "a search token is missing or should not exist", key)
                elif tokens.copy_of(mine[key]) != wanted[key]:
                    yield Fault("token", item["id"], "a search token is out of date", key)
    for item_id, theirs in found.items():
        for key in theirs:
            yield Fault("token", item_id, "has a search token but does not exist", key)


def tokens_of(kind: Kind, item: Item) -> dict[Key, dict[str, Any]]:
    """The tokens that a live record must have, by key, with their attributes."""
    return dict.fromkeys(tokens.of(kind, item), tokens.copy_of(item))


def _changes(facts: Facts) -> Iterator[Fault]:
    """There is one change for each version. Additions minus removals are the members."""
    members: dict[str, set[str]] = defaultdict(set)
    for one in filter(is_counted, facts.memberships):
        members[one["PK"]].add(keys.id_of(one["SK"]))
    for partition in facts.changes.keys() | {key.PK for key in facts.records}:
        subject = keys.id_of(partition)
        key = keys.group(subject) if partition.startswith("GROUP#") else keys.customer(subject)
        item, changes = facts.records.get(key), facts.changes.get(partition, [])
        if message := _versions(item, changes):
            yield Fault("history", subject, message, key)
        if item and key.SK == "GROUP" and (message := _members_by_changes(item, changes, members[partition])):
            yield Fault("members' history", subject, message, key)


def _references(facts: Facts) -> Iterator[Fault]:
    """`reference_count` is the number of references. Those of a deleted group wait for the clean-up."""
    for item in facts.of(GROUP):
        counted, there = int(item.get("reference_count", 0)), facts.references[str(item["PK"])]
        if counted != there and not is_deleted(item):
            message = f"reference_count is {counted}, and there are {there} references"
            yield Fault("references", item["id"], message, GROUP.key(item["id"]))
    for partition in facts.references.keys() - {key.PK for key in facts.records}:
        group_id = keys.id_of(partition)
        if facts.references[partition]:
            yield Fault("references", group_id, "has references and does not exist", GROUP.key(group_id))


def _terms(facts: Facts) -> Iterator[Fault]:
    """Each membership that begins or ends has a term item, and its group's `term_at` is not after it."""
    each = map(Membership.of, facts.memberships)
    wanted = {keys.term(one.group_id, one.term_at, one.customer_id): one for one in each if one.term_at}
    for key in facts.terms ^ wanted.keys():
        group = facts.records.get(keys.group(keys.id_of(key.PK)))
        if group is None or not is_deleted(group):
            yield Fault("term", keys.customer_of_term(key), "a term item is missing or should not exist", key)
    for one in wanted.values():
        group = facts.records.get(keys.group(one.group_id))
        if group and not is_deleted(group) and not (term_at(group) or "~") <= str(one.term_at):
            message = f"term_at of {one.group_id} is after the next moment of its memberships"
            yield Fault("term", one.customer_id, message, keys.group(one.group_id))


def term_at(group: Item) -> str | None:
    """The moment from which `apply_terms` considers a group. None if it is not in the index."""
    return str(group["term_at"]) if "term_at" in group and group.get("term_list") == keys.TERMS else None


def _versions(item: Item | None, changes: Iterable[Item]) -> str | None:
    """Describes what is wrong with the versions in a record's changes, if anything."""
    by_version = sorted((one["version"], str(one["type"])) for one in changes if "version" in one)
    versions = [version for version, _ in by_version]
    if len(set(versions)) < len(versions):
        return f"several changes have the same version: {versions}"
    if item is None:
        # An expired tombstone leaves its history, which ends with the deletion.
        return None if not by_version or by_version[-1][1] == "deleted" else "has a history but does not exist"
    first = versions[0] if versions and may_have_expired_changes(item) else 1
    last = item["version"]
    if "source_number" in item:
        # When a source deletes a customer twice, the version increases without a change.
        return None if not versions or versions[-1] <= last else f"version is {last}, its changes have {versions}"
    if versions != list(range(first, last + 1)) and not (not versions and may_have_expired_changes(item)):
        return f"version is {last}, its changes have {versions}"
    return None


def may_have_expired_changes(item: Mapping[str, Any]) -> bool:
    """Whether the first changes of a record may have expired. Only changes of customers expire."""
    if not str(item["PK"]).startswith("CUSTOMER#"):
        return False
    kept_since = datetime.now(UTC) - CUSTOMER_CHANGES_KEPT + timedelta(days=1)
    return datetime.fromisoformat(str(item.get("created_at", "1970-01-01T00:00:00Z"))) < kept_since


def _members_by_changes(group: Item, changes: Iterable[Item], there: set[str]) -> str | None:
    balance: Counter[str] = Counter()
    for change in changes:
        balance.update(change.get("added", ()))
        balance.subtract(change.get("removed", ()))
    if not set(balance.values()) <= {0, 1}:
        return "contains additions or removals that did not happen"
    if not is_deleted(group) and {one for one, times in balance.items() if times} != there:
        return "does not result in the current members"
    return None
