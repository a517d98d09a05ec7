"""What list requests cost: at most the budget, whatever is asked and however much is stored."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests import database

# isort: split

from benchmarks import lists
from benchmarks.engine import filled_table, measured, request, send
from benchmarks.lists import SECOND_PAGE, Taken, taken_at
from benchmarks.population import Population
from shared.http.queries.lists import MAX_IDS, MAX_PAIRS
from shared.storage.lists import budget, counts, pages, plan, probes
from shared.storage.lists.budget import CALLS, UNITS, UNITS_PER_ITEM
from tests.capacity.paging import all_pages

pytestmark = pytest.mark.skipif(database.IS_MOTO, reason="moto counts no capacity")

SIZE = 12_000
"""The group of half of them has more members than one request can read."""
EVERY = 17
"""A selection of about 2,300 requests; `make bench` sends all."""
EVERY_GROWING = 11
"""The same for requests that are sent at two sizes."""
SMALL, LARGE = 2_000, 6_000
SCALE = 10
GROWTH = 1.1
FEW_UNITS = 2
"""How many of the candidates exist, and must be read, differs by chance."""
OFFSET = 2_000
MAX_OFFSET = 10_000


def test_no_request_exceeds_the_budget() -> None:
    taken = taken_at(SIZE, every=EVERY)
    over = {name: one for name, one in taken.items() if one.calls > CALLS or one.units > UNITS}
    assert not over, json.dumps(over, indent=1)


@contextmanager
def scaled_budget() -> Iterator[None]:
    """A tenth of the budget, which ends at a tenth of the records. A page of 50 records does not become cheaper."""
    page = budget.USUAL_LIMIT * UNITS_PER_ITEM
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(budget, "UNITS", page + (UNITS - page) / SCALE)
        patch.setattr(budget, "_RESERVE", page / SCALE)
        for module, name in (
            (plan, "FEW_ROWS"),
            (plan, "FEW_RECORDS"),
            (probes, "ROWS_OF_EACH"),
            (pages, "ROWS_TO_FILTER"),
            (counts, "MAX_COUNTED"),
        ):
            patch.setattr(module, name, getattr(module, name) // SCALE)
        patch.setattr(lists, "GROUPS_PER_CUSTOMER", 2)
        yield


def test_no_request_costs_more_with_more_records() -> None:
    """A selection of filters, orders, searches and pairs. The records of the page itself do not count as growth.

    Second pages only have to be within the budget, because they begin where the first ones ended.
    """
    with scaled_budget():
        small, large = taken_at(SMALL, every=EVERY_GROWING), taken_at(LARGE, every=EVERY_GROWING)
    grown = {
        name: (one, large[name])
        for name, one in small.items()
        if not name.endswith(SECOND_PAGE) and _has_grown(one, large[name])
    }
    assert not grown, json.dumps(grown, indent=1)
    assert max(one.calls for one in large.values()) <= CALLS


def _has_grown(one: Taken, larger: Taken) -> bool:
    """Where the budget ends, fewer records may be found for the same units."""
    units = ((one.units, larger.units), (_searching(one), _searching(larger)))
    return larger.calls > one.calls + 1 or all(after > GROWTH * before + FEW_UNITS for before, after in units)


def _searching(one: Taken) -> float:
    return one.units - UNITS_PER_ITEM * one.shown


def test_a_high_offset_reads_only_keys() -> None:
    units = [_units_of_offset(size) for size in (OFFSET + 100, 2 * OFFSET)]
    assert units[1] <= GROWTH * units[0]
    assert max(units) <= UNITS


def _units_of_offset(size: int) -> float:
    """The units of one page behind OFFSET customers, whose records would be several times as many."""

    def fill(population: Population) -> None:
        population.add_customers(size, nameless=True)

    with filled_table(fill) as filled, measured() as cost:
        answer = send(request("GET", f"/admin/customers?offset={OFFSET}&limit=50"))
        page = json.loads(answer["body"])
        assert [one["id"] for one in page["customers"]] == filled.customers[OFFSET : OFFSET + 50]
        assert page["count"] == size
        return cost.reads


def test_long_texts_do_not_exceed_the_budget() -> None:
    """The entries of the members' index contain these texts, and are longer than the budget first assumes."""
    texts = dict.fromkeys(("first_name", "last_name", "company_name"), "x" * 250)

    def fill(population: Population) -> None:
        population.add_groups(1)
        for number in range(2_500):
            population.add_customer({"email": f"{number}@mail.example", "phone": None, "has_account": True, **texts})
        population.join(population.groups[0], population.customers)

    with filled_table(fill) as filled:
        for query in (f"offset={MAX_OFFSET}", "created_by=nobody", "q=%25"):
            _, (units, calls) = _answer(f"/admin/customer-groups/{filled.groups[0]}/customers?limit=50&{query}")
            assert units <= UNITS, query
            assert calls <= CALLS, query


