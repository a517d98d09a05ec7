"""Automatic groups in the model: steps that change and apply rules, and the delivery of events to them.

Each step runs with a clock of its own, like a function on another machine. Events are late, repeated and in any order.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from itertools import batched
from typing import TYPE_CHECKING, Any, Final, Literal
from unittest import mock

from operations import survey
from shared.domain import exact_json, moments
from shared.domain.errors import CustomerGroupNotFound
from shared.dynamodb.expressions import Item
from shared.events import translation
from shared.jobs import machine
from shared.jobs import rules as following
from shared.runtime import clock
from shared.storage import customers, due_terms, groups, jobs
from shared.storage.preconditions import ANY_VERSION
from shared.storage.rules import exceptions, judging, schedule
from shared.storage.rules.writing import Cause
from tests.rules import Rule, every, none, some, where
from tests.table import Table

if TYPE_CHECKING:
    from tests.concurrency.world import Step, World

type Verb = Literal[
    "create automatic", "automate", "automate and apply", "automate no more", "except", "spend", "spend and deliver",
    "order", "deliver", "apply rule", "tick"
]  # fmt: skip

CLOCKS: Final = tuple(timedelta(days=days) for days in (0, 0, 1, 3, -2))
"""How far the clocks of machines are ahead."""
LAST_CLOCK: Final = timedelta(days=4)
"""A clock that is ahead of all others. What it has decided is only decided again when that time has come."""
PERIOD_DAYS: Final = 30
ORDERED_DAYS_AGO: Final = (40, 29, 27, 1, -2, -10)
"""Some leave the period between two of the clocks, and some enter it."""
SPENT: Final = (500, 2000)
ROUNDS_TO_SETTLE: Final = 20

_ahead: ContextVar[timedelta] = ContextVar("ahead", default=timedelta())


def _now() -> str:
    return moments.iso(datetime.now(UTC) + _ahead.get())


@contextmanager
def machines() -> Iterator[None]:
    """Clocks can be ahead, and jobs are run by steps and not by Step Functions."""
    with (
        mock.patch.object(clock, "now", _now),
        mock.patch.object(machine, "start"),
    ):
        yield


@contextmanager
def clock_ahead(by: timedelta) -> Iterator[None]:
    before = _ahead.set(by)
    try:
        yield
    finally:
        _ahead.reset(before)


@contextmanager
def idle() -> Iterator[None]:
    """A time at which all work is done."""
    with machines(), clock_ahead(LAST_CLOCK):
        yield


def finish(world: "World", seed: float = 0) -> None:
    """Deliver every event that has not been delivered, and run jobs and schedules, until nothing changes any more."""
    dice = random.Random(seed)
    with idle():
        world.find_unacknowledged()
        for _ in range(ROUNDS_TO_SETTLE):
            applied = due_terms.apply_due(lambda: True)
            world.run_stream_workers()
            events = [one for one in _changes(world) if one["id"] not in world.delivered]
            for event in dice.sample(events, k=len(events)):
                _deliver(world, event)
            pending = [job_id for group in _groups(world) if (job_id := group.get("rule_job_id"))]
            for job_id in pending:
                _apply_rule(job_id)
            if not schedule.judge_due(lambda: True) and not events and not pending and not applied:
                return
    raise AssertionError("the groups keep changing")


def _groups(world: "World") -> Iterator[Any]:
    return (group for group_id in dict.fromkeys(world.group_ids) if (group := groups.find(group_id)))


def _changes(world: "World") -> list[Item]:
    """All changes, oldest first. They are read by another client, which meets no trouble."""
    items = Table(survey.scanner(world.table.client.meta.endpoint_url), world.table.name).items()
    return sorted((one for one in items if one["SK"].startswith("CHANGE#")), key=lambda one: str(one["id"]))


def _deliver(world: "World", change: Item) -> None:
    """Deliver the events of a change. What fails is delivered again later, as a queue does it."""
    for entry in translation.of_change(change):
        following.follow(entry.detail_type, exact_json.loads(entry.detail))
    world.delivered.add(change["id"])


def _apply_rule(job_id: str) -> None:
    """What the state machine does for a job. Another job may have replaced it, or the group may be deleted."""
    job = jobs.get(job_id, consistent=True)
    try:
        phases = following.plan(job).phases
    except CustomerGroupNotFound:
        return
    for phase in phases:
        for some_rows in batched(phase(job, [], None), judging.AT_ONCE, strict=False):
            judging.judge([row.value for row in some_rows], Cause(), only=job["target"])
    following.complete(job)


def _deliver_some(world: "World", _: str, step: "Step") -> None:
    """The newest event or any other: each can be late and repeated."""
    for place in step.others[:2]:
        changes = _changes(world)
        _deliver(world, changes[-1 if place % 2 else place % len(changes)])


def _apply_some(world: "World", _: str, step: "Step") -> None:
    group = groups.find(world.group(step.which))
    if group and (job_id := group.get("rule_job_id")):
        _apply_rule(job_id)


def _create_automatic(world: "World", actor: str, step: "Step") -> Any:
    made = groups.create(f"Automatic {step.which % 4}", None, actor, rule=_rule(world, step))
    world.group_ids.append(made["id"])
    return made


def _automate(world: "World", actor: str, step: "Step") -> Any:
    return groups.update(world.group(step.which), {"rule": _rule(world, step)}, actor)


def _automate_and_apply(world: "World", actor: str, step: "Step") -> Any:
    """The new rule is applied at once, while customers may still be judged by the old one."""
    changed = _automate(world, actor, step)
    if job_id := changed.get("rule_job_id"):
        _apply_rule(job_id)
    return changed


def _rule(world: "World", step: "Step") -> Rule:
    """One of some rules, with a group that the step chooses."""
    group, spent = world.group(step.others[-1]), 1000 + step.others[0] % 2
    choices = (
        some(where("metadata.total_spent", ">", spent)),
        every(where("metadata.ordered_at", "inLast", PERIOD_DAYS)),
        some(where("groups", "in", [group])),
        every(none(where("groups", "=", group)), where("metadata.total_spent", ">", spent)),
        some(where("last_name", "=", "Hopper"), every(where("metadata.ordered_at", "notInLast", PERIOD_DAYS))),
        every(where("groups", "notIn", [group]), where("metadata.ordered_at", "inLast", PERIOD_DAYS)),
    )
    return choices[sum(step.others) % len(choices)]


def _except(world: "World", actor: str, step: "Step") -> Any:
    named = list(dict.fromkeys(world.customer(one) for one in step.others))
    half = len(named) // 2
    return exceptions.replace(world.group(step.which), named[:half], named[half:], actor, ANY_VERSION)


def _spend(world: "World", actor: str, step: "Step") -> Any:
    spent = SPENT[step.others[0] % len(SPENT)]
    return customers.update(world.customer(step.which), {"metadata": {"total_spent": spent}}, actor)


def _spend_and_deliver(world: "World", actor: str, step: "Step") -> Any:
    """The event of the change is delivered at once, before those of earlier changes."""
    changed = _spend(world, actor, step)
    mine = [one for one in _changes(world) if one["subject_id"] == changed["id"] and one.get("version")]
    _deliver(world, mine[-1])
    return changed


def _order(world: "World", actor: str, step: "Step") -> Any:
    ago = timedelta(days=ORDERED_DAYS_AGO[step.others[0] % len(ORDERED_DAYS_AGO)])
    values = {"metadata": {"ordered_at": moments.iso(datetime.now(UTC) - ago)}}
    return customers.update(world.customer(step.which), values, actor)


def _tick(_: "World", __: str, ___: "Step") -> None:
    schedule.judge_due(lambda: True)


def with_own_clock(act: Callable[["World", str, "Step"], Any]) -> Callable[["World", str, "Step"], Any]:
    def act_ahead(world: "World", actor: str, step: "Step") -> Any:
        with clock_ahead(CLOCKS[step.which % len(CLOCKS)]):
            return act(world, actor, step)

    return act_ahead


ACTIONS: Final[dict[str, Callable[["World", str, "Step"], Any]]] = {
    "create automatic": _create_automatic,
    "automate": _automate,
    "automate and apply": _automate_and_apply,
    "automate no more": lambda world, actor, step: groups.update(world.group(step.which), {"rule": None}, actor),
    "except": _except,
    "spend": _spend,
    "spend and deliver": _spend_and_deliver,
    "order": _order,
    "deliver": with_own_clock(_deliver_some),
    "apply rule": with_own_clock(_apply_some),
    "tick": with_own_clock(_tick),
}
