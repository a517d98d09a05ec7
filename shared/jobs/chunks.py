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
    """Write rows as chunks while there is time. Returns the phase, and the last row written if there may be more."""
    for some, content in _portions(of):
        files.write(files.chunk(job_id, f"{phase.prefix}{phase.chunks:06}"), content)
        phase = phase._replace(chunks=phase.chunks + 1, rows=phase.rows + len(some))
        if not has_time():
            return phase, some[-1]
    return phase, None


def _portions(of: Iterable[Row]) -> Iterator[tuple[list[Row], bytes]]:
    """The rows of each chunk, and its content."""
    some, content = list[Row](), bytearray()
    for row in of:
        line = rows.pack([row])
        if len(some) == ROWS or (some and len(content) + len(line) > LARGEST_BYTES):
            yield some, bytes(content)
            some, content = [], bytearray()
        some.append(row)
        content += line
    if some:
        yield some, bytes(content)


def read(job_id: str, name: str) -> list[Row]:
    return rows.unpack(b"".join(files.read(files.chunk(job_id, name))))


def as_state(phases: Iterable[Phase]) -> list[dict[str, Any]]:
    """Phases as the state machine passes them on."""
    return [phase._asdict() for phase in phases]


def from_state(state: Iterable[dict[str, Any]]) -> list[Phase]:
    return [Phase(**phase) for phase in state]
