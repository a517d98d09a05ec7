"""The two kinds of records: customer groups and customers."""

from typing import Final

from shared.domain import attributes, search
from shared.domain.errors import (
    CustomerEmailTaken,
    CustomerGroupIdTaken,
    CustomerGroupKeyTaken,
    CustomerGroupNameTaken,
    CustomerGroupNotFound,
    CustomerIdTaken,
    CustomerKeyTaken,
    CustomerNotFound,
)
from shared.dynamodb.expressions import Key
from shared.storage import keys, turns
from shared.storage.items import CustomerItem, GroupItem
from shared.storage.kind import Kind, Unique


def _email_lock(customer: CustomerItem) -> Key | None:
    if not customer["email"]:
        return None
    return keys.email_lock(search.fold(customer["email"]), has_account=customer["has_account"])


def _group_key_lock(group: GroupItem) -> Key | None:
    own_key = group.get("key")
    return keys.group_key_lock(own_key) if own_key else None


def _customer_key_lock(customer: CustomerItem) -> Key | None:
    own_key = customer.get("key")
    return keys.customer_key_lock(own_key) if own_key else None


GROUP: Final[Kind[GroupItem]] = Kind(
    list=keys.GROUPS,
    key=keys.group,
    attributes=attributes.GROUP.set,
    unique=(
        Unique(_group_key_lock, lambda group: CustomerGroupKeyTaken(group.get("key") or "")),
        Unique(
            lambda group: keys.name_lock(search.fold(group["name"])),
            lambda group: CustomerGroupNameTaken(group["name"]),
        ),
    ),
    name_locks=lambda name: [keys.name_lock(search.fold(name))],
    own_key_lock=keys.group_key_lock,
    not_found=CustomerGroupNotFound,
    id_taken=CustomerGroupIdTaken,
    texts=attributes.GROUP.searched,
    search=search.ANYWHERE,
    contended=turns.asking,
)

CUSTOMER: Final[Kind[CustomerItem]] = Kind(
    list=keys.CUSTOMERS,
    key=keys.customer,
    attributes=attributes.CUSTOMER.set,
    unique=(
        Unique(_customer_key_lock, lambda customer: CustomerKeyTaken(customer.get("key") or "")),
        Unique(_email_lock, lambda customer: CustomerEmailTaken(customer["email"] or "")),
    ),
    name_locks=lambda email: [keys.email_lock(search.fold(email), has_account=either) for either in (True, False)],
    own_key_lock=keys.customer_key_lock,
    not_found=CustomerNotFound,
    id_taken=CustomerIdTaken,
    texts=attributes.CUSTOMER.searched,
    search=search.AT_PARTS,
    sorted_texts={"by_first_name": "first_name", "by_last_name": "last_name", "by_company_name": "company_name"},
)
