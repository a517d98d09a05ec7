"""Removes the memberships of deleted groups. Its queue receives `customer-group.deleted` events."""

import json
from functools import cache
from typing import Any, Final

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.typing import LambdaContext

from shared.dynamodb import client
from shared.runtime import aws, environment, initialization, metrics
from shared.runtime.log import logger
from shared.storage import purge
from shared.workers import queue

TIME_TO_FINISH_MILLISECONDS: Final = 10_000
"""Usually enough for one step and the message to the next invocation. What is cut off is repeated later."""


@cache
def sqs() -> Any:
    """The SQS client."""
    return aws.client("sqs")


initialization.prepare(client.dynamodb, environment.table_name, sqs, environment.purge_queue_url)


@metrics.flushed
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Remove the memberships of deleted groups while there is time. The next invocation continues."""
    return queue.process(event, lambda body: _purge(body, context))


def _purge(body: str, context: LambdaContext) -> None:
    group_id = json.loads(body)["detail"]["customer_group_id"]
    if not purge.purge_group(group_id, lambda: context.get_remaining_time_in_millis() > TIME_TO_FINISH_MILLISECONDS):
        sqs().send_message(QueueUrl=environment.purge_queue_url(), MessageBody=body)
