"""Customers that other systems own: taken over whatever the order and number of deliveries.

A source numbers the states of a customer (its version, or the time of the change). The number that was taken over last
is kept on the item, on the tombstone too; what is not newer is passed over.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from shared import clock, keys
from shared.storage import customers, records, table
from shared.storage.kinds import CUSTOMER, PROFILE
from shared.storage.table import Item


class State(NamedTuple):
    """One state of a customer at its source: who tells, and which state it is. Later states have higher numbers."""

    source: str
    number: int

    def is_news_to(self, present: Item | None) -> bool:
        return present is None or self.number > present.get("source_number", -1)


@table.retried_when_stale
def upsert(customer_id: str, profile: Mapping[str, Any], state: State) -> None:
    """Create a customer, or set what `profile` gives of it. Raises CustomerEmailTaken."""
    present = table.get(keys.customer(customer_id), consistent=True)
    if not state.is_news_to(present):
        return
    if present and "deleted_at" not in present:
        records.rewrite(CUSTOMER, present, profile, state.source, unseen=_kept(state))
        return
    values: dict[str, Any] = dict.fromkeys(PROFILE) | {"has_account": False, "group_count": 0}
    values |= {**profile, **_kept(state), "created_at": clock.now()}
    if present:
        values["version"] = int(present["version"]) + 1
    records.create(CUSTOMER, customer_id, values, state.source, over=present)


@table.retried_when_stale
def remove(customer_id: str, state: State) -> None:
    """Delete a customer, and remember that it is deleted even if it was never here: its creation may come later."""
    present = table.get(keys.customer(customer_id), consistent=True)
    if not state.is_news_to(present):
        return
    if present and "deleted_at" not in present:
        customers.remove(present, state.source, keeping=_kept(state))
        return
    tombstone = {
        **(present or {**keys.customer(customer_id)._asdict(), "id": customer_id, "deleted_at": clock.now()}),
        **_kept(state),
        "version": int(present["version"]) if present else 0,
        "expires_at": clock.epoch_seconds() + customers.KEPT_AS_DELETED_SECONDS,
    }
    table.commit([records.place(tombstone, over=present)])


def _kept(state: State) -> dict[str, Any]:
    return {"source": state.source, "source_number": state.number}
