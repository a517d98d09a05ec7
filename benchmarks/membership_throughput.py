"""Customers added to one group in calls of 1,000, beside bare transactions of the same shape."""

import argparse
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import batched
from typing import Any, Final

from benchmarks.engine import fresh_table, quiet, request, send
from benchmarks.operations import GROUPS
from benchmarks.population import ACTOR, Population
from benchmarks.results import save, show
from shared.config import config
from shared.storage import memberships, table
from shared.storage.kinds import GROUP
from shared.storage.memberships import MEMBERS_PER_WRITE, Request, Step
from shared.storage.table import Item

PER_CALL: Final = 1_000
LEAST_SHARE: Final = 0.7
MOST_MEGABYTES: Final = 256


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    count = parser.parse_args().customers
    quiet()
    with fresh_table():
        population = Population()
        population.add_groups(2)
        population.add_customers(2 * count, nameless=True)
        population.finish()
        through, bare = population.groups
        halves = population.customers[:count], population.customers[count:]
        rounds = [
            (_through_handler(through, some), _bare(bare, others))
            for some, others in zip(*(batched(half, PER_CALL, strict=False) for half in halves), strict=True)
        ]
    handler_rate = count / sum(mine for mine, _ in rounds)
    bare_rate = count / sum(theirs for _, theirs in rounds)
    # What the process grew to while it also held the population: an upper bound of what a function would need.
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    share = round(handler_rate / bare_rate, 2)
    show(
        f"{count:,} customers into one group",
        ["", "customers / s"],
        [("through the handler", handler_rate), ("bare transactions", bare_rate), ("share", share)],
    )
    save(
        "membership_throughput",
        {
            "customers": count,
            "handler_per_second": round(handler_rate),
            "bare_per_second": round(bare_rate),
            "share": share,
            "target_share": LEAST_SHARE,
            "peak_megabytes_with_population": round(megabytes),
        },
    )


def _through_handler(group: Item, customers: Sequence[Item]) -> float:
    event = request("POST", f"{GROUPS}/{group['id']}/customers", {"add": [one["id"] for one in customers]})
    started = time.perf_counter()
    send(event)
    return time.perf_counter() - started


def _bare(group: Item, customers: Sequence[Item]) -> float:
    """Transactions of the same shape, made before the clock starts and sent as they are."""
    asked = Request(ACTOR, GROUP, {one["id"]: one for one in customers})
    transactions = list(_transactions(asked, group, customers))
    started = time.perf_counter()
    for items in transactions:
        table.client.transact_write_items(TransactItems=items)
    return time.perf_counter() - started


def _transactions(asked: Request, group: Item, customers: Sequence[Item]) -> Iterator[Any]:
    for some in batched(customers, MEMBERS_PER_WRITE, strict=False):
        parts = memberships._parts(asked, [Step("add", group["id"], one["id"]) for one in some])  # noqa: SLF001
        yield [{part.write.action: {"TableName": config.table_name} | part.write.request} for part in parts]


if __name__ == "__main__":
    main()
