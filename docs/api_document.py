"""Parts of the OpenAPI document that Powertools does not derive from types: headers, access, limits."""

import tomllib
from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from shared.domain.errors import ApiError
from shared.http import idempotency
from shared.http.access import SCOPES, Role
from shared.http.operation import Operation

type Json = dict[str, Any]

PROJECT: Final = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())["project"]
DESCRIPTION: Final = (
    "Customer groups, their members and their metadata, in the wire format of the Medusa v2 Admin API. "
    "`docs/compatibility.md` lists the differences and additions.\n\n"
    "Lists are read by `offset` up to 10,000, or from the start by `cursor`: pass an answer's `next_cursor` until it "
    "is null. A cursor belongs to its list, filters, `q` and `order`; with others it is refused. `limit` and `fields` "
    "can change between pages. Paging with cursors returns each record once, even if others are created or deleted. "
    "A page can have fewer records than `limit` although there are more, for example if their metadata is large: go on "
    "with `next_cursor`, or increase `offset` by the number of records that were returned, if there are any."
)
SECURITY_SCHEMES: Final = {
    "people": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The access token of a person in the user pool. The role comes from the person's group.",
    },
    "machines": {
        "type": "oauth2",
        "description": "Client credentials of the stack's machine client. The token URL is the output `TokenUrl`.",
        "flows": {
            "clientCredentials": {
                "tokenUrl": "https://sign-in.example.com/oauth2/token",
                "scopes": {scope: f"The permissions of the role {role.name.lower()}" for role, scope in SCOPES.items()},
            }
        },
    },
}
_TAG: Final = {"type": "string", "pattern": r'^(W/)?"[^"]+"$'}
_TAGS: Final = {"type": "string", "example": '"1"'}
_KEY: Final = {"type": "string", "minLength": 1, "maxLength": idempotency.LONGEST_KEY, "pattern": "^[ -~]+$"}
REQUEST_HEADERS: Final[dict[str, Json]] = {
    idempotency.HEADER: {
        "schema": _KEY,
        "description": "Your own name for this request, such as a UUID. A repetition with it within 24 hours gets the "
        "first answer. Not together with relations in `fields`.",
    },
    "If-Match": {
        "schema": _TAGS,
        "description": "An ETag, or up to 100. The request is refused with 412 if the resource has changed since.",
    },
    "If-None-Match": {
        "schema": _TAGS,
        "description": "An ETag. The response is an empty 304 if the resource has not changed since.",
    },
}
_ETAG: Final = {"ETag": {"schema": _TAG, "description": "For `If-Match` and `If-None-Match`."}}
_REPLAYED: Final = {
    idempotency.REPLAYED: {
        "schema": {"type": "string", "const": "true"},
        "description": "Present if the response is a replay of the first one.",
    }
}
_RETRY_AFTER: Final = {
    "Retry-After": {
        "schema": {"type": "integer", "minimum": 0},
        "description": "Seconds to wait before repeating the request.",
    }
}


def request_header(name: str) -> Json:
    """A request header."""
    return {"name": name, "in": "header", "required": False, **REQUEST_HEADERS[name]}


def query_parameter(name: str, schema: Json) -> Json:
    """A query parameter with the limits of its model. Powertools only describes simple types."""
    schema = {key: value for key, value in schema.items() if key not in ("title", "default") or value is not None}
    schema.pop("title", None)
    if "anyOf" in schema:
        schema |= next(choice for choice in schema.pop("anyOf") if choice.get("type") != "null")
    described = {"description": schema.pop("description")} if "description" in schema else {}
    return {"name": name, "in": "query", "required": False, **described, "schema": schema}


def security(needs: Role) -> list[Json]:
    """Who can call an operation: people, or machines with one of these scopes."""
    return [{"people": []}, *({"machines": [scope]} for role, scope in SCOPES.items() if role >= needs)]


def response_headers(declared: Operation, status: HTTPStatus, errors: Iterable[type[ApiError]]) -> Json:
    """The response headers that are useful for clients."""
    if status in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
        replays = declared.idempotency_key and status == HTTPStatus.OK
        return {**(_ETAG if declared.etag else {}), **(_REPLAYED if replays else {})}
    return _RETRY_AFTER if any(error.retry_after_seconds is not None for error in errors) else {}


def refusal_description(status: HTTPStatus, errors: Iterable[type[ApiError]]) -> str:
    """The description of a status, with the codes of its errors."""
    codes = sorted({error.code for error in errors})
    return f"{status.phrase}: {', '.join(f'`{code}`' for code in codes)}"
