"""The border: what bodies may hold and what answers look like.

Limits are in the types; unknown fields are refused.
"""

import re
import unicodedata
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StringConstraints
from pydantic.json_schema import SkipJsonSchema

from shared import metadata
from shared.errors import InvalidData
from shared.keys import is_possible_id

MOST_IDS: Final = 1_000
_CONTROLS: Final = {"Cc", "Cs", "Zl", "Zp"}


def printable(text: str) -> str:
    if any(unicodedata.category(character) in _CONTROLS for character in text):
        raise ValueError("must not contain control characters")
    return text


def _email(text: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", text):
        raise ValueError("must be an e-mail address")
    return text


def _id(text: str) -> str:
    if not is_possible_id(text):
        raise ValueError("must be an id")
    return text


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255), AfterValidator(printable)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=255), AfterValidator(printable)]
Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=3, max_length=254),
    AfterValidator(printable),
    AfterValidator(_email),
]
Metadata = Annotated[
    dict[str, Any], AfterValidator(metadata.check), Field(json_schema_extra={"additionalProperties": True})
]
Id = Annotated[str, AfterValidator(_id)]
Ids = list[Id]


class Model(BaseModel):
    """Built on first use: a function uses two or three of all these, and answers only describe what it says."""

    model_config = ConfigDict(defer_build=True)


class Body(Model):
    """A request's body."""

    model_config = ConfigDict(extra="forbid")

    def given(self) -> dict[str, Any]:
        """The fields that the client sent, as it sent them."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class CreateCustomerGroup(Body):
    name: Name
    metadata: Metadata | None = None


class UpdateCustomerGroup(Body):
    name: Name = Field(default_factory=str)  # never seen: `given` tells what was sent
    metadata: Metadata | None = None


class ReplaceMetadata(Body):
    metadata: Metadata | None


class CreateCustomer(Body):
    email: Email | None = None
    first_name: Text | None = None
    last_name: Text | None = None
    company_name: Text | None = None
    phone: Text | None = None
    has_account: StrictBool = False
    metadata: Metadata | None = None


class UpdateCustomer(Body):
    email: Email | None = None
    first_name: Text | None = None
    last_name: Text | None = None
    company_name: Text | None = None
    phone: Text | None = None
    metadata: Metadata | None = None


class ManageMembers(Body):
    """Ids to add and ids to remove: 1,000 together at most, repeated ones counted once."""

    add: Ids = []
    remove: Ids = []

    def model_post_init(self, _: object) -> None:
        self.add, self.remove = list(dict.fromkeys(self.add)), list(dict.fromkeys(self.remove))
        if both := set(self.add).intersection(self.remove):
            raise InvalidData.at("remove", f"{min(both)} is to be added and removed at once")
        if len(self.add) + len(self.remove) > MOST_IDS:
            raise InvalidData.at("add", f"at most {MOST_IDS:,} ids can be added and removed in one request")


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
