"""Makes in bulk exactly the items that the storage functions write.

The functions are called as ever; what they would commit is handed on instead.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import batched
from typing import Any, Final
from unittest.mock import patch

from shared import keys
from shared.keys import Key
from shared.storage import memberships, records, table
from shared.storage.kinds import CUSTOMER, GROUP, PROFILE
from shared.storage.memberships import MEMBERS_PER_WRITE, Request, Step
from shared.storage.records import Kind
from shared.storage.table import Item, Write

ACTOR: Final = "benchmark"
RARE: Final = "zebra"
"""A word in the names of twenty groups and twenty customers, whatever the size."""
FOUND: Final = 20
MOST_NAMED: Final = 1_000
"""Of the customers of `fill`: search tokens are most of all items, and take most of the loading."""


class Population:
    """Records in memory, and their counts, until `finish` hands them on too."""

    def __init__(self, take: Callable[[Any], None]) -> None:
        """`take` is given every item, as DynamoDB's JSON has it."""
        self.groups: list[Item] = []
        self.customers: list[Item] = []
        self._totals: Counter[Key] = Counter()
        self._take = take

    def add_groups(self, count: int) -> None:
        for number in range(count):
            self._put(self._group(number))

    def add_customers(self, count: int, *, nameless: bool = False) -> None:
        """Nameless ones have no search tokens: most of the members of a very large group."""
        for number in range(count):
            self._put(self._customer(number, nameless))

    def join(self, group: Item, customers: Sequence[Item]) -> None:
        for some in batched(customers, MEMBERS_PER_WRITE, strict=False):
            self._put(self._members(group, some))

    def finish(self) -> None:
        """The records, whose counts are known now, and the counters of the lists."""
        self._put(map(table.put, (*self.groups, *self.customers)))
        self._put(table.put(key._asdict() | {"total": total}) for key, total in self._totals.items())

    def _group(self, number: int) -> Iterator[Write]:
        rare = f" {RARE}" if number < FOUND else ""
        values = {"name": f"G {number:06}{rare}", "metadata": {"discount_percent": 10}, "customer_count": 0}
        return self._create(GROUP, f"cusgroup_{number:026}", values, self.groups)

    def _customer(self, number: int, nameless: bool) -> Iterator[Write]:  # noqa: FBT001
        values: dict[str, Any] = dict.fromkeys(PROFILE) | {"has_account": True, "group_count": 0}
        if not nameless:
            last = RARE if number < FOUND else "Byron"
            values |= {"email": f"c{number:06}@a.io", "first_name": "Ada", "last_name": last}
        return self._create(CUSTOMER, f"cus_{len(self.customers):026}", values, self.customers)

    def _create(self, kind: Kind, item_id: str, values: dict[str, Any], into: list[Item]) -> Iterator[Write]:
        captured: list[Write] = []
        number = len(into)
        created_at = (
            f"2026-01-{1 + number // 86_400:02}T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}.000Z"
        )
        with patch.object(table, "commit", captured.extend):
            into.append(records.create(kind, item_id, {**values, "created_at": created_at}, ACTOR))
        mine = kind.key(item_id)
        for write in captured:
            if write.action == "Update":
                self._totals[keys.counter(kind.list, item_id)] += 1
            elif write.request["Item"]["PK"]["S"] != mine.PK or write.request["Item"]["SK"]["S"] != mine.SK:
                yield write

    def _members(self, group: Item, customers: Sequence[Item]) -> Iterator[Write]:
        asked = Request(ACTOR, GROUP, {one["id"]: one for one in customers})
        steps = [Step("add", group["id"], one["id"]) for one in customers]
        group["customer_count"] += len(steps)
        for one in customers:
            one["group_count"] += 1
        parts = memberships._parts(asked, steps)  # noqa: SLF001 - the very writes of a transaction
        return (part.write for part in parts if part.write.action == "Put")

    def _put(self, writes: Iterator[Write]) -> None:
        for write in writes:
            self._take(write.request["Item"])


def fill(population: Population, size: int) -> None:
    """As many groups as customers; one group of them all, and one customer in ten groups."""
    population.add_groups(size + FOUND + 20)
    population.add_customers(min(size, MOST_NAMED))
    population.add_customers(max(0, size - MOST_NAMED), nameless=True)
    population.join(population.groups[FOUND], population.customers)
    for group in population.groups[FOUND + 1 : FOUND + 10]:
        population.join(group, population.customers[:1])
