"""On the table's stream, records only: brings what is derived from them up to date."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from shared import keys, stream
from shared.batches import Failures
from shared.storage import copies
from shared.storage.kinds import CUSTOMER, GROUP
from shared.stream import Record

logger = Logger()


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _: LambdaContext) -> Failures:
    """Renew the copies of changed customers, and write the search tokens that a transaction had no room for."""
    return stream.each(event["Records"], refresh)


def refresh(record: Record) -> None:
    before, after = stream.images(record)
    if after and copies.differ(before, after):
        copies.refresh(GROUP if after["SK"] == keys.group("").SK else CUSTOMER, keys.id_of(after["PK"]))
