"""On the table's stream, change items only: tells other systems what happened."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from shared import bus, dead_letters, events, measures, stream
from shared.batches import Failures
from shared.stream import Record

logger = Logger()


@measures.flushed
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _: LambdaContext) -> Failures:
    """Put changes on the event bus, in order, at least once each."""
    told: list[tuple[Record, events.Entry]] = []
    for record in event["Records"]:
        try:
            change = stream.images(record)[1]
            told += [(record, entry) for entry in events.of_change(change)]
            measures.count(change)
        except dead_letters.PoisonError as reason:
            dead_letters.bury({"Records": [record]}, reason)
            measures.count_buried()
    try:
        bus.put([entry for _, entry in told])
    except bus.PutError as error:
        logger.exception("the bus did not take all events")
        return stream.again_from(told[error.put][0])
    return Failures(batchItemFailures=[])
