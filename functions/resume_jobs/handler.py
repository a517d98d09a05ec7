"""Runs every few minutes: continues or ends jobs whose execution has stopped."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from shared.dynamodb import client
from shared.jobs import machine, resumption
from shared.runtime import environment, initialization
from shared.runtime.log import logger

initialization.prepare(client.dynamodb, environment.table_name, machine.step_functions, environment.job_machine_arn)


@logger.inject_lambda_context(clear_state=True)
def handler(_: dict[str, Any], __: LambdaContext) -> dict[str, Any]:
    """Start jobs that were never started, and end jobs whose execution is over."""
    resumed = resumption.resume()
    if resumed:
        logger.warning("jobs resumed", extra={"job_ids": resumed})
    return {"resumed": len(resumed)}
