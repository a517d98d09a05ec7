"""The values that requests may hold, with their limits in their types, and the base of all models."""

import re
import unicodedata
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from shared import metadata, paging
from shared.keys import is_possible_id

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
    if not is_possible_id(text):
        raise ValueError("must be an id")
    return text


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
Id = Annotated[str, AfterValidator(_id)]
Ids = list[Id]
Cursor = Annotated[str, Field(max_length=paging.LONGEST_CURSOR, description="From `next_cursor`.")]


class Model(BaseModel):
    """Built on first use."""

    model_config = ConfigDict(defer_build=True)
