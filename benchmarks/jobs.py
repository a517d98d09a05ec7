"""A job that adds many customers to one group, compared with bare transactions of the same form, and its cost.

Each function runs in a process of its own against dynoxide and the local cloud's bucket, as the state machine calls it.
Then the group is exported, and ordinary requests at the group are timed alone and beside another job.
`--rows 1000000` takes as many rows as a job may have.
"""

from benchmarks import engine  # first: it starts the engine

# isort: split

import argparse
import json
import math
import os
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import batched, count, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Any, Final
from unittest.mock import patch

from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn

from benchmarks.function import Function
from benchmarks.operations import GROUPS
from benchmarks.population import ACTOR, Population
from benchmarks.results import ROOT, console, save, show
from local import cloud, processes
from shared.dynamodb import client
from shared.jobs import chunks, files
from shared.runtime import environment
from shared.storage import job_chunks, membership_writes, summaries, uploads
from shared.storage.kinds import GROUP
from shared.storage.membership_steps import Request, Step
from shared.storage.membership_transactions import MEMBERS_PER_WRITE
from tests.conflicts import conflicts
from tests.machine import FUNCTIONS, Machine

BARE_EVERY: Final = 8
"""After this many chunks, the bare transactions of one chunk are sent, to measure their rate."""
LEAST_SHARE: Final = 0.8
MAX_MEGABYTES: Final = 256
FAIR: Final = 2.0
BESIDE_ROWS: Final = 10_000
QUIET_SECONDS: Final = 30
CALL_SECONDS: Final = 0.004
ACTION_SECONDS: Final = 0.0005
"""How much longer a call takes than on dynoxide, and each action of a transaction. DynamoDB's own times vary."""
LONGEST_PAUSE_SECONDS: Final = 0.2
"""Between two ordinary requests: a few people are at work."""
MILLION: Final = 1_000_000
GIGABYTES: Final = 1.0
"""The default memory of a function."""


class Shop:
    """The functions of jobs, and the requests around them."""

    def __init__(self, settings: dict[str, str]) -> None:
        self.functions = {name: Function(name, settings) for name in (*FUNCTIONS.values(), "start_job", "get_job")}

    def ask(self, operation: str, **event: Any) -> Any:
        return self.functions[operation]({"actor": ACTOR, **event})["job"]

    def run(self, after_chunk: Callable[[int], None] = lambda _: None, **body: Any) -> dict[str, Any]:
        """Start a job and run its steps instead of the state machine."""
        job = self.ask("start_job", body=body)
        number = count(1)

        def invoke(operation: str, event: Any) -> Any:
            answer = self.functions[operation](event)
            if operation == "do_job_chunk":
                _insist(partial(after_chunk, next(number)))
            return answer

        Machine(invoke).run(job["id"])
        found: dict[str, Any] = self.ask("get_job", path={"id": job["id"]})
        if found["status"] != "succeeded":
            raise RuntimeError(json.dumps(found))
        return found

    def taken(self) -> dict[str, dict[str, Any]]:
        """What each function took."""
        return {name: _taken(self.functions[name].taken) for name in FUNCTIONS.values()}

    def forget(self) -> None:
        for function in self.functions.values():
            function.taken.clear()


def _insist(work: Callable[[], None]) -> None:
    """An error of this program, which the state machine must not retry like one of a function."""
    try:
        work()
    except Exception as error:
        raise SystemExit(f"{type(error).__name__}: {error}") from error


