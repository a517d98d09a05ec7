"""Jobs and uploads."""

from typing import Annotated, Any, Literal

from pydantic import Field

from shared.domain.values import Model


class Upload(Model):
    """How to upload a file: send it with this method, URL and headers before `expires_at`.

    The URL accepts one file. Sending another one, or the same one again, is answered with 412.
    """

    id: str
    url: str
    method: Literal["PUT"]
    headers: dict[str, str]
    expires_at: str


class UploadAnswer(Model):
    upload: Upload


class Totals(Model):
    """The rows of a job by outcome. Each is counted once: `created` are customers that were created and added.

    In an import they are also groups, and customers that were created for an automatic group, whose rule decides
    whether they are added.
    """

    rows: Annotated[int, Field(description="All rows. It can grow while the job is planned.")]
    done: int
    added: int
    removed: int
    unchanged: int
    created: int
    refused: int


class JobError(Model):
    """Why a job failed as a whole."""

    code: str
    message: str


class JobResult(Model):
    """The result file: one line for each row, or the exported data."""

    url: str
    url_expires_at: Annotated[str, Field(description="Get the job again for a new url.")]
    expires_at: Annotated[str, Field(description="When the file itself is deleted.")]


class Job(Model):
    """Work on many customers."""

    id: str
    type: Literal["change_members", "move_members", "copy_group", "combine_groups", "export", "import", "apply_rule"]
    status: Literal["pending", "running", "succeeded", "failed", "cancelled"]
    dry_run: bool
    request: Annotated[
        dict[str, Any],
        Field(
            description="The request as sent. Long lists are replaced by their length.",
            json_schema_extra={"additionalProperties": True},
        ),
    ]
    customer_group_id: Annotated[str | None, Field(description="The group that the job changes, or has created.")]
    totals: Totals
    error: JobError | None
    result: JobResult | None
    created_by: str
    created_by_name: Annotated[str | None, Field(description="The name of a person, with `actor_names=true`.")]
    created_at: str
    started_at: str | None
    cancel_requested_at: str | None
    finished_at: str | None


class JobAnswer(Model):
    job: Job


class JobsAnswer(Model):
    """A page of jobs. `count` is the number of jobs, counted up to 1,000."""

    jobs: list[Job]
    count: int
    count_is_exact: Annotated[bool, Field(description="Present, and false, when there are more than 1,000.")] = True
    limit: int
    next_cursor: str | None
