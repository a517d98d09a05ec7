"""The first step of the state machine that runs jobs, repeated after each phase: plans the next step."""

from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext

from shared.dynamodb import client
from shared.http.queries import filters
from shared.jobs import files, steps
from shared.runtime import environment, initialization
from shared.runtime.log import logger

TIME_TO_STOP_MILLISECONDS: Final = 60_000

initialization.prepare(client.dynamodb, environment.table_name, files.s3, environment.jobs_bucket)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> steps.State:
    """Write the rows of a job as chunks. Returns whether to continue planning, process the chunks, or finish."""

    def has_time() -> bool:
        return context.get_remaining_time_in_millis() > TIME_TO_STOP_MILLISECONDS

    logger.append_keys(job_id=event["job_id"])
    return steps.prepare(event["job_id"], event["plan"], filters.listing, has_time)
