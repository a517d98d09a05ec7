"""The two kinds of records: customer groups and customers."""

from typing import Final

from shared import keys, search
from shared.errors import CustomerEmailTaken, CustomerGroupNameTaken, CustomerGroupNotFound, CustomerNotFound
from shared.keys import Key
from shared.storage.records import Kind
from shared.storage.table import Item

PROFILE: Final = ("email", "first_name", "last_name", "company_name", "phone", "has_account", "metadata")
_SEARCHED: Final = ("email", "first_name", "last_name", "company_name", "phone")


def _email_lock(customer: Item) -> Key | None:
    if not customer["email"]:
        return None
    return keys.email_lock(search.fold(customer["email"]), has_account=customer["has_account"])


GROUP: Final = Kind(
    list=keys.GROUPS,
    key=keys.group,
    attributes=("name", "metadata"),
    lock=lambda group: keys.name_lock(search.fold(group["name"])),
    locks=lambda name: [keys.name_lock(search.fold(name))],
    taken=lambda group: CustomerGroupNameTaken(group["name"]),
    not_found=CustomerGroupNotFound,
    sort_name=lambda group: str(group["name"]),
    searched=lambda group: [group["name"]],
)

CUSTOMER: Final = Kind(
    list=keys.CUSTOMERS,
    key=keys.customer,
    attributes=PROFILE,
    lock=_email_lock,
    locks=lambda email: [keys.email_lock(search.fold(email), has_account=either) for either in (True, False)],
    taken=lambda customer: CustomerEmailTaken(customer["email"]),
    not_found=CustomerNotFound,
    sort_name=lambda customer: customer["email"] or "",
    searched=lambda customer: [customer[name] for name in _SEARCHED],
)
