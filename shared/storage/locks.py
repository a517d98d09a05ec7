"""Locks: items that keep names, e-mail addresses and keys unique."""

from typing import Any

from shared.dynamodb import actions
from shared.dynamodb.actions import Action
from shared.dynamodb.expressions import ABSENT, Key
from shared.dynamodb.retries import Stale
from shared.storage.kind import Kind, Unique, locks


def hold(kind: Kind, before: Any, after: Any) -> list[Action]:
    """Take the locks of what an item has become, and release those of what it was. None stands for not there."""
    old, new = (locks(kind, item) if item else {} for item in (before, after))
    return [
        *(_take(lock, after, new[lock]) for lock in new if lock not in old),
        *(_release(lock, before) for lock in old if lock not in new),
    ]


def _take(lock: Key, item: Any, unique: Unique) -> Action:
    return actions.put(lock._asdict() | {"holder": item["id"]}, ABSENT, unique.taken(item))


def _release(lock: Key, item: Any) -> Action:
    return actions.delete(lock, "holder = :id", Stale(), where={":id": item["id"]})
