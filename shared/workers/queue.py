"""Processes the messages of a queue one by one. If all of them fail, the invocation fails."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from shared.runtime.log import logger
from shared.workers import failures


def process(event: dict[str, Any], work: Callable[[str], None]) -> PartialItemFailureResponse:
    """Process the body of each message. Raises BatchProcessingError if all of them fail."""
    processor = BatchProcessor(EventType.SQS)

    def attempt(record: SQSRecord) -> None:
        try:
            work(record.body)
        except Exception:
            logger.exception("message failed and will be delivered again", message_id=record.message_id)
            raise

    try:
        return process_partial_response(event=event, record_handler=attempt, processor=processor)
    finally:
        failures.count(len(processor.fail_messages))
