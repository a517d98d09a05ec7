"""Groups and customers."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from shared.domain.values import Model


class Resource(Model):
    """A resource. Attributes that `fields` excludes are missing, except the id."""

    model_config = ConfigDict(json_schema_extra={"required": ["id"]})


Key = Annotated[str | None, Field(description="The client's own key. `key:<key>` can be used instead of the id.")]


class CustomerGroup(Resource):
    """A customer group."""

    id: str
    key: Key
    name: str
    customer_count: Annotated[int, Field(description="The exact number of customers in the group.")]
    metadata: dict[str, Any] | None
    rule: Annotated[
        dict[str, Any] | None,
        Field(description="The rule that decides who is in the group. Null for a manual group."),
    ]
    rule_status: Annotated[
        Literal["current", "applying"] | None,
        Field(description="Whether the rule has been applied to all customers. Null for a manual group."),
    ]
    rule_job_id: Annotated[str | None, Field(description="The job that applies the rule, while `applying`.")]
    version: Annotated[int, Field(description="Increases with every change of the group itself. Part of the ETag.")]
    created_by: str | None
    created_at: str
    updated_at: str
    deleted_at: None
    customers: Annotated[
        list["Customer"] | SkipJsonSchema[None], Field(description="Only if requested with `fields`.")
    ] = None


class Customer(Resource):
    """A customer."""

    id: str
    key: Key
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
    groups: Annotated[
        list[CustomerGroup] | SkipJsonSchema[None], Field(description="Only if requested with `fields`.")
    ] = None
    addresses: Annotated[
        list[dict[str, Any]] | SkipJsonSchema[None],
        Field(
            max_length=0, description="Only if requested with `fields`. Always empty: this service stores no addresses."
        ),
    ] = None


class Membership(Model):
    """A customer's membership in the group. It is in effect from `starts_at` until just before `ends_at`."""

    added_at: str
    added_by: str
    starts_at: str | None
    ends_at: str | None
    source: Annotated[Literal["manual", "job", "rule"], Field(description="What added the customer.")]


class Member(Customer):
    """A customer in a group."""

    membership: Annotated[
        Membership | None,
        Field(description="Only if requested with `fields`. Null if the customer has just been removed."),
    ] = None
