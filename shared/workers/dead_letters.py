"""Sends events that can never be processed to the dead-letter queue, with the reason."""

from functools import cache
from typing import Any

from shared.domain import exact_json
from shared.runtime import aws, environment
from shared.runtime.log import logger


@cache
def client() -> Any:
    """The SQS client."""
    return aws.client("sqs")


def send(event: dict[str, Any], reason: Exception) -> None:
    """Send an event of this function to the queue. `make redrive` invokes the function with the event again."""
    client().send_message(
        QueueUrl=environment.dead_letter_queue_url(),
        MessageBody=exact_json.dumps(
            {"function": environment.function_name(), "reason": f"{type(reason).__name__}: {reason}", "event": event}
        ),
    )
    logger.error("sent to the dead-letter queue", reason=type(reason).__name__)
