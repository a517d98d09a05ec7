"""Jobs: the request, the progress and the outcome.

Progress is counted per chunk. The transaction that adds a chunk's totals to the job also puts an item for the chunk,
under the condition that it does not exist. So a chunk that runs twice is counted once.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

from shared.domain import exact_json, ids
from shared.domain.errors import ApiError, JobFinished, JobNotFound
from shared.dynamodb import actions, reads, retries, transactions
from shared.dynamodb.actions import Action
from shared.dynamodb.expressions import ABSENT, Condition, Item
from shared.dynamodb.transactions import ConditionsFailed
from shared.runtime import clock
from shared.storage import changes, creation_marks, keys
from shared.storage.changes import Reason

type JobType = Literal[
    "change_members", "move_members", "copy_group", "combine_groups", "export", "import", "apply_rule"
]
type Status = Literal["pending", "running", "succeeded", "failed", "cancelled"]
type Outcome = Literal["added", "removed", "unchanged", "created", "refused"]

OUTCOMES: Final[tuple[Outcome, ...]] = ("added", "removed", "unchanged", "created", "refused")
TOTALS: Final = ("rows", "done", *OUTCOMES)
KEPT_SECONDS: Final = 90 * 24 * 3600

_UNDER_WAY: Final = Condition("#status IN (:pending, :running)", {":pending": "pending", ":running": "running"})


class Failure(NamedTuple):
    """Why a job failed: a code and a message, like an error of the API."""

    code: str
    message: str
    log_message: str | None = None
    """The message for events, which must not quote the file. None if it is the same."""

    @classmethod
    def of(cls, error: ApiError) -> "Failure":
        return cls(error.code, error.message, str(error))


def reason(job_id: str) -> Reason:
    """The reason that the changes of a job have."""
    return Reason("job", job_id)


def action(job_id: str) -> str:
    """The id of the action that all changes of a job belong to."""
    return f"change_{job_id.partition('_')[2]}"


def create(
    job_id: str, job_type: JobType, request: Mapping[str, Any], actor: str, *, request_key: str | None, **more: Any
) -> Item:
    """Create a job. A repeated request (same `request_key`) returns the job that it created before."""
    item = new(job_id, job_type, request, actor, **more)
    try:
        transactions.commit(
            [actions.put(item, ABSENT), *([creation_marks.creation_mark(request_key, job_id)] if request_key else [])]
        )
    except creation_marks.AlreadyCreatedError:
        return get(creation_marks.created_by_request(str(request_key)), consistent=True)
    return item


def created_by(request_key: str | None) -> Item | None:
    """The job that the same request created before."""
    job_id = creation_marks.created_by_request(request_key) if request_key else ""
    return get(job_id, consistent=True) if job_id else None


def new(job_id: str, job_type: JobType, request: Mapping[str, Any], actor: str, **more: Any) -> Item:
    """The item of a job that has not started."""
    created_at = ids.created_at(job_id)
    return {
        **keys.job(job_id)._asdict(),
        "LIST": keys.JOBS,
        "by_created": keys.sort_key(created_at, job_id),
        # Only open jobs have it, so that `under_way` finds only these.
        "by_updated": keys.sort_key(created_at, job_id),
        "id": job_id,
        "type": job_type,
        "status": "pending",
        "request": exact_json.dumps(request),
        "created_by": actor,
        "created_at": created_at,
        **dict.fromkeys(TOTALS, 0),
        **more,
        "expires_at": clock.epoch_seconds() + KEPT_SECONDS,
    }


def get(job_id: str, *, consistent: bool = False) -> Item:
    """Raises JobNotFound."""
    key = keys.job(job_id)
    item = None
    if ids.is_possible(job_id):
        item = reads.get(key, consistent=consistent) or reads.get(key, consistent=True)
    if item is None:
        raise JobNotFound(job_id)
    return item


def begin(job: Item) -> Item:
    """Set the status to running. A job that has started or finished already is returned as it is."""
    key = keys.job(job["id"])
    beginning = {"status": "running", "started_at": clock.now()}
    try:
        transactions.commit(
            [
                actions.update(
                    key, set=beginning, condition="#status = :pending", where={":pending": "pending"}, names=["status"]
                ),
                _change(job, "started", beginning),
            ]
        )
    except ConditionsFailed:
        return get(job["id"], consistent=True)
    return job | beginning


def update_progress(job_id: str, **facts: Any) -> None:
    """Set attributes of a job that has not finished, such as its number of rows or the group that it fills."""
    write = actions.update(
        keys.job(job_id), set=facts, condition=_UNDER_WAY.text, where=_UNDER_WAY.where, names=["status"]
    )
    try:
        transactions.transact([write])
    except ConditionsFailed:
        return


def set_error(job_id: str, failure: Failure) -> None:
    """Store why a job failed, unless an error is stored already. Errors of single rows are not stored here."""
    write = actions.update(
        keys.job(job_id),
        set={"error": failure._asdict()},
        condition="attribute_exists(PK) AND attribute_not_exists(#error)",
        names=["error"],
    )
    try:
        transactions.transact([write])
    except ConditionsFailed:
        return


def cancel(job_id: str) -> Item:
    """Cancel a job. Chunks that are being processed are completed; a job that has not started is cancelled immediately.

    Cancelling a cancelled job changes nothing. Raises JobNotFound, JobFinished.
    """
    for _ in retries.attempts():
        job = get(job_id, consistent=True)
        if job["status"] in ("succeeded", "failed"):
            raise JobFinished(job_id, job["status"])
        if job["status"] == "cancelled" or "cancel_requested_at" in job:
            return job
        if job["status"] == "pending":
            finish(job, "cancelled", cancel_requested_at=clock.now())
        else:
            _request_cancellation(job)
    raise AssertionError("attempts() ends by raising")


def _request_cancellation(job: Item) -> None:
    write = actions.update(
        keys.job(job["id"]),
        set={"cancel_requested_at": clock.now()},
        condition="#status = :running",
        where={":running": "running"},
        names=["status"],
    )
    try:
        transactions.transact([write])
    except ConditionsFailed:
        return


def finish(job: Item, status: Status, **facts: Any) -> None:
    """Set the final status of a job, once."""
    ended = {"status": status, "finished_at": clock.now(), **facts}
    try:
        transactions.commit(
            [
                actions.update(
                    keys.job(job["id"]),
                    set=ended,
                    remove=["by_updated"],
                    condition="#status = :was",
                    where={":was": job["status"]},
                    names=["status"],
                ),
                _change(job, "finished", ended),
            ]
        )
    except ConditionsFailed:
        return


def is_over(job: Item) -> bool:
    return job["status"] not in ("pending", "running")


def totals(job: Item) -> dict[str, int]:
    return {name: int(job[name]) for name in TOTALS}


def _change(job: Item, what: Literal["started", "finished"], became: Mapping[str, Any]) -> Action:
    """The change item, from which the stream's function makes an event."""
    shown = {
        "type": job["type"],
        "dry_run": job["dry_run"],
        "status": became["status"],
        "totals": totals({**job, **became}),
        "error": _shown(became.get("error") or job.get("error")),
    }
    return changes.append(keys.job(job["id"]), what, job["created_by"], after=shown)


def _shown(error: Mapping[str, str] | None) -> Mapping[str, str] | None:
    """An error in an event, which is archived and must not have values of customers."""
    return error and {"code": error["code"], "message": error.get("log_message") or error["message"]}
