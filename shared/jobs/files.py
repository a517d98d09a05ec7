"""The private bucket for the files of jobs. Only this module calls S3.

| prefix                           | content                                      | written by    |
|----------------------------------|----------------------------------------------|---------------|
| uploads/<upload or job>          | a file uploaded, or sent with the job        | client, start |
| chunks/<job>/<chunk>.jsonl       | the rows of one chunk                        | prepare       |
| outcomes/<job>/<chunk>           | the result lines of one chunk                | one chunk     |
| results/<job>.csv or .jsonl      | the result: all lines, in order              | finish        |

The bucket's lifecycle rules delete results after 30 days and everything else earlier.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import cache, partial
from http import HTTPStatus
from itertools import chain
from typing import Any, Final, NamedTuple

from botocore.config import Config
from botocore.exceptions import ClientError

from shared.runtime import aws, environment

UPLOAD_SECONDS: Final = 3600
"""How long after the announcement an upload can start."""
DOWNLOAD_SECONDS: Final = 900
RESULT_DAYS: Final = 30
PART_BYTES: Final = 8 * 1024 * 1024
"""S3's minimum is 5 MB for every part except the last."""
READ_BYTES: Final = 256 * 1024


@cache
def s3() -> Any:
    """The client of S3."""
    return aws.client(
        "s3",
        config=Config(
            signature_version="s3v4",
            # The admin page's content security policy only allows the regional name of the bucket.
            # Without both settings, botocore signs a global name in some regions.
            s3={"us_east_1_regional_endpoint": "regional", "addressing_style": "virtual"},
            connect_timeout=2,
            read_timeout=20,
            retries={"mode": "standard", "total_max_attempts": 4},
            # A browser's plain PUT sends no checksum, so a presigned request must not require one.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


class Stored(NamedTuple):
    """An object's ETag, which changes with its content, and its size."""

    etag: str
    size: int


class ChangedError(Exception):
    """The object has changed since its ETag was read, or no longer exists."""


def uploaded(upload_or_job_id: str) -> str:
    return f"uploads/{upload_or_job_id}"


def chunks_of(job_id: str, prefix: str) -> str:
    """The prefix of the keys of one phase's chunks. The state machine lists the objects with it."""
    return f"chunks/{job_id}/{prefix}"


def chunk(job_id: str, name: str) -> str:
    return f"chunks/{job_id}/{name}.jsonl"


def outcomes(job_id: str, name: str) -> str:
    return f"outcomes/{job_id}/{name}"


def result(job_id: str, file_format: str) -> str:
    return f"results/{job_id}.{file_format}"


def upload_url(key: str, content_type: str, size: int) -> str:
    """A URL to which a client can upload one file of exactly this type and size, once.

    The client has to send `upload_headers`, because they are signed.
    """
    wanted = {
        "Bucket": environment.jobs_bucket(),
        "Key": key,
        "ContentType": content_type,
        "ContentLength": size,
        "IfNoneMatch": "*",
    }
    return str(s3().generate_presigned_url("put_object", Params=wanted, ExpiresIn=UPLOAD_SECONDS))


def upload_headers(content_type: str) -> dict[str, str]:
    """The headers of an upload. With `If-None-Match: *`, S3 refuses a second file with 412."""
    return {"Content-Type": content_type, "If-None-Match": "*"}


def download_url(key: str, filename: str) -> str:
    """A URL from which anyone who has it can download the object, for 15 minutes."""
    wanted = {
        "Bucket": environment.jobs_bucket(),
        "Key": key,
        "ResponseContentDisposition": f'attachment; filename="{filename}"',
    }
    return str(s3().generate_presigned_url("get_object", Params=wanted, ExpiresIn=DOWNLOAD_SECONDS))


def find(key: str) -> Stored | None:
    """The object's ETag and size, or None if there is no object."""
    try:
        found = aws.ask(partial(s3().head_object, Bucket=environment.jobs_bucket(), Key=key))
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] in (HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN):
            return None  # S3 answers 403 for a missing object when the caller cannot list the bucket
        raise
    return Stored(found["ETag"], found["ContentLength"])


def read(key: str, *, etag: str | None = None) -> Iterator[bytes]:
    """The object's bytes, piece by piece. Raises ChangedError if its ETag is not `etag`."""
    condition: dict[str, Any] = {"IfMatch": etag} if etag else {}
    try:
        body = s3().get_object(Bucket=environment.jobs_bucket(), Key=key, **condition)["Body"]
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        if status in (HTTPStatus.PRECONDITION_FAILED, HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN):
            raise ChangedError(key) from None
        raise
    with closing(body):
        yield from body.iter_chunks(READ_BYTES)


def write(key: str, content: bytes) -> None:
    aws.ask(partial(s3().put_object, Bucket=environment.jobs_bucket(), Key=key, Body=content))


def write_long(key: str, pieces: Iterable[bytes], content_type: str) -> None:
    """Write an object of any size, with two parts in memory at most. The object is complete or not visible at all."""
    parts = _parts(pieces)
    first = next(parts)
    second = next(parts, None)
    target = {"Bucket": environment.jobs_bucket(), "Key": key}
    if second is None:  # one request instead of three
        aws.ask(partial(s3().put_object, **target, Body=first, ContentType=content_type))
        return
    upload_id = s3().create_multipart_upload(**target, ContentType=content_type)["UploadId"]
    stored = []
    for number, content in enumerate(chain([first, second], parts), 1):
        part = s3().upload_part(**target, UploadId=upload_id, PartNumber=number, Body=content)
        stored.append({"ETag": part["ETag"], "PartNumber": number})
    s3().complete_multipart_upload(**target, UploadId=upload_id, MultipartUpload={"Parts": stored})


def _parts(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces joined into parts. There is always at least one part, even if it is empty."""
    part = bytearray()
    is_empty = True
    for piece in pieces:
        part += piece
        if len(part) >= PART_BYTES:
            yield bytes(part)
            part.clear()
            is_empty = False
    if part or is_empty:
        yield bytes(part)
