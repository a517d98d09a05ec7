"""Erasing what is left of a deleted customer: values in the history and responses stored for `Idempotency-Key`.

The deleting transaction adds an entry to the ledger of erasures: the customer's id and the time. The ledger is kept
permanently. The values themselves are removed by the stream's function within seconds, and again when an operator runs
`make erasures`, for example after a restore.
"""

from collections.abc import Iterator, Mapping
from itertools import batched
from typing import Any, Final

from shared.dynamodb import actions, reads, retries, transactions
from shared.dynamodb.actions import Action
from shared.dynamodb.expressions import Condition, Item, Key
from shared.dynamodb.retries import Stale
from shared.runtime import clock
from shared.storage import keys
from shared.storage.records import IS_LIVE

SCRUBBED_AT_ONCE: Final = 10
"""A transaction may touch 4 MB of items, which includes what it removes from them. An item has 400 kB at most."""


def entry(customer_id: str, at: str, source_number: int | None) -> Action:
    """The ledger entry, for a transaction that deletes a customer or that copies the ledger.

    `source_number` is the number of the last state received from the customer's source. If the source sends that state
    or an older one again, the customer must be erased again.
    """
    numbered = {} if source_number is None else {"source_number": source_number}
    return actions.put(keys.erasure(customer_id, at)._asdict() | {"customer_id": customer_id, "at": at} | numbered)


def store_answer(customer_id: str, kept_at: Key, answer: Mapping[str, Any]) -> None:
    """Store a response that contains a customer, with a reference from the customer to it.

    When the customer has been deleted meanwhile, nothing is stored.
    """
    note = {"kept_at": kept_at.PK, "at": clock.now(), "expires_at": answer["expires_at"]}
    try:
        transactions.commit(
            [
                actions.check(keys.customer(customer_id), IS_LIVE, {}, Stale()),
                actions.update(kept_at, set=answer),
                actions.put(keys.answer(customer_id, kept_at)._asdict() | note),
            ]
        )
    except Stale:
        transactions.commit([actions.delete(kept_at)])


@retries.when_stale
def scrub(customer_id: str) -> None:
    """Remove the values of a deleted customer from its changes and from stored responses.

    When the customer's source has created it again since, newer items are left as they are.
    """
    present = reads.get(keys.customer(customer_id), consistent=True)
    created_again_at = present["created_at"] if present and "deleted_at" not in present else None
    mine = Condition("PK = :customer", {":customer": keys.customer(customer_id).PK})
    items = reads.query(mine, consistent=True)
    old = (item for item in items if created_again_at is None or item.get("at", created_again_at) < created_again_at)
    writes = (write for item in old for write in _scrubbed(item))
    for some in batched(writes, SCRUBBED_AT_ONCE, strict=False):
        transactions.commit(some)


def _scrubbed(item: Item) -> Iterator[Action]:
    """The actions that remove the values from one item of a customer's partition."""
    key = Key(item["PK"], item["SK"])
    if key.SK.startswith(keys.CHANGE_PREFIX) and (values := [name for name in ("before", "after") if name in item]):
        yield actions.update(key, remove=values, condition="attribute_exists(PK)", refused=Stale())
    elif key.SK.startswith(keys.ANSWER_PREFIX):
        yield from (actions.delete(keys.idempotency(keys.id_of(item["kept_at"]))), actions.delete(key))
