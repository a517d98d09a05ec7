"""Large metadata is stored in an item of its own.

The cost of a write depends on the size of the whole item, and each membership transaction updates the count in the
group's record. With 100 kB of metadata inside, each such write would cost 200 units, and a group could change only five
times a second. The record stores the version at which its metadata was moved out, which is part of the key, and the
size of the item, so that a list knows what reading it will cost.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from shared.domain import exact_json
from shared.dynamodb import actions, metering, reads, retries
from shared.dynamodb.actions import Action
from shared.dynamodb.expressions import Item, Key
from shared.dynamodb.values import size
from shared.storage import keys

MAX_INLINE_BYTES: Final = 4_000
"""Up to this size, metadata stays in the record: reading it there costs hardly more."""
REFERENCE: Final = "metadata_at"
"""The attribute of a record that holds the version at which its metadata was moved out."""
SIZE: Final = "metadata_size"
"""The attribute of a record that holds the size of its metadata as it is stored, in bytes."""
ATTRIBUTES: Final = (REFERENCE, SIZE)
"""What a record has instead of large metadata."""
LARGEST_UNITS: Final = 19
"""What reading metadata costs at most. Lists of one-digit numbers take half as many bytes more than in JSON."""
_MOST_OF_KEYS: Final = 600
"""What the item has besides metadata, in bytes: keys with an id of 128 characters, and names of attributes."""


def as_stored(values: Mapping[str, Any]) -> Item:
    """The values as the record stores them: large metadata is replaced by a reference."""
    if not _is_large(values.get("metadata")):
        return {name: value for name, value in values.items() if name not in ATTRIBUTES}
    apart = {REFERENCE: values["version"], SIZE: size(values["metadata"])}
    return {**{name: value for name, value in values.items() if name != "metadata"}, **apart}


def units(record: Mapping[str, Any]) -> float:
    """What reading the large metadata of a record costs: 0 if it has none, the most if its size was not stored yet."""
    if REFERENCE not in record:
        return 0
    return metering.units(record[SIZE] + _MOST_OF_KEYS) if SIZE in record else LARGEST_UNITS


def writes(key: Key, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[Action]:
    """The actions that store the large metadata of a new version and delete that of the old one."""
    old = [actions.delete(keys.metadata(key, int(before[REFERENCE])))] if before and REFERENCE in before else []
    if after is None or not _is_large(after.get("metadata")):
        return old
    apart = keys.metadata(key, int(after["version"]))._asdict() | {"metadata": after["metadata"]}
    return [*old, actions.put(apart)]


def get(key: Key, *, consistent: bool = False) -> Item | None:
    """A record with its metadata."""
    for _ in retries.attempts():
        item = reads.get(key, consistent=consistent)
        if item is None or REFERENCE not in item:
            return item
        if apart := reads.get(keys.metadata(key, item[REFERENCE]), consistent=consistent):
            return {**item, "metadata": apart["metadata"]}
        # The record changed after it was read, or the metadata is too new for an eventually consistent read.
        consistent = True
    raise AssertionError("attempts() ends by raising")


def batch_get(asked: Iterable[Key], *, consistent: bool = False, attributes: Sequence[str] = ()) -> dict[Key, Item]:
    """The records that exist among the keys, each with all attributes or only `attributes`."""
    wants_metadata = not attributes or "metadata" in attributes
    needed = (*attributes, REFERENCE) if attributes and wants_metadata else attributes
    found = reads.batch_get(asked, consistent=consistent, attributes=needed)
    return completed(found, consistent=consistent, attributes=needed) if wants_metadata else found


def completed(
    stored: Mapping[Key, Item], *, consistent: bool = False, attributes: Sequence[str] = ()
) -> dict[Key, Item]:
    """Records that were read as they are stored, with their metadata. Those that have changed since are read again."""
    found = dict(stored)
    places = _places(found)
    for _ in retries.attempts():
        apart = reads.batch_get(places.values(), consistent=consistent)
        found |= {key: {**found[key], **_content(apart[place])} for key, place in places.items() if place in apart}
        left = [key for key, place in places.items() if place not in apart]
        if not left:
            return found
        consistent = True
        again = reads.batch_get(left, consistent=True, attributes=attributes)
        found = {key: item for key, item in found.items() if key not in left} | again
        places = _places(again)
    raise AssertionError("attempts() ends by raising")


def _places(records: Mapping[Key, Item]) -> dict[Key, Key]:
    return {key: keys.metadata(key, item[REFERENCE]) for key, item in records.items() if REFERENCE in item}


def _content(apart: Item) -> Item:
    return {"metadata": apart["metadata"]}


def _is_large(metadata: object) -> bool:
    return metadata is not None and len(exact_json.dumps(metadata).encode()) > MAX_INLINE_BYTES
