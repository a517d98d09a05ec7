"""The functions in this process, on dynoxide, and what each request costs there. To be imported before `shared`."""

import tests.database  # noqa: F401 - starts the engine and says where it is

# isort: split

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from shared.config import config
from shared.storage import table
from tests import api, template

type Body = dict[str, Any]

_READS: Final = {"GetItem", "Query", "BatchGetItem"}


@dataclass
class Cost:
    """What requests took of DynamoDB: calls, capacity units of the table and its indexes apart, and time."""

    calls: list[str] = field(default_factory=list)
    read_table: float = 0.0
    read_indexes: float = 0.0
    write_table: float = 0.0
    write_indexes: float = 0.0
    seconds: float = 0.0
    """Wall time spent in calls, botocore included."""
    cpu_seconds: float = 0.0

    @property
    def reads(self) -> float:
        return self.read_table + self.read_indexes

    @property
    def writes(self) -> float:
        return self.write_table + self.write_indexes

    def take(self, operation: str, answer: Body) -> None:
        consumed = answer.get("ConsumedCapacity") or []
        side = "read" if operation in _READS else "write"
        for one in consumed if isinstance(consumed, list) else [consumed]:
            indexes = sum(index["CapacityUnits"] for index in one.get("GlobalSecondaryIndexes", {}).values())
            of_table = one["Table"]["CapacityUnits"] if "Table" in one else one["CapacityUnits"] - indexes
            setattr(self, f"{side}_table", getattr(self, f"{side}_table") + of_table)
            setattr(self, f"{side}_indexes", getattr(self, f"{side}_indexes") + indexes)


def quiet() -> None:
    """Let the functions log into nothing; that they log is part of their cost, the terminal is not."""
    for name in ("customer-groups", ""):
        for handler in logging.getLogger(name).handlers:
            if isinstance(handler, logging.StreamHandler):
                handler.setStream(open(os.devnull, "w"))  # noqa: PTH123, SIM115 - for as long as the process lives


@contextmanager
def fresh_table() -> Iterator[None]:
    """The table of template.yaml, empty."""
    table.client.create_table(**template.table_definition(config.table_name))
    try:
        yield
    finally:
        table.client.delete_table(TableName=config.table_name)


@contextmanager
def measured() -> Iterator[Cost]:
    """Watch every DynamoDB call by the client's own events; nothing of the functions is replaced."""
    cost, events = Cost(), table.client.meta.events

    def ask(params: Body, model: Any, **_: Any) -> None:
        if "ReturnConsumedCapacity" in model.input_shape.members:
            params["ReturnConsumedCapacity"] = "INDEXES"

    def take(parsed: Body, model: Any, **_: Any) -> None:
        cost.calls.append(model.name)
        cost.take(model.name, parsed)

    events.register("provide-client-params.dynamodb", ask)
    events.register("after-call.dynamodb", take)
    try:
        yield cost
    finally:
        events.unregister("provide-client-params.dynamodb", ask)
        events.unregister("after-call.dynamodb", take)


@contextmanager
def timed_calls() -> Iterator[Cost]:
    """How much of a request is spent in DynamoDB calls, in wall and CPU time: around the one method of clients."""
    client: Any = type(table.client)
    cost = Cost()
    call = client._make_api_call  # noqa: SLF001 - all methods of a client lead there

    def timed(self: Any, operation: str, params: Body) -> Any:
        started, cpu = time.perf_counter(), time.process_time()
        try:
            return call(self, operation, params)
        finally:
            cost.seconds += time.perf_counter() - started
            cost.cpu_seconds += time.process_time() - cpu
            cost.calls.append(operation)

    client._make_api_call = timed  # noqa: SLF001
    try:
        yield cost
    finally:
        client._make_api_call = call  # noqa: SLF001


def request(method: str, url: str, body: Any = None) -> Body:
    """The event of a request, as API Gateway sends it."""
    path, _, query = url.partition("?")
    return api.event(method, path, query, body)


def send(event: Body) -> Body:
    """Call the function behind the route, which must answer 200."""
    operation = api.operation_at(event["httpMethod"], event["path"])
    answer: Body = api.handler(operation)(event, api.Context(operation))
    if answer["statusCode"] != 200:  # noqa: PLR2004
        raise RuntimeError(f"{event['httpMethod']} {event['path']}: {answer['body']}")
    return answer
