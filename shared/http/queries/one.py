"""The parameters of routes for one group or one customer."""

from typing import Annotated
from urllib.parse import unquote

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import AfterValidator, Field

from shared.domain import ids
from shared.domain.errors import CustomerGroupNotFound, CustomerNotFound, NotFound
from shared.domain.values import Model
from shared.http import fields


def _known_to_groups(text: str) -> str:
    fields.parse(text, fields.GROUP_SHAPE)
    return text


def _known_to_customers(text: str) -> str:
    fields.parse(text, fields.CUSTOMER_SHAPE)
    return text


def _known_to_members(text: str) -> str:
    fields.parse(text, fields.MEMBER_SHAPE)
    return text


def _of_a_group(text: ids.GroupId) -> ids.GroupId:
    """Refuse a text that is neither an id nor a key with 404, like an unknown id, before it is used in a key."""
    return ids.GroupId(_named(text, CustomerGroupNotFound))


def _of_a_customer(text: ids.CustomerId) -> ids.CustomerId:
    return ids.CustomerId(_named(text, CustomerNotFound))


def _named(text: str, not_found: type[NotFound]) -> str:
    """An id or `key:<own key>`. Some clients escape the colon. Ids and keys never contain a `%`."""
    plain = unquote(text)
    if not ids.is_possible(plain) and ids.own_key(plain) is None:
        raise not_found(text)
    return plain


FieldsText = Annotated[
    str,
    Field(max_length=2_000, description="`a,b` selects, `+a` adds, `-a` removes, `*relation` or `relation.a` expands."),
]
GroupFields = Annotated[FieldsText, AfterValidator(_known_to_groups)]
CustomerFields = Annotated[FieldsText, AfterValidator(_known_to_customers)]
MemberFields = Annotated[FieldsText, AfterValidator(_known_to_members)]


class GroupQuery(Model):
    """The query of a route that returns one customer group."""

    fields: GroupFields | None = None


class CustomerQuery(Model):
    """The query of a route that returns one customer."""

    fields: CustomerFields | None = None


def _own_key(text: str) -> str:
    own_key = ids.own_key(unquote(text))
    if own_key is None:
        raise ValueError("must be key: and an own key, 1 to 128 of letters, digits, -, _, . and ~")
    return own_key


_BY_ID_OR_KEY = Path(alias="id", description="The id, or `key:` and the own key.")
GroupId = Annotated[ids.GroupId, AfterValidator(_of_a_group), _BY_ID_OR_KEY]
CustomerId = Annotated[ids.CustomerId, AfterValidator(_of_a_customer), _BY_ID_OR_KEY]
OwnKey = Annotated[str, AfterValidator(_own_key), Path(alias="id", description="`key:` and the own key.")]
OneGroup = Annotated[GroupQuery, Query()]
OneCustomer = Annotated[CustomerQuery, Query()]
