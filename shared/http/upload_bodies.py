"""The body of a request that announces an upload."""

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, StringConstraints

from shared.domain.values import printable
from shared.http.bodies import Body

LARGEST_UPLOAD_BYTES: Final = 268_435_456

Filename = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255), AfterValidator(printable)
]


class AnnounceUpload(Body):
    """A file that will be uploaded: CSV, plain lines or JSON lines, in UTF-8."""

    filename: Filename
    content_type: Literal["text/csv", "text/plain", "application/jsonl", "application/x-ndjson"]
    size: Annotated[int, Field(ge=1, le=LARGEST_UPLOAD_BYTES, strict=True, description="The exact size in bytes.")]
