"""Search tokens: which to write and which to delete when a group or customer changes."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from shared import keys, search
from shared.keys import ListName
from shared.storage import table

COPIED: Final = ("by_created", "by_name", "search_text", "created_by", "has_account")
"""What a token carries of its item, so that a search can filter, sort and count without reading the items."""


def difference(
    of_list: ListName, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> list[table.Write]:
    """The writes that turn the tokens of one state of an item into those of the next. None stands for not listed."""
    if before and after and copy_of(before) == copy_of(after):
        return []
    old = search.tokens(before["search_text"]) if before else set()
    new = search.tokens(after["search_text"]) if after else set()
    writes = [table.delete(keys.token(of_list, token, before["id"])) for token in sorted(old - new)] if before else []
    if after:
        writes += table.put_each((keys.token(of_list, token, after["id"]) for token in sorted(new)), copy_of(after))
    return writes


def find(of_list: ListName, word: str) -> Iterator[table.Item]:
    """The tokens that begin with a word of two letters or more. One item may be found by several of its tokens."""
    begin = word[: search.LONGEST_TOKEN]
    values = {":partition": keys.token_partition(of_list, begin), ":begin": begin}
    return table.query(table.Condition("PK = :partition AND begins_with(SK, :begin)", values))


def copy_of(item: Mapping[str, Any]) -> dict[str, Any]:
    """What a token carries of its item."""
    return {name: item[name] for name in COPIED if name in item}
