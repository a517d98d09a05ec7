"""Creates exactly the items that the storage functions write, in bulk.

The functions are called as ever; what they would commit is handed on instead.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import batched
from typing import Any, Final
from unittest.mock import patch

from shared.dynamodb import actions, transactions
from shared.dynamodb.actions import Action
from shared.dynamodb.expressions import Item, Key
from shared.storage import keys, large_metadata, record_writes, summaries
from shared.storage.items import SummaryItem
from shared.storage.kind import Kind
from shared.storage.kinds import CUSTOMER, GROUP
from shared.storage.membership_steps import Request, Step
from shared.storage.membership_transactions import MEMBERS_PER_WRITE
from shared.storage.membership_writes import parts

ACTOR: Final = "benchmark"
RARE: Final = "zebra"
"""A word in the names of twenty groups and twenty customers, for any size."""
FOUND: Final = 20
MAX_NAMED: Final = 1_000
"""The most customers of `fill` with search tokens, which are most of the items and most of the loading time."""


class Population:
    """Records and their counts, kept in memory until `finish`."""

    def __init__(self, take: Callable[[Any], None]) -> None:
        """`take` is called with every item, in DynamoDB's JSON."""
        self.groups: list[Item] = []
        self.customers: list[Item] = []
        self._summaries: dict[str, SummaryItem] = {}
        self._totals: Counter[Key] = Counter()
        self._take = take

    def add_groups(self, count: int) -> None:
        for number in range(count):
            self.add_group(f"G {number:06}{f' {RARE}' if number < FOUND else ''}")

    def add_customers(self, count: int, *, nameless: bool = False) -> None:
        """Customers without names, such as most members of a very large group, have no search tokens."""
        for number in range(count):
            self._put(self._customer(number, nameless))

    def join(self, group: Item, customers: Sequence[Item]) -> None:
        for some in batched(customers, MEMBERS_PER_WRITE, strict=False):
            self._put(self._members(group, some))

    def finish(self) -> None:
        """Create the records and summaries, whose counts are complete now, and the counters of the lists."""
        records = map(large_metadata.as_stored, (*self.groups, *self.customers))
        self._put(map(actions.put, (*records, *self._summaries.values())))
        self._put(actions.put(key._asdict() | {"total": total}) for key, total in self._totals.items())

    def add_group(self, name: str, key: str | None = None, metadata: Mapping[str, Any] | None = None) -> None:
        values = {"name": name, "metadata": metadata or {"discount_percent": 10}, "customer_count": 0}
        values |= {"key": key} if key else {}
        self._put(self._create(GROUP, f"cusgroup_{len(self.groups):026}", values, self.groups))

    def add_customer(self, profile: Mapping[str, Any]) -> None:
        self._put(self._create(CUSTOMER, f"cus_{len(self.customers):026}", dict(profile), self.customers))

    def _customer(self, number: int, nameless: bool) -> Iterator[Action]:  # noqa: FBT001 - private, with one caller
        values: dict[str, Any] = dict.fromkeys(CUSTOMER.attributes) | {"has_account": True}
        if not nameless:
            last = RARE if number < FOUND else "Byron"
            values |= {"email": f"c{number:06}@a.io", "first_name": "Ada", "last_name": last}
        return self._create(CUSTOMER, f"cus_{len(self.customers):026}", values, self.customers)

    def _create(self, kind: Kind, item_id: str, values: dict[str, Any], into: list[Item]) -> Iterator[Action]:
        captured: list[Action] = []
        number = len(into)
        created_at = (
            f"2026-01-{1 + number // 86_400:02}T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}.000Z"
        )
        with patch.object(transactions, "commit", captured.extend):
            into.append(record_writes.create(kind, item_id, {**values, "created_at": created_at}, ACTOR))
        later = [kind.key(item_id)]
        if kind is CUSTOMER:
            self._summaries[item_id] = summaries.of_new(into[-1])
            later.append(keys.summary(item_id))
        for write in captured:
            if write.verb == "Update":
                self._totals[keys.counter(kind.list, item_id)] += 1
            elif Key(write.request["Item"]["PK"]["S"], write.request["Item"]["SK"]["S"]) not in later:
                yield write

    def _members(self, group: Item, customers: Sequence[Item]) -> Iterator[Action]:
        asked = Request(ACTOR, GROUP, {one["id"]: self._summaries[one["id"]] for one in customers})
        steps = [Step("add", group["id"], one["id"]) for one in customers]
        group["customer_count"] += len(steps)
        for one in customers:
            self._summaries[one["id"]]["group_count"] += 1
        return (part.write for part in parts(asked, steps) if part.write.verb == "Put")

    def _put(self, writes: Iterator[Action]) -> None:
        for write in writes:
            self._take(write.request["Item"])


def fill(
    population: Population, size: int, add_named: Callable[[Population, int], None] = Population.add_customers
) -> None:
    """As many groups as customers, one group with all customers, and one customer in ten groups."""
    population.add_groups(size + FOUND + 20)
    add_named(population, min(size, MAX_NAMED))
    population.add_customers(max(0, size - MAX_NAMED), nameless=True)
    population.join(population.groups[FOUND], population.customers)
    for group in population.groups[FOUND + 1 : FOUND + 10]:
        population.join(group, population.customers[:1])
