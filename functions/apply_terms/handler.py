"""Runs every minute: begins and ends memberships whose moment has come."""

from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext

from shared.dynamodb import client
from shared.runtime import environment, initialization
from shared.runtime.log import logger
from shared.storage import due_terms

TIME_TO_STOP_MILLISECONDS: Final = 15_000
"""Usually enough for one step. One that is cut off is repeated by a later invocation."""

initialization.prepare(client.dynamodb, environment.table_name)


@logger.inject_lambda_context(clear_state=True)
def handler(_: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Begin and end the memberships that are due, while there is time. The next minute continues."""
    applied = due_terms.apply_due(lambda: context.get_remaining_time_in_millis() > TIME_TO_STOP_MILLISECONDS)
    if applied:
        logger.info("memberships have begun or ended", extra={"memberships": applied})
    return {"applied": applied}
