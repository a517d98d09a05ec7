"""The queries of the list of customers and of the list of a group's members."""

from typing import Annotated, Literal

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field

from shared.queries.lists import ListQuery, Values
from shared.queries.one import CustomerFields
from shared.storage.kinds import CUSTOMER


class MembersQuery(ListQuery):
    """The query for the members of one group."""

    kind = CUSTOMER

    fields: CustomerFields | None = None
    order: Literal[
        "email",
        "-email",
        "created_at",
        "-created_at",
        "updated_at",
        "-updated_at",
        "first_name",
        "-first_name",
        "last_name",
        "-last_name",
        "company_name",
        "-company_name",
    ] = "created_at"
    email: Values | None = None
    has_account: bool | None = None

    def _names(self) -> list[str] | None:
        return self.email

    def _related(self) -> list[str] | None:
        return None


class CustomersQuery(MembersQuery):
    groups: Annotated[Values | None, Field(description="Ids of groups that the customers are in.")] = None

    def _related(self) -> list[str] | None:
        return self.groups


Members = Annotated[MembersQuery, Query()]
Customers = Annotated[CustomersQuery, Query()]
