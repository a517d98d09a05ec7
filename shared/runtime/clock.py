"""The current time."""

from datetime import UTC, datetime

from shared.domain import moments


def now() -> str:
    """Now, in ISO 8601."""
    return moments.iso(datetime.now(UTC))


def epoch_seconds() -> int:
    """Now in seconds since 1970, as DynamoDB's TTL needs it."""
    return int(datetime.now(UTC).timestamp())
