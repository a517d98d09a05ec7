"""One run of a chunk, which can be repeated safely.

Each transaction of a chunk also stores a mark with the outcomes of its rows. A later run that finds the mark takes the
results from it and writes nothing. So a chunk has the same results if it runs twice, or again after an interruption.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import batched, count
from typing import Any

from shared.domain import exact_json
from shared.domain.errors import ApiError
from shared.dynamodb.actions import Action
from shared.dynamodb.expressions import Item
from shared.jobs import rows
from shared.jobs.rows import Result, Row
from shared.storage import job_chunks, jobs
from shared.storage.jobs import Failure


class OutOfTime(Exception):
    """The rest of the chunk needs another invocation, which continues where this one stopped."""


def batches_of(of: Sequence[Row], size: int, begin: int = 0) -> Iterator[tuple[int, Sequence[Row]]]:
    """The rows of each transaction, with the index of the first in the chunk."""
    return zip(count(begin, size), batched(of, size, strict=False), strict=False)


class Work:
    """One run of one chunk of a job."""

    def __init__(self, job: Item, chunk: str, has_time: Callable[[], bool] = lambda: True) -> None:
        self.job = job
        self.chunk = chunk
        self.has_time = has_time
        self._is_begun = False

    @property
    def id(self) -> str:
        return str(self.job["id"])

    @property
    def phase(self) -> int:
        return int(self.chunk.partition("-")[0])

    @property
    def holder(self) -> str:
        """What the chunk is called in the leases that it holds. Each run of it has the same name."""
        return f"{self.id}#{self.chunk}"

    @property
    def actor(self) -> str:
        return str(self.job["created_by"])

    @property
    def is_dry(self) -> bool:
        return bool(self.job["dry_run"])

    @cached_property
    def arguments(self) -> Mapping[str, Any]:
        """The arguments of the request."""
        arguments: Mapping[str, Any] = exact_json.loads(self.job["work"])
        return arguments

    @cached_property
    def _marks(self) -> dict[int, list[Any]]:
        return job_chunks.transaction_marks(self.id, self.chunk)

    def batches(self, of: Sequence[Row], size: int, begin: int = 0) -> Iterator[tuple[int, Sequence[Row]]]:
        """The rows of each transaction, with the index of the first in the chunk. Raises OutOfTime between two."""
        for first, some in batches_of(of, size, begin):
            self.check_time(first)
            yield first, some

    def check_time(self, first: int) -> None:
        """Raise OutOfTime if the transaction that begins with this row is to be committed, and there is no time."""
        if not self.is_marked(first) and not self.has_time():
            raise OutOfTime

    def begin(self) -> None:
        """To be called before a record is created. If the job is cancelled then, the rows of the chunk are counted."""
        if not self._is_begun:
            job_chunks.begin(self.id, self.chunk)
            self._is_begun = True

    def request_key(self, index: int) -> str:
        """The request key for creating the customer or group of a row."""
        return f"{self.id}#{self.chunk}#{index}"

    def batch(self, first: int) -> str:
        """The name of the transaction that begins with this row."""
        return f"{self.chunk}#{first}"

    def mark(self, first: int, results: Sequence[Result]) -> Action:
        """The action that stores the outcomes of a transaction's rows."""
        return job_chunks.transaction_mark(self.id, self.chunk, first, [result.known for result in results])

    @property
    def has_begun(self) -> bool:
        """Whether an earlier run has committed a transaction of the chunk, or begun to create records."""
        return bool(self._marks) or job_chunks.has_begun(self.id, self.chunk)

    def is_marked(self, first: int) -> bool:
        """Whether a transaction that begins with this row is committed."""
        return first in self._marks

    def is_in_parts(self, first: int, rows: int) -> bool:
        """Whether an earlier run committed a part of these rows. A part in which nothing changed has no mark."""
        is_first_shorter = first in self._marks and len(self._marks[first]) < rows
        return is_first_shorter or any(first < one < first + rows for one in self._marks)

    def read_marks_again(self) -> None:
        """Another run of the chunk has committed a transaction since the marks were read."""
        self.__dict__.pop("_marks", None)

    def results_before(self, first: int, some: Sequence[Row]) -> list[Result] | None:
        """The results of the rows in an earlier run of this chunk. None if their transaction was not committed."""
        if first not in self._marks:
            return None
        return [rows.again(row, known) for row, known in zip(some, self._marks[first], strict=True)]

    def set_error(self, error: ApiError) -> None:
        """Store an error that concerns the whole job."""
        jobs.set_error(self.id, Failure.of(error))
