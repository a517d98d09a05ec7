"""A step of the state machine that runs jobs: processes one chunk."""

from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext

from shared.dynamodb import client, retries
from shared.jobs import files, steps
from shared.runtime import environment, initialization
from shared.runtime.log import logger

TIME_TO_END_MILLISECONDS: Final = 30_000
"""Enough for one transaction with its retries, and for storing the chunk's result."""

initialization.prepare(client.dynamodb, environment.table_name, files.s3, environment.jobs_bucket)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Process the rows of one chunk and store their results. Can be repeated after it was interrupted."""

    def has_time() -> bool:
        return context.get_remaining_time_in_millis() > TIME_TO_END_MILLISECONDS

    logger.append_keys(job_id=event["job_id"], chunk=event["key"])
    with retries.time_limit(context.get_remaining_time_in_millis() / 1_000):
        # An execution that an earlier release has started passes no phases.
        steps.do_chunk(event["job_id"], event["key"], has_time, event.get("phases"))
    return {}
