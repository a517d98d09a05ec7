"""Starts a job: checks what it needs, stores it, and starts its state machine."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, Final, NamedTuple

from shared.domain import exact_json, ids
from shared.domain.errors import CustomerGroupNameTaken, Unavailable, UploadIncomplete
from shared.dynamodb.expressions import Item
from shared.jobs import files, machine
from shared.storage import jobs, membership_transactions, records, uploads
from shared.storage.jobs import JobType
from shared.storage.kinds import GROUP

_FORMATS: Final[Mapping[str, str]] = {
    "text/csv": "csv",
    "text/plain": "text",
    "application/jsonl": "jsonl",
    "application/x-ndjson": "jsonl",
}


class Order(NamedTuple):
    """A request to start a job."""

    type: JobType
    request: Mapping[str, Any]
    """The request as the API shows it."""
    work: Mapping[str, Any]
    """The arguments for the workers."""
    dry_run: bool
    groups: Iterable[str] = ()
    """The groups that must exist."""
    changed: Iterable[str] = ()
    """Those of them whose members the job changes."""
    new_group: str | None = None
    upload_id: str | None = None
    values: list[str] | None = None
    format: str | None = None
    """The format of the result. The default is the format of the upload, or CSV."""
    target: str | None = None
    """The group that the job changes, if it exists already."""


def start(order: Order, actor: str, request_key: str | None) -> Item:
    """Store a job and start it. A repeated request (same `request_key`) does not start it again.

    Raises CustomerGroupNotFound, CustomerGroupIsAutomatic, CustomerGroupNameTaken, UploadNotFound, UploadIncomplete.
    """
    # What a repeated request needs may be gone since: the job itself creates groups, for example.
    job = jobs.created_by(request_key) or _create(order, actor, request_key)
    if not jobs.is_over(job):
        # The job is stored: an error would make clients start another one. `resume_jobs` starts it in a few minutes.
        with suppress(Unavailable):
            machine.start(job["id"])
    return job


def _create(order: Order, actor: str, request_key: str | None) -> Item:
    job_id = ids.new("job")
    given = _input(order, job_id)
    _check_groups(order)
    return jobs.create(
        job_id,
        order.type,
        order.request,
        actor,
        request_key=request_key,
        dry_run=order.dry_run,
        work=exact_json.dumps(order.work),
        format=order.format or ("jsonl" if given and given.get("etag") and given["format"] == "jsonl" else "csv"),
        **({"input": given} if given else {}),
        **({"target": order.target} if order.target else {}),
    )


def _check_groups(order: Order) -> None:
    wanted = list(dict.fromkeys(order.groups))
    found = records.get_many(GROUP, wanted)
    missing = [one for one in wanted if one not in found]
    found |= records.get_many(GROUP, missing, consistent=True) if missing else {}
    for group_id in wanted:
        if group_id not in found:
            raise GROUP.not_found(group_id)
    for group_id in order.changed:
        membership_transactions.check_manual(found[group_id])
    if order.new_group is not None and records.holders(GROUP, [order.new_group]):
        # The job itself checks this too, but later.
        raise CustomerGroupNameTaken(order.new_group)


def _input(order: Order, job_id: str) -> dict[str, Any] | None:
    """The file that the job reads: the uploaded file, or a file with the values of the request."""
    if order.upload_id is not None:
        return _uploaded(order.upload_id)
    if order.values is None:
        return None
    lines = "".join(exact_json.dumps({"value": value}) + "\n" for value in order.values)
    files.write(files.uploaded(job_id), lines.encode())
    return {"key": files.uploaded(job_id), "format": "jsonl"}


def _uploaded(upload_id: str) -> dict[str, Any]:
    announced = uploads.get(upload_id)
    stored = files.find(files.uploaded(upload_id))
    if stored is None:
        raise UploadIncomplete(f"The file of upload {upload_id} has not been uploaded yet")
    if stored.size != announced["size"]:
        raise UploadIncomplete(f"The file of upload {upload_id} has {stored.size:,} bytes, not {announced['size']:,}")
    return {"key": files.uploaded(upload_id), "format": _FORMATS[announced["content_type"]], "etag": stored.etag}
