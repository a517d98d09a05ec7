"""HTTP responses: JSON objects and errors."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from aws_lambda_powertools.event_handler import Response

from shared.domain import exact_json
from shared.domain.errors import ApiError, InvalidData

type Headers = dict[str, str | list[str]]

JSON: Final = "application/json"
LARGEST_BYTES: Final = 6_000_000
"""Lambda's limit is 6 MiB, with the headers. A larger response would become a 502 from the gateway."""
_NO_SNIFFING: Final = {"X-Content-Type-Options": "nosniff"}


class AnswerTooLarge(InvalidData):
    """400: the answer is too large for one response."""


def ok(answer: Mapping[str, Any], etag: str | None = None) -> Response[str]:
    """200 with a JSON object. Raises AnswerTooLarge."""
    body = exact_json.dumps(answer)
    if _size(body) > LARGEST_BYTES:
        raise AnswerTooLarge(
            "The answer is too large: ask for fewer records with `limit`, or less of them with `fields`."
        )
    return Response(HTTPStatus.OK, JSON, body, _headers(etag))


def _size(body: str) -> int:
    """The bytes of a body in what the function returns: JSON again, in which quotes and backslashes are escaped."""
    return len(body.encode()) + body.count('"') + body.count("\\")


def not_modified(etag: str) -> Response[str]:
    """304: the client has the state of this ETag."""
    return Response(HTTPStatus.NOT_MODIFIED, body="", headers=_headers(etag))


def refusal(error: ApiError, request_id: str) -> Response[str]:
    headers: Headers = {"Cache-Control": "no-store", **_NO_SNIFFING}
    if error.retry_after_seconds is not None:
        headers["Retry-After"] = str(error.retry_after_seconds)
    return Response(error.status, JSON, exact_json.dumps(error.body(request_id)), headers)


def _headers(etag: str | None) -> Headers:
    tagged: Headers = {"ETag": etag} if etag else {}
    return {"Cache-Control": "private, no-cache", **_NO_SNIFFING, **tagged}
