"""Processes the records of the table's stream in order.

A record that can never be processed is sent to the dead-letter queue. At a record that fails temporarily, processing
stops, because Lambda delivers it again with all records after it. (Powertools' batch processing would process those
twice.) If the first record fails, the invocation fails, so that Lambda counts an error.
"""

from collections.abc import Callable, Sequence
from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse

from shared.domain.errors import PoisonError
from shared.dynamodb.expressions import Item
from shared.dynamodb.values import deserialize
from shared.runtime.log import logger
from shared.workers import dead_letters, failures

type StreamRecord = dict[str, Any]


def process(records: Sequence[StreamRecord], work: Callable[[StreamRecord], None]) -> PartialItemFailureResponse:
    """Process each record up to the first that fails. Raises its error if it is the first of the batch."""
    for index, record in enumerate(records):
        try:
            work(record)
        except PoisonError as reason:
            dead_letters.send({"Records": [record]}, reason)
        except Exception as error:  # noqa: BLE001 - raised or logged by retry_from
            return retry_from(records, index, error)
    return no_failures()


def retry_from(records: Sequence[StreamRecord], index: int, error: Exception) -> PartialItemFailureResponse:
    """The result that makes Lambda deliver this and all later records again. Raises the error for the first record."""
    failures.count(len(records) - index)
    if index == 0:
        raise error
    logger.error("stopped at a record, which will be delivered again", exc_info=error)
    return {"batchItemFailures": [{"itemIdentifier": str(records[index]["dynamodb"]["SequenceNumber"])}]}


def no_failures() -> PartialItemFailureResponse:
    """The result if no record must be delivered again."""
    failures.count(0)
    return {"batchItemFailures": []}


def images(record: StreamRecord) -> tuple[Item, Item]:
    """The item before and after the write. Raises PoisonError for an invalid record."""
    try:
        old, new = record["dynamodb"].get("OldImage", {}), record["dynamodb"].get("NewImage", {})
        return deserialize(old), deserialize(new)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise PoisonError(f"no stream record: {error!r}") from None
