"""`make audit-at-scale`: an audit of a million items on dynoxide, with the time and memory that it took.

The table is loaded, audited, damaged in seven places, and audited again: each damage must be found, and nothing else.
"""

from benchmarks import engine  # first: it starts the engine

# isort: split

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.population import Population
from benchmarks.results import console
from operations import survey
from operations.audit import memory
from operations.evidence import Evidence
from shared.dynamodb import actions, client, transactions
from shared.runtime import environment
from shared.storage import keys

ITEMS_PER_CUSTOMER: Final = 20
"""The items of a customer with a name and an e-mail address, and of a membership with its share of changes."""


def populate(items: int) -> Callable[[Population], None]:
    """Customers with names, all in one group, and enough groups for a long list."""

    def make(population: Population) -> None:
        population.add_groups(items // 1_000)
        population.add_customers(items // ITEMS_PER_CUSTOMER)
        population.join(population.groups[0], population.customers)
        for group in population.groups[1:]:
            population.join(group, population.customers[:20])

    return make


def damage(group: str, customers: list[str]) -> set[tuple[str, str]]:
    """Create one fault of every kind, and return each kind with its record."""
    first, second, third, fourth, fifth = customers[:5]
    ghost = "cus_ghost"
    for key, values in (
        (keys.group(group), {"customer_count": 7}),
        (keys.summary(first), {"group_count": 7}),
        (keys.customer(second), {"by_name": "elsewhere"}),
        (keys.membership(group, third), {"search_text": "elsewhere"}),
        (keys.token(keys.CUSTOMERS, "ghost", ghost), {"search_text": "ghost"}),
        (keys.email_lock("ghost@mail.example", has_account=True), {"holder": fourth}),
    ):
        transactions.commit([actions.update(key, set=values)])
    transactions.commit([actions.delete(keys.membership(group, fifth))])
    return {
        ("count", group),
        ("count", first),
        ("row", second),
        ("token", second),
        ("copy", second),
        ("copy", third),
        ("token", ghost),
        ("stray lock", fourth),
        ("count", fifth),
        ("members' history", group),
    }


def audited(folder: Path) -> set[tuple[str, str]]:
    """The faults that an audit finds, with its time and memory."""
    started = time.monotonic()
    size = client.dynamodb().describe_table(TableName=environment.table_name())["Table"]["ItemCount"]
    with Evidence(folder / "evidence") as evidence:
        survey.read(evidence, size, lambda _: None)
        found: set[tuple[str, str]] = {(fault.what, fault.subject) for fault in survey.find_faults(evidence)}
        known = ", ".join(f"{number:,} {what}" for what, number in evidence.totals().items())
        took = f"{time.monotonic() - started:.0f} s, {memory()} of memory, a file of {_megabytes(evidence.path)} MB"
    evidence.path.unlink()
    console.print(f"{known}: {took}; {len(found)} faults")
    return found


def _megabytes(path: Path) -> int:
    return path.stat().st_size // 1024**2


def main() -> int:
    """Return 0 if exactly the created faults were found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=1_000_000)
    items = parser.parse_args().items
    with engine.filled_table(populate(items)) as filled, TemporaryDirectory() as folder:
        sound = audited(Path(folder))
        expected = damage(filled.groups[0], filled.customers)
        found = audited(Path(folder))
    if sound or found != expected:
        console.print(f"unexpected: {sorted(sound)}, {sorted(found ^ expected)}")
    return int(bool(sound) or found != expected)


if __name__ == "__main__":
    sys.exit(main())
