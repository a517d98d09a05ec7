"""Jobs from the view of a client: uploads a file, starts a job, runs its state machine, and reads the results."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from shared.jobs import files
from shared.runtime import environment
from tests.api import Answer, Client
from tests.machine import Machine

JOBS: Final = "/admin/customer-group-jobs"
UPLOADS: Final = "/admin/customer-group-uploads"

type Job = dict[str, Any]
type Row = dict[str, str]


def upload(api: Client, content: str | bytes, content_type: str = "text/csv") -> str:
    """Announce and upload a file. Returns the id of the upload."""
    raw = content.encode() if isinstance(content, str) else content
    body = {"filename": "customers.csv", "content_type": content_type, "size": len(raw)}
    announced = api.post(UPLOADS, body).body["upload"]
    put(announced, raw)
    return str(announced["id"])


def put(announced: Mapping[str, Any], raw: bytes) -> None:
    """Store the object of a presigned request, like S3."""
    address = urlsplit(announced["url"])
    assert announced["method"] == "PUT"
    signed = parse_qs(address.query)["X-Amz-SignedHeaders"][0].split(";")
    assert {"content-length", "content-type", "host", "if-none-match"} <= set(signed)
    files.s3().put_object(
        Bucket=environment.jobs_bucket(),
        Key=_key(announced["url"]),
        Body=raw,
        ContentType=announced["headers"]["Content-Type"],
        IfNoneMatch=announced["headers"]["If-None-Match"],
    )


def start(api: Client, **body: Any) -> Job:
    answer = api.post(JOBS, {name.rstrip("_"): value for name, value in body.items()})
    assert answer.status == 200, answer.text
    job: Job = answer.body["job"]
    return job


def run(api: Client, machine: Machine | None = None, **body: Any) -> Job:
    """Start a job, run its state machine, and get the job."""
    job = start(api, **body)
    (machine or Machine()).run(job["id"])
    return get(api, job)


def get(api: Client, job: Mapping[str, Any]) -> Job:
    answer: Answer = api.get(f"{JOBS}/{job['id']}")
    found: Job = answer.body["job"]
    return found


def change(api: Client, group: Mapping[str, Any], action: str, content: str | bytes, **more: Any) -> Job:
    """Change members with a file, from the upload to the result."""
    source = {"upload_id": upload(api, content), **more.pop("source", {})}
    return run(api, type="change_members", customer_group_id=group["id"], action=action, source=source, **more)


def result(job: Mapping[str, Any]) -> str:
    """The text of a job's result."""
    found = files.s3().get_object(Bucket=environment.jobs_bucket(), Key=_key(job["result"]["url"]))
    return str(found["Body"].read(), "utf-8")


def rows(job: Mapping[str, Any]) -> list[Row]:
    """The rows of a result in CSV."""
    return list(csv.DictReader(io.StringIO(result(job).removeprefix("\ufeff"), newline="")))


def outcomes(job: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Value and outcome of each row, in order."""
    return [(row["value"], row["outcome"]) for row in rows(job)]


def lines(job: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a result in JSON lines."""
    return [json.loads(line) for line in result(job).split("\n") if line]


def file_of(values: Iterable[str], header: str = "email") -> str:
    return "\n".join([header, *values]) + "\n"


def _key(url: str) -> str:
    path = unquote(urlsplit(url).path).lstrip("/")
    return path.removeprefix(f"{environment.jobs_bucket()}/")
