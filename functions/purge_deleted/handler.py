"""On a queue of `customer-group.deleted` events: removes what the deletion left behind."""

import json
import os
from typing import Any, Final

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from shared import aws
from shared.batches import Failure, Failures
from shared.storage import purge

TIME_TO_FINISH_MILLISECONDS: Final = 10_000
"""One transaction with all its retries, and the message to the next invocation."""

logger = Logger()
queue = aws.client("sqs")
queue_url = os.environ["PURGE_QUEUE_URL"]


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> Failures:
    """Remove the memberships of deleted groups while there is time, and leave the rest to the next invocation."""
    failures = []
    for message in event["Records"]:
        try:
            _purge(message["body"], context)
        except Exception:
            logger.exception("will be tried again", message_id=message["messageId"])
            failures.append(Failure(itemIdentifier=message["messageId"]))
    return Failures(batchItemFailures=failures)


def _purge(body: str, context: LambdaContext) -> None:
    group_id = json.loads(body)["detail"]["customer_group_id"]
    if not purge.purge_group(group_id, lambda: context.get_remaining_time_in_millis() > TIME_TO_FINISH_MILLISECONDS):
        queue.send_message(QueueUrl=queue_url, MessageBody=body)
