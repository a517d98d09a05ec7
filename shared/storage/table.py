"""The one place that talks to DynamoDB: reads, queries and transactions on the table.

Items are plain dicts; numbers in them are `Decimal`. Every transient fault (a conflict between transactions,
throttling) is retried here with growing, jittered pauses; what remains becomes `TooManyRequests`, and nothing has been
written then.
"""

import random
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial, wraps
from http import HTTPStatus
from itertools import batched
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple
from uuid import uuid4

from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as BotoConnectionError

from shared import aws
from shared.config import config
from shared.errors import InvalidData, TooManyRequests, Unavailable
from shared.keys import Index, Key
from shared.storage import attributes as wire_form

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type Item = dict[str, Any]

to_wire, from_wire = wire_form.to_wire, wire_form.from_wire

MOST_ACTIONS: Final = 100
"""How many actions DynamoDB takes in one transaction."""
MOST_KEYS_PER_READ: Final = 100
"""How many keys DynamoDB takes in one batch read."""
MOST_COMPARED: Final = 100
"""How many values DynamoDB compares one attribute with."""

ALIVE: Final = "attribute_exists(PK) AND attribute_not_exists(deleted_at)"
ABSENT: Final = "attribute_not_exists(PK)"

_PATIENCE_SECONDS: Final = 10.0
_FIRST_PAUSE_SECONDS: Final = 0.02
_LONGEST_PAUSE_SECONDS: Final = 0.5
_TRANSIENT: Final = {
    "TransactionConflict",
    "ThrottlingError",
    "ProvisionedThroughputExceeded",
    "TransactionInProgressException",
    "ThrottlingException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "LimitExceededException",
}

LONGEST_CALL_SECONDS: Final = 9.0
"""Two attempts of a second to connect and three to be answered, and the pause between them."""
_deadline: ContextVar[float] = ContextVar("deadline", default=float("inf"))

# Made at import, so in the init phase and outside the first request.
client: "DynamoDBClient" = aws.client(
    "dynamodb",
    config=Config(
        connect_timeout=1,
        read_timeout=3,
        retries={"mode": "standard", "total_max_attempts": 2},
        tcp_keepalive=True,
        max_pool_connections=16,
        # All requests are built in this file. To hold each against DynamoDB's model doubles the CPU of a large one.
        parameter_validation=False,
    ),
)


_RESERVED: Final = re.compile(r"#(\w+)")


class Condition(NamedTuple):
    """A condition as DynamoDB writes it, with the values of its `:placeholders`; `#` before a word it reserves."""

    text: str
    where: Mapping[str, Any]

    def __and__(self, other: "Condition") -> "Condition":
        return Condition(f"{self.text} AND {other.text}", {**self.where, **other.where})


@dataclass(frozen=True, slots=True, eq=False)
class Write:
    """One action of a transaction, and what it means when its condition does not hold."""

    action: Literal["Put", "Update", "Delete", "ConditionCheck"]
    request: dict[str, Any]
    refused: Exception | None = None


class ConditionsFailed(Exception):
    """A transaction was refused, and nothing of it written. `writes` are those whose condition did not hold."""

    def __init__(self, writes: Sequence[Write]) -> None:
        super().__init__(f"{len(writes)} conditions did not hold")
        self.writes = writes


class Stale(Exception):
    """The item changed between reading and writing: read again and retry."""


def put(
    item: Mapping[str, Any],
    condition: str | None = None,
    refused: Exception | None = None,
    *,
    where: Mapping[str, Any] | None = None,
) -> Write:
    return Write("Put", {"Item": to_wire(item)} | _conditional(condition, where), refused)


def put_each(keys: Iterable[Key], attributes: Mapping[str, Any]) -> list[Write]:
    """Put items that differ in their keys alone."""
    written = to_wire(attributes)
    return [Write("Put", {"Item": to_wire(key._asdict()) | written}) for key in keys]


def delete(
    key: Key, condition: str | None = None, refused: Exception | None = None, *, where: Mapping[str, Any] | None = None
) -> Write:
    return Write("Delete", {"Key": to_wire(key._asdict())} | _conditional(condition, where), refused)


