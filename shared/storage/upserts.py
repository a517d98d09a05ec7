"""Upserts: create the record of an own key, update it, or leave it unchanged. Repeating an upsert has no effect."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from shared.domain.errors import NotFound, OwnKeyTaken
from shared.dynamodb import retries
from shared.dynamodb.retries import Stale
from shared.storage import creation_marks, own_keys, record_writes, records
from shared.storage.kind import Kind
from shared.storage.preconditions import Precondition
from shared.storage.record_writes import NO_EXTRA, Extra

type Result = Literal["created", "updated", "unchanged"]


def _nothing(*_: object) -> Extra:
    return NO_EXTRA


@retries.when_stale
def upsert[R](
    kind: Kind[R],
    own_key: str,
    new_id: Callable[[], str],
    wanted: Callable[[R | None], Mapping[str, Any]],
    actor: str,
    precondition: Precondition,
    *,
    request_key: str | None,
    extra: Callable[[str, R | None, Mapping[str, Any]], Extra] = _nothing,
) -> tuple[R, Result]:
    """Set the `wanted` attributes of the record with a key. Returns the record and whether it was created or updated.

    The writes are conditional: a record is only created if no record has the key, and only changed if it is as it was
    read, including its key. If two requests do this at the same time, the second one reads again. `extra` gets the id,
    the present record and the wanted values.
    """
    present: Any = _present(kind, own_key)
    if present is None:
        precondition.check_absent()
        item_id = new_id()
        first = {**wanted(None), "key": own_key}
        try:
            return record_writes.create(
                kind, item_id, first, actor, request_key=request_key, extra=extra(item_id, None, first)
            ), "created"
        except OwnKeyTaken:
            raise Stale from None
    if request_key and creation_marks.created_by_request(request_key) == present["id"]:
        return present, "created"
    precondition.check(present["version"])
    values = wanted(present)
    revised: R = record_writes.update_unchanged(
        kind, present, values, actor, extra=extra(present["id"], present, values)
    )
    return revised, "unchanged" if revised is present else "updated"


def _present(kind: Kind, own_key: str) -> Any:
    """The record that has the key, or None. Raises Stale if this changes while it is read."""
    item_id = own_keys.holder(kind, own_key)
    if item_id is None:
        return None
    try:
        found = records.get(kind, item_id, consistent=True)
    except NotFound:
        raise Stale from None  # deleted after its lock was read, and the lock as well
    if found.get("key") != own_key:
        raise Stale
    return found
