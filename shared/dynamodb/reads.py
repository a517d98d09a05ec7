"""Reads of single items, batches and partitions."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import batched
from typing import Any, Final, NamedTuple

from botocore.exceptions import ClientError

from shared.domain.errors import InvalidData
from shared.dynamodb import client, metering, parallel, retries
from shared.dynamodb.expressions import Condition, Index, Item, Key, projection
from shared.dynamodb.values import deserialize, serialize
from shared.runtime import environment

MAX_KEYS: Final = 100
"""The most keys that DynamoDB accepts in one batch."""


class Slice(NamedTuple):
    """The items that one call returned of a partition, and the keys of the last one. None at the end."""

    items: list[Item]
    last_key: Item | None
    bytes_each: float = 0.0
    """The average size of the items that were read, if the call was metered."""
    read: int = 0
    """How many items were read, also those that do not match."""


class Counted(NamedTuple):
    """How many items were counted, and whether these are all."""

    number: int
    is_whole: bool


def get(key: Key, *, consistent: bool = False) -> Item | None:
    request = {"Key": serialize(key._asdict()), "ConsistentRead": consistent}
    answer = _call(client.dynamodb().get_item, {"TableName": environment.table_name(), **request})
    return deserialize(answer["Item"]) if "Item" in answer else None


def batch_get(keys: Iterable[Key], *, consistent: bool = False, attributes: Sequence[str] = ()) -> dict[Key, Item]:
    """The items that exist among the keys, with all attributes or only `attributes`. Each 100 are read in parallel."""
    options = {"ConsistentRead": consistent} | projection(attributes)
    each = batched(dict.fromkeys(keys), MAX_KEYS, strict=False)
    found = parallel.run_all([partial(_batch, some, options) for some in each])
    return {Key(item["PK"], item["SK"]): item for items in found for item in items}


def query(
    key: Condition,
    *,
    index: Index | None = None,
    attributes: Sequence[str] = (),
    descending: bool = False,
    after: Mapping[str, str] | None = None,
    page_size: int | None = None,
    consistent: bool = False,
) -> Iterator[Item]:
    """The items of one partition in order, read page by page as they are consumed.

    `page_size` is how many items DynamoDB reads per call. The default is 1 MB.
    """
    request = _query(key, index, None, attributes) | {"ScanIndexForward": not descending}
    if page_size:
        request["Limit"] = page_size
    if consistent:
        request["ConsistentRead"] = True
    start: Mapping[str, Any] | None = serialize(after) if after else None
    while True:
        answer = _answer_from(start, request)
        yield from map(deserialize, answer["Items"])
        start = answer.get("LastEvaluatedKey")
        if not start:
            return


def one_slice(
    key: Condition,
    limit: int,
    *,
    index: Index | None = None,
    matching: Condition | None = None,
    attributes: Sequence[str] = (),
    descending: bool = False,
    after: Mapping[str, str] | None = None,
) -> Slice:
    """Read at most this many items in one call, the first ones or those `after` a key, and return those that match."""
    request = _query(key, index, matching, attributes) | {"ScanIndexForward": not descending, "Limit": limit}
    answer = _answer_from(serialize(after) if after else None, request)
    last_key = answer.get("LastEvaluatedKey")
    items = [deserialize(item) for item in answer["Items"]]
    read = int(answer["ScannedCount"])
    return Slice(items, deserialize(last_key) if last_key else None, metering.bytes_each(answer), read)


def count(key: Condition, limit: int, *, index: Index) -> Counted:
    """The number of items, counted in one call up to a limit. If they are large, DynamoDB ends the call earlier."""
    request = _query(key, index, None, ()) | {"Select": "COUNT", "Limit": limit}
    answer = _call(client.dynamodb().query, request)
    number = int(answer["Count"])
    return Counted(number, "LastEvaluatedKey" not in answer and number < limit)


def _answer_from(start: Mapping[str, Any] | None, request: Mapping[str, Any]) -> Any:
    """The answer to a query that begins after a key. Raises InvalidData for a key that this query cannot have."""
    try:
        return _call(client.dynamodb().query, {**request, **({"ExclusiveStartKey": start} if start else {})})
    except ClientError as error:
        if start and error.response["Error"]["Code"] == "ValidationException":
            raise InvalidData.at("cursor", "this cursor is damaged") from None
        raise


def _batch(keys: Iterable[Key], options: Mapping[str, Any]) -> list[Item]:
    """The items of up to 100 keys. Keys that DynamoDB did not process are requested again."""
    table_name = environment.table_name()
    items: list[Item] = []
    pending: list[Any] = [serialize(key._asdict()) for key in keys]
    for _ in retries.attempts():
        request: Any = {"RequestItems": {table_name: {"Keys": pending, **options}}}
        answer = _call(client.dynamodb().batch_get_item, request)
        items += map(deserialize, answer["Responses"].get(table_name, []))
        pending = answer["UnprocessedKeys"].get(table_name, {}).get("Keys", [])
        if not pending:
            break
    return items


def _query(
    key: Condition, index: Index | None, matching: Condition | None, attributes: Sequence[str]
) -> dict[str, Any]:
    values = {**key.where, **(matching.where if matching else {})}
    return {
        "TableName": environment.table_name(),
        "KeyConditionExpression": key.text,
        "ExpressionAttributeValues": serialize(values),
        **projection(attributes, [*key.aliased, *(matching.aliased if matching else ())]),
        **({"FilterExpression": matching.text} if matching else {}),
        **({"IndexName": index.name} if index else {}),
    }


def _call(make: Callable[..., Any], request: Mapping[str, Any]) -> Any:
    answer = retries.call(partial(make, **request, **metering.options()))
    metering.count(answer)
    return answer
