"""Which customers a job works on, in the bodies of requests: those in an upload, in a list, or matching a filter."""

from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from shared.domain import exact_json
from shared.domain.values import Id, Model, printable

MAX_VALUES: Final = 1_000
LARGEST_FILTER_BYTES: Final = 50_000
"""The job stores its filter twice, and an item of the table has at most 400 kB."""


def _storable(given: dict[str, Any]) -> dict[str, Any]:
    if len(exact_json.dumps(given).encode()) > LARGEST_FILTER_BYTES:
        raise ValueError(f"must be at most {LARGEST_FILTER_BYTES:,} bytes of JSON")
    return given


Value = Annotated[str, StringConstraints(min_length=1, max_length=255), AfterValidator(printable)]
Column = Annotated[str, StringConstraints(min_length=1, max_length=255)]
Filter = Annotated[
    dict[str, Any],
    AfterValidator(_storable),
    Field(description="Parameters of GET /admin/customers.", json_schema_extra={"additionalProperties": True}),
]


class Source(Model):
    """Which customers a job works on: those in an upload, in a list, or matching a filter."""

    model_config = ConfigDict(extra="forbid")

    upload_id: Id | None = None
    column: Annotated[
        Column | None, Field(description="The column of the upload. Recognized by its name if not given.")
    ] = None
    values: Annotated[
        list[Value] | None,
        Field(min_length=1, max_length=MAX_VALUES, description="Ids, `key:` and own keys, or e-mail addresses."),
    ] = None
    filter: Filter | None = None
    starts_at_column: Annotated[
        Column | None, Field(description="The column with the beginnings of memberships. `starts_at` if not given.")
    ] = None
    ends_at_column: Annotated[
        Column | None, Field(description="The column with the ends of memberships. `ends_at` if not given.")
    ] = None

    @model_validator(mode="after")
    def _names_one(self) -> "Source":
        given = [name for name in ("upload_id", "values", "filter") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("must be one of upload_id, values and filter")
        for name in ("column", "starts_at_column", "ends_at_column"):
            if getattr(self, name) is not None and self.upload_id is None:
                raise ValueError(f"{name} is a column of an upload")
        return self
