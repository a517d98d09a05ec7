"""What a page of jobs costs: the same for any number of jobs."""

import json
from typing import Any, Final

import pytest

from benchmarks.engine import filled_table, measured, request, send
from benchmarks.population import Population
from shared.domain import ids
from shared.dynamodb import actions
from shared.storage import jobs
from shared.storage.job_lists import MAX_COUNTED
from tests import database

pytestmark = pytest.mark.skipif(database.IS_MOTO, reason="moto counts no capacity")

FEW: Final = 30


def listed(number: int) -> tuple[dict[str, Any], int, float]:
    """The first page of this many jobs, with its calls and read units."""

    def fill(population: Population) -> None:
        for _ in range(number):
            job = jobs.new(ids.new("job"), "export", {"type": "export"}, "grace", dry_run=False)
            population._take(actions.put(job).request["Item"])

    with filled_table(fill), measured() as cost:
        page = json.loads(send(request("GET", "/admin/customer-group-jobs?limit=20"))["body"])
    return page, len(cost.calls), cost.reads


@pytest.mark.parametrize(
    ("number", "count", "is_exact"),
    [(FEW, FEW, True), (MAX_COUNTED, MAX_COUNTED, True), (MAX_COUNTED + 1, MAX_COUNTED, False)],
)
def test_jobs_are_counted_up_to_a_limit(number: int, count: int, *, is_exact: bool) -> None:
    page, calls, _ = listed(number)
    assert (len(page["jobs"]), page["count"], page.get("count_is_exact", True)) == (20, count, is_exact)
    assert calls == 3


def test_a_page_of_jobs_costs_the_same_for_any_number_of_jobs() -> None:
    _, calls, units = listed(MAX_COUNTED + 1)
    assert listed(3 * MAX_COUNTED)[1:] == (calls, units)
