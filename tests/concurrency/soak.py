"""Crowds at the same table, in and out of trouble, for as long as is wanted: `make soak SECONDS=600`.

Each round has a seed of its own. One that breaks a rule is named, and `--seed` plays its steps again.
"""

import tests.database  # noqa: F401 - before anything of `shared` is imported

# isort: split

import argparse
import json
import random
import secrets
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from shared.config import config
from shared.errors import ApiError
from shared.storage import table as storage
from tests import template, trouble
from tests.concurrency.world import World, random_step
from tests.table import Table

REPORT: Final = Path(".local/soak.json")
TROUBLES: Final = (trouble.throttled, trouble.conflicting, trouble.failing, trouble.unanswered, trouble.unreachable)

console = Console(highlight=False)


@dataclass
class Report:
    rounds: int = 0
    steps: int = 0
    troubles: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    """How many steps were done, and how many refused, by the code of the refusal."""
    broken: dict[int, str] = field(default_factory=dict)
    """What was wrong, by the seed of the round."""

    @property
    def summary(self) -> str:
        return f"{self.rounds} rounds, {self.steps:,} steps, {self.troubles:,} troubles, {len(self.broken)} broken"


def play(seed: int, report: Report) -> None:
    """One round: four to eight people, each with a list of things to do, at a new table."""
    dice = random.Random(seed)
    storage.client.create_table(**template.table_definition(config.table_name))
    try:
        world = World(Table(storage.client, config.table_name))
        share = dice.choice((0.0, 0.05, 0.2))
        scripts = [[random_step(dice) for _ in range(dice.randint(5, 30))] for _ in range(dice.randint(4, 8))]
        with trouble.trouble(lambda *_: dice.choice(TROUBLES) if dice.random() < share else None) as plan:
            world.run(scripts)
        world.settle()
        report.rounds += 1
        report.steps += len(world.told)
        report.troubles += plan.met
        report.answers.update(one.refusal.code if one.refusal else "done" for one in world.told)
        world.check()
    except (AssertionError, ApiError) as error:
        report.broken[seed] = str(error)
    finally:
        storage.client.delete_table(TableName=config.table_name)


def soak(seconds: float, report: Report) -> None:
    """Play rounds until the time is over, with a bar and the state of things."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    began = time.monotonic()
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("Soaking", total=seconds)
        while time.monotonic() - began < seconds:
            seed = secrets.randbits(32)
            play(seed, report)
            if seed in report.broken:
                progress.console.print(f"[red]Broken[/] with --seed {seed}: {report.broken[seed][:500]}")
            progress.update(bar, completed=time.monotonic() - began, description=report.summary)


def main() -> int:
    """0 when no rule was broken."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, help="play one round again")
    arguments = parser.parse_args()
    report = Report()
    if arguments.seed is None:
        soak(arguments.seconds, report)
    else:
        play(arguments.seed, report)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(vars(report), indent=2) + "\n")
    for seed, what in report.broken.items():
        console.print(f"{seed}: {what}")
    console.print(f"{report.summary}. What became of the steps is in {REPORT}.")
    return 1 if report.broken else 0


if __name__ == "__main__":
    sys.exit(main())
