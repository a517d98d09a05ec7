"""Own keys: keys that clients set for groups and customers. `key:<own key>` is accepted wherever an id is.

A lock makes the key unique, as for names. The lock contains the id of the record that has the key.
"""

from collections.abc import Iterable

from shared.domain import ids
from shared.dynamodb import reads
from shared.storage.kind import Kind


def id_of(kind: Kind, given: str) -> str:
    """The id for an id or `key:<own key>`. Raises the kind's NotFound if no record has the key."""
    own_key = ids.own_key(given)
    if own_key is None:
        return given
    found = holder(kind, own_key)
    if found is None:
        raise kind.not_found(given)
    return found


def holder(kind: Kind, own_key: str) -> str | None:
    """The id of the record that has a key, read consistently."""
    lock = reads.get(kind.own_key_lock(own_key), consistent=True)
    return str(lock["holder"]) if lock else None


def resolved(kind: Kind, given: Iterable[str], *, consistent: bool = True) -> list[str]:
    """The ids for ids and keys. A key that no record has is returned as it is, and matches nothing."""
    all_given = list(given)
    wanted = {one: kind.own_key_lock(own_key) for one in all_given if (own_key := ids.own_key(one))}
    locks = reads.batch_get(wanted.values(), consistent=consistent) if wanted else {}
    held = {one: str(locks[lock]["holder"]) for one, lock in wanted.items() if lock in locks}
    return [held.get(one, one) for one in all_given]
