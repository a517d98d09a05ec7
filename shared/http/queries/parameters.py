"""The types of query parameters that several operations take."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field, StringConstraints

from shared.domain import moments

MILLISECOND: Final = timedelta(milliseconds=1)


def first_moment(text: str) -> str:
    """The first millisecond at or after the moment."""
    moment = _parse(text)
    return moments.iso(moment if moment.microsecond % 1_000 == 0 else moment + MILLISECOND)


def moment_after(text: str) -> str:
    """The first millisecond after the moment."""
    return moments.iso(_parse(text) + MILLISECOND)


def _parse(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _moment(text: str) -> str:
    """Check that the text is a date and time. The text is kept, because only ranges need the parsed value."""
    try:
        moment_after(text)
    except (ValueError, OverflowError):
        raise ValueError("must be a date and time in ISO 8601") from None
    return text


Values = list[Annotated[str, StringConstraints(max_length=1_024)]]
"""The list itself is not annotated, because Powertools would then only pass the first value."""


def at_most(number: int, description: str | None = None) -> Any:
    """The most values of a filter, for the OpenAPI document. `_several` checks it."""
    return Field(description=description, json_schema_extra={"maxItems": number})


Moment = Annotated[str, StringConstraints(max_length=64), AfterValidator(_moment)]
