"""The table as a test sees it: every item, and the rules that must hold between them whatever happened."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from shared import keys, search
from shared.keys import Key
from shared.storage import tokens
from shared.storage.kinds import CUSTOMER, GROUP
from shared.storage.records import Kind
from shared.storage.table import Item, from_wire

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_KINDS: Final = ((GROUP, "GROUP", "customer_count"), (CUSTOMER, "CUSTOMER", "group_count"))


class Table:
    """A table of one test."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self.client = client
        self.name = name

    def items(self) -> list[Item]:
        pages = self.client.get_paginator("scan").paginate(TableName=self.name, ConsistentRead=True)
        return [from_wire(item) for page in pages for item in page["Items"]]

    def contents(self) -> dict[Key, Item]:
        """Everything that is stored, to be compared with what is stored later."""
        return {Key(item["PK"], item["SK"]): item for item in self.items()}

    def item(self, key: Key) -> Item:
        return self.contents()[key]

    def memberships(self) -> set[tuple[str, str]]:
        """Who is in which group, as pairs of group and customer."""
        return {(keys.id_of(one["PK"]), keys.id_of(one["SK"])) for one in self.items() if _is_membership(one)}

    def changes(self, of_id: str) -> list[Item]:
        """The changes of one group or customer, oldest first."""
        mine = [item for item in self.items() if _is_change(item) and item["subject_id"] == of_id]
        return sorted(mine, key=lambda change: str(change["SK"]))

    def check(self) -> None:
        """Assert that counts, locks, counters, tokens, versions and the history agree with what there is."""
        items = self.items()
        memberships = [item for item in items if _is_membership(item)]
        changes = [item for item in items if _is_change(item)]
        for kind, sort_key, count in _KINDS:
            records = [item for item in items if item["SK"] == sort_key]
            alive = [record for record in records if "deleted_at" not in record]
            _check_counts(records, memberships, count)
            _check_listed(kind, records)
            _check_locks(kind, alive, items)
            _check_counter(kind, alive, items)
            _check_tokens(kind, alive, items)
            _check_versions(records, [change for change in changes if change["subject"] == sort_key.lower()])
        _check_history_of_members(changes, memberships, items)


def _is_membership(item: Item) -> bool:
    return str(item["PK"]).startswith("GROUP#") and str(item["SK"]).startswith(keys.MEMBERSHIP_PREFIX)


def _is_change(item: Item) -> bool:
    return str(item["SK"]).startswith(keys.CHANGE_PREFIX)


def _check_counts(records: Iterable[Item], memberships: Iterable[Item], count: str) -> None:
    side = "PK" if count == "customer_count" else "SK"
    found = Counter(keys.id_of(one[side]) for one in memberships)
    for record in records:
        expected = record[count] if count == "customer_count" or "deleted_at" not in record else 0
        assert found[record["id"]] == expected, f"{record['id']} counts {expected} and has {found[record['id']]}"
    assert set(found) <= {record["id"] for record in records}, "a membership of nobody"


def _check_listed(kind: Kind, records: Iterable[Item]) -> None:
    for record in records:
        assert (record.get("LIST") == kind.list) is ("deleted_at" not in record), f"{record['id']} is listed wrongly"


def _check_locks(kind: Kind, alive: Iterable[Item], items: Iterable[Item]) -> None:
    prefix = "GROUP_NAME#" if kind is GROUP else "EMAIL#"
    held = {item["PK"]: item["holder"] for item in items if item["SK"] == "LOCK" and item["PK"].startswith(prefix)}
    assert held == {lock.PK: one["id"] for one in alive if (lock := kind.lock(one))}, "locks and names differ"


def _check_counter(kind: Kind, alive: list[Item], items: Iterable[Item]) -> None:
    partition = keys.counter_partition(kind.list)
    total = sum(item["total"] for item in items if item["PK"] == partition)
    assert total == len(alive), f"{total} {kind.list} are counted, {len(alive)} are there"


def _check_tokens(kind: Kind, alive: Iterable[Item], items: Iterable[Item]) -> None:
    found: dict[str, dict[str, Item]] = defaultdict(dict)
    for item in items:
        if item["PK"].startswith(f"TOKEN#{kind.list}#"):
            token, _, item_id = item["SK"].rpartition("#")
            found[item_id][token] = item
    for record in alive:
        mine = found.pop(record["id"], {})
        if "tokens_deferred" in record:
            continue
        assert set(mine) == search.tokens(record["search_text"]), f"tokens of {record['id']} differ from its text"
        for item in mine.values():
            assert {name: item.get(name) for name in tokens.COPIED} == {
                name: record.get(name) for name in tokens.COPIED
            }, f"a token of {record['id']} is out of date"
    deferred = {record["id"] for record in items if "tokens_deferred" in record}
    assert set(found) <= deferred, f"tokens of what is not there: {set(found) - deferred}"


def _check_versions(records: Iterable[Item], changes: Iterable[Item]) -> None:
    recorded: dict[str, list[int]] = defaultdict(list)
    for change in changes:
        if "version" in change:
            recorded[change["subject_id"]].append(int(change["version"]))
    for record in records:
        versions = sorted(recorded.pop(record["id"], []))
        assert versions == list(range(1, int(record["version"]) + 1)), f"{record['id']} has changes {versions}"
    assert not recorded, f"changes of what never was: {set(recorded)}"


def _check_history_of_members(changes: Iterable[Item], memberships: Iterable[Item], items: Iterable[Item]) -> None:
    """Additions less removals, over the whole history, are the members."""
    balance: Counter[tuple[str, str]] = Counter()
    for change in changes:
        balance.update((change["subject_id"], one) for one in change.get("added", []))
        balance.subtract((change["subject_id"], one) for one in change.get("removed", []))
    deleted = {item["id"] for item in items if item["SK"] == "GROUP" and "deleted_at" in item}
    told = {pair for pair, times in balance.items() if times and pair[0] not in deleted}
    assert set(balance.values()) <= {0, 1}, "the history tells of additions or removals that did not happen"
    there = {(keys.id_of(one["PK"]), keys.id_of(one["SK"])) for one in memberships}
    assert told == {pair for pair in there if pair[0] not in deleted}, "the history and the members differ"
