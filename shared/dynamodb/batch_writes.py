"""Writes without conditions, in batches: half the price of a transaction, for items that may be written twice."""

from collections.abc import Iterable, Mapping
from functools import partial
from itertools import batched
from typing import Any, Final

from shared.dynamodb import client, metering, retries
from shared.dynamodb.values import serialize
from shared.runtime import environment

MAX_ITEMS: Final = 25
"""The most items that DynamoDB accepts in one batch."""


def put(items: Iterable[Mapping[str, object]]) -> None:
    """Put all items, which must have different keys. Raises TooManyRequests, Unavailable; some may have been put."""
    for some in batched(items, MAX_ITEMS, strict=False):
        _put([{"PutRequest": {"Item": serialize(item)}} for item in some])


def _put(pending: list[Any]) -> None:
    """Requests that DynamoDB did not process are sent again."""
    table_name = environment.table_name()
    for _ in retries.attempts():
        request: Any = {"RequestItems": {table_name: pending}, **metering.options()}
        answer = retries.call(partial(client.dynamodb().batch_write_item, **request))
        metering.count(answer)
        pending = answer["UnprocessedItems"].get(table_name, [])
        if not pending:
            return
