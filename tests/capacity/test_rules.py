"""What the rules of a thousand groups cost each change of a customer."""

import json
from collections.abc import Iterator
from http import HTTPStatus

import pytest

from tests import database

# isort: split

from benchmarks.engine import Filled, filled_table, measured, request, send
from benchmarks.population import Population, fill
from benchmarks.rules import usual
from shared.domain.ids import CustomerId
from shared.storage import customers, groups
from shared.storage.lists.budget import CALLS, UNITS
from shared.storage.rules import store
from tests.api import Context, handler
from tests.rules import every, some, where

pytestmark = pytest.mark.skipif(database.IS_MOTO, reason="moto counts no capacity")

RULES = 1_000


@pytest.fixture(scope="module")
def filled() -> Iterator[Filled]:
    """A table with customers and a thousand rules, which are known to the function."""
    store.Memory.rules = store.NONE
    with filled_table(lambda population: fill(population, size=100)) as found:
        for number in range(RULES):
            groups.create(f"Rule {number}", None, "test", rule=usual(number))
        judge(found.customers[0])
        yield found
    store.Memory.rules = store.NONE


def judge(customer_id: str) -> None:
    body = json.dumps({"detail-type": "customer.updated", "detail": {"customer_id": customer_id}})
    answer = handler("apply_rules")({"Records": [{"messageId": "1", "body": body}]}, Context("apply_rules"))
    assert answer == {"batchItemFailures": []}


def test_a_change_that_no_rule_is_about_costs_one_call_and_one_unit_for_all_rules(filled: Filled) -> None:
    judge(filled.customers[1])
    with measured() as cost:
        judge(filled.customers[1])
    of_the_customer = 2  # the record and its summary
    assert (cost.calls, cost.reads, cost.writes) == (["BatchGetItem"], of_the_customer + 1, 0)


def test_a_join_costs_what_a_membership_costs(filled: Filled) -> None:
    customer_id = filled.customers[2]
    customers.update(CustomerId(customer_id), {"metadata": {"total_spent": 1_000_001}}, "test")
    with measured() as cost:
        judge(customer_id)
    assert cost.calls == ["BatchGetItem", "BatchGetItem", "TransactWriteItems"]
    assert cost.reads == 4
    by_hand = 2 * 4  # the membership, both counts, and the change of the group, in a transaction
    check_and_due = 2 * 2
    assert cost.write_table <= by_hand + check_and_due


def test_a_changed_rule_is_read_with_all_others_once(filled: Filled) -> None:
    groups.create("One more", None, "test", rule=usual(RULES))
    with measured() as first:
        judge(filled.customers[3])
    judge(filled.customers[3])
    with measured() as second:
        judge(filled.customers[3])
    assert "Query" in first.calls
    assert second.calls == ["BatchGetItem"]


@pytest.mark.parametrize("size", [1_000, 4_000])
def test_a_preview_stays_within_the_budget_of_a_list(size: int) -> None:
    def add(population: Population) -> None:
        population.add_customers(size)
        population.add_groups(2)
        population.join(population.groups[0], population.customers[-100:])

    with filled_table(add) as found:
        in_a_group = some(*(where("groups", "=", group) for group in found.groups))
        for rule in (usual(1), every(where("email", "notNull")), in_a_group):
            with measured() as cost:
                answer = send(request("POST", "/admin/customer-groups/preview", {"rule": rule}))
            assert answer["statusCode"] == HTTPStatus.OK
            assert cost.reads <= UNITS
            assert len(cost.calls) <= CALLS
