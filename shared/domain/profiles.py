"""The profile of a customer, with its limits."""

from shared.domain.values import Email, Metadata, Model, Text


class Profile(Model):
    """The attributes of a customer that clients and other systems can set."""

    email: Email | None = None
    first_name: Text | None = None
    last_name: Text | None = None
    company_name: Text | None = None
    phone: Text | None = None
    metadata: Metadata | None = None
