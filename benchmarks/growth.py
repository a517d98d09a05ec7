"""The time of every operation on a small and on a large table. It must not grow with the size."""

import argparse
import random
import time
from functools import partial
from typing import Any, Final

from benchmarks.capacity import newcomers
from benchmarks.engine import Filled, filled_table, quiet, send
from benchmarks.operations import Operation, of
from benchmarks.people import people
from benchmarks.population import FOUND, Population, fill
from benchmarks.results import save, show, spread

SMALL: Final = 100
MAX_RATIO_READING: Final = 1.3
MAX_RATIO_WRITING: Final = 1.5
ALTERNATING: Final = {"add 100 customers": "remove 100 customers"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--groups", type=int, default=10_000)
    parser.add_argument("--customers", type=int, default=50_000, help="with names, e-mails and their search tokens")
    parser.add_argument("--memberships", type=int, default=500_000)
    parser.add_argument("--largest", type=int, default=250_000, help="members of one group")
    parser.add_argument("--rounds", type=int, default=40)
    asked = parser.parse_args()
    quiet()
    with filled_table(partial(fill, size=SMALL, add_named=_add_people)) as filled:
        small = _times(filled, asked.rounds)
    with filled_table(partial(_fill_large, asked=asked)) as filled:
        large = _times(filled, asked.rounds)
    report = {name: _summary(name, small[name], large[name]) for name in small}
    show(
        f"Milliseconds at {SMALL} and at {asked.memberships:,} memberships, {asked.rounds} requests each",
        ["operation", "small", "large", "ratio", "at most"],
        [
            (name, one["small_ms"]["median"], one["large_ms"]["median"], one["ratio"], one["target"])
            for name, one in report.items()
        ],
    )
    save("growth", {**vars(asked), "small": SMALL, "operations": report})


def _summary(name: str, small: list[float], large: list[float]) -> dict[str, Any]:
    before, after = spread(small), spread(large)
    target = MAX_RATIO_WRITING if "100 customers" in name else MAX_RATIO_READING
    return {
        "small_ms": before,
        "large_ms": after,
        "ratio": round(after["median"] / before["median"], 2),
        "target": target,
    }


def _times(filled: Filled, rounds: int) -> dict[str, list[float]]:
    """The time of each request. Reads take turns, so that other load affects all of them."""
    operations = {one.name: one for one in of(filled, newcomers())}
    reading = [one for one in operations.values() if not one.writes]
    times: dict[str, list[float]] = {name: [] for name in operations if name != "delete group"}
    for _ in range(rounds + 1):
        for one in random.sample(reading, len(reading)):
            times[one.name].append(_time(one))
    for _ in range(max(rounds // 4, 5)):
        for name, one in operations.items():
            if one.writes and name in times:
                times[name].append(_time(one))
    return {name: mine[1:] for name, mine in times.items()}


def _time(operation: Operation) -> float:
    event = operation.event()
    started = time.perf_counter()
    send(event)
    return 1000 * (time.perf_counter() - started)


def _add_people(population: Population, count: int) -> None:
    for profile in people(count):
        population.add_customer(profile)


def _fill_large(population: Population, asked: argparse.Namespace) -> None:
    """One very large group, mostly of members without names. The other memberships are spread over all groups."""
    population.add_groups(asked.groups)
    _add_people(population, asked.customers)
    named = population.customers[: asked.customers]
    population.add_customers(max(0, asked.largest - asked.customers), nameless=True)
    population.join(population.groups[FOUND], population.customers[: asked.largest])
    for group in population.groups[FOUND + 1 : FOUND + 10]:
        population.join(group, named[:1])
    others = population.groups[FOUND + 10 : -1]
    each = max(1, (asked.memberships - asked.largest) // len(others))
    for place, group in enumerate(others):
        start = 1 + place * each % (len(named) - each - 1)
        population.join(group, named[start : start + each])


if __name__ == "__main__":
    main()
