"""Customers added to one group in calls of 1,000, compared with bare transactions of the same form."""

import argparse
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import batched
from typing import Any, Final

from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn

from benchmarks.engine import filled_table, quiet, request, send
from benchmarks.operations import GROUPS
from benchmarks.population import ACTOR, Population
from benchmarks.results import console, save, show
from shared.dynamodb import client
from shared.runtime import environment
from shared.storage import summaries
from shared.storage.kinds import GROUP
from shared.storage.membership_steps import Request, Step
from shared.storage.membership_transactions import MEMBERS_PER_WRITE
from shared.storage.membership_writes import parts

PER_CALL: Final = 1_000
BARE_EVERY: Final = 4
"""After this many calls, the bare transactions of one call are sent, to measure their rate."""
LEAST_SHARE: Final = 0.7
MAX_MEGABYTES: Final = 256


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    count = parser.parse_args().customers
    quiet()
    columns = (*Progress.get_default_columns(), MofNCompleteColumn(), TimeElapsedColumn())
    with filled_table(partial(_fill, customers=2 * count)) as filled, Progress(*columns, console=console) as progress:
        task = progress.add_task("customers", total=count)
        through, bare = filled.groups
        customers = filled.customers
        mine: list[float] = []
        theirs: list[float] = []
        sizes: list[int] = []
        halves = (batched(half, PER_CALL, strict=False) for half in (customers[:count], customers[count:]))
        for some, others in zip(*halves, strict=True):
            mine.append(_through_handler(through, some))
            if len(mine) % BARE_EVERY == 1:
                theirs.append(_bare(bare, others) / len(others))
            sizes.append(_megabytes())
            progress.update(task, advance=len(some))
    handler_rate = count / sum(mine)
    bare_rate = len(theirs) / sum(theirs)
    share = round(handler_rate / bare_rate, 2)
    show(
        f"{count:,} customers into one group",
        ["", "customers / s"],
        [("through the handler", handler_rate), ("bare transactions", bare_rate), ("share", share)],
    )
    show(
        "Memory of the process, benchmark included",
        ["after", "MB at most"],
        [("the first call", sizes[0]), ("the last call", sizes[-1])],
    )
    save(
        "membership_throughput",
        {
            "customers": count,
            "handler_per_second": round(handler_rate),
            "bare_per_second": round(bare_rate),
            "share": share,
            "target_share": LEAST_SHARE,
            "megabytes_after_the_first_call": sizes[0],
            "megabytes_at_most": sizes[-1],
            "target_megabytes": MAX_MEGABYTES,
        },
    )


def _fill(population: Population, customers: int) -> None:
    population.add_groups(2)
    population.add_customers(customers, nameless=True)


def _megabytes() -> int:
    """The peak memory of this process."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2))


def _through_handler(group_id: str, customers: Sequence[str]) -> float:
    event = request("POST", f"{GROUPS}/{group_id}/customers", {"add": list(customers)})
    started = time.perf_counter()
    send(event)
    return time.perf_counter() - started


def _bare(group_id: str, customers: Sequence[str]) -> float:
    """Transactions of the same form, created before the measurement."""
    transactions = list(_transactions(Request(ACTOR, GROUP, summaries.get_many(customers)), group_id, customers))
    started = time.perf_counter()
    for items in transactions:
        client.dynamodb().transact_write_items(TransactItems=items)
    return time.perf_counter() - started


def _transactions(asked: Request, group_id: str, customers: Sequence[str]) -> Iterator[Any]:
    for some in batched(customers, MEMBERS_PER_WRITE, strict=False):
        steps = [Step("add", group_id, one) for one in some]
        yield [
            {part.write.verb: {"TableName": environment.table_name()} | part.write.request}
            for part in parts(asked, steps)
        ]


if __name__ == "__main__":
    main()