def update(
    key: Key,
    *,
    set: Mapping[str, Any] | None = None,  # noqa: A002 - DynamoDB's own word
    remove: Iterable[str] = (),
    add: Mapping[str, int] | None = None,
    condition: str | None = None,
    where: Mapping[str, Any] | None = None,
    names: Iterable[str] = (),
    refused: Exception | None = None,
) -> Write:
    """Change attributes of one item. `where` gives the values of the condition's `:values`, `names` its `#names`."""
    placeholders = {f"#{name}": name for name in names}
    values = dict(where or {})
    clauses = []
    for verb, assignment, changes in (("SET", " = ", set or {}), ("ADD", " ", add or {})):
        if changes:
            for name, value in changes.items():
                placeholders[f"#{name}"] = name
                values[f":new_{name}"] = value
            clauses.append(f"{verb} " + ", ".join(f"#{name}{assignment}:new_{name}" for name in changes))
    if removed := list(remove):
        placeholders |= {f"#{name}": name for name in removed}
        clauses.append("REMOVE " + ", ".join(f"#{name}" for name in removed))
    request = {
        "Key": to_wire(key._asdict()),
        "UpdateExpression": " ".join(clauses),
        "ExpressionAttributeNames": placeholders,
    }
    return Write("Update", request | _conditional(condition, values), refused)


def check(key: Key, condition: str, where: Mapping[str, Any], refused: Exception) -> Write:
    """Write nothing, but only together with an item that is as the condition says."""
    return Write("ConditionCheck", {"Key": to_wire(key._asdict())} | _conditional(condition, where), refused)


def get(key: Key, *, consistent: bool = False) -> Item | None:
    answer = _patiently(
        partial(client.get_item, TableName=config.table_name, Key=to_wire(key._asdict()), ConsistentRead=consistent)
    )
    return from_wire(answer["Item"]) if "Item" in answer else None


def batch_get(keys: Iterable[Key], *, consistent: bool = False, attributes: Sequence[str] = ()) -> dict[Key, Item]:
    """The items that exist among the keys, in as few calls as DynamoDB allows. `attributes` limits what is sent."""
    found: dict[Key, Item] = {}
    for some in batched(dict.fromkeys(keys), MOST_KEYS_PER_READ, strict=False):
        pending: list[Any] = [to_wire(key._asdict()) for key in some]
        for _ in attempts():
            request: Any = {"Keys": pending, "ConsistentRead": consistent} | _projection(attributes)
            answer = _patiently(partial(client.batch_get_item, RequestItems={config.table_name: request}))
            for wire_item in answer["Responses"].get(config.table_name, []):
                item = from_wire(wire_item)
                found[Key(item["PK"], item["SK"])] = item
            pending = answer["UnprocessedKeys"].get(config.table_name, {}).get("Keys", [])
            if not pending:
                break
    return found


def query(
    key: Condition,
    *,
    index: Index | None = None,
    matching: Condition | None = None,
    after: Mapping[str, str] | None = None,
    descending: bool = False,
    page_size: int | None = None,
    attributes: Sequence[str] = (),
    consistent: bool = False,
) -> Iterator[Item]:
    """The items of one partition in order, read page by page as they are consumed.

    `page_size` is how many items DynamoDB looks at per call (before `matching`); without it, a megabyte.
    """
    values = {**key.where, **(matching.where if matching else {})}
    request: dict[str, Any] = {
        "KeyConditionExpression": key.text,
        "ExpressionAttributeValues": to_wire(values),
        "ScanIndexForward": not descending,
    } | _projection(attributes, _RESERVED.findall(key.text))
    if matching:
        request["FilterExpression"] = matching.text
    if index:
        request["IndexName"] = index.name
    if page_size:
        request["Limit"] = page_size
    if consistent:
        request["ConsistentRead"] = True
    start: Mapping[str, Any] | None = to_wire(after) if after else None
    while True:
        if start:
            request["ExclusiveStartKey"] = start
        try:
            answer = _patiently(partial(client.query, TableName=config.table_name, **request))
        except ClientError as error:
            if after and error.response["Error"]["Code"] == "ValidationException":
                raise InvalidData.at("cursor", "this cursor leads nowhere") from None
            raise
        yield from map(from_wire, answer["Items"])
        start = answer.get("LastEvaluatedKey")
        if not start:
            return


