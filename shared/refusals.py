"""Pydantic's findings as refusals of ours."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from shared.errors import InvalidData, Problem, UnrecognizedFields

MOST_PROBLEMS_TOLD: Final = 20


def as_refusal(errors: Iterable[Mapping[str, Any]]) -> InvalidData:
    """What a client is told of pydantic's findings: which fields, and what is wrong with each."""
    found = list(errors)[:MOST_PROBLEMS_TOLD]
    if unknown := [str(error["loc"][-1]) for error in found if error["type"] == "extra_forbidden"]:
        return UnrecognizedFields(unknown)
    problems = [Problem(path=_path(error["loc"]), message=_message(error)) for error in found]
    return InvalidData("; ".join(f"{one['path']}: {one['message']}" for one in problems), problems)


def _path(location: tuple[str | int, ...]) -> str:
    """`body.add.3` for the client, from where pydantic and Powertools found the fault."""
    parts = [str(part) for part in location]
    return ".".join(parts[1:] if parts[0] in ("body", "path") else parts[-1:]) or "body"


def _message(error: Mapping[str, Any]) -> str:
    return str(error["msg"]).removeprefix("Value error, ")
