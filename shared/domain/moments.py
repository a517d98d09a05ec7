"""Dates and times as text."""

from datetime import UTC, datetime, timedelta
from typing import Final

MILLISECOND: Final = timedelta(milliseconds=1)


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and `Z`. Such texts sort by time."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse(text: str) -> datetime:
    """The moment in UTC, which is also the default of the text. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def rounded_up(text: str) -> str:
    """The first millisecond at or after the moment of a text. Raises ValueError, OverflowError."""
    moment = parse(text)
    return iso(moment if moment.microsecond % 1_000 == 0 else moment + MILLISECOND)
