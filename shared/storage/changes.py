"""The change items: what happened, who did it, when, and what it did. Every write transaction appends its own.

A change is the group's history and, through the table's stream, the event that other systems see. `before` and `after`
hold only what changed, as JSON text: it takes less room than a map and keeps every number as it was.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from shared import clock, keys, wire
from shared.keys import Key
from shared.storage import table

type ChangeType = Literal["created", "updated", "deleted", "customers_added", "customers_removed"]

CUSTOMER_CHANGES_KEPT: Final = timedelta(days=90)
"""Changes of customers hold personal data, so they expire; those of groups are kept."""


def append(
    of: Key,
    what: ChangeType,
    actor: str,
    *,
    version: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    added: Sequence[str] = (),
    removed: Sequence[str] = (),
) -> table.Write:
    """The write that records one change of a group or customer. Changes of members do not move the version."""
    change_id = clock.new_id("change")
    item: dict[str, Any] = {
        **keys.change(of, change_id)._asdict(),
        "id": change_id,
        "subject": of.SK.lower(),
        "subject_id": keys.id_of(of.PK),
        "type": what,
        "at": clock.now(),
        "actor": actor,
    }
    if version is not None:
        item["version"] = version
    if before is not None:
        item["before"] = wire.dumps(before)
    if after is not None:
        item["after"] = wire.dumps(after)
    if added:
        item["added"] = list(added)
    if removed:
        item["removed"] = list(removed)
    if of.SK == keys.customer("").SK:
        item["expires_at"] = int((datetime.now(UTC) + CUSTOMER_CHANGES_KEPT).timestamp())
    return table.put(item)


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The attributes that differ, as they were and as they are; of metadata only the keys that differ."""
    was: dict[str, Any] = {}
    became: dict[str, Any] = {}
    for name, new in after.items():
        old = before.get(name)
        if wire.same(old, new):
            continue
        if name == "metadata" and isinstance(old, dict) and isinstance(new, dict):
            changed = [
                key for key in {**old, **new} if not (key in old and key in new and wire.same(old[key], new[key]))
            ]
            was[name] = {key: old[key] for key in changed if key in old}
            became[name] = {key: new[key] for key in changed if key in new}
        else:
            was[name], became[name] = old, new
    return was, became
