"""The query of the list of customer groups."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from shared.domain import attributes
from shared.http import fields
from shared.http.queries.lists import MAX_NAMES, MAX_RELATED, IdValues, ListQuery
from shared.http.queries.one import GroupFields
from shared.http.queries.orders import one_of
from shared.http.queries.parameters import Values, at_most
from shared.storage.kinds import GROUP

GroupOrder = Annotated[str, one_of(attributes.GROUP.orders)]


class CustomerGroupsQuery(ListQuery):
    kind = GROUP
    shape = fields.GROUP_SHAPE
    name_parameter = "name"
    relations = ("customers",)

    fields: GroupFields | None = None
    order: GroupOrder = "created_at"
    name: Annotated[Values | None, at_most(MAX_NAMES)] = None
    customers: Annotated[
        IdValues | None,
        at_most(MAX_RELATED, "Ids of customers in the groups, as values, a list or `customers[id]`."),
    ] = None

    def _names(self) -> list[str] | None:
        return self.name

    def _related(self) -> list[str] | None:
        return self.customers


Groups = Annotated[CustomerGroupsQuery, Query()]
