"""Synchronizes groups and customers from another system, such as an ERP, or from a file in version control.

The other system does not need to store our ids. It uses its own keys, and declares the state of each group and
customer; `PUT …/key:<key>` creates or updates them. So a run can be repeated, interrupted and started again, or run
twice at the same time with the same result. A second run changes nothing.

    {"customer_groups": [{"key": "retail-de", "name": "Retail Germany", "metadata": {"discount_percent": 5}}],
     "customers": [{"key": "erp-4711", "email": "ada@mail.example", "groups": ["retail-de"]}]}
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

import httpx

GROUPS: Final = "/admin/customer-groups"
CUSTOMERS: Final = "/admin/customers"

type Record = Mapping[str, Any]


def apply(api: httpx.Client, declared: Record) -> Iterator[str]:
    """Create and update what is declared, and yield a line for each record. Raises httpx.HTTPStatusError."""
    for group in declared["customer_groups"]:
        answer = _put(api, GROUPS, group["key"], _without(group, "key"))
        yield f"{answer['result']}: customer group {group['key']}"
    for customer in declared["customers"]:
        answer = _put(api, CUSTOMERS, customer["key"], _without(customer, "key", "groups"))
        yield f"{answer['result']}: customer {customer['key']}"
    for key, members in _members(declared).items():
        path = f"{GROUPS}/{_named(key)}/customers"
        answer = _answer(api.post(path, json={"add": [f"key:{one}" for one in members]}))
        yield f"{len(answer['added'])} added, {len(answer['unchanged'])} unchanged: customer group {key}"


def _put(api: httpx.Client, list_path: str, key: str, record: Record) -> Record:
    return _answer(api.put(f"{list_path}/{_named(key)}", json=record))


def _answer(response: httpx.Response) -> Record:
    response.raise_for_status()
    answer: Record = response.json()
    return answer


def _named(key: str) -> str:
    return f"key:{quote(key, safe='')}"


def _members(declared: Record) -> dict[str, list[str]]:
    """The customers of each group, by their keys."""
    members: dict[str, list[str]] = {}
    for customer in declared["customers"]:
        for key in customer.get("groups", ()):
            members.setdefault(key, []).append(customer["key"])
    return members


def _without(record: Record, *names: str) -> Record:
    return {name: value for name, value in record.items() if name not in names}
