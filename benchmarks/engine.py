"""Runs the functions in this process on dynoxide, and measures each request. Must be imported before `shared`."""

import tests.database  # noqa: F401 - starts the engine and says where it is

# isort: split

import gzip
import json
import logging
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple
from unittest.mock import patch

import botocore.session
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn

from benchmarks.population import Population
from benchmarks.results import console
from shared.dynamodb import client
from shared.runtime import environment
from tests import api, dynoxide, template

type Body = dict[str, Any]

IMPORTED_WITHIN_SECONDS: Final = 3_600
"""For an import into memory. One into a file is waited for."""

_READS: Final = {"GetItem", "Query", "BatchGetItem"}


@dataclass
class Cost:
    """The use of DynamoDB: calls, capacity units of the table and of its indexes, and time."""

    calls: list[str] = field(default_factory=list)
    read_table: float = 0.0
    read_indexes: float = 0.0
    write_table: float = 0.0
    write_indexes: float = 0.0
    seconds: float = 0.0
    """Wall time spent in calls, including botocore."""
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
    """Discard the output of the functions' logs. Formatting them is part of their cost, printing them is not."""
    for name in ("customer-groups", ""):
        for handler in logging.getLogger(name).handlers:
            if isinstance(handler, logging.StreamHandler):
                handler.setStream(open(os.devnull, "w"))  # noqa: PTH123, SIM115 - for as long as the process lives


class Filled(NamedTuple):
    """The ids of the records that a table was filled with."""

    groups: list[str]
    customers: list[str]


@contextmanager
def filled_table(populate: Callable[[Population], None], *, on_disk: bool = False) -> Iterator[Filled]:
    """The table of template.yaml with a population, in its own engine.

    It is imported, as an export of DynamoDB would be: several times faster than written request by request.
    `on_disk` is for a population that does not fit into memory. Calls and units are the same.
    """
    with TemporaryDirectory() as folder, ExitStack() as until_done:
        schema, filled = Path(folder) / "schema.json", _exported(populate, Path(folder))
        schema.write_text(json.dumps([{"Table": template.table_definition(environment.table_name())}]))
        loading = ("import", "--source", folder, "--schema", str(schema))
        if on_disk:
            table = Path(folder) / "table.db"
            with console.status("Loading the table into a file"):
                dynoxide.run(*loading, "--output", str(table))
            starting = dynoxide.running("serve", "--db-path", str(table))
        else:
            starting = dynoxide.running(*loading, "--serve", within_seconds=IMPORTED_WITHIN_SECONDS)
        with console.status("Starting the engine"):
            address = until_done.enter_context(starting)
        until_done.enter_context(_reached_at(address))
        yield filled


def _exported(populate: Callable[[Population], None], folder: Path) -> Filled:
    """Another process creates the items, so that this one uses as little memory as a function."""
    ours, theirs = multiprocessing.Pipe()
    maker = multiprocessing.get_context("fork").Process(target=_export, args=(populate, folder, theirs))
    maker.start()
    theirs.close()  # so that a failure of that process is detected
    filled: Filled = ours.recv()
    maker.join()
    return filled


def _export(populate: Callable[[Population], None], folder: Path, filled: Connection) -> None:
    data = folder / environment.table_name() / "data"
    data.mkdir(parents=True)
    columns = (*Progress.get_default_columns(), MofNCompleteColumn(), TimeElapsedColumn())
    with (
        gzip.open(data / "items.json.gz", "wt", compresslevel=1) as file,
        Progress(*columns, console=console, transient=True) as progress,
    ):
        task = progress.add_task("making items", total=None)

        def take(item: Body) -> None:
            print(json.dumps({"Item": item}), file=file)
            progress.advance(task)

        population = Population(take)
        populate(population)
        population.finish()
    filled.send(Filled(*([one["id"] for one in some] for some in (population.groups, population.customers))))


@contextmanager
def _reached_at(address: str) -> Iterator[None]:
    """Connect the functions to another engine, with the settings of their own client."""
    session = botocore.session.get_session()
    other = session.create_client("dynamodb", endpoint_url=address, config=client.dynamodb().meta.config)
    with patch.object(client, "dynamodb", lambda: other):
        yield


@contextmanager
def measured() -> Iterator[Cost]:
    """Measure every DynamoDB call through events of the client. No code of the functions is replaced."""
    cost, events = Cost(), client.dynamodb().meta.events

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
    """Measure the wall and CPU time of DynamoDB calls, in the method through which all calls go."""
    kind: Any = type(client.dynamodb())
    cost = Cost()
    call = kind._make_api_call  # noqa: SLF001 - all methods of a client lead there

    def timed(self: Any, operation: str, params: Body) -> Any:
        started, cpu = time.perf_counter(), time.process_time()
        try:
            return call(self, operation, params)
        finally:
            cost.seconds += time.perf_counter() - started
            cost.cpu_seconds += time.process_time() - cpu
            cost.calls.append(operation)

    kind._make_api_call = timed  # noqa: SLF001 - botocore has no public hook around a call
    try:
        yield cost
    finally:
        kind._make_api_call = call  # noqa: SLF001 - botocore has no public hook around a call


def request(method: str, url: str, body: Any = None) -> Body:
    """The event that API Gateway sends for a request."""
    path, _, query = url.partition("?")
    return api.event(method, path, query, body)


def send(event: Body) -> Body:
    """Call the function of the route, which must return 200."""
    operation = api.operation_at(event["httpMethod"], event["path"])
    answer: Body = api.handler(operation)(event, api.Context(operation))
    if answer["statusCode"] != 200:  # noqa: PLR2004 - HTTP's OK
        raise RuntimeError(f"{event['httpMethod']} {event['path']}: {answer['body']}")
    return answer
