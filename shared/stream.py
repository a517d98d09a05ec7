"""Records of the table's stream, in order, with the failures that Lambda should bring again."""

from collections.abc import Callable, Iterable
from typing import Any

from aws_lambda_powertools import Logger

from shared import dead_letters
from shared.batches import Failure, Failures
from shared.dead_letters import PoisonError
from shared.storage.table import Item, from_wire

type Record = dict[str, Any]

logger = Logger()


def each(records: Iterable[Record], work: Callable[[Record], None]) -> Failures:
    """Do the work for each record in order, up to the first that fails for now. One that never can is buried."""
    for record in records:
        try:
            work(record)
        except PoisonError as reason:
            dead_letters.bury({"Records": [record]}, reason)
        except Exception:
            logger.exception("will be tried again")
            return again_from(record)
    return Failures(batchItemFailures=[])


def again_from(record: Record) -> Failures:
    """The answer that makes Lambda deliver from this record on."""
    return Failures(batchItemFailures=[Failure(itemIdentifier=record["dynamodb"]["SequenceNumber"])])


def images(record: Record) -> tuple[Item, Item]:
    """The item before and after. Raises PoisonError for a record that holds no items."""
    try:
        old, new = record["dynamodb"].get("OldImage", {}), record["dynamodb"].get("NewImage", {})
        return from_wire(old), from_wire(new)
    except (KeyError, TypeError, AttributeError) as error:
        raise PoisonError(f"no stream record: {error!r}") from None
