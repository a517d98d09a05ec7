"""Publishes changes from the table's stream as events. The stream is filtered to change items."""

from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.typing import LambdaContext

from shared.domain.errors import PoisonError
from shared.events import bus, business, translation
from shared.events.translation import Entry
from shared.runtime import environment, initialization, metrics
from shared.runtime.log import logger
from shared.workers import dead_letters, stream
from shared.workers.stream import StreamRecord

initialization.prepare(bus.client, environment.event_bus_name, dead_letters.client, environment.dead_letter_queue_url)


@metrics.flushed
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _: LambdaContext) -> PartialItemFailureResponse:
    """Put changes on the event bus, in order and at least once."""
    records = event["Records"]
    entries = [(index, entry) for index, record in enumerate(records) for entry in _entries(record)]
    try:
        bus.put([entry for _, entry in entries])
    except bus.PutError as error:
        return stream.retry_from(records, entries[error.put][0], error)
    return stream.no_failures()


def _entries(record: StreamRecord) -> list[Entry]:
    """The events of a change. An invalid change is sent to the dead-letter queue."""
    try:
        change = stream.images(record)[1]
        entries = list(translation.of_change(change))
    except PoisonError as reason:
        dead_letters.send({"Records": [record]}, reason)
        business.count_unpublishable()
        return []
    business.count(change)
    return entries
