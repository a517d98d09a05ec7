"""The attributes of groups and customers, and their uses. Everything else is derived from this."""

from typing import Final, NamedTuple

_BOOKKEEPING: Final = ("created_by", "created_at", "updated_at", "deleted_at")
"""The attributes that the service sets itself."""


class Attributes(NamedTuple):
    """The attributes of one kind of record."""

    set: tuple[str, ...]
    """Attributes that a client can set. Their changes appear in the history."""
    shown: tuple[str, ...]
    """Attributes of the resource, in the order of the answer."""
    searched: tuple[str, ...]
    """Attributes that `q` searches, the name first."""
    orders: tuple[str, ...]
    """Attributes that a list can be ordered by."""


GROUP: Final = Attributes(
    set=("name", "key", "metadata", "rule"),
    shown=(
        "id",
        "key",
        "name",
        "customer_count",
        "metadata",
        "rule",
        "rule_status",
        "rule_job_id",
        "version",
        *_BOOKKEEPING,
    ),
    searched=("name",),
    orders=("id", "name", "created_at", "updated_at"),
)

_TEXTS: Final = ("email", "first_name", "last_name", "company_name", "phone")

CUSTOMER: Final = Attributes(
    set=(*_TEXTS, "has_account", "key", "metadata"),
    shown=("id", "key", *_TEXTS, "has_account", "metadata", *_BOOKKEEPING),
    searched=_TEXTS,
    orders=("email", "created_at", "updated_at", "first_name", "last_name", "company_name", "has_account"),
)
