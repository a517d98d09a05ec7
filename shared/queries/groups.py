"""The query of the list of customer groups."""

from typing import Annotated, Literal

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field

from shared.queries.lists import ListQuery, Values
from shared.queries.one import GroupFields
from shared.storage.kinds import GROUP


class CustomerGroupsQuery(ListQuery):
    kind = GROUP

    fields: GroupFields | None = None
    order: Literal["id", "-id", "name", "-name", "created_at", "-created_at", "updated_at", "-updated_at"] = (
        "created_at"
    )
    name: Values | None = None
    customers: Annotated[Values | None, Field(description="Ids of customers in the groups.")] = None

    def _names(self) -> list[str] | None:
        return self.name

    def _related(self) -> list[str] | None:
        return self.customers


Groups = Annotated[CustomerGroupsQuery, Query()]
