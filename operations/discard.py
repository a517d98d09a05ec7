"""Discards dead letters that can never be processed, and stores who discarded them and why.

The note is kept in the table for longer than a year. It does not have the message itself, which can contain names and
addresses. Of the error it has only the type.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from operations import dead_letter_queue
from operations.dead_letter_queue import DeadLetterQueue, receiver
from operations.dead_letters import UndeliverableError
from operations.deployment import Deployment

KEPT_FOR: Final = timedelta(days=400)
PARTITION: Final = "DISCARDED"


class Note(NamedTuple):
    """The note about a discarded message."""

    message_id: str
    function: str
    cause: str
    because: str
    by: str
    at: str


def discard(
    deployment: Deployment, message_ids: set[str], because: str, report: Callable[[str, str, str, str], None]
) -> int:
    """Discard messages of both queues. Returns how many were not found."""
    missing = set(message_ids)
    for queue in dead_letter_queue.both(deployment):
        for message in queue.messages():
            if message["MessageId"] in missing:
                missing.remove(message["MessageId"])
                note = _note(queue, message, because)
                # The note is written first. If this is interrupted, the message can be discarded again.
                _store(deployment, note)
                queue.delete(message)
                report(note.message_id, note.function, note.cause, "[green]discarded[/]")
    for message_id in sorted(missing):
        report(message_id, "?", "?", "[red]not found[/] (or being read by someone else)")
    return len(missing)


def discarded(deployment: Deployment) -> Iterator[Note]:
    """The notes, oldest first."""
    pages = (
        deployment.client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=deployment.outputs["TableName"],
            KeyConditionExpression="PK = :discarded",
            ExpressionAttributeValues={":discarded": {"S": PARTITION}},
        )
    )
    notes = [Note(*(item[name]["S"] for name in Note._fields)) for page in pages for item in page["Items"]]
    yield from sorted(notes, key=lambda note: note.at)


def _note(queue: DeadLetterQueue, message: dict[str, Any], because: str) -> Note:
    try:
        dead_letter = queue.read(message)
        function, cause = receiver(dead_letter, queue.deployment), dead_letter.reason.partition(":")[0]
    except UndeliverableError:
        function, cause = "?", "cannot be read"
    by = queue.deployment.client("sts").get_caller_identity()["Arn"]
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return Note(message["MessageId"], function, cause, because.strip(), by, now)


def _store(deployment: Deployment, note: Note) -> None:
    item: dict[str, Any] = {name: {"S": value} for name, value in note._asdict().items()}
    item |= {"PK": {"S": PARTITION}, "SK": {"S": note.message_id}}
    item["expires_at"] = {"N": str(int((datetime.now(UTC) + KEPT_FOR).timestamp()))}
    deployment.client("dynamodb").put_item(TableName=deployment.outputs["TableName"], Item=item)
