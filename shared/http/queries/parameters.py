"""The types of query parameters that several operations take."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints

from shared.domain import moments


def moment_after(text: str) -> str:
    """The first millisecond after the moment."""
    return moments.iso(moments.parse(text) + moments.MILLISECOND)


def _moment(text: str) -> str:
    """Check that the text is a date and time. The text is kept, because only ranges need the parsed value."""
    try:
        moment_after(text)
    except OverflowError:
        raise ValueError("must be in a year from 2 to 9998") from None
    except ValueError:
        raise ValueError("must be a date and time in ISO 8601") from None
    return text


Values = list[Annotated[str, StringConstraints(max_length=1_024)]]
"""The list itself is not annotated, because Powertools would then only pass the first value."""


def at_most(number: int, description: str | None = None) -> Any:
    """The most values of a filter, for the OpenAPI document. The query checks it."""
    return Field(description=description, json_schema_extra={"maxItems": number})


Moment = Annotated[str, StringConstraints(max_length=64), AfterValidator(_moment)]
