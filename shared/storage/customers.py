"""Customers."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from shared.domain import ids, metadata
from shared.domain.errors import CustomerNotFound, InvalidData
from shared.domain.ids import CustomerId
from shared.dynamodb import reads, retries
from shared.dynamodb.expressions import Condition
from shared.runtime import clock
from shared.storage import (
    erasures,
    keys,
    membership_reads,
    membership_writes,
    memberships,
    record_writes,
    records,
    summaries,
    upserts,
)
from shared.storage.changes import Reason
from shared.storage.items import CustomerItem
from shared.storage.kinds import CUSTOMER
from shared.storage.preconditions import ANY_VERSION, Precondition
from shared.storage.upserts import Result

GROUPS_LEFT_ON_DELETION: Final = 12
"""How many groups the deleting transaction can include: up to four actions each, besides those for the customer."""
KEPT_AS_DELETED_SECONDS: Final = 30 * 24 * 3600
"""A tombstone is kept until no late event of the customer's source is expected. DynamoDB then removes it."""


def create(
    profile: Mapping[str, Any],
    actor: str,
    *,
    chosen_id: str | None = None,
    request_key: str | None = None,
    row: str | None = None,
    reason: Reason | None = None,
) -> CustomerItem:
    """Create a customer. A repeated request (same `request_key`) returns the customer that it created before.

    Raises CustomerEmailTaken, CustomerKeyTaken, CustomerIdTaken, and with `row`, a row of a job, AlreadyCreatedError if
    the request has created its customer before.
    """
    customer_id = chosen_id or ids.new_customer_id()
    return record_writes.create(
        CUSTOMER,
        customer_id,
        profile,
        actor,
        is_chosen=bool(chosen_id),
        request_key=request_key,
        row=row,
        reason=reason,
    )


def get(customer_id: CustomerId, *, consistent: bool = False) -> CustomerItem:
    """Raises CustomerNotFound."""
    return records.get(CUSTOMER, customer_id, consistent=consistent)


def every(after: str | None = None) -> Iterator[tuple[str, str]]:
    """The ids of all customers, oldest first, each after its position in the list. From the start or after a position.

    The index is updated within moments, so a customer who was created a moment ago may be missing.
    """
    mine, sort = Condition("#LIST = :list", {":list": keys.CUSTOMERS}), keys.BY_CREATED.sort
    start = None
    if after:
        start = {**keys.customer(keys.parts_of(after)[2])._asdict(), "LIST": keys.CUSTOMERS, sort: after}
    for row in reads.query(mine, index=keys.BY_CREATED, attributes=(sort,), after=start):
        yield row[sort], keys.parts_of(row[sort])[2]


def by_email(emails: Iterable[str], *, consistent: bool = False) -> dict[str, dict[bool, str]]:
    """The customer ids by folded e-mail address, then by whether the customer has an account."""
    locks = {
        keys.email_lock(email, has_account=has_account): (email, has_account)
        for email in emails
        for has_account in (False, True)
    }
    found: dict[str, dict[bool, str]] = {}
    for key, lock in reads.batch_get(locks, consistent=consistent).items():
        email, has_account = locks[key]
        found.setdefault(email, {})[has_account] = str(lock["holder"])
    return found


def update(
    customer_id: CustomerId, changes: Mapping[str, Any], actor: str, precondition: Precondition = ANY_VERSION
) -> CustomerItem:
    """Set the given attributes and merge `metadata`.

    Raises CustomerNotFound, PreconditionFailed, CustomerEmailTaken, CustomerKeyTaken.
    """
    return record_writes.update(
        CUSTOMER, customer_id, actor, precondition, lambda customer: metadata.merged_into(customer, changes)
    )


def upsert(
    own_key: str,
    given: Mapping[str, Any],
    actor: str,
    precondition: Precondition = ANY_VERSION,
    *,
    request_key: str | None = None,
) -> tuple[CustomerItem, Result]:
    """Create the customer with this key, or set the given attributes. Metadata is replaced, not merged.

    Raises PreconditionFailed, CustomerEmailTaken, InvalidData if `has_account` would change.
    """

    def wanted(present: CustomerItem | None) -> Mapping[str, Any]:
        if present is None:
            return {**dict.fromkeys(CUSTOMER.attributes), "has_account": False, **given}
        if given.get("has_account", present["has_account"]) != present["has_account"]:
            raise InvalidData.at("has_account", "cannot be changed: with an e-mail address it tells customers apart")
        return given

    return upserts.upsert(CUSTOMER, own_key, ids.new_customer_id, wanted, actor, precondition, request_key=request_key)


def delete(customer_id: CustomerId, actor: str, precondition: Precondition = ANY_VERSION) -> None:
    """Delete a customer and its memberships. The counts of its groups are exact at all times.

    The transaction that deletes the customer removes up to 12 memberships; any others are removed before it. The first
    of them decides: it has the precondition, and a later change of the customer does not stop the deletion any more.
    Raises CustomerNotFound, PreconditionFailed.
    """
    if _delete(customer_id, actor, precondition):
        return
    with suppress(CustomerNotFound):  # another request has completed the deletion
        while not _delete(customer_id, actor, ANY_VERSION):
            pass


@retries.when_stale
def _delete(customer_id: CustomerId, actor: str, precondition: Precondition) -> bool:
    customer = get(customer_id, consistent=True)
    precondition.check(customer["version"])
    return remove(customer, actor)


def remove(customer: CustomerItem, actor: str, tombstone_attributes: Mapping[str, Any] | None = None) -> bool:
    """Delete a customer that is unchanged since it was read, leaving a tombstone. Raises Stale if nothing was written.

    Returns False if only memberships were removed so far, because there are too many: the caller reads again.
    """
    customer_id = customer["id"]
    deleted_at = clock.now()
    groups = list(membership_reads.all_of_customer(customer_id))
    if len(groups) > GROUPS_LEFT_ON_DELETION:
        memberships.remove_before_deletion(customer, groups[GROUPS_LEFT_ON_DELETION:], actor)
        return False
    record_writes.delete(
        CUSTOMER,
        customer,
        actor,
        before=None,  # the history must not keep the values of a deleted customer
        forget=CUSTOMER.attributes,
        also=[
            *summaries.deletion(customer_id, len(groups)),
            erasures.entry(customer_id, deleted_at, {**customer, **(tombstone_attributes or {})}.get("source_number")),
            *(write for group in groups for write in membership_writes.removal_writes(group, actor)),
        ],
        set={
            "deleted_at": deleted_at,
            "expires_at": clock.epoch_seconds() + KEPT_AS_DELETED_SECONDS,
            **(tombstone_attributes or {}),
        },
    )
    return True