def transact(writes: Sequence[Write]) -> None:
    """Do all writes or none. Raises `ConditionsFailed` where conditions refuse, `TooManyRequests` under contention."""
    items: Any = [{write.action: {"TableName": config.table_name} | write.request} for write in writes]
    # One for all tries: a try that took effect and was not answered is known again, not done twice or refused.
    token = str(uuid4())
    for _ in attempts():
        try:
            _patiently(partial(client.transact_write_items, TransactItems=items, ClientRequestToken=token))
        except client.exceptions.TransactionCanceledException as error:
            reasons = [reason.get("Code", "None") for reason in error.response["CancellationReasons"]]
            failed = [
                write for write, reason in zip(writes, reasons, strict=True) if reason == "ConditionalCheckFailed"
            ]
            if failed:
                raise ConditionsFailed(failed) from None
            if not _TRANSIENT.intersection(reasons):
                raise
        else:
            return


def commit(writes: Sequence[Write]) -> None:
    """`transact`, raising what the first failed condition means."""
    try:
        transact(writes)
    except ConditionsFailed as failure:
        raise failure.writes[0].refused or failure from None


def attempts() -> Iterator[None]:
    """Tries of a contended piece of work: pauses grow and are jittered, and patience ends in `TooManyRequests`."""
    deadline = min(time.monotonic() + _PATIENCE_SECONDS, _deadline.get())
    pause = _FIRST_PAUSE_SECONDS
    while time.monotonic() < deadline:
        yield
        time.sleep(random.uniform(0, pause))
        pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
    raise TooManyRequests("Too much is being written to the same items right now. Repeating the request is safe.")


@contextmanager
def done_within(seconds: float, *, calls_after: int = 0) -> Iterator[None]:
    """Tell how long the present request may take: no work is begun later than its last calls need.

    `calls_after` are made when the work is done, without a look at the clock: to keep its answer, say.
    """
    outside = _deadline.set(time.monotonic() + seconds - (1 + calls_after) * LONGEST_CALL_SECONDS)
    try:
        yield
    finally:
        _deadline.reset(outside)


def retried_when_stale[**P, T](attempt: Callable[P, T]) -> Callable[P, T]:
    """Let a function that reads, decides and writes run again whenever what it read changed before it wrote."""

    @wraps(attempt)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        for _ in attempts():
            try:
                return attempt(*args, **kwargs)
            except Stale:
                continue
        raise AssertionError("attempts() ends by raising")

    return run


def _patiently(call: Callable[[], Any]) -> Any:
    """Make one call. Throttling that outlasts the client's own retries is waited for; other errors pass through."""
    for _ in attempts():
        try:
            return call()
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise Unavailable from error
            if error.response["Error"]["Code"] not in _TRANSIENT:
                raise
        except (HTTPClientError, BotoConnectionError) as error:
            raise Unavailable from error
    raise AssertionError("attempts() ends by raising")


def _conditional(condition: str | None, values: Mapping[str, Any] | None) -> dict[str, Any]:
    request: dict[str, Any] = {"ConditionExpression": condition} if condition else {}
    if values:
        request["ExpressionAttributeValues"] = to_wire(values)
    return request


def _projection(attributes: Sequence[str], also_named: Iterable[str] = ()) -> dict[str, Any]:
    """What limits an answer to some attributes, and the names that the request has aliases for."""
    names = {f"#{name}": name for name in (*attributes, *also_named)}
    return {
        **({"ProjectionExpression": ", ".join(f"#{name}" for name in attributes)} if attributes else {}),
        **({"ExpressionAttributeNames": names} if names else {}),
    }
