"""Creation marks link a request to the record that it creates, so that a repeated request finds the record."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from shared.dynamodb import actions, reads
from shared.dynamodb.actions import Action
from shared.dynamodb.expressions import ABSENT
from shared.runtime import clock
from shared.storage import keys


class AlreadyCreatedError(Exception):
    """The same request has created its record before, and its response was lost."""


ONCE_KEPT_SECONDS: Final = 25 * 3600
"""Longer than responses are stored for `Idempotency-Key`."""


class Creation(NamedTuple):
    """The record that a request has created."""

    id: str
    row: str | None = None
    """The row of a job that created it, where several rows are one request."""


def creation_mark(request_key: str, item_id: str, row: str | None = None) -> Action:
    """The item that links a request to the record that it creates, so that a repeated request finds the record.

    `row` is the row of a job that creates it. Refused with AlreadyCreatedError when the request has created its record
    before (`created_by_request`).
    """
    expires_at = clock.epoch_seconds() + ONCE_KEPT_SECONDS
    mark = keys.creation(request_key)._asdict() | {"holder": item_id, "expires_at": expires_at}
    if row:
        mark["row"] = row
    return actions.put(mark, ABSENT, AlreadyCreatedError())


def created_by_request(request_key: str) -> str:
    """The id of the record that the same request created before, or an empty string."""
    mark = reads.get(keys.creation(request_key), consistent=True) or {}
    return str(mark.get("holder", ""))


def created_by_requests(request_keys: Iterable[str]) -> dict[str, str]:
    """The ids of the records that the requests created before, by request key."""
    return {request_key: one.id for request_key, one in creations(request_keys).items()}


def creations(request_keys: Iterable[str]) -> dict[str, Creation]:
    """What the requests have created, by request key."""
    marks = {keys.creation(request_key): request_key for request_key in request_keys}
    found = reads.batch_get(marks, consistent=True)
    return {marks[key]: Creation(str(mark["holder"]), mark.get("row")) for key, mark in found.items()}
