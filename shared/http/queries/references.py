"""The parameters of routes for references."""

from typing import Annotated, Any
from urllib.parse import unquote

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import BeforeValidator, Field

from shared.domain import values
from shared.domain.values import Model
from shared.http import cursors
from shared.http.cursors import Cursor
from shared.storage import references
from shared.storage.references import Page

# Some clients escape the colon of an id. Names do not contain `%`.
System = Annotated[values.System, BeforeValidator(unquote), Path()]
ReferenceId = Annotated[values.ReferenceId, BeforeValidator(unquote), Path()]


class DeletionQuery(Model):
    """The query that deletes a group."""

    force: Annotated[bool, Field(description="Delete the group even if it has references.")] = False


class ReferencesQuery(Model):
    """The query of the list of a group's references, which is sorted by system and id."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Cursor | None = None

    def after(self, group_id: str) -> str | None:
        """The position in the cursor. Raises InvalidData for a cursor of another list."""
        return cursors.decode(self.cursor, _signature(group_id)) if self.cursor else None

    def answer(self, group_id: str, page: Page, count: int) -> dict[str, Any]:
        """The answer for a page of references."""
        following = page.next_position
        return {
            "references": list(map(references.view, page.items)),
            "count": count,
            "limit": self.limit,
            "next_cursor": cursors.encode(following, _signature(group_id)) if following else None,
        }


def _signature(group_id: str) -> str:
    return f"references {group_id}"


Deletion = Annotated[DeletionQuery, Query()]
References = Annotated[ReferencesQuery, Query()]
