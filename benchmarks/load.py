"""Mixed traffic on a local stack of its own, from 1, 8 and 32 clients at once: no errors, and what the slowest wait."""

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
MEMBERS: Final = 40

type Traffic = list[tuple[str, Callable[[httpx.Client], httpx.Response]]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 32])
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the stack is stopped, whoever ends this
    with tempfile.TemporaryDirectory() as home:
        stack = stacks.start(Path(home), processes.free_port(), with_demo_data=False)
        try:
            report = {str(count): _run(stack, count, asked.seconds) for count in asked.clients}
        finally:
            stacks.stop(Path(home))
    show(
        f"Local stack, {asked.seconds} seconds each, milliseconds",
        ["clients", "requests / s", "errors", "median", "p99"],
        [(count, one["per_second"], one["errors"], one["p50_ms"], one["p99_ms"]) for count, one in report.items()],
    )
    save("load", {"seconds": asked.seconds, "clients": report})


def _run(stack: stacks.Stack, clients: int, seconds: int) -> dict[str, Any]:
    times: dict[str, list[float]] = defaultdict(list)
    errors: list[str] = []
    token, lock, ready = stack.token(), threading.Lock(), threading.Barrier(clients)

    def work(seed: int) -> None:
        pick = random.Random(seed)
        with httpx.Client(
            base_url=stack.api_url, headers={"Authorization": f"Bearer {token}"}, timeout=60, trust_env=False
        ) as client:
            traffic = _traffic(client, f"{clients}-{seed}")
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
    every = sorted(one for some in times.values() for one in some)
    return {
        "requests": len(every),
        "per_second": round(len(every) / seconds, 1),
        "errors": len(errors),
        "first_errors": errors[:3],
        "p50_ms": round(every[len(every) // 2], 1),
        "p99_ms": round(every[int(len(every) * 0.99)], 1),
        "median_ms_by_request": {name: round(sorted(mine)[len(mine) // 2], 1) for name, mine in sorted(times.items())},
    }


def _traffic(client: httpx.Client, name: str) -> Traffic:
    """What one client does, on a group and customers of its own: mostly reading, now and then a large request."""
    group = client.post(GROUPS, json={"name": f"Load {name}"}).json()["customer_group"]["id"]
    made = [client.post(CUSTOMERS, json={"first_name": "Ada"}).json()["customer"]["id"] for _ in range(MEMBERS)]
    mine = f"{GROUPS}/{group}"
    reading: Traffic = [
        ("get group", lambda one: one.get(mine)),
        ("list groups", lambda one: one.get(GROUPS, params={"limit": 20})),
        ("search customers", lambda one: one.get(CUSTOMERS, params={"q": "ada", "limit": 20})),
        ("members", lambda one: one.get(f"{mine}/customers", params={"limit": 20})),
    ]
    writing: Traffic = [
        ("update metadata", lambda one: one.post(mine, json={"metadata": {"at": str(time.time())}})),
        ("add 40 customers", lambda one: one.post(f"{mine}/customers", json={"add": made})),
        ("remove 40 customers", lambda one: one.post(f"{mine}/customers", json={"remove": made})),
    ]
    return 3 * reading + writing


if __name__ == "__main__":
    main()
