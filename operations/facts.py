"""The items of a table by type, as the consistency rules need them."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

from shared.dynamodb.expressions import Item, Key
from shared.storage import keys, references
from shared.storage.kind import Kind
from shared.storage.kinds import CUSTOMER, GROUP

type What = Literal[
    "count",
    "row",
    "lock",
    "stray lock",
    "counter",
    "token",
    "membership",
    "copy",
    "summary",
    "history",
    "members' history",
    "references",
    "rule",
    "rule's reference",
    "exceptions",
    "due",
    "automatic membership",
    "term",
]

HEAVY: Final = frozenset({"metadata", "before", "after"})
"""Large attributes that no rule needs."""
KINDS: Final[Mapping[str, Kind]] = {"GROUP": GROUP, "CUSTOMER": CUSTOMER}


class Fault(NamedTuple):
    """A broken rule: the rule, the group, customer or list, a description, and the key of the affected item."""

    what: What
    subject: str
    message: str
    key: Key


@dataclass
class Facts:
    """The items of a table by type, without the attributes that no rule needs."""

    records: dict[Key, Item] = field(default_factory=dict)
    summaries: dict[Key, Item] = field(default_factory=dict)
    memberships: list[Item] = field(default_factory=list)
    locks: dict[Key, str] = field(default_factory=dict)
    tokens: dict[str, dict[Key, Item]] = field(default_factory=lambda: defaultdict(dict))
    changes: dict[str, list[Item]] = field(default_factory=lambda: defaultdict(list))
    counters: Counter[str] = field(default_factory=Counter)
    references: Counter[str] = field(default_factory=Counter)
    """How many references each group has, by its partition."""
    rules: dict[str, Item] = field(default_factory=dict)
    """The rules of automatic groups, by the id of the group."""
    mentions: set[Key] = field(default_factory=set)
    """The references from rules."""
    due: dict[str, set[Key]] = field(default_factory=lambda: defaultdict(set))
    """The due items of each customer."""
    terms: set[Key] = field(default_factory=set)
    """The term items."""

    def add(self, item: Item) -> None:
        """Add one item. Items that no rule applies to, such as stored responses, are ignored."""
        key = Key(item["PK"], item["SK"])
        item = {name: value for name, value in item.items() if name not in HEAVY}
        if key.SK in KINDS:
            self.records[key] = item
        elif key.SK == keys.SUMMARY:
            self.summaries[key] = item
        elif key.SK == "LOCK":
            self.locks[key] = item["holder"]
        elif key.SK.startswith(keys.CHANGE_PREFIX):
            self.changes[key.PK].append(item)
        elif key.PK.startswith("TOKEN#"):
            self.tokens[key.SK.rpartition("#")[2]][key] = item
        elif key.PK.startswith(keys.COUNTER_PREFIX):
            self.counters[keys.list_of_counter(key)] += item["total"]
        elif key.SK.startswith(keys.MEMBERSHIP_PREFIX):
            self.memberships.append(item)
        elif key.SK.startswith(keys.REFERENCE_PREFIX):
            self.references[key.PK] += 1
            if is_of_rule(key):
                self.mentions.add(key)
        else:
            self._add_others(key, item)

    def _add_others(self, key: Key, item: Item) -> None:
        if key.SK.startswith(keys.RULE_PREFIX):
            self.rules[item["group_id"]] = item
        elif key.SK.startswith(keys.TERM_PREFIX):
            self.terms.add(key)
        elif key.PK.startswith(keys.DUE_PREFIX):
            self.due[keys.customer_due(key)].add(key)

    def of(self, kind: Kind) -> Iterator[Item]:
        return (item for key, item in self.records.items() if KINDS[key.SK] is kind)


def is_of_rule(reference: Key) -> bool:
    """Whether a reference is from the rule of a group."""
    return reference.SK.startswith(f"{keys.REFERENCE_PREFIX}{references.RULES}#")


def is_deleted(item: Mapping[str, Any]) -> bool:
    return "deleted_at" in item
