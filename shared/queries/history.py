"""The query for a group's history."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field

from shared import paging
from shared.models import Cursor, Model


class HistoryQuery(Model):
    """The query for a group's history, newest first."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Cursor | None = None

    def after(self, group_id: str) -> str | None:
        """The position that the cursor names. Raises InvalidData for a cursor of another group."""
        return paging.decode(self.cursor, f"history {group_id}") if self.cursor else None

    def answer(self, group_id: str, changes: list[dict[str, Any]], following: str | None) -> dict[str, Any]:
        """The answer's body for a page of changes."""
        return {
            "changes": changes,
            "next_cursor": paging.encode(following, f"history {group_id}") if following else None,
        }


History = Annotated[HistoryQuery, Query()]
