"""Turns Pydantic's validation errors into InvalidData."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from shared.domain.errors import InvalidData, Problem, UnrecognizedFields, as_loggable

MAX_PROBLEMS: Final = 20
UNION_TAGS: Final = frozenset(
    {"change_members", "move_members", "copy_group", "combine_groups", "export", "import", "AddedId", "AddedWithTerms"}
)
"""Pydantic adds these tags to the path of an error. Clients do not know them, so they are removed."""


def as_refusal(errors: Iterable[Mapping[str, Any]]) -> InvalidData:
    """An InvalidData error that names each field and what is wrong with it."""
    found = list(errors)[:MAX_PROBLEMS]
    if unknown := [str(error["loc"][-1]) for error in found if error["type"] == "extra_forbidden"]:
        return UnrecognizedFields(unknown)
    problems = [Problem(path=_path(error), message=_message(error)) for error in found]
    return InvalidData(
        "; ".join(f"{one['path']}: {one['message']}" for one in problems),
        problems,
        log_message="; ".join(f"{as_loggable(one['path'])}: {one['message']}" for one in problems),
    )


def _path(error: Mapping[str, Any]) -> str:
    """The path of the field as clients know it, such as `add.3`."""
    if error["type"] in ("union_tag_invalid", "union_tag_not_found"):
        return str(error["ctx"]["discriminator"]).strip("'")
    parts = [str(part) for part in error["loc"] if part not in UNION_TAGS]
    if parts[:1] not in (["body"], ["path"]):
        return next((part for part in reversed(parts) if not part.isdigit()), "body")  # a value of a query parameter
    return ".".join(parts[1:]) or "body"


def _message(error: Mapping[str, Any]) -> str:
    if error["type"] in ("union_tag_invalid", "union_tag_not_found"):
        return (
            f"must be one of {error['ctx']['expected_tags']}" if "expected_tags" in error["ctx"] else "Field required"
        )
    return str(error["msg"]).removeprefix("Value error, ")
