"""The three steps of the state machine that runs jobs: prepare, process one chunk, finish."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final

from shared.domain.errors import ApiError
from shared.dynamodb.expressions import Item
from shared.jobs import chunks, dry_runs, files, kinds, plans
from shared.jobs.plans import Plan
from shared.jobs.sources import Matching
from shared.jobs.work import Work
from shared.runtime import clock
from shared.runtime.log import logger
from shared.storage import job_chunks, jobs
from shared.storage.jobs import Failure, Status

type State = Mapping[str, Any]

READ_AGAIN_SECONDS: Final = 5.0
INCOMPLETE = Failure("job_incomplete", "Some rows could not be worked on; the totals and the result say which were")
NO_PROGRESS = Failure("no_progress", "Planning found the same rows again; what was done by then stays done")
UNEXPECTED = Failure("unexpected_state", "An unexpected error occurred; what was done by then stays done")
_CONTENT_TYPES = {"csv": "text/csv", "jsonl": "application/jsonl"}


def prepare(job_id: str, plan: State | None, matching: Matching, has_time: Callable[[], bool]) -> State:
    """Plan the next step. A job that cannot be carried out ends here, with an error."""
    job = jobs.begin(jobs.get(job_id, consistent=True))
    before = plans.from_state(plan)
    if jobs.is_over(job) or is_stopped(job):
        return plans.as_state(Plan("finish", before.phases, is_last=False), job_id)

    try:
        found = plans.proceed(job, kinds.plan_of(job, matching), before, _unless_stopped(job_id, has_time))
        return plans.as_state(found, job_id)
    except ApiError as error:
        if _is_transient(error):
            raise
        failure = Failure.of(error)
    except plans.NoProgressError:
        logger.exception("planning found the same rows again")
        failure = NO_PROGRESS
    jobs.set_error(job_id, failure)
    return plans.as_state(Plan("finish", before.phases, is_last=False), job_id)


def do_chunk(
    job_id: str, key: str, has_time: Callable[[], bool], planned: Iterable[dict[str, Any]] | None = None
) -> None:
    """Process one chunk. If the job is stopped, only one that has begun is processed, so that its rows are counted.

    `planned` are the phases of the plan. A chunk that is not part of them was left behind by an attempt at planning
    that died, and is skipped.
    """
    job = jobs.get(job_id, consistent=True)
    name = key.rpartition("/")[2].removesuffix(".jsonl")
    if planned is not None and not any(name in phase.names() for phase in chunks.from_state(planned)):
        return
    work = Work(job, name, has_time)
    if jobs.is_over(job) or (is_stopped(job) and not work.has_begun):
        return
    pieces, totals = kinds.carry_out(work, chunks.read(job_id, name))
    lines = (piece.encode() for piece in pieces)
    files.write_long(files.outcomes(job_id, name), lines, _CONTENT_TYPES[job["format"]])
    job_chunks.count_chunk(job_id, name, totals)


def finish(job_id: str, plan: State | None, *, failed: bool) -> None:
    """Join the results and set the job's final status. `failed` is whether the state machine failed."""
    job = jobs.get(job_id, consistent=True)
    if jobs.is_over(job):
        return
    planned = plans.from_state(plan)
    phases = planned.phases
    done = job_chunks.completed_chunks(job_id)
    names = [name for phase in phases for name in phase.names()]
    # An execution that ended midway took its plan with it.
    there = [name for name in names if name in done] if phases else sorted(done)
    is_complete = planned.is_last and len(there) == len(names) and not failed
    status, failure = _ending(job, is_complete=is_complete, failed=failed)
    facts: dict[str, Any] = {name: sum(done[one].get(name, 0) for one in there) for name in jobs.TOTALS}
    counted: Counter[str] = Counter()
    facts["rows"] = sum(phase.rows for phase in phases) if phases else job["rows"]
    if failure:
        facts["error"] = failure
    if there or status == "succeeded":
        facts["result"] = files.result(job_id, job["format"])
        facts["result_expires_at"] = clock.epoch_seconds() + files.RESULT_DAYS * 24 * 3600
        files.write_long(facts["result"], _contents(job, there, counted), _CONTENT_TYPES[job["format"]])
    if kinds.is_corrected(job):
        facts |= {name: counted[name] for name in jobs.OUTCOMES}
    if status == "succeeded":
        kinds.complete(job)
    jobs.finish(job, status, **facts)


def is_stopped(job: Item) -> bool:
    """Whether no further chunks must be started."""
    return "cancel_requested_at" in job or "error" in job


def _unless_stopped(job_id: str, has_time: Callable[[], bool]) -> Callable[[], bool]:
    """Whether there is time, and the job was not stopped. The job is read again every few seconds."""
    read_at = time.monotonic()

    def goes_on() -> bool:
        nonlocal read_at
        if time.monotonic() - read_at >= READ_AGAIN_SECONDS:
            read_at = time.monotonic()
            return has_time() and not is_stopped(jobs.get(job_id, consistent=True))
        return has_time()

    return goes_on


def _ending(job: Item, *, is_complete: bool, failed: bool) -> tuple[Status, Mapping[str, Any] | None]:
    if "error" in job:
        return "failed", job["error"]
    if is_complete:
        return "succeeded", None
    if "cancel_requested_at" in job:
        return "cancelled", None
    return "failed", (UNEXPECTED if failed else INCOMPLETE)._asdict()


def _contents(job: Item, names: list[str], counted: Counter[str]) -> Iterator[bytes]:
    """The result, piece by piece. In a dry run, rows are corrected for those before them and then `counted`."""
    yield kinds.header(job).encode()
    if kinds.is_corrected(job):
        yield from dry_runs.joined(job, names, counted)
        return
    for name in names:
        yield from files.read(files.outcomes(job["id"], name))


def _is_transient(error: ApiError) -> bool:
    """Whether a retry may succeed."""
    return error.status >= HTTPStatus.INTERNAL_SERVER_ERROR or error.status == HTTPStatus.TOO_MANY_REQUESTS
