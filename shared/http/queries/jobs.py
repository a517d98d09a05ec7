"""The query of the list of jobs."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import Field

from shared.domain.values import Model
from shared.http import actors, cursors
from shared.http.cursors import Cursor
from shared.storage.job_lists import Page

_SIGNATURE = "jobs"


class JobQuery(Model):
    """The query of a route that returns jobs."""

    actor_names: Annotated[
        bool, Field(description="Include the names of the people who started jobs, from the user pool.")
    ] = False

    def named(self, views: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The jobs, with the names of the people who started them if requested."""
        return actors.named(views, "created_by") if self.actor_names else views


class JobsQuery(JobQuery):
    """The query of the list of jobs, newest first."""

    limit: Annotated[int, Field(ge=1, le=100)] = 20
    cursor: Cursor | None = None

    def after(self) -> str | None:
        """The position in the cursor. Raises InvalidData for a cursor of another list."""
        return cursors.decode(self.cursor, _SIGNATURE) if self.cursor else None

    def answer(self, page: Page, views: list[dict[str, Any]]) -> dict[str, Any]:
        """The answer for a page of jobs."""
        following = page.next_position
        return {
            "jobs": self.named(views),
            "count": page.total,
            **({} if page.total_is_exact else {"count_is_exact": False}),
            "limit": self.limit,
            "next_cursor": cursors.encode(following, _SIGNATURE) if following else None,
        }


Jobs = Annotated[JobsQuery, Query()]
OneJob = Annotated[JobQuery, Query()]
JobId = Annotated[str, Path(alias="id")]
