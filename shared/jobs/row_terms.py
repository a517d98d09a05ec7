"""The terms of the memberships that rows ask for.

Rows of a file have them as texts (`given_terms`), which are checked when the row is processed. Rows that were made from
memberships have the terms of these (`terms`).
"""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from shared.domain.terms import NO_TERMS, Terms
from shared.domain.validation import as_refusal
from shared.domain.values import Model, PointInTime
from shared.jobs.row_more import More
from shared.jobs.rows import Row
from shared.storage.given_terms import GivenTerms


class PossiblyOver(Model):
    """Terms that may have ended."""

    starts_at: PointInTime | None = None
    ends_at: PointInTime | None = None


def check(row: Row, arguments: Mapping[str, Any]) -> None:
    """Raise InvalidData for terms that no membership can get."""
    if found := _given(row, arguments):
        _checked(GivenTerms, found)


def given(row: Row, arguments: Mapping[str, Any]) -> Terms | None:
    """The terms in the file, or else those of the whole job. None if there are none. They may have ended by now."""
    found = _given(row, arguments)
    return _checked(PossiblyOver, found) if found else None


def exported(row: Row) -> Terms | None:
    """The terms in an exported file. None if there are none. Raises InvalidData."""
    found = row.more.get("given_terms")
    return _checked(PossiblyOver, found) if found else None


def planned(row: Row) -> Terms:
    """The terms of the membership that a row was made from."""
    return Terms(*row.more.get("terms", NO_TERMS))


def as_planned(terms: Terms) -> More:
    """The part of a row with the terms of a membership."""
    return {"terms": list(terms)} if any(terms) else {}


def has_any(row: Row) -> bool:
    return "terms" in row.more or "given_terms" in row.more


def _given(row: Row, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = row.more.get("given_terms") or {
        name: arguments[name] for name in Terms._fields if arguments.get(name)
    }
    return found


def _checked(model: type[GivenTerms | PossiblyOver], values: Mapping[str, Any]) -> Terms:
    try:
        found = model.model_validate(values)
    except ValidationError as error:
        raise as_refusal(error.errors()) from None
    return Terms(found.starts_at, found.ends_at)