def test_members_cost_the_same_on_both_routes() -> None:
    def fill(population: Population) -> None:
        population.add_groups(1)
        population.add_customers(2_000)
        population.join(population.groups[0], population.customers)

    with filled_table(fill) as filled:
        group = filled.groups[0]
        for query in ("limit=50", "limit=50&order=-email", "limit=20&q=ada", "limit=20&has_account=true"):
            own, its_cost = _answer(f"/admin/customer-groups/{group}/customers?{query}")
            filtered, cost = _answer(f"/admin/customers?groups={group}&{query}")
            assert filtered["customers"] == own["customers"], query
            assert filtered["count"] == own["count"], query
            assert cost == its_cost, query


def _answer(address: str) -> tuple[dict[str, Any], tuple[float, int]]:
    """The answer, with its read units and calls."""
    with measured() as cost:
        answer = send(request("GET", address))
    return json.loads(answer["body"]), (cost.reads, len(cost.calls))


def test_the_most_ids_of_members_stay_within_the_budget() -> None:
    """Of each id, the record and the membership are read, and of those on the page the membership once more."""

    def fill(population: Population) -> None:
        population.add_groups(1)
        population.add_customers(MAX_IDS)
        population.join(population.groups[0], population.customers)

    with filled_table(fill) as filled:
        group = filled.groups[0]
        send(request("POST", f"/admin/customer-groups/{group}", {"key": "vip"}))
        for base, most in (
            (f"/admin/customer-groups/{group}/customers?fields=%2Bmembership", MAX_PAIRS),
            ("/admin/customer-groups/key:vip/customers?fields=%2Bmembership", MAX_PAIRS),
            ("/admin/customers?groups=key:vip", MAX_PAIRS),
            ("/admin/customers?fields=id", MAX_IDS),
        ):
            ids = "&".join(f"id={one}" for one in filled.customers[:most])
            found = list(all_pages(f"{base}&limit=50&{ids}"))
            assert [one["id"] for page in found for one in page["customers"]] == filled.customers[:most]
            assert found[-1]["count"] == most
            assert most == MAX_IDS or _refused(f"{base}&{ids}&id={filled.customers[most]}")


def test_the_groups_of_four_customers_are_counted_exactly() -> None:
    """Each has an ordinary number of groups. The memberships of the first show that all of them can be read."""

    def fill(population: Population) -> None:
        population.add_groups(200)
        population.add_customers(4, nameless=False)
        for customer, ends in zip(population.customers, (40, 130, 145, 160), strict=True):
            for group in population.groups[max(0, ends - 130) : ends]:
                population.join(group, [customer])

    with filled_table(fill) as filled:
        named = "&".join(f"customers={one}" for one in filled.customers)
        answer, (units, calls) = _answer(f"/admin/customer-groups?limit=20&order=name&{named}")
        assert (answer["count"], answer.get("count_is_exact")) == (160, None)
        assert (units <= UNITS, calls <= CALLS) == (True, True)


def test_a_later_page_of_a_walk_reads_nothing_to_count() -> None:
    """By e-mail, all customers are read, and looked up in each group, a batch at a time."""

    def fill(population: Population) -> None:
        population.add_groups(3)
        population.add_customers(2_300, nameless=False)
        for group in population.groups:
            population.join(group, population.customers)

    with filled_table(fill) as filled:
        list_ = "/admin/customers?limit=32&order=email&" + "&".join(f"groups={one}" for one in filled.groups)
        cursor = _answer(list_)[0]["next_cursor"]
        answer, (_, calls) = _answer(f"{list_}&cursor={cursor}")
        assert (len(answer["customers"]), calls) == (32, 4)


def _refused(address: str) -> bool:
    with pytest.raises(RuntimeError, match="takes at most"):
        send(request("GET", address))
    return True


@pytest.mark.parametrize("number", [probes.ROWS_OF_EACH + 30, probes.MAX_WHOLE])
def test_many_long_names_do_not_make_searches_inexact(number: int) -> None:
    """A name of more than about fifty letters has too many parts for tokens, so every search reads it."""

    def fill(population: Population) -> None:
        for place in range(number):
            population.add_group(f"Segment of customers interested in autumn sale running shoes {place}")
        for place in range(1_500):
            population.add_group(f"Segment {place}{' zebra' if place == 1_490 else ''}")

    with filled_table(fill):
        for query, count in (("zebra", 1), ("nobody", 0), ("running+7", None), ("segment+1490", 1)):
            answer, (units, calls) = _answer(f"/admin/customer-groups?limit=50&fields=id&q={query}")
            assert "count_is_exact" not in answer, query
            assert count in (answer["count"], None), query
            assert len(answer["customer_groups"]) == min(answer["count"], 50), query
            assert units <= UNITS, query
            assert calls <= CALLS, query
