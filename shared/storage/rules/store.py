"""The rules of all automatic groups. They are compiled once, and read again when their version has changed.

All rules are in one partition, beside a version that every change of a rule replaces. So it takes one small read to
know that the rules in memory are those of the table.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from shared.domain import ids
from shared.domain.rules import compiler
from shared.domain.rules.compiler import Compiled
from shared.domain.rules.facts import Facts
from shared.dynamodb import actions, reads
from shared.dynamodb.actions import Action
from shared.dynamodb.expressions import Condition, Item
from shared.dynamodb.retries import Stale
from shared.storage import keys, records
from shared.storage.kinds import GROUP

EXCEPTIONS: Final = ("always", "never", "brought_by")
"""The attributes of a rule's item with its exceptions, and the job that brought them with a new group: an import."""


class StoredRule(NamedTuple):
    """The rule of one group, with its exceptions."""

    item: Item
    """The item as it is stored."""
    compiled: Compiled
    group_id: str
    version: int
    entry: str
    """Marks a customer that this rule has put into its group. Not valid any more once the group has been manual."""
    always: frozenset[str]
    never: frozenset[str]
    mentions: frozenset[str]
    """The ids of the groups that the rule mentions."""

    def decide(self, facts: Facts) -> bool:
        """Whether the customer belongs to the group. Exceptions come before the rule."""
        customer_id = facts.record["id"]
        if customer_id in self.never:
            return False
        return customer_id in self.always or self.compiled.matches(facts)


class Rules(NamedTuple):
    """The rules of all groups, by the id of the group."""

    version: str | None
    each: Mapping[str, StoredRule]
    mentioned: tuple[str, ...] = ()
    """The ids of the groups that any rule mentions, without deleted ones: nobody is in them."""
    timed: tuple[Compiled, ...] = ()
    """The rules whose result can change because time passes."""
    reads_metadata: bool = False

    def next_change(self, facts: Facts) -> str | None:
        """When any rule must judge a customer again, because time has passed."""
        found = (one.changes_at(facts) for one in self.timed)
        return min((at for at in found if at), default=None)


NONE: Final = Rules(None, {})


class Memory:
    """The rules that this container has read last."""

    rules: Rules = NONE


def version() -> str | None:
    """The version of the rules in the table."""
    return version_in(reads.get(keys.RULES_VERSION, consistent=True))


def version_in(item: Item | None) -> str | None:
    return str(item["version"]) if item else None


def of_version(version: str | None) -> Rules:
    """The rules in memory if they have this version. Otherwise they are read."""
    rules = Memory.rules  # once, because another thread may replace it
    if rules.version != version:
        rules = Memory.rules = _read(version)
    return rules


def current() -> Rules:
    """The rules in the table."""
    return of_version(version())


def get(group_id: str) -> Item | None:
    """The stored rule of a group."""
    return reads.get(keys.rule(group_id), consistent=True)


def renew(read: str | None = None, *, must_be_read: bool = False) -> Action:
    """The action that replaces the version. With `must_be_read`, no rule may have changed since `read`."""
    item = {**keys.RULES_VERSION._asdict(), "version": ids.new("change")}
    if not must_be_read:
        return actions.put(item)
    if read is None:
        return actions.put(item, "attribute_not_exists(PK)", Stale())
    return actions.put(item, "version = :read", Stale(), where={":read": read})


def item(group_id: str, rule: Mapping[str, Any], group_ids: Mapping[str, str], version: int, since: int) -> Item:
    """The item of a rule without exceptions. `group_ids` has the id for each name of a group in the rule."""
    return {
        **keys.rule(group_id)._asdict(),
        "group_id": group_id,
        "rule": dict(rule),
        "group_ids": dict(group_ids),
        "version": version,
        "since": since,
        "always": [],
        "never": [],
    }


def entry_of(since: int, group_id: str) -> str:
    """The entry of a rule in the summary of a customer."""
    return f"{since}#{group_id}"


def parts_of_entry(entry: str) -> tuple[int, str]:
    """The version at which the group became automatic, and the id of the group."""
    since, _, group_id = entry.partition("#")
    return int(since), group_id


def _read(version: str | None) -> Rules:
    mine = Condition("PK = :rules AND begins_with(SK, :rule)", {":rules": keys.RULES, ":rule": keys.RULE_PREFIX})
    each = {one["group_id"]: _compiled(one) for one in reads.query(mine, consistent=True)}
    all_compiled = [one.compiled for one in each.values()]
    return Rules(
        version,
        each,
        tuple(_live(group_id for one in each.values() for group_id in one.mentions)),
        tuple(one for one in all_compiled if one.depends_on_time),
        any(one.reads_metadata for one in all_compiled),
    )


def _compiled(item: Item) -> StoredRule:
    before = Memory.rules.each.get(item["group_id"])
    if before and before.item == item:
        return before
    return StoredRule(
        item,
        compiler.compiled(item["rule"], item["group_ids"]),
        item["group_id"],
        item["version"],
        entry_of(item["since"], item["group_id"]),
        frozenset(item["always"]),
        frozenset(item["never"]),
        frozenset(item["group_ids"].values()),
    )


def _live(group_ids: Iterable[str]) -> Iterable[str]:
    return records.get_many(GROUP, sorted(set(group_ids)), consistent=True, attributes=("version",))
