"""The CPU time of judging one customer by all rules."""

import time
from itertools import islice, pairwise
from typing import Any, Final

from benchmarks.engine import filled_table, quiet
from benchmarks.population import fill
from benchmarks.results import save, show, spread
from shared.domain.ids import CustomerId
from shared.domain.rules.facts import Facts
from shared.runtime import clock
from shared.storage import customers, groups
from shared.storage.rules import store
from tests.rules import Rule, every, some, where

SIZES: Final = (10, 100, 1_000)
TARGET_MS: Final = 10.0
ROUNDS: Final = 200


def usual(number: int) -> Rule:
    """A rule as people write them, which few customers meet."""
    return some(
        where("metadata.total_spent", ">", 1_000_000 + number),
        every(where("email", "endsWith", f"@company{number}.example"), where("created_at", "notInLast", 730)),
    )


def main() -> None:
    quiet()
    report: dict[str, Any] = {}
    with filled_table(lambda population: fill(population, size=100)) as filled:
        facts = Facts(dict(customers.get(CustomerId(filled.customers[0]))), (), clock.now())
        numbers = iter(range(max(SIZES)))
        for before, size in pairwise((0, *SIZES)):
            for number in islice(numbers, size - before):
                groups.create(f"Rule {number}", None, "benchmark", rule=usual(number))
            report[str(size)] = spread([_judge(store.current(), facts) for _ in range(ROUNDS)])
    show(
        "CPU time of judging one customer, in milliseconds",
        ["rules", "median", "q1", "q3", "target"],
        [(size, one["median"], one["q1"], one["q3"], TARGET_MS) for size, one in report.items()],
    )
    save("rules", {"target_ms": TARGET_MS, "rounds": ROUNDS, "cpu_ms": report})


def _judge(rules: store.Rules, facts: Facts) -> float:
    started = time.process_time()
    for one in rules.each.values():
        one.decide(facts)
    rules.next_change(facts)
    return 1000 * (time.process_time() - started)


if __name__ == "__main__":
    main()
