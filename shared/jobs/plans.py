"""Planning a job: its rows are found and written as chunks, in one or more phases.

The state machine requests a plan, processes the chunks of the newest phase, and repeats this until there is nothing
left. When planning runs out of time, the plan contains the position to continue from.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple, TypedDict

from shared.domain.errors import InvalidData
from shared.dynamodb.expressions import Item
from shared.jobs import chunks, files
from shared.jobs.chunks import Phase
from shared.jobs.rows import Row
from shared.storage import job_chunks, jobs

type Next = Literal["plan", "work", "finish"]

MAX_ROWS: Final = 1_000_000


class NoProgressError(Exception):
    """Planning has not come further than before, so it would go on for ever."""


class TooManyRows(InvalidData):
    def __init__(self, job: Item) -> None:
        advice = "; split the file" if "input" in job else ""
        super().__init__(f"A job has at most {MAX_ROWS:,} rows{advice}")


class Position(TypedDict, total=False):
    """The last row of a phase that is planned so far. Each kind of job has some of the keys (`Kind.resume`).

    A phase finds its rows in an order, which `_place` has, so that a later row has a later position.
    """

    line: int | None
    """The number of the row. None if rows are not numbered."""
    after: str | None
    """The value of the row. None for the row of a group in an export, which comes before its members."""
    at: str | None
    """The position of the customer in a list. Those of filters are in the order of the list."""
    group: str
    """In an export, the group of the row."""
    excepted: str
    """In an export, the last customer in none of the groups. These come after all groups."""


def line_of(position: Position | None) -> int:
    """The number of the last row. 0 if there is none."""
    return (position and position.get("line")) or 0


class Plan(NamedTuple):
    """The next step, the phases so far, and the position to continue planning from."""

    next: Next
    phases: list[Phase]
    position: Position | None = None
    is_last: bool = True
    """Whether there is nothing more to plan. A plan to finish a job that was stopped may not be the last one."""


type Find = Callable[[Item, Sequence[Phase], Position | None], Iterable[Row]]
"""Finds the rows of a phase, from a position on. The second argument has the phases before."""


class Kind(NamedTuple):
    """How the rows of one kind of job are found, phase by phase."""

    phases: tuple[Find, ...]
    resume: Callable[[Row], Position]
    """The position after a row."""
    is_limited: bool = True
    """Whether the first phase may have at most MAX_ROWS rows. Later ones follow from what has been written."""


def proceed(job: Item, kind: Kind, before: Plan, has_time: Callable[[], bool]) -> Plan:
    """Plan the next phase that has rows, or continue with an unfinished one. Raises NoProgressError."""
    phases = list(before.phases)
    position = before.position
    is_begun = position is not None
    while is_begun or len(phases) < len(kind.phases):
        phase = phases.pop() if is_begun else chunks.new_phase(len(phases) + 1)
        is_obsolete = phase.number > len(kind.phases)  # there is nothing to do any more
        if is_obsolete or not _are_done(job["id"], phases):
            break
        rows = kind.phases[phase.number - 1](job, phases, position)
        if kind.is_limited and phase.number == 1:
            rows = limited(job, rows, phase.rows)
        phase, last = chunks.write(job["id"], phase, rows, has_time)
        phases.append(phase)
        jobs.update_progress(job["id"], rows=sum(one.rows for one in phases))
        if last is not None:
            return Plan("plan", phases, _further(kind.resume(last), position), is_last=False)
        position, is_begun = None, False
        if phase.chunks:
            return Plan("work", phases, is_last=len(phases) == len(kind.phases))
    return Plan("finish", phases)


def _further(reached: Position, before: Position | None) -> Position:
    if before and _place(reached) <= _place(before):
        raise NoProgressError
    return reached


def _place(position: Position) -> tuple[bool, str, int, str]:
    """What is greater for a later position."""
    value = position.get("excepted") or position.get("after") or position.get("at") or ""
    return "excepted" in position, position.get("group", ""), line_of(position), value


def _are_done(job_id: str, phases: Iterable[Phase]) -> bool:
    """Whether every chunk is completed. If some were cancelled or failed, the next phase must not be planned."""
    names = {name for phase in phases for name in phase.names()}
    return not names or names.issubset(job_chunks.completed_chunks(job_id))


def as_state(plan: Plan, job_id: str) -> dict[str, Any]:
    """A plan as the state machine keeps it."""
    return {
        "next": plan.next,
        "then": "finish" if plan.is_last else "plan",
        "phases": chunks.as_state(plan.phases),
        "position": plan.position,
        "prefix": files.chunks_of(job_id, plan.phases[-1].prefix) if plan.phases else "",
    }


def from_state(state: Mapping[str, Any] | None) -> Plan:
    if not state:
        return Plan("plan", [], is_last=False)
    return Plan(state["next"], chunks.from_state(state["phases"]), state["position"], state["then"] == "finish")


def limited[T](job: Item, found: Iterable[T], before: int = 0) -> Iterator[T]:
    """What is found, after so many `before`. Raises TooManyRows."""
    for count, one in enumerate(found, before + 1):
        if count > MAX_ROWS:
            raise TooManyRows(job)
        yield one
