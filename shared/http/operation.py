"""The declaration of an operation. Documents are generated from it, and tests compare the template with it."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Final, NamedTuple

from shared.domain.errors import (
    ApiError,
    Forbidden,
    IdempotencyKeyInUse,
    IdempotencyKeyReused,
    InvalidData,
    PayloadTooLarge,
    PreconditionFailed,
    TooManyRequests,
    Unauthorized,
    Unavailable,
    Unexpected,
    UnrecognizedFields,
)
from shared.http.access import Role
from shared.http.responses import AnswerTooLarge

ALWAYS_POSSIBLE: Final[tuple[type[ApiError], ...]] = (
    InvalidData,
    UnrecognizedFields,
    AnswerTooLarge,
    Unauthorized,
    Forbidden,
    TooManyRequests,
    Unexpected,
    Unavailable,
)
"""The errors that any operation can return."""


class Operation(NamedTuple):
    """One operation of the API."""

    name: str
    method: str
    path: str
    needs: Role
    """The lowest role that may call it."""
    answer: str
    """The name of its model in `shared.http.answers`."""
    etag: bool
    """Whether responses have an `ETag`. A GET with an ETag also supports `If-None-Match`."""
    if_match: bool
    """Whether it supports `If-Match`."""
    idempotency_key: bool
    """Whether it supports `Idempotency-Key`."""
    refusals: tuple[type[ApiError], ...]
    """Its own errors, in addition to those that follow from the rest of the declaration."""

    @property
    def answers_not_modified(self) -> bool:
        return self.etag and self.method == "GET"

    @property
    def headers(self) -> list[str]:
        """The request headers that it supports."""
        supported = (
            ("Idempotency-Key", self.idempotency_key),
            ("If-Match", self.if_match),
            ("If-None-Match", self.answers_not_modified),
        )
        return [name for name, is_supported in supported if is_supported]

    def statuses(self, *, has_body: bool) -> list[HTTPStatus]:
        """Every status that it can return, in ascending order."""
        refused = {HTTPStatus(error.status) for error in self.errors(has_body=has_body)}
        not_modified = {HTTPStatus.NOT_MODIFIED} if self.answers_not_modified else set()
        return sorted({HTTPStatus.OK} | not_modified | refused)

    def errors(self, *, has_body: bool) -> Iterator[type[ApiError]]:
        """Every error that it can return."""
        yield from ALWAYS_POSSIBLE
        yield from self.refusals
        if has_body:
            yield PayloadTooLarge
        if self.if_match:
            yield PreconditionFailed
        if self.idempotency_key:
            yield from (IdempotencyKeyInUse, IdempotencyKeyReused)
