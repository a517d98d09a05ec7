"""Creates many customers quickly."""

from collections.abc import Iterator
from itertools import batched
from typing import Any

from shared.dynamodb import actions, transactions
from shared.storage import changes, keys, summaries
from shared.storage.kind import row
from shared.storage.kinds import CUSTOMER


def crowd(size: int) -> Iterator[str]:
    """Create customers without names or tokens, in batches."""
    for some in batched(range(size), 25, strict=False):
        writes = []
        for number in some:
            item = person(f"crm-{number:04}")
            key = keys.customer(item["id"])
            writes += [
                actions.put(item),
                actions.put(summaries.of_new(item)),
                changes.append(key, "created", "import", version=1),
            ]
            yield item["id"]
        total = {"total": len(some)}
        writes.append(actions.update(keys.counter(keys.CUSTOMERS, "crm"), add=total))
        transactions.transact(writes)


def person(customer_id: str) -> dict[str, Any]:
    item: dict[str, Any] = {
        **keys.customer(customer_id)._asdict(),
        "id": customer_id,
        **dict.fromkeys(CUSTOMER.attributes),
        "has_account": False,
        "created_by": "import",
        "created_at": "2026-11-23T09:30:00.000Z",
        "updated_at": "2026-11-23T09:30:00.000Z",
        "version": 1,
    }
    return item | row(CUSTOMER, item)
