"""Customers owned by other systems. Their events can arrive in any order and more than once.

A source numbers the states of a customer (with a version, or the time of the change). The item or its tombstone stores
the number of the last state that was applied. States that are not newer are ignored.
"""

from collections.abc import Mapping
from typing import Any

from shared.dynamodb import retries, transactions
from shared.dynamodb.retries import Stale
from shared.runtime import clock
from shared.storage import customers, keys, large_metadata, record_writes
from shared.storage.kinds import CUSTOMER
from shared.storage.record_writes import Extra
from shared.storage.state import State


@retries.when_stale
def upsert(customer_id: str, profile: Mapping[str, Any], state: State) -> None:
    """Create a customer, or set the attributes in `profile`. Raises CustomerEmailTaken."""
    present: Any = large_metadata.get(keys.customer(customer_id), consistent=True)
    if not state.is_newer_than(present):
        return
    if present and "deleted_at" not in present:
        record_writes.update_unchanged(CUSTOMER, present, profile, state.source, extra=Extra(_source_attributes(state)))
        return
    values: dict[str, Any] = dict.fromkeys(CUSTOMER.attributes) | {"has_account": False}
    values |= {**profile, **_source_attributes(state), "created_at": state.replayed_from or clock.now()}
    if present:
        values["version"] = present["version"] + 1
    record_writes.create(CUSTOMER, customer_id, values, state.source, over=present)


@retries.when_stale
def remove(customer_id: str, state: State) -> None:
    """Delete a customer. Leaves a tombstone even for an unknown one, because its creation may arrive later."""
    present: Any = large_metadata.get(keys.customer(customer_id), consistent=True)
    if not state.is_newer_than(present):
        return
    if present and "deleted_at" not in present:
        if not customers.remove(present, state.source, tombstone_attributes=_source_attributes(state)):
            raise Stale  # the rest follows in the next attempt, unless the source has sent a newer state meanwhile
        return
    tombstone = {
        **(present or {**keys.customer(customer_id)._asdict(), "id": customer_id, "deleted_at": clock.now()}),
        **_source_attributes(state),
        "version": present["version"] if present else 0,
        "expires_at": clock.epoch_seconds() + customers.KEPT_AS_DELETED_SECONDS,
    }
    transactions.commit([record_writes.put(tombstone, over=present)])


def _source_attributes(state: State) -> dict[str, Any]:
    return {"source": state.source, "source_number": state.number}
