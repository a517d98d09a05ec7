"""The queue for records that can never succeed: each with the reason, and the event that a redrive invokes again."""

import os
from typing import Any

from aws_lambda_powertools import Logger

from shared import aws, wire

logger = Logger()
client = aws.client("sqs")
queue_url = os.environ["DEAD_LETTER_QUEUE_URL"]


class PoisonError(Exception):
    """A record that fails however often it is tried. The message is the reason, without personal data."""


def bury(event: dict[str, Any], reason: Exception) -> None:
    """Put an event of this function on the queue. It comes out again by `make redrive`."""
    function = os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "")
    client.send_message(
        QueueUrl=queue_url,
        MessageBody=wire.dumps({"function": function, "reason": f"{type(reason).__name__}: {reason}", "event": event}),
    )
    logger.error("buried", reason=type(reason).__name__)
