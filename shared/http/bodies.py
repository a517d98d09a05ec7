"""Request bodies. The types define the limits, and unknown fields are refused."""

from typing import Annotated, Any, Final

from pydantic import AfterValidator, ConfigDict, Discriminator, Field, StrictBool, Tag

from shared.domain.errors import InvalidData
from shared.domain.profiles import Profile
from shared.domain.rules import parsing
from shared.domain.terms import Terms
from shared.domain.values import Address, Metadata, Model, Name, NewId, OwnKey, Reference, References
from shared.storage.given_terms import GivenTerms
from shared.storage.rules import exceptions

MAX_IDS: Final = 1_000

Rule = Annotated[
    dict[str, Any],
    AfterValidator(parsing.parse),
    Field(
        description="A rule group of react-querybuilder: `combinator`, `not` and `rules` (docs/rules.md).",
        json_schema_extra={"additionalProperties": True},
    ),
]


class Body(Model):
    """A request's body."""

    model_config = ConfigDict(extra="forbid")

    def given(self) -> dict[str, Any]:
        """The fields that the client sent, as it sent them."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class CreateCustomerGroup(Body):
    id: NewId | None = None
    name: Name
    key: OwnKey | None = None
    rule: Rule | None = None
    metadata: Metadata | None = None


class UpdateCustomerGroup(Body):
    name: Name = Field(default_factory=str)  # not used: `given` only returns what was sent
    key: OwnKey | None = None
    rule: Rule | None = None
    metadata: Metadata | None = None


class UpsertCustomerGroup(Body):
    """Missing fields are not changed. A new group must have a name."""

    name: Name = Field(default_factory=str)  # not used, see above
    rule: Rule | None = None
    metadata: Metadata | None = None


class ReplaceMetadata(Body):
    metadata: Metadata | None


class PutReference(Body):
    """The text and the link that people see."""

    label: Name
    url: Address | None = None


class PreviewRule(Body):
    rule: Rule


class PutExceptions(Body):
    """Ids or keys of customers: 500 in both lists together at most."""

    always: References = Field(default=[], json_schema_extra={"maxItems": exceptions.MAX_EXCEPTIONS})
    never: References = Field(default=[], json_schema_extra={"maxItems": exceptions.MAX_EXCEPTIONS})

    def model_post_init(self, _: object) -> None:
        exceptions.check(self.always, self.never)


class CreateCustomer(Body, Profile):
    id: NewId | None = None
    key: OwnKey | None = None
    has_account: StrictBool = False


class UpdateCustomer(Body, Profile):
    """`has_account` cannot be changed: it identifies a customer together with the e-mail address."""

    key: OwnKey | None = None


class UpsertCustomer(Body, Profile):
    """Missing fields are not changed. `has_account` must be the current value if the customer exists."""

    has_account: StrictBool = False


class AddedWithTerms(Body, GivenTerms):
    """A membership that begins or ends at a set time. Without `starts_at` it begins at once."""

    id: Reference


Added = Annotated[
    Annotated[Reference, Tag("AddedId")] | Annotated[AddedWithTerms, Tag("AddedWithTerms")],
    Discriminator(lambda value: "AddedWithTerms" if isinstance(value, dict | AddedWithTerms) else "AddedId"),
]


class ManageMembers(Body):
    """Ids or keys to add, optionally with terms, and to remove: at most 1,000 in total. Repeated ones count once."""

    add: list[Added] = Field(default=[], json_schema_extra={"maxItems": MAX_IDS})
    remove: References = Field(default=[], json_schema_extra={"maxItems": MAX_IDS})

    @property
    def adding(self) -> list[str]:
        """The ids or keys to add."""
        return [one if isinstance(one, str) else one.id for one in self.add]

    @property
    def terms(self) -> dict[str, Terms]:
        """The terms of those to add that have any."""
        return {one.id: one.terms for one in self.add if isinstance(one, AddedWithTerms)}

    def model_post_init(self, _: object) -> None:
        self.add = list({one if isinstance(one, str) else one.id: one for one in self.add}.values())
        self.remove = list(dict.fromkeys(self.remove))
        if len(self.add) + len(self.remove) > MAX_IDS:
            raise InvalidData.at("add", f"at most {MAX_IDS:,} ids can be added and removed in one request")
