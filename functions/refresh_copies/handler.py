"""Updates data that is derived from records: the copies in memberships, and the history of each customer's groups.

The stream is filtered to changed customers and to changes of members.
"""

from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.typing import LambdaContext

from shared.dynamodb import client
from shared.runtime import environment, initialization, metrics
from shared.runtime.log import logger
from shared.storage import copies, erasures, journal, keys
from shared.workers import dead_letters, stream
from shared.workers.stream import StreamRecord

initialization.prepare(client.dynamodb, environment.table_name, dead_letters.client, environment.dead_letter_queue_url)


@metrics.flushed
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _: LambdaContext) -> PartialItemFailureResponse:
    """Update the copies and histories of customers, and erase the values of deleted customers."""
    return stream.process(event["Records"], refresh)


def refresh(record: StreamRecord) -> None:
    before, after = stream.images(record)
    if journal.is_of_members(after):
        journal.record(after)
        return
    if copies.is_customer_deletion(before, after):
        erasures.scrub(after["id"])
    if after and copies.are_outdated(before, after):
        copies.refresh(keys.id_of(after["PK"]))
