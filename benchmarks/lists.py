"""The calls, read units and time of every list request at 1,000 and at 100,000 customers."""

import argparse
import json
import re
import time
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any, Final, NamedTuple

from rich.progress import track

from benchmarks.engine import filled_table, measured, quiet, request, send
from benchmarks.people import people
from benchmarks.population import Population
from benchmarks.questions import KEYED, Question, questions
from benchmarks.results import console, save, show
from shared.storage.lists.budget import CALLS, UNITS

SIZES: Final = (1_000, 100_000)
LARGEST: Final = 1_000_000
GROUPS_PER_CUSTOMER: Final = 10
"""One group for this many customers."""
FEW: Final = 20
SECOND_PAGE: Final = ", second page"


class Taken(NamedTuple):
    """What one request took."""

    calls: int
    units: float
    ms: float
    shown: int
    """The records on the page."""


def fill(population: Population, size: int) -> None:
    """A group of half of all customers, one of twenty; the last customer is in very many groups, the first in few."""
    count = max(FEW + 2, size // GROUPS_PER_CUSTOMER)
    for number in range(count):
        name = f"Rare {number}" if number < FEW else f"Segment {number} of the autumn sale"
        population.add_group(name, _key(number))
    for number, profile in enumerate(people(size)):
        population.add_customer(profile | {"key": _key(number)})
    population.join(population.groups[0], population.customers[: size // 2])
    population.join(population.groups[1], population.customers[size // 2 :][:FEW])
    for group in population.groups[2 : min(count, 302)]:
        population.join(group, population.customers[-1:])


def _key(number: int) -> str | None:
    return str(number) if number < KEYED else None


def taken_at(size: int, *, every: int = 1) -> dict[str, Taken]:
    """The cost of each request with this many customers. `every=10` only sends each tenth, and all with an offset."""
    with filled_table(partial(fill, size=size), on_disk=size >= LARGEST) as filled:
        asked = [one for place, one in enumerate(questions(filled)) if place % every == 0 or "=10000" in one.url]
        each = (_take(one) for one in track(asked, f"{size:,}", console=console, transient=True))
        return {name: taken for some in each for name, taken in some}


def _take(question: Question) -> Iterator[tuple[str, Taken]]:
    """The cost of a request, and of its second page if that is asked for and there is one."""
    taken, cursor = _page(question.url)
    yield question.name, taken
    if cursor and question.is_followed:
        after = re.sub(r"&offset=\d+", "", question.url)
        yield question.name + SECOND_PAGE, _page(f"{after}&cursor={cursor}")[0]


def _page(url: str) -> tuple[Taken, str | None]:
    with measured() as cost:
        started = time.perf_counter()
        answer = send(request("GET", url))
        ms = round(1000 * (time.perf_counter() - started), 1)
    page = json.loads(answer["body"])
    shown = next(len(value) for value in page.values() if isinstance(value, list))
    return Taken(len(cost.calls), round(cost.reads, 1), ms, shown), page["next_cursor"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--million", action="store_true", help="also at a million: two hours, 40 GB of disk")
    asked = parser.parse_args()
    quiet()
    sizes = [*asked.sizes, *([LARGEST] if asked.million else [])]
    taken = {size: taken_at(size) for size in sizes}
    # A small list may have no second page.
    everywhere = [name for name in taken[sizes[-1]] if all(name in each for each in taken.values())]
    names = sorted(everywhere, key=lambda name: -taken[sizes[-1]][name].units)
    show(
        f"Calls, units and milliseconds at {', '.join(f'{size:,}' for size in sizes)} customers",
        ["request", *(f"{what} at {size:,}" for size in sizes for what in ("calls", "units", "ms"))],
        [(name, *(value for size in sizes for value in taken[size][name][:3])) for name in islice(names, 60)],
    )
    save("lists_million" if LARGEST in sizes else "lists", _report(sizes, taken))


def _report(sizes: list[int], taken: dict[int, dict[str, Taken]]) -> dict[str, Any]:
    most = {
        str(size): {
            "requests": len(each),
            "calls": max(one.calls for one in each.values()),
            "units": max(one.units for one in each.values()),
            "ms": max(one.ms for one in each.values()),
        }
        for size, each in taken.items()
    }
    each = {
        name: {str(size): list(some[name][:3]) for size, some in taken.items() if name in some}
        for name in dict.fromkeys(name for some in taken.values() for name in some)
    }
    return {"sizes": sizes, "budget": {"calls": CALLS, "units": UNITS}, "most": most, "requests": each}


if __name__ == "__main__":
    main()
