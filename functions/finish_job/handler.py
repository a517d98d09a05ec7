"""The last step of the state machine that runs jobs: joins the results."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from shared.dynamodb import client
from shared.jobs import files, steps
from shared.runtime import environment, initialization
from shared.runtime.log import logger

initialization.prepare(client.dynamodb, environment.table_name, files.s3, environment.jobs_bucket)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _: LambdaContext) -> dict[str, Any]:
    """Write the result file and set the job's final status."""
    logger.append_keys(job_id=event["job_id"])
    steps.finish(event["job_id"], event["plan"], failed="failure" in event)
    return {}
