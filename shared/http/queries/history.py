"""The queries of the histories of groups and customers."""

from typing import Annotated, Any, Final, Literal

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field

from shared.domain import exact_json, moments
from shared.domain.errors import InvalidData
from shared.domain.filters import Span
from shared.domain.values import Model
from shared.http import cursors
from shared.http.cursors import Cursor
from shared.http.queries.parameters import Moment, Values, at_most
from shared.storage.history import Wanted

MAX_VALUES: Final = 10


class HistoryQuery(Model):
    """The query of a history, newest first."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Cursor | None = None
    group_by: Annotated[
        Literal["action"] | None, Field(description="With `action`, all changes of one request are one entry.")
    ] = None

    actor_names: Annotated[bool, Field(description="Include the names of the actors, from the user pool.")] = False
    actor: Annotated[Values | None, at_most(MAX_VALUES, "Ids of people, machines or services.")] = None
    at_gte: Annotated[Moment | None, Field(alias="at[$gte]", description="The first moment.")] = None
    at_lt: Annotated[Moment | None, Field(alias="at[$lt]", description="The moment before which to end.")] = None

    @property
    def wanted(self) -> Wanted:
        """The requested changes. Raises InvalidData for too many values."""
        start, end = (moments.rounded_up(text) if text else None for text in (self.at_gte, self.at_lt))
        types: list[str] | None = getattr(self, "type", None)
        for name, values in (("type", types), ("actor", self.actor)):
            if len(set(values or ())) > MAX_VALUES:
                raise InvalidData.at(name, f"takes at most {MAX_VALUES} values")
        return Wanted(frozenset(types or ()), frozenset(self.actor or ()), Span(start, end))

    def after(self, subject_id: str) -> str | None:
        """The position in the cursor. Raises InvalidData for a cursor of another query."""
        return cursors.decode(self.cursor, self._signature(subject_id)) if self.cursor else None

    def answer(self, subject_id: str, changes: list[dict[str, Any]], following: str | None) -> dict[str, Any]:
        """The answer for a page of changes."""
        return {
            "changes": changes,
            "next_cursor": cursors.encode(following, self._signature(subject_id)) if following else None,
        }

    def _signature(self, subject_id: str) -> str:
        types, actors, at = self.wanted
        return f"history {subject_id} {exact_json.dumps([sorted(types), sorted(actors), *at])}"


class GroupHistoryQuery(HistoryQuery):
    type: Annotated[
        list[Literal["created", "updated", "customers_added", "customers_removed", "terms_changed"]] | None,
        at_most(MAX_VALUES),
    ] = None


class CustomerHistoryQuery(HistoryQuery):
    type: Annotated[
        list[Literal["created", "updated", "joined", "left", "terms_changed"]] | None, at_most(MAX_VALUES)
    ] = None


GroupHistory = Annotated[GroupHistoryQuery, Query()]
CustomerHistory = Annotated[CustomerHistoryQuery, Query()]
