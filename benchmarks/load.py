"""Mixed requests from 1, 8 and 32 concurrent clients on a separate local stack: errors and response times.

Then a client who reads, alone and beside one whose requests are large: two share the machine, so that the reader may
wait twice as long.
"""

import argparse
import random
import signal
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import httpx

from benchmarks.results import save, show
from local import processes
from local import stack as stacks

GROUPS: Final = "/admin/customer-groups"
CUSTOMERS: Final = "/admin/customers"
MEMBERS: Final = 20
MANY_MEMBERS: Final = 300
FAIR: Final = 2.0

type Traffic = list[tuple[str, Callable[[httpx.Client], httpx.Response]]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 32])
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the stack is always stopped
    with tempfile.TemporaryDirectory() as home:
        stack = stacks.start(Path(home), processes.free_port(), with_demo_data=False)
        try:
            report = {str(count): _run(stack, count, asked.seconds) for count in asked.clients}
            alone, beside = _reader(stack, asked.seconds)
        finally:
            stacks.stop(Path(home))
    show(
        f"Local stack, {asked.seconds} seconds each, milliseconds",
        ["clients", "requests / s", "errors", "median", "p99"],
        [(count, one["per_second"], one["errors"], one["p50_ms"], one["p99_ms"]) for count, one in report.items()],
    )
    ratio = round(beside["p50_ms"] / alone["p50_ms"], 2)
    show(
        f"One reader, milliseconds; large requests add and remove {MANY_MEMBERS} customers",
        ["", "median", "p99"],
        [(name, one["p50_ms"], one["p99_ms"]) for name, one in (("alone", alone), ("beside large ones", beside))],
    )
    reader = {"alone": alone, "beside_large_requests": beside, "ratio": ratio, "target_ratio": FAIR}
    save("load", {"seconds": asked.seconds, "clients": report, "members": MANY_MEMBERS, "reader": reader})


def _run(stack: stacks.Stack, clients: int, seconds: int) -> dict[str, Any]:
    times: dict[str, list[float]] = defaultdict(list)
    errors: list[str] = []
    lock, ready = threading.Lock(), threading.Barrier(clients, timeout=300)

    def work(seed: int) -> None:
        pick = random.Random(seed)
        with _client(stack) as client:
            traffic = _traffic(client, f"{clients}-{seed}")
            # Each function starts a process for each concurrent request. Cold starts are measured separately.
            for send in dict(traffic).values():
                send(client)
            ready.wait()
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                name, send = pick.choice(traffic)
                started = time.perf_counter()
                answer = send(client)
                with lock:
                    times[name].append(1000 * (time.perf_counter() - started))
                    if not answer.is_success:
                        errors.append(f"{name}: {answer.status_code} {answer.text}")

    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(work, range(clients)))
    every = [one for some in times.values() for one in some]
    return {
        "requests": len(every),
        "per_second": round(len(every) / seconds, 1),
        "errors": len(errors),
        "first_errors": errors[:3],
        **_waits(every),
        "median_ms_by_request": {name: round(sorted(mine)[len(mine) // 2], 1) for name, mine in sorted(times.items())},
    }


def _waits(milliseconds: list[float]) -> dict[str, float]:
    ordered = sorted(milliseconds)
    return {
        "p50_ms": round(ordered[len(ordered) // 2], 1),
        "p99_ms": round(ordered[int(len(ordered) * 0.99)], 1),
    }


def _reader(stack: stacks.Stack, seconds: int) -> tuple[dict[str, float], dict[str, float]]:
    """The response times of a client that reads a group, alone and while another adds and removes many customers."""
    done = threading.Event()
    with _client(stack) as one, _client(stack) as other, ThreadPoolExecutor(1) as beside:
        mine, _ = _group(one, "of a reader", 0)
        theirs, customers = _group(other, "of an importer", MANY_MEMBERS)

        def work() -> None:
            while not done.is_set():
                for verb in ("add", "remove"):
                    other.post(f"{theirs}/customers", json={verb: customers}).raise_for_status()

        def waits() -> dict[str, float]:
            taken, until = [], time.monotonic() + seconds
            while time.monotonic() < until:
                started = time.perf_counter()
                one.get(mine).raise_for_status()
                taken.append(1000 * (time.perf_counter() - started))
            return _waits(taken)

        alone = waits()
        large = beside.submit(work)
        try:
            among = waits()
        finally:
            done.set()
        large.result()
    return alone, among


def _client(stack: stacks.Stack) -> httpx.Client:
    headers = {"Authorization": f"Bearer {stack.token()}"}
    return httpx.Client(base_url=stack.api_url, headers=headers, timeout=60, trust_env=False)


def _group(client: httpx.Client, name: str, members: int) -> tuple[str, list[str]]:
    """The path of a new group, and the ids of new customers."""
    group = client.post(GROUPS, json={"name": f"Load {name}"}).json()["customer_group"]["id"]
    made = [client.post(CUSTOMERS, json={"first_name": "Ada"}).json()["customer"]["id"] for _ in range(members)]
    return f"{GROUPS}/{group}", made


def _traffic(client: httpx.Client, name: str) -> Traffic:
    """The requests of one client for its own group and customers: mostly reads, sometimes a large request."""
    mine, made = _group(client, name, MEMBERS)
    reading: Traffic = [
        ("get group", lambda one: one.get(mine)),
        ("list groups", lambda one: one.get(GROUPS, params={"limit": 20})),
        ("search customers", lambda one: one.get(CUSTOMERS, params={"q": "ada", "limit": 20})),
        ("members", lambda one: one.get(f"{mine}/customers", params={"limit": 20})),
    ]
    writing: Traffic = [
        ("update metadata", lambda one: one.post(mine, json={"metadata": {"at": str(time.time())}})),
        (f"add {MEMBERS} customers", lambda one: one.post(f"{mine}/customers", json={"add": made})),
        (f"remove {MEMBERS} customers", lambda one: one.post(f"{mine}/customers", json={"remove": made})),
    ]
    return 3 * reading + writing


if __name__ == "__main__":
    main()
