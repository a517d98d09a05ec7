"""Search tokens. They are written in the same transaction as their group or customer.

A token has copies of the attributes that lists filter and order by, so most searches do not read any records.
"""

from collections.abc import Mapping
from typing import Any, Final

from shared.dynamodb import actions
from shared.dynamodb.actions import Action
from shared.dynamodb.expressions import Item, Key
from shared.storage import keys
from shared.storage.kind import Kind

COPIED: Final = ("search_text", "created_at", "created_by", "has_account")


def difference(kind: Kind, before: Item | None, after: Item | None) -> list[Action]:
    """The writes that replace the tokens of one state of an item with those of the next. None means not listed."""
    if before and after and copy_of(before) == copy_of(after):
        return []
    old, new = of(kind, before), of(kind, after)
    writes = [actions.delete(key) for key in sorted(old - new)]
    return writes + (actions.put_each(sorted(new), copy_of(after)) if after else [])


def of(kind: Kind, item: Item | None) -> set[Key]:
    """The keys of the tokens of a listed item."""
    if item is None:
        return set()
    return {keys.token(kind.list, token, item["id"]) for token in kind.search.tokens(item["search_text"])}


def copy_of(item: Mapping[str, Any]) -> dict[str, Any]:
    """The copies that a token has of its item's attributes."""
    return {name: item[name] for name in COPIED if name in item}
