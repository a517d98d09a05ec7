"""The requests that are measured, with their budgets in docs/performance.md. `fill` creates the records they need."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

from benchmarks.engine import Filled, request
from benchmarks.population import FOUND, RARE

type Event = dict[str, Any]

GROUPS: Final = "/admin/customer-groups"
CUSTOMERS: Final = "/admin/customers"
HUNDRED: Final = 100


@dataclass(frozen=True)
class Budget:
    """The most that one request may use, for any size of the table and the group."""

    calls: int
    reads: float
    writes: float


@dataclass(frozen=True)
class Operation:
    """One kind of request. Each time, a new event is created, because some can only be sent once."""

    name: str
    event: Callable[[], Event]
    budget: Budget
    writes: bool = False
    reads_all_of_few: bool = False
    """Whether it reads everything up to a limit and sorts it. benchmarks/growth.py exceeds this limit."""


def of(filled: Filled, newcomers: list[str]) -> list[Operation]:
    """The operations on a filled table; `newcomers` are ids of 100 customers in no group."""
    big, small = filled.groups[FOUND], filled.groups[-1]
    grouped = filled.customers[0]
    fresh, rounds = count(), count()
    page = "limit=20"

    def create_group() -> Event:
        return request("POST", GROUPS, {"name": f"Fresh {next(fresh):06}"})

    def create_customer() -> Event:
        return request(
            "POST", CUSTOMERS, {"email": f"n{next(fresh):06}@a.io", "first_name": "Ada", "last_name": "Byron"}
        )

    def one_key() -> Event:
        return request("POST", f"{GROUPS}/{small}", {"metadata": {"round": next(rounds)}})

    def get(name: str, url: str, calls: int, reads: float, *, reads_all_of_few: bool = False) -> Operation:
        return Operation(name, lambda: request("GET", url), Budget(calls, reads, 0), reads_all_of_few=reads_all_of_few)

    return [
        get("get group", f"{GROUPS}/{big}", 1, 0.5),
        get("get customer", f"{CUSTOMERS}/{grouped}", 1, 0.5),
        *(
            get(f"list groups by {order}", f"{GROUPS}?{page}&order={order}", 3, 15)
            for order in ("created_at", "name", "-updated_at")
        ),
        get("list customers", f"{CUSTOMERS}?{page}", 3, 15),
        get("search groups", f"{GROUPS}?{page}&q={RARE}", 4, 25),
        get("search customers", f"{CUSTOMERS}?{page}&q={RARE}", 4, 25),
        get("members", f"{GROUPS}/{big}/customers?{page}", 2, 12),
        get("members by e-mail", f"{GROUPS}/{big}/customers?{page}&order=email", 4, 60, reads_all_of_few=True),
        get("groups of a customer", f"{GROUPS}?customers={grouped}", 2, 8),
        get("customer with groups", f"{CUSTOMERS}/{grouped}?fields=%2Bgroups.name", 3, 8.5),
        get("history", f"{GROUPS}/{small}/history?limit=20", 2, 15),
        Operation("create group", create_group, Budget(1, 0, 2 * 18), writes=True),
        Operation("create customer", create_customer, Budget(1, 0, 2 * 26), writes=True),
        Operation("update one key", one_key, Budget(2, 1, 10), writes=True),
        Operation(
            "add 100 customers",
            lambda: request("POST", f"{GROUPS}/{big}/customers", {"add": newcomers}),
            Budget(2 + 3 + 1, 60, 2 * (2 * HUNDRED + 10)),
            writes=True,
        ),
        Operation(
            "remove 100 customers",
            lambda: request("POST", f"{GROUPS}/{big}/customers", {"remove": newcomers}),
            Budget(2 + 3 + 1, 60, 2 * (2 * HUNDRED + 10)),
            writes=True,
        ),
        # The last, because the other requests use this group.
        Operation("delete group", lambda: request("DELETE", f"{GROUPS}/{big}"), Budget(2, 1, 2 * 40), writes=True),
    ]
