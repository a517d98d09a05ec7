"""Concurrent users on one table, with and without failures: `make soak SECONDS=600`.

Each round has a seed. If a round breaks a rule, its seed is printed, and `--seed` repeats it.
"""

import tests.database  # noqa: F401 - imported before `shared`

# isort: split

import argparse
import json
import random
import secrets
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from shared.domain.errors import ApiError
from tests import trouble
from tests.concurrency import automatic
from tests.concurrency.world import RULE_VERBS, TERM_VERBS, VERBS, Verb, World, random_step
from tests.table import Table, empty_table

REPORT: Final = Path(".local/soak.json")
TROUBLES: Final = (trouble.throttled, trouble.conflicting, trouble.failing, trouble.unanswered, trouble.unreachable)
type Choose = Callable[[str, int], trouble.Trouble | None]

console = Console(highlight=False)


@dataclass
class Report:
    rounds: int = 0
    steps: int = 0
    troubles: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    """The number of steps, by result or error code."""
    broken: dict[int, str] = field(default_factory=dict)
    """Broken rules, by the seed of the round."""

    @property
    def summary(self) -> str:
        return f"{self.rounds} rounds, {self.steps:,} steps, {self.troubles:,} troubles, {len(self.broken)} broken"


def play(seed: int, report: Report) -> None:
    """One round on a new table: users at the same time, or steps that overtake each other."""
    dice = random.Random(seed)
    try:
        dice.choice((_users, _users_of_rules, _users_of_terms, _overtaking))(dice, empty_table(), report)
    except (AssertionError, ApiError) as error:
        report.broken[seed] = str(error)


def _users(dice: random.Random, table: Table, report: Report) -> None:
    """Four to eight users, each with a list of steps, and requests that fail."""
    share = dice.choice((0.0, 0.05, 0.2))
    world = World(table)
    _play_with(world, dice, VERBS, lambda *_: dice.choice(TROUBLES) if dice.random() < share else None, report)


def _users_of_rules(dice: random.Random, table: Table, report: Report) -> None:
    """Few customers, whose automatic groups change all the time. Every write can be late."""
    world = World(table, fresh_groups=2, fresh_customers=2)
    slow = trouble.delayed
    _play_with(world, dice, RULE_VERBS, lambda action, _: slow if action == "TransactWriteItems" else None, report)


def _users_of_terms(dice: random.Random, table: Table, report: Report) -> None:
    """Memberships begin and end, on machines whose clocks differ, and requests fail."""
    share = dice.choice((0.0, 0.1))
    world = World(table, fresh_groups=2, fresh_customers=3)
    _play_with(world, dice, TERM_VERBS, lambda *_: dice.choice(TROUBLES) if dice.random() < share else None, report)


def _play_with(world: World, dice: random.Random, verbs: Sequence[Verb], choose: Choose, report: Report) -> None:
    scripts = [[random_step(dice, verbs) for _ in range(dice.randint(5, 30))] for _ in range(dice.randint(4, 8))]
    with trouble.trouble(choose) as plan:
        world.run(scripts)
    report.troubles += plan.met
    _check(world, dice, report)


def _overtaking(dice: random.Random, table: Table, report: Report) -> None:
    """Whole steps between the reads and the writes of others."""
    world = World(table, fresh_groups=2, fresh_customers=3)
    for _ in range(dice.randint(1, 8)):
        world.run_overtaken(dice.randint(4, 12), dice, dice.choice((RULE_VERBS, TERM_VERBS)))
        automatic.finish(world, dice.random())
    _check(world, dice, report)


def _check(world: World, dice: random.Random, report: Report) -> None:
    automatic.finish(world, dice.random())
    report.rounds += 1
    report.steps += len(world.calls)
    report.answers.update(one.refusal.code if one.refusal else "done" for one in world.calls)
    world.check()


def soak(seconds: float, report: Report) -> None:
    """Run rounds until the time is over, with a progress bar."""
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
    """Returns 0 if no rule was broken."""
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
