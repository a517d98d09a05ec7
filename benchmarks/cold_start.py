"""The init phase of every HTTP function in the real runtime, compared with a handler that only creates a client.

Both use the same layers and take turns in one run. Compare the ratios, because the machine has other work.
"""

import argparse
import statistics
import time
from pathlib import Path
from typing import Any, Final

from benchmarks import lambda_runtime
from benchmarks.results import console, save, show, spread
from tests import template

MAX_RATIO: Final = 1.3
BASELINE: Final = """\
import boto3

client = boto3.client("dynamodb")


def handler(event, context):
    return {}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--minutes", type=float, default=5, help="begin no further round after so long")
    asked = parser.parse_args()
    rounds, until = 0, time.monotonic() + 60 * asked.minutes
    lambda_runtime.prepare()
    tasks = {"baseline": _baseline(), **_functions()}
    starts: dict[str, list[lambda_runtime.Start]] = {name: [] for name in tasks}
    while rounds < asked.rounds and time.monotonic() < until:
        rounds += 1
        console.print(f"[dim]cold starts, round {rounds} of {asked.rounds}[/]")
        for name, task in tasks.items():
            starts[name].append(lambda_runtime.start(task))
    report = {name: _summary(mine, starts["baseline"]) for name, mine in starts.items()}
    show(
        f"Init in milliseconds, {rounds} cold starts each",
        ["function", "median", "q1", "q3", "ratio", "CPU", "CPU ratio"],
        [
            (name, *(one["init_ms"][part] for part in ("median", "q1", "q3")), one["ratio"], *_cpu(one))
            for name, one in report.items()
        ],
    )
    save("cold_start", {"rounds": rounds, "target_ratio": MAX_RATIO, "functions": report})


def _cpu(one: dict[str, Any]) -> tuple[float, float]:
    return one["cpu_ms"]["median"], one["cpu_ratio"]


def _summary(mine: list[lambda_runtime.Start], baseline: list[lambda_runtime.Start]) -> dict[str, Any]:
    return {
        "init_ms": spread([one.wall for one in mine]),
        "cpu_ms": spread([one.cpu for one in mine]),
        "ratio": round(statistics.median(s.wall for s in mine) / statistics.median(s.wall for s in baseline), 2),
        "cpu_ratio": round(statistics.median(s.cpu for s in mine) / statistics.median(s.cpu for s in baseline), 2),
    }


def _functions() -> dict[str, Path]:
    return {
        route.operation: lambda_runtime.ARTIFACTS / template.logical_id(route.operation) for route in template.routes()
    }


def _baseline() -> Path:
    task = lambda_runtime.RUNTIME.parent / "baseline"
    task.mkdir(exist_ok=True)
    (task / "handler.py").write_text(BASELINE)
    return task


if __name__ == "__main__":
    main()
