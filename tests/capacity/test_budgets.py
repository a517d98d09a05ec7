"""What every operation may take of DynamoDB, whatever the size of the table and of the group."""

import pytest

from tests import database

# isort: split

from benchmarks.capacity import costs_at
from benchmarks.engine import Cost
from benchmarks.operations import Operation
from benchmarks.population import FOUND

type Costs = dict[str, tuple[Operation, Cost]]

INDEX_ENTRIES_OF_A_MEMBERSHIP = 4

pytestmark = pytest.mark.skipif(database.IS_MOTO, reason="moto counts no capacity")


@pytest.fixture(scope="module")
def few() -> Costs:
    return costs_at(10)


@pytest.fixture(scope="module")
def page_full() -> Costs:
    return costs_at(FOUND)


@pytest.fixture(scope="module")
def many() -> Costs:
    return costs_at(1_000)


def test_every_operation_keeps_its_budget(many: Costs) -> None:
    for name, (operation, cost) in many.items():
        budget = operation.budget
        assert len(cost.calls) <= budget.calls, f"{name}: {cost.calls}"
        assert cost.reads <= budget.reads, f"{name} reads {cost.reads}"
        assert cost.write_table <= budget.writes, f"{name} writes {cost.write_table}"


def test_indexes_cost_what_they_must_and_no_more(many: Costs) -> None:
    for name, (_, cost) in many.items():
        most = 100 * INDEX_ENTRIES_OF_A_MEMBERSHIP if "100 customers" in name else INDEX_ENTRIES_OF_A_MEMBERSHIP
        assert cost.write_indexes <= most, f"{name} writes {cost.write_indexes} to indexes"


def test_nothing_costs_more_when_there_is_more(few: Costs, page_full: Costs, many: Costs) -> None:
    for name, (_, cost) in many.items():
        same = page_full[name][1]
        assert (cost.calls, cost.reads, cost.writes) == (same.calls, same.reads, same.writes), name
        assert few[name][1].reads <= cost.reads, name
        assert few[name][1].writes <= cost.writes, name
