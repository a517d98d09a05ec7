"""Chunks of a job's rows. They are written while the job is planned, and their names sort in the order of the rows."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple
from uuid import uuid4

from shared.jobs import files, rows
from shared.jobs.rows import Row

ROWS: Final = 960
"""Twenty transactions of 48."""
LARGEST_BYTES: Final = 8_000_000
"""Rows with large metadata have smaller chunks, so that a function has enough memory for one."""


class Phase(NamedTuple):
    """Chunks that can be processed in any order. Each attempt to write them has its own `run` id."""

    number: int
    run: str
    chunks: int = 0
    rows: int = 0

    @property
    def prefix(self) -> str:
        """The prefix of the names of the chunks."""
        return f"{self.number}-{self.run}-"

    def names(self) -> Iterator[str]:
        return (f"{self.prefix}{number:06}" for number in range(self.chunks))


def new_phase(number: int) -> Phase:
    return Phase(number, uuid4().hex[:8])


def write(
    job_id: str, phase: Phase, of: Iterable[Row], has_time: Callable[[], bool] = lambda: True
) -> tuple[Phase, Row | None]:
    """Write rows as chunks while there is time. Returns the phase, and the last row planned if there may be more."""
    planner, last = _Planner(job_id, phase), None
    for row in of:
        line = b"" if row.is_passed else rows.pack([row])
        is_full = planner.is_full_for(line)
        if is_full:
            planner.write_chunk()
        if last and (is_full or last.is_passed) and not has_time():
            planner.write_chunk()
            return planner.phase, last
        if line:
            planner.add(line)
        last = row
    planner.write_chunk()
    return planner.phase, None if has_time() else last


class _Planner:
    """Collects the rows of one chunk after the other."""

    def __init__(self, job_id: str, phase: Phase) -> None:
        self.phase = phase
        self._job_id = job_id
        self._rows = 0
        self._content = bytearray()

    def is_full_for(self, line: bytes) -> bool:
        return self._rows == ROWS or bool(self._rows and len(self._content) + len(line) > LARGEST_BYTES)

    def add(self, line: bytes) -> None:
        self._rows += 1
        self._content += line

    def write_chunk(self) -> None:
        """Write the rows so far as a chunk, if there are any."""
        if self._rows:
            files.write(files.chunk(self._job_id, f"{self.phase.prefix}{self.phase.chunks:06}"), bytes(self._content))
            self.phase = self.phase._replace(chunks=self.phase.chunks + 1, rows=self.phase.rows + self._rows)
        self._rows = 0
        self._content = bytearray()


def read(job_id: str, name: str) -> list[Row]:
    return rows.unpack(b"".join(files.read(files.chunk(job_id, name))))


def as_state(phases: Iterable[Phase]) -> list[dict[str, Any]]:
    """Phases as the state machine passes them on."""
    return [phase._asdict() for phase in phases]


def from_state(state: Iterable[dict[str, Any]]) -> list[Phase]:
    return [Phase(**phase) for phase in state]
