"""The parameters of routes that lead to one group or one customer."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import AfterValidator, Field

from shared import fields
from shared.models import Model


def _known_to_groups(text: str) -> str:
    fields.parse(text, fields.GROUP_SHAPE)
    return text


def _known_to_customers(text: str) -> str:
    fields.parse(text, fields.CUSTOMER_SHAPE)
    return text


FieldsText = Annotated[
    str,
    Field(max_length=2_000, description="`a,b` selects, `+a` adds, `-a` drops, `*relation` or `relation.a` expands."),
]
GroupFields = Annotated[FieldsText, AfterValidator(_known_to_groups)]
CustomerFields = Annotated[FieldsText, AfterValidator(_known_to_customers)]


class GroupQuery(Model):
    """The query of a route that answers with one customer group."""

    fields: GroupFields | None = None


class CustomerQuery(Model):
    """The query of a route that answers with one customer."""

    fields: CustomerFields | None = None


GroupId = Annotated[str, Path(alias="id")]
CustomerId = Annotated[str, Path(alias="id")]
OneGroup = Annotated[GroupQuery, Query()]
OneCustomer = Annotated[CustomerQuery, Query()]
