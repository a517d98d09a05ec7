"""Time and the ids that carry it."""

from datetime import UTC, datetime
from typing import Final, Literal

from ulid import ULID

IDEMPOTENCY_HOURS: Final = 24

type IdPrefix = Literal["cusgroup", "cus", "change"]


def iso(moment: datetime) -> str:
    """The wire form of a moment: ISO 8601 in UTC with milliseconds and `Z`. Sorts as text."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def now() -> str:
    return iso(datetime.now(UTC))


def new_id(prefix: IdPrefix) -> str:
    """A new id: ULIDs sort by creation."""
    return f"{prefix}_{ULID()}"


def born(item_id: str) -> str:
    """When an id of ours was made, to the millisecond."""
    return iso(ULID.from_str(item_id.partition("_")[2]).datetime)


def epoch_seconds() -> int:
    """Now as DynamoDB's TTL counts it."""
    return int(datetime.now(UTC).timestamp())
