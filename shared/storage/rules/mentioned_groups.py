"""The groups that rules mention: by id or own key in the rule, and as references on the groups."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from shared.domain.errors import InvalidData
from shared.domain.rules import parsing
from shared.dynamodb import actions
from shared.dynamodb.actions import Action
from shared.dynamodb.expressions import Item
from shared.dynamodb.retries import Stale
from shared.runtime import clock
from shared.storage import keys, own_keys, records, references
from shared.storage.kinds import GROUP
from shared.storage.records import IS_LIVE
from shared.storage.rules import store


def ids_by_name(rule: dict[str, Any]) -> dict[str, str]:
    """The id for each name of a group in the rule. Raises InvalidData for a group that does not exist."""
    found, missing = looked_up(rule)
    if missing:
        raise no_group(*missing[0])
    return found


def looked_up(rule: dict[str, Any]) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """The id for each name of a group in the rule, and the names of groups that do not exist, with their paths."""
    names = parsing.groups(rule)
    if not names:
        return {}, []
    found = dict(zip(names, own_keys.resolved(GROUP, names), strict=True))
    live = records.get_many(GROUP, found.values(), consistent=True, attributes=("version",))
    return found, [(name, path) for name, path in parsing.group_paths(rule) if found[name] not in live]


def no_group(name: str, path: str) -> InvalidData:
    return InvalidData.at(path, f"there is no customer group {name}", log_message="there is no such group")


def check_no_circle(group_id: str, group_ids: Mapping[str, str], rules_version: str | None) -> None:
    """Raises InvalidData if the group would depend on itself."""
    rules = store.of_version(rules_version).each

    def reached(from_id: str, way: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        if from_id == group_id:
            yield (*way, from_id)
        elif from_id in rules and from_id not in way:
            for one in rules[from_id].mentions:
                yield from reached(one, (*way, from_id))

    for name, mentioned in group_ids.items():
        if way := next(reached(mentioned, ()), None):
            through = f" through {', '.join(way[:-1])}" if way[:-1] else ""
            raise InvalidData.at("rule", f"the group would depend on itself: it mentions {name}{through}")


def mention(group_id: str, mentioned: Iterable[str], name: str, actor: str) -> Iterator[Action]:
    for one in sorted(mentioned):
        yield actions.put(reference(group_id, one, name, actor))
        yield count_reference(one, 1)


def reference(group_id: str, mentioned: str, name: str, actor: str) -> Item:
    """The item of a reference from the rule of a group on a group that it mentions."""
    item = {"system": references.RULES, "id": group_id, "label": name, "url": None, "created_by": actor}
    return {**keys.reference(mentioned, references.RULES, group_id)._asdict(), **item, "created_at": clock.now()}


def unmention(group_id: str, mentioned: Iterable[str]) -> list[Action]:
    live = records.get_many(GROUP, mentioned, consistent=True, attributes=("version",))
    return [
        write
        for one in sorted(live)
        for write in (actions.delete(keys.reference(one, references.RULES, group_id)), count_reference(one, -1))
    ]


def count_reference(mentioned: str, growth: int) -> Action:
    """The action that counts a new or a removed reference of a live group."""
    return actions.update(
        keys.group(mentioned),
        add={"reference_count": growth, "reference_change": 1},
        condition=IS_LIVE,
        refused=Stale(),
        contended=GROUP.contended(mentioned),
    )
