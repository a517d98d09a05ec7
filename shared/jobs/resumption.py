"""Unfinished jobs that have no running execution.

A function can die after it stores a job and before it starts the state machine. An execution can be stopped, or fail in
its last step. `resume_jobs` checks for both every few minutes.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from shared.domain import moments
from shared.dynamodb.expressions import Item
from shared.jobs import machine, steps
from shared.storage import job_lists, jobs

YOUNG: Final = timedelta(minutes=1)
"""A younger job may still be about to start."""
QUIET: Final = timedelta(minutes=6)
"""Longer than a chunk takes, because functions of a stopped execution run to their end."""


def resume() -> list[str]:
    """Start jobs that were never started, and end jobs whose execution is over. Returns their ids.

    A job that fails does not hold up the others. Raises ExceptionGroup with all failures at the end.
    """
    before = moments.iso(datetime.now(UTC) - YOUNG)
    resumed: list[str] = []
    failures: list[Exception] = []
    for job in job_lists.under_way(before):
        try:
            if _resume(job):
                resumed.append(job["id"])
        except Exception as failure:  # noqa: BLE001 - raised below
            failures.append(failure)
    if failures:
        raise ExceptionGroup("Jobs could not be resumed", failures)
    return resumed


def _resume(job: Item) -> bool:
    execution = machine.find(job["id"])
    if execution is None:
        machine.start(job["id"])
        return True
    now = datetime.now(UTC)
    if execution.ended_at is None or execution.ended_at > now - QUIET:
        return False
    if not steps.is_stopped(job):
        jobs.set_error(job["id"], steps.UNEXPECTED)
    # The new execution only joins the results of a stopped job. This can safely happen twice.
    machine.start(job["id"], f"{job['id']}-end-{now:%Y%m%d%H%M}")
    return True
