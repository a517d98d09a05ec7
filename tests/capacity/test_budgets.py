"""The read and write budget of every operation, independent of the size of the table and the group."""

import pytest

from tests import database

# isort: split

from benchmarks.capacity import costs_at
from benchmarks.engine import Cost
from benchmarks.operations import Operation
from benchmarks.population import FOUND

type Costs = dict[str, tuple[Operation, Cost]]

INDEX_ENTRIES_OF_A_MEMBERSHIP = 2
INDEX_ENTRIES_OF_A_CUSTOMER = 7

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


def test_every_operation_is_within_its_budget(many: Costs) -> None:
    for name, (operation, cost) in many.items():
        budget = operation.budget
        assert len(cost.calls) <= budget.calls, f"{name}: {cost.calls}"
        assert cost.reads <= budget.reads, f"{name} reads {cost.reads}"
        assert cost.write_table <= budget.writes, f"{name} writes {cost.write_table}"


def test_index_writes_cost_the_expected_units(many: Costs) -> None:
    for name, (_, cost) in many.items():
        most = 100 * INDEX_ENTRIES_OF_A_MEMBERSHIP if "100 customers" in name else INDEX_ENTRIES_OF_A_CUSTOMER
        assert cost.write_indexes <= most, f"{name} writes {cost.write_indexes} to indexes"


def test_costs_do_not_grow_with_the_data(few: Costs, page_full: Costs, many: Costs) -> None:
    for name, (operation, cost) in many.items():
        if operation.reads_all_of_few:
            continue
        same = page_full[name][1]
        # Parallel calls can return in any order.
        assert sorted(cost.calls) == sorted(same.calls), name
        assert (cost.reads, cost.writes) == (same.reads, same.writes), name
        assert few[name][1].reads <= cost.reads, name
        assert few[name][1].writes <= cost.writes, name
