"""Many customers, quickly."""

from collections.abc import Iterator
from itertools import batched
from typing import Any

from shared import keys
from shared.storage import changes, records
from shared.storage import table as storage_table
from shared.storage.kinds import CUSTOMER


def crowd(size: int) -> Iterator[str]:
    """Customers without names, who need no tokens: written in bulk, as nothing but the counts depends on how."""
    for some in batched(range(size), 25, strict=False):
        writes = []
        for number in some:
            item = person(f"crm-{number:04}")
            key = keys.customer(item["id"])
            writes += [storage_table.put(item), changes.append(key, "created", "import", version=1)]
            yield item["id"]
        total = {"total": len(some)}
        writes.append(storage_table.update(keys.counter(keys.CUSTOMERS, "crm"), add=total))
        storage_table.transact(writes)


def person(customer_id: str) -> dict[str, Any]:
    item: dict[str, Any] = {
        **keys.customer(customer_id)._asdict(),
        "id": customer_id,
        **dict.fromkeys(CUSTOMER.attributes),
        "has_account": False,
        "group_count": 0,
        "created_by": "import",
        "created_at": "2026-11-23T09:30:00.000Z",
        "updated_at": "2026-11-23T09:30:00.000Z",
        "version": 1,
    }
    return item | records.row(CUSTOMER, item)
