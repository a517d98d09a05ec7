"""Creation marks link a request to the record that it creates, so that a repeated request finds the record."""

from collections.abc import Iterable
from typing import Final

from shared.dynamodb import actions, reads
from shared.dynamodb.actions import Action
from shared.dynamodb.expressions import ABSENT
from shared.runtime import clock
from shared.storage import keys


class AlreadyCreatedError(Exception):
    """The same request has created its record before, and its response was lost."""


ONCE_KEPT_SECONDS: Final = 25 * 3600
"""Longer than responses are stored for `Idempotency-Key`."""


def creation_mark(request_key: str, item_id: str) -> Action:
    """The item that links a request to the record that it creates, so that a repeated request finds the record.

    Refused with AlreadyCreatedError when the request has created its record before (`created_by_request`).
    """
    expires_at = clock.epoch_seconds() + ONCE_KEPT_SECONDS
    mark = keys.creation(request_key)._asdict() | {"holder": item_id, "expires_at": expires_at}
    return actions.put(mark, ABSENT, AlreadyCreatedError())


def created_by_request(request_key: str) -> str:
    """The id of the record that the same request created before, or an empty string."""
    mark = reads.get(keys.creation(request_key), consistent=True) or {}
    return str(mark.get("holder", ""))


def created_by_requests(request_keys: Iterable[str]) -> dict[str, str]:
    """The ids of the records that the requests created before, by request key."""
    marks = {keys.creation(request_key): request_key for request_key in request_keys}
    return {marks[key]: str(mark["holder"]) for key, mark in reads.batch_get(marks, consistent=True).items()}
