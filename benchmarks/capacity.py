"""Calls and consumed capacity of every operation, at 10, 1,000 and 100,000 records, against the budgets."""

import argparse
import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from benchmarks.engine import Cost, filled_table, measured, quiet, send
from benchmarks.operations import Operation, of
from benchmarks.population import FOUND, fill
from benchmarks.results import save, show
from shared.storage import customers

PRICES: Final[dict[str, Any]] = json.loads((Path(__file__).parent / "prices.json").read_text())
MILLION: Final = 1_000_000


def cost_of(operation: Operation) -> Cost:
    with measured() as cost:
        send(operation.event())
    return cost


def costs_at(size: int) -> dict[str, tuple[Operation, Cost]]:
    """The capacity of each operation on a table of this size."""
    with filled_table(partial(fill, size=size)) as filled:
        return {one.name: (one, cost_of(one)) for one in of(filled, newcomers())}


def newcomers() -> list[str]:
    """A hundred customers without groups."""
    profile = {"first_name": None, "last_name": None, "company_name": None, "phone": None, "metadata": None}
    return [customers.create({"email": None, "has_account": False, **profile}, "benchmark")["id"] for _ in range(100)]


def price(cost: Cost) -> float:
    """Dollars per million requests: DynamoDB's units, the invocation, and the API request."""
    dynamodb: float = cost.reads * PRICES["dynamodb_read_unit"] + cost.writes * PRICES["dynamodb_write_unit"]
    dollars: float = MILLION * (dynamodb + PRICES["lambda_request"] + PRICES["api_gateway_request"])
    return dollars


def is_flat(costs: Mapping[int, object]) -> bool:
    """Whether all sizes that fill a page cost the same. Smaller sizes must not cost more."""
    return len({cost for size, cost in costs.items() if size >= FOUND}) == 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 1_000, 100_000])
    sizes = parser.parse_args().sizes
    quiet()
    found = {size: costs_at(size) for size in sizes}
    report: dict[str, dict[str, Any]] = {}
    for name, (operation, cost) in found[sizes[-1]].items():
        budget = operation.budget
        # Parallel calls end in any order.
        each = [(tuple(sorted(one.calls)), one.reads, one.writes) for one in (found[size][name][1] for size in sizes)]
        report[name] = {
            "calls": len(cost.calls),
            "read": {"table": cost.read_table, "indexes": cost.read_indexes},
            "write": {"table": cost.write_table, "indexes": cost.write_indexes},
            "budget": {"calls": budget.calls, "reads": budget.reads, "writes": budget.writes},
            "in_budget": len(cost.calls) <= budget.calls
            and cost.reads <= budget.reads
            and cost.writes <= budget.writes,
            "flat": is_flat(dict(zip(sizes, each, strict=True))),
            "dollars_per_million": round(price(cost), 2),
        }
    show(
        f"Calls and capacity units, table + indexes, at {sizes[-1]:,} records",
        ["operation", "calls", "read", "write", "in budget", "same at all sizes", "$ / million"],
        [
            (name, one["calls"], _sum(one["read"]), _sum(one["write"]), *_marks(one), one["dollars_per_million"])
            for name, one in report.items()
        ],
    )
    save("capacity", {"sizes": sizes, "operations": report})


def _sum(units: dict[str, float]) -> str:
    return f"{units['table']:g} + {units['indexes']:g}"


def _marks(one: dict[str, Any]) -> tuple[str, str]:
    return ("yes" if one["in_budget"] else "NO", "yes" if one["flat"] else "NO")


if __name__ == "__main__":
    main()
