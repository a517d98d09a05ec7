"""The queries of the list of customers and of the list of a group's members."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field

from shared.domain import attributes
from shared.domain.terms import Membership
from shared.http import fields
from shared.http.queries.lists import IDS, MAX_IDS, MAX_NAMES, MAX_PAIRS, MAX_RELATED, IdValues, ListQuery
from shared.http.queries.one import CustomerFields, MemberFields
from shared.http.queries.orders import one_of
from shared.http.queries.parameters import Values, at_most
from shared.storage.kinds import CUSTOMER

CustomerOrder = Annotated[str, one_of(attributes.CUSTOMER.orders)]


class MembersQuery(ListQuery):
    """The query for the members of one group."""

    kind = CUSTOMER
    shape = fields.MEMBER_SHAPE
    name_parameter = "email"

    fields: MemberFields | None = None
    membership: Annotated[
        Membership, Field(description="Members now (`active`), memberships that begin later (`scheduled`), or both.")
    ] = "active"
    order: CustomerOrder = "created_at"
    id: Annotated[IdValues | None, at_most(MAX_PAIRS, IDS)] = None
    email: Annotated[Values | None, at_most(MAX_NAMES)] = None
    has_account: bool | None = None

    @property
    def shows_memberships(self) -> bool:
        """Whether the answer contains the customers' memberships in the group."""
        return "membership" in self._selection().relations

    def _names(self) -> list[str] | None:
        return self.email

    def _related(self) -> list[str] | None:
        return None


class CustomersQuery(MembersQuery):
    shape = fields.CUSTOMER_SHAPE
    relations = ("groups",)

    fields: CustomerFields | None = None
    id: Annotated[IdValues | None, at_most(MAX_IDS, IDS)] = None
    groups: Annotated[
        IdValues | None,
        at_most(MAX_RELATED, "Ids of groups that the customers are in, as values, a list or `groups[id]`."),
    ] = None

    def _related(self) -> list[str] | None:
        return self.groups


Members = Annotated[MembersQuery, Query()]
Customers = Annotated[CustomersQuery, Query()]
