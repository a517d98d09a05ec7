"""What operations answer, for the OpenAPI document: functions name these models and never load them."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from shared.models import Model


class Resource(Model):
    """What an answer shows. Attributes that `fields` leaves out are missing; the id is always there."""

    model_config = ConfigDict(json_schema_extra={"required": ["id"]})


class CustomerGroup(Resource):
    """A customer group."""

    id: str
    name: str
    customer_count: Annotated[int, Field(description="How many customers are in the group, exactly.")]
    metadata: dict[str, Any] | None
    version: Annotated[int, Field(description="Moves with every change of the group itself; also the ETag.")]
    created_by: str | None
    created_at: str
    updated_at: str
    deleted_at: None
    customers: Annotated[list["Customer"] | SkipJsonSchema[None], Field(description="Where `fields` asks for it.")] = (
        None
    )


class Customer(Resource):
    """A customer."""

    id: str
    email: str | None
    first_name: str | None
    last_name: str | None
    company_name: str | None
    phone: str | None
    has_account: bool
    metadata: dict[str, Any] | None
    created_by: str | None
    created_at: str
    updated_at: str
    deleted_at: None
    groups: Annotated[list[CustomerGroup] | SkipJsonSchema[None], Field(description="Where `fields` asks for it.")] = (
        None
    )


class CustomerGroupAnswer(Model):
    customer_group: CustomerGroup


class ManagedMembersAnswer(CustomerGroupAnswer):
    added: list[str]
    removed: list[str]
    unchanged: list[str]


class CustomerAnswer(Model):
    customer: Customer


class ListAnswer(Model):
    """A page. `count` is how many match in all, counted up to 10,000."""

    count: int
    count_is_exact: Annotated[bool, Field(description="Present, and false, when more than 10,000 match.")] = True
    offset: int
    limit: int
    next_cursor: str | None


class CustomerGroupsAnswer(ListAnswer):
    customer_groups: list[CustomerGroup]


class CustomersAnswer(ListAnswer):
    customers: list[Customer]


class Change(Model):
    """One entry of a group's history. `before` and `after` hold what changed; of metadata, the keys that did."""

    id: str
    type: Literal["created", "updated", "deleted", "customers_added", "customers_removed"]
    at: str
    actor: str
    version: Annotated[int | None, Field(description="Of the group. Changes of members do not move it.")]
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    added: Annotated[list[str], Field(description="Ids of customers, up to 48 in one change.")]
    removed: Annotated[list[str], Field(description="Ids of customers, up to 48 in one change.")]


class HistoryAnswer(Model):
    changes: list[Change]
    next_cursor: str | None


class DeletedCustomerGroupAnswer(Model):
    id: str
    object: Literal["customer_group"]
    deleted: Literal[True]


class DeletedCustomerAnswer(Model):
    id: str
    object: Literal["customer"]
    deleted: Literal[True]


class ErrorProblem(Model):
    path: str
    message: str


class ErrorAnswer(Model):
    """Every refusal has this shape."""

    type: Literal[
        "invalid_data",
        "unauthorized",
        "forbidden",
        "not_found",
        "not_allowed",
        "conflict",
        "precondition_failed",
        "payload_too_large",
        "unprocessable",
        "too_many_requests",
        "unexpected_state",
    ]
    code: Annotated[str, Field(description="Stable, e.g. `customer_group_not_found`.")]
    message: str
    request_id: str
    errors: Annotated[list[ErrorProblem] | SkipJsonSchema[None], Field(description="The fields at fault.")] = None
