"""How groups and customers differ, and the attributes that put both into lists."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

from shared.domain import search
from shared.domain.errors import ApiError
from shared.domain.search import Search
from shared.dynamodb.expressions import Item, Key
from shared.storage import keys
from shared.storage.keys import ListName


class Unique[R = Any](NamedTuple):
    """A value that is unique among records of the kind: a name, an e-mail address or an own key."""

    lock: Callable[[R], Key | None]
    """The lock that keeps the value unique, or None if the record has no value."""
    taken: Callable[[R], ApiError]


class Kind[R = Any](NamedTuple):
    """Groups or customers. `R` is the type of their items, or Any in code that handles both."""

    list: ListName
    key: Callable[[str], Key]
    attributes: tuple[str, ...]
    """The attributes that a client can set. Their changes appear in the history."""
    unique: tuple[Unique[R], ...]
    name_locks: Callable[[str], Iterable[Key]]
    """All locks that an item with a given name may hold."""
    own_key_lock: Callable[[str], Key]
    not_found: Callable[[str], ApiError]
    id_taken: Callable[[str], ApiError]
    texts: tuple[str, ...]
    """The attributes that are searched, the name first. The search text has one line for each, in this order."""
    search: Search
    sorted_texts: Mapping[str, str] = {}
    """Further sort keys, each with the attribute that it is built from."""
    contended: Callable[[str], Callable[[], None] | None] = lambda _: None
    """What to do when a write to the item with this id conflicts with another transaction."""


def locks[R](kind: Kind[R], item: R) -> dict[Key, Unique[R]]:
    """The locks of an item, each with the unique value that it protects."""
    return {lock: unique for unique in kind.unique if (lock := unique.lock(item))}


LISTED: Final = (
    "LIST",
    "account_list",
    "by_created",
    "by_updated",
    "by_name",
    "by_first_name",
    "by_last_name",
    "by_company_name",
    "search_text",
)
"""The attributes that put an item into lists. A deleted item has none of them."""


def row(kind: Kind, item: Item) -> dict[str, Any]:
    """The values of the attributes that put an item into lists."""
    item_id = item["id"]
    texts = {"by_name": kind.texts[0], **kind.sorted_texts}
    return {
        "LIST": kind.list,
        "by_created": keys.sort_key(item["created_at"], item_id),
        "by_updated": keys.sort_key(item["updated_at"], item_id),
        **{by: keys.sort_key(search.line(item[name]), item_id) for by, name in texts.items()},
        "search_text": kind.search.text([item[name] for name in kind.texts]),
        **({"account_list": keys.accounts(has_account=item["has_account"])} if "has_account" in item else {}),
    }
