"""A handler's own CPU time without its DynamoDB calls, and the ratio to the bare calls.

The bare calls are those of the same request, timed around the one method through which every call of a client goes.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from benchmarks.engine import Body, Filled, filled_table, quiet, request, send, timed_calls
from benchmarks.operations import CUSTOMERS, GROUPS
from benchmarks.population import FOUND, fill
from benchmarks.results import save, show, spread

SIZE: Final = 200
TARGETS_MS: Final = {"get group": 1.0, "create group": 1.0, "list of 50": 3.0, "members, 50": 3.0}
MAX_RATIO: Final = 1.3
WARMING_UP: Final = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    rounds = parser.parse_args().rounds
    quiet()
    with filled_table(partial(fill, size=SIZE)) as filled:
        report = {name: _measure(event, rounds) for name, event in _requests(filled).items()}
    show(
        f"Own CPU of handlers in milliseconds, {rounds} requests each",
        ["request", "own CPU", "target", "handler / bare calls"],
        [(name, one["own_cpu_ms"]["median"], TARGETS_MS.get(name, ""), one["ratio"]) for name, one in report.items()],
    )
    save("overhead", {"rounds": rounds, "targets_ms": TARGETS_MS, "target_ratio": MAX_RATIO, "requests": report})


def _requests(filled: Filled) -> dict[str, Callable[[], Body]]:
    big, one = filled.groups[FOUND], filled.customers[0]
    names = iter(range(1_000_000))
    return {
        "get group": lambda: request("GET", f"{GROUPS}/{big}"),
        "get customer": lambda: request("GET", f"{CUSTOMERS}/{one}"),
        "create group": lambda: request("POST", GROUPS, {"name": f"Fresh {next(names)}"}),
        "list of 50": lambda: request("GET", f"{GROUPS}?limit=50"),
        "members, 50": lambda: request("GET", f"{GROUPS}/{big}/customers?limit=50"),
    }


def _measure(event: Callable[[], Body], rounds: int) -> dict[str, Any]:
    own, whole, ratios = [], [], []
    # Around all rounds, because patched code is slow at first.
    with timed_calls() as calls:
        for each in range(rounds + WARMING_UP):
            asked = event()
            calls.seconds = calls.cpu_seconds = 0.0
            started, cpu = time.perf_counter(), time.process_time()
            send(asked)
            wall, took = time.perf_counter() - started, time.process_time() - cpu
            if each >= WARMING_UP:
                own.append(1000 * (took - calls.cpu_seconds))
                whole.append(1000 * took)
                ratios.append(wall / calls.seconds)
    return {"own_cpu_ms": spread(own), "cpu_ms": spread(whole), "ratio": round(statistics.median(ratios), 2)}


if __name__ == "__main__":
    main()
