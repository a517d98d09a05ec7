"""The types of values in requests, with their limits, and the base class of all models."""

import re
import unicodedata
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from shared.domain import ids, metadata, moments

_ROUTES: Final = {"preview"}
"""Where a path has an id, these stand for something else."""
_CONTROLS: Final = {"Cc", "Cs", "Zl", "Zp"}


def printable(text: str) -> str:
    if any(unicodedata.category(character) in _CONTROLS for character in text):
        raise ValueError("must not contain control characters")
    return text


def _email(text: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", text):
        raise ValueError("must be an e-mail address")
    return text


def _id(text: str) -> str:
    if text.startswith(ids.OWN_KEY_PREFIX):
        raise ValueError("must be an id, which does not begin with key:")
    if not ids.is_possible(text):
        raise ValueError("must be an id")
    return text


def _new_id(text: str) -> str:
    if text in _ROUTES:
        raise ValueError("is part of a path of the API, so it cannot be an id")
    return text


def _reference(text: str) -> str:
    if not ids.is_possible(text) and ids.own_key(text) is None:
        raise ValueError("must be an id, or key: and an own key")
    return text


def _point_in_time(text: str) -> str:
    try:
        return moments.rounded_up(text)
    except (ValueError, OverflowError):
        raise ValueError("must be a date and time in ISO 8601") from None


PointInTime = Annotated[str, StringConstraints(max_length=64), AfterValidator(_point_in_time)]
"""A date and time, which becomes ISO 8601 in UTC with milliseconds."""
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255), AfterValidator(printable)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=255), AfterValidator(printable)]
Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=3, max_length=254),
    AfterValidator(printable),
    AfterValidator(_email),
]
Metadata = Annotated[
    dict[str, Any], AfterValidator(metadata.check), Field(json_schema_extra={"additionalProperties": True})
]
Id = Annotated[str, AfterValidator(_id), Field(json_schema_extra={"pattern": ids.PATTERN})]
NewId = Annotated[
    str,
    AfterValidator(_id),
    AfterValidator(_new_id),
    Field(
        json_schema_extra={"pattern": ids.PATTERN},
        description="An id of your own, for example from another system. Only admins can set it.",
    ),
]
Reference = Annotated[str, AfterValidator(_reference), Field(json_schema_extra={"pattern": ids.REFERENCE_PATTERN})]
"""An id of a group or customer, or `key:` and its own key."""
References = list[Reference]
OwnKey = Annotated[
    str,
    StringConstraints(pattern=f"^{ids.OWN_KEY}$"),
    Field(description="A key of your own. `key:<key>` can be used instead of the id."),
]
System = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}$"),
    Field(description="The name of the other system: 1 to 64 letters, digits, `_`, `.` and `-`."),
]
ReferenceId = Annotated[
    str,
    StringConstraints(pattern=ids.PATTERN),
    Field(description="The id of this use of the group in the other system."),
]
Address = Annotated[
    str,
    StringConstraints(max_length=1_024, pattern=r"^https?://[^\s/]\S*$"),
    AfterValidator(printable),
    Field(description="A link to it, for people."),
]
Actor = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:/+=,\-]{1,255}$")]
"""The id of a user, machine or service. It is stored with every change, so it must not be a name or an address."""


class Model(BaseModel):
    """The base class of all models. Validators are built on first use."""

    model_config = ConfigDict(defer_build=True)
