"""Lets customers join and leave automatic groups. Its queue receives this service's events."""

import json
from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.typing import LambdaContext

from shared.dynamodb import client
from shared.jobs import machine, rules
from shared.runtime import environment, initialization, metrics
from shared.runtime.log import logger
from shared.workers import queue

initialization.prepare(client.dynamodb, environment.table_name, machine.step_functions, environment.job_machine_arn)


@metrics.flushed
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _: LambdaContext) -> PartialItemFailureResponse:
    """Judge changed customers by all rules, and start the jobs of changed rules.

    Late and repeated events do no harm.
    """
    return queue.process(event, _follow)


def _follow(body: str) -> None:
    event = json.loads(body)
    rules.follow(event["detail-type"], event["detail"])
