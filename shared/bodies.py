"""The bodies of requests. Limits are in the types; unknown fields are refused."""

from typing import Any, Final

from pydantic import ConfigDict, Field, StrictBool

from shared.errors import InvalidData
from shared.models import Email, Ids, Metadata, Model, Name, Text

MOST_IDS: Final = 1_000


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


class Profile(Model):
    """What may be told of a customer."""

    email: Email | None = None
    first_name: Text | None = None
    last_name: Text | None = None
    company_name: Text | None = None
    phone: Text | None = None
    metadata: Metadata | None = None


class CreateCustomer(Body, Profile):
    has_account: StrictBool = False


class UpdateCustomer(Body, Profile):
    """`has_account` cannot be changed: with an e-mail address it tells customers apart."""


class ManageMembers(Body):
    """Ids to add and ids to remove: 1,000 together at most, repeated ones counted once."""

    add: Ids = Field(default=[])
    remove: Ids = Field(default=[])

    def model_post_init(self, _: object) -> None:
        self.add, self.remove = list(dict.fromkeys(self.add)), list(dict.fromkeys(self.remove))
        if both := set(self.add).intersection(self.remove):
            raise InvalidData.at("remove", f"{min(both)} is to be added and removed at once")
        if len(self.add) + len(self.remove) > MOST_IDS:
            raise InvalidData.at("add", f"at most {MOST_IDS:,} ids can be added and removed in one request")
