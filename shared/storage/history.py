"""The history of a group: its changes, newest first."""

from itertools import islice
from typing import NamedTuple

from shared import keys, wire
from shared.storage import groups, table
from shared.storage.table import Item


class Changes(NamedTuple):
    """A page of changes, and the position of the last if more follow."""

    items: list[Item]
    next_position: str | None


def of_group(group_id: str, limit: int, after: str | None) -> Changes:
    """Raises CustomerGroupNotFound."""
    groups.get(group_id)
    partition = keys.group(group_id).PK
    found = table.query(
        table.Condition(
            "PK = :group AND begins_with(SK, :changes)", {":group": partition, ":changes": keys.CHANGE_PREFIX}
        ),
        after={"PK": partition, "SK": after} if after else None,
        descending=True,
        page_size=limit + 1,
    )
    window = list(islice(found, limit + 1))
    shown = window[:limit]
    return Changes(shown, shown[-1]["SK"] if len(window) > limit else None)


def view(change: Item) -> dict[str, object]:
    """A change as the API shows it: what it was and became, or who was added and removed."""
    return {
        "id": change["id"],
        "type": change["type"],
        "at": change["at"],
        "actor": change["actor"],
        "version": int(change["version"]) if "version" in change else None,
        "before": wire.loads(change["before"]) if "before" in change else None,
        "after": wire.loads(change["after"]) if "after" in change else None,
        "added": change.get("added", []),
        "removed": change.get("removed", []),
    }
