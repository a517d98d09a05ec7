"""Reads that do not depend on each other are made in parallel. Each waits for the other, so one alone would fail."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Barrier, Lock
from typing import Any, Final

import pytest

from shared.dynamodb import client
from shared.dynamodb.parallel import MOST_AT_ONCE
from shared.dynamodb.reads import MAX_KEYS
from tests.api import Client
from tests.crowd import crowd

GROUPS: Final = "/admin/customer-groups"
CUSTOMERS: Final = "/admin/customers"
SECONDS: Final = 60
"""How long a call waits for the others before the test fails."""


@contextmanager
def meeting(number: int, is_meant: Callable[[str, dict[str, Any]], bool]) -> Iterator[list[str]]:
    """The first `number` calls that are meant wait for each other. Returns the names of these calls."""
    barrier, lock, met = Barrier(number, timeout=SECONDS), Lock(), list[str]()

    def wait(params: dict[str, Any], model: Any, **_: Any) -> None:
        with lock:
            waits = len(met) < number and is_meant(model.name, params)
            if waits:
                met.append(model.name)
        if waits:
            barrier.wait()

    events = client.dynamodb().meta.events
    events.register("provide-client-params.dynamodb", wait)
    try:
        yield met
    finally:
        events.unregister("provide-client-params.dynamodb", wait)


def reads_rows_or_total(operation: str, params: dict[str, Any]) -> bool:
    return "IndexName" in params or (operation == "BatchGetItem" and "COUNTER" in str(params))


@pytest.mark.parametrize("order", ["created_at", "-created_at", "name", "-updated_at"])
def test_a_page_of_groups_and_their_total(api: Client, order: str) -> None:
    api.create_group("VIP")
    with meeting(2, reads_rows_or_total) as met:
        assert api.get(f"{GROUPS}?order={order}").body["count"] == 1
    assert sorted(met) == ["BatchGetItem", "Query"]


def test_a_page_of_customers_and_their_total(api: Client) -> None:
    api.create_customer("ada@mail.example")
    with meeting(2, reads_rows_or_total) as met:
        assert api.get(f"{CUSTOMERS}?order=email").body["count"] == 1
    assert sorted(met) == ["BatchGetItem", "Query"]


def test_the_groups_of_the_customers_of_a_page(api: Client) -> None:
    people = [api.create_customer(f"p{number}@mail.example") for number in range(MOST_AT_ONCE + 1)]
    vip = api.create_group("VIP")
    api.add(vip, *people[1:])
    with meeting(MOST_AT_ONCE, lambda _, params: params.get("IndexName") == "ByCustomer"):
        shown = api.get(f"{CUSTOMERS}?fields=id,groups.id").body["customers"]
    assert [one["groups"] for one in shown] == [[], *[[{"id": vip["id"]}]] * MOST_AT_ONCE]


def test_the_customers_of_the_groups_of_a_page(api: Client) -> None:
    ada = api.create_customer("ada@mail.example")
    for number in range(MOST_AT_ONCE):
        api.add(api.create_group(f"Group {number}"), ada)
    empty = api.create_group("Empty")
    with meeting(MOST_AT_ONCE, lambda operation, params: operation == "Query" and "IndexName" not in params) as met:
        shown = api.get(f"{GROUPS}?fields=id,customers.id").body["customer_groups"]
    assert len(met) == MOST_AT_ONCE
    assert [len(one["customers"]) for one in shown] == [1] * MOST_AT_ONCE + [0]
    assert shown[-1]["id"] == empty["id"]


def test_the_customers_to_add_to_a_group(api: Client) -> None:
    vip, people = api.create_group("VIP"), list(crowd(2 * MAX_KEYS + 1))
    with meeting(3, lambda operation, _: operation == "BatchGetItem") as met:
        changed = api.post(f"{GROUPS}/{vip['id']}/customers", {"add": people})
    assert met == ["BatchGetItem"] * 3
    assert changed.body["customer_group"]["customer_count"] == len(people)