def _taken(invocations: Sequence[Any]) -> dict[str, Any]:
    return {
        "invocations": len(invocations),
        "seconds": round(sum(one.seconds for one in invocations), 1),
        "megabytes_after_the_first": invocations[0].megabytes,
        "megabytes_at_most": invocations[-1].megabytes,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    engine.quiet()
    with engine.filled_table(partial(_fill, rows=rows)) as filled, _shop() as shop:
        group, bare, beside = filled.groups
        customers = iter(filled.customers)
        mine, others, third, last = (list(islice(customers, size)) for size in _sizes(rows))
        result = {"rows": rows, **_added(shop, group, bare, mine, others)}
        _show_adding(result)
        result |= _exported(shop, group)
        result["beside_a_job"] = _fairness(shop, beside, bare, third)
        units = _units(shop, beside, last)
    result |= {"units_per_row": units, "dollars_per_million": _dollars(rows, result["adding"], units)}
    _show(result)
    save("jobs" if rows < MILLION else "jobs_million", result)


def _added(shop: Shop, group: str, bare: str, customers: Sequence[str], others: Sequence[str]) -> dict[str, Any]:
    """A job that adds customers to a group, with bare transactions between its chunks."""
    theirs: list[float] = []
    some = batched(others, chunks.ROWS, strict=False)
    columns = (*Progress.get_default_columns(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("rows", total=len(customers))

        def after_chunk(number: int) -> None:
            progress.update(task, advance=chunks.ROWS)
            if number % BARE_EVERY == 1:
                theirs.append(chunks.ROWS / _bare(bare, next(some)))

        shop.run(after_chunk, **_adding(group, customers))
    adding = shop.taken()
    rate = len(customers) / sum(one["seconds"] for one in adding.values())
    bare_rate = statistics.mean(theirs)
    return {
        "job_per_second": round(rate),
        "bare_per_second": round(bare_rate),
        "share": round(rate / bare_rate, 2),
        "target_share": LEAST_SHARE,
        "target_megabytes": MAX_MEGABYTES,
        "adding": adding,
    }


def _exported(shop: Shop, group: str) -> dict[str, Any]:
    shop.forget()
    job = shop.run(type="export", format="csv", customer_group_ids=[group])
    return {"exported": job["totals"]["done"], "exporting": shop.taken()}


def _show_adding(result: dict[str, Any]) -> None:
    show(
        "Rows into one group",
        ["", "rows / s"],
        [(name, result[key]) for name, key in (("the job", "job_per_second"), ("bare", "bare_per_second"))]
        + [("share", result["share"])],
    )
    _show_functions("Adding", result["adding"])


def _show_functions(title: str, taken: dict[str, dict[str, Any]]) -> None:
    columns = ["function", "invocations", "seconds", "MB after the first", "MB at most"]
    show(title, columns, [(name, *one.values()) for name, one in taken.items()])


def _show(result: dict[str, Any]) -> None:
    _show_functions("Exporting", result["exporting"])
    rows = [(name, *one.values()) for name, one in result["beside_a_job"].items()]
    show(
        "Ordinary requests at the group, ms",
        ["request", "alone", "job elsewhere", "job at it", "ratio", "to elsewhere"],
        rows,
    )
    show("A million rows, dollars", ["", "$"], list(result["dollars_per_million"].items()))


def _fill(population: Population, rows: int) -> None:
    population.add_groups(3)
    population.add_customers(sum(_sizes(rows)), nameless=True)


def _sizes(rows: int) -> tuple[int, int, int, int]:
    """The customers of the job, the bare transactions, the job beside requests, and the chunk that is metered."""
    return rows, (rows // chunks.ROWS // BARE_EVERY + 1) * chunks.ROWS, BESIDE_ROWS + 1, chunks.ROWS


@contextmanager
def _shop() -> Iterator[Shop]:
    """The functions, the bucket, and a state machine that does nothing, because this program runs its steps."""
    with TemporaryDirectory() as home, ExitStack() as until_done:
        # With the credentials of this process.
        address = f"http://{processes.LOOPBACK}:{processes.free_port()}"
        sky = cloud.Cloud(address, os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"])
        pid = cloud.start(sky, Path(home), [])
        until_done.callback(processes.stop, pid, cloud.MARK)
        sky.client("s3").create_bucket(Bucket="jobs")
        role = sky.client("iam").create_role(RoleName="jobs", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        waiting = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}
        made = sky.client("stepfunctions").create_state_machine(
            name="jobs", definition=json.dumps(waiting), roleArn=role
        )
        settings = {
            "AWS_ENDPOINT_URL": sky.endpoint_url,
            "AWS_ENDPOINT_URL_DYNAMODB": client.dynamodb().meta.endpoint_url,
            "AWS_ACCESS_KEY_ID": sky.access_key_id,
            "AWS_SECRET_ACCESS_KEY": sky.secret_access_key,
            "AWS_DEFAULT_REGION": cloud.REGION,
            "JOBS_BUCKET": "jobs",
            "JOB_MACHINE_ARN": made["stateMachineArn"],
        }
        until_done.enter_context(patch.dict(os.environ, settings))
        shop = Shop(settings)
        for function in shop.functions.values():
            until_done.callback(function.end)
        yield shop


def _adding(group: str, customers: Sequence[str]) -> dict[str, Any]:
    """A job that adds customers from a file with their ids."""
    content = "".join(f"{one}\n" for one in ("customer_id", *customers)).encode()
    upload = uploads.announce("customers.csv", "text/csv", len(content), ACTOR)
    files.write(files.uploaded(upload["id"]), content)
    source = {"upload_id": upload["id"]}
    return {"type": "change_members", "customer_group_id": group, "action": "add", "source": source}


def _bare(group: str, customers: Sequence[str]) -> float:
    """Transactions of the same form, created before the measurement and sent one after the other."""
    asked = Request(
        ACTOR,
        GROUP,
        summaries.get_many(customers),
        mark=lambda steps: job_chunks.transaction_mark("bare", steps[0].customer_id, 0, _MARKED),
    )
    made = [_transaction(asked, group, some) for some in batched(customers, MEMBERS_PER_WRITE, strict=False)]
    started = time.perf_counter()
    for items in made:
        client.dynamodb().transact_write_items(TransactItems=items)
    return time.perf_counter() - started


_MARKED: Final = [["cus_00000000000000000000000000", "added", None, None]] * MEMBERS_PER_WRITE


def _transaction(asked: Request, group: str, customers: Sequence[str]) -> Any:
    writes = [part.write for part in membership_writes.parts(asked, [Step("add", group, one) for one in customers])]
    return [{write.verb: {"TableName": environment.table_name()} | write.request} for write in writes]


def _ordinary(group: str, customer: str) -> dict[str, Callable[[], Any]]:
    """Typical requests for a group."""
    path = f"{GROUPS}/{group}"
    asked = {
        "get the group": ("GET", path, None),
        "list 20 members": ("GET", f"{path}/customers?limit=20", None),
        "add a customer": ("POST", f"{path}/customers", {"add": [customer]}),
        "remove a customer": ("POST", f"{path}/customers", {"remove": [customer]}),
    }
    requests = {name: partial(_send, *request) for name, request in asked.items()}
    return {**requests, "change its metadata": lambda: _send("POST", path, {"metadata": {"seen": time.time_ns()}})}


def _send(method: str, url: str, body: Any) -> Any:
    return engine.send(engine.request(method, url, body))


def _fairness(shop: Shop, group: str, other: str, customers: Sequence[str]) -> dict[str, dict[str, float]]:
    """The median time of requests for a group: alone, during a job at another group, and during a job at this group.

    The second shares the machine and the engine, which writes one transaction at a time, and nothing else. The engine's
    calls are delayed, and its conflicts are those of DynamoDB, which rejects a transaction while another one writes any
    of its items. The job runs in this process, because conflicts are detected here.
    """
    customer, *rows = customers
    requests = _ordinary(group, customer)
    with conflicts(CALL_SECONDS, ACTION_SECONDS):
        quiet = _timed(requests, lambda started: time.monotonic() - started > QUIET_SECONDS)
        elsewhere, among = (_beside(shop, requests, _adding(one, rows)) for one in (other, group))
    return {
        name: {
            "alone_ms": quiet[name],
            "beside_a_job_elsewhere_ms": elsewhere[name],
            "beside_a_job_ms": among[name],
            "ratio": round(among[name] / quiet[name], 2),
            "ratio_elsewhere": round(among[name] / elsewhere[name], 2),
        }
        for name in requests
    }


def _beside(shop: Shop, requests: dict[str, Callable[[], Any]], body: dict[str, Any]) -> dict[str, float]:
    """The times of requests while a job runs."""
    done = Event()

    def work() -> None:
        try:
            Machine().run(started["id"])
        finally:
            done.set()

    started = shop.ask("start_job", body=body)
    job = Thread(target=work)
    job.start()
    taken = _timed(requests, lambda _: done.is_set())
    job.join()
    return taken


def _timed(requests: dict[str, Callable[[], Any]], is_over: Callable[[float], bool]) -> dict[str, float]:
    started = time.monotonic()
    taken: dict[str, list[float]] = defaultdict(list)
    while not is_over(started):
        for name, send in requests.items():
            begun = time.perf_counter()
            send()
            taken[name].append(1000 * (time.perf_counter() - begun))
            time.sleep(random.uniform(0, LONGEST_PAUSE_SECONDS))
    return {name: round(statistics.median(some), 1) for name, some in taken.items()}


def _units(shop: Shop, group: str, customers: Sequence[str]) -> dict[str, float]:
    """The read and write units of a row, measured with one chunk in this process."""
    job = shop.ask("start_job", body=_adding(group, customers))
    with engine.measured() as cost:
        Machine().run(job["id"])
    return {"reads": cost.reads / len(customers), "writes": cost.writes / len(customers)}


def _dollars(rows: int, adding: dict[str, dict[str, Any]], units: dict[str, float]) -> dict[str, float]:
    """What a million rows cost at list price. Time is this machine's, and DynamoDB here is dynoxide."""
    price = json.loads((ROOT / "benchmarks" / "prices.json").read_text())
    seconds = sum(one["seconds"] for one in adding.values()) * MILLION / rows
    parts = math.ceil(MILLION / chunks.ROWS)
    return {
        "table, writes": MILLION * units["writes"] * price["dynamodb_write_unit"],
        "table, reads": MILLION * units["reads"] * price["dynamodb_read_unit"],
        "functions": seconds * GIGABYTES * price["lambda_gb_second_arm64"] + parts * price["lambda_request"],
        "state machine": 2 * parts * price["state_transition"],
        "bucket": 2 * parts * (price["s3_put"] + price["s3_get"]),
    }


if __name__ == "__main__":
    main()
