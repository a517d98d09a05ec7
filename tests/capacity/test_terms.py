"""What terms cost: nothing for those who do not use them, and two write units for each membership with them."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.engine import Cost, filled_table, measured, request, send
from benchmarks.population import Population
from shared.domain import moments
from shared.runtime import clock
from shared.storage import due_terms, terms
from shared.storage.lists import plan
from shared.storage.lists.budget import CALLS, UNITS
from tests import database

pytestmark = pytest.mark.skipif(database.IS_MOTO, reason="moto counts no capacity")

LATER = moments.iso(datetime.now(UTC) + timedelta(days=30))
MUCH_LATER = moments.iso(datetime.now(UTC) + timedelta(days=60))
TERM_ITEM = 2
"""Write units of a small item in a transaction."""
NEXT_TERM = 2
"""Write units of the entry in ByTerm that the first moment of a group replaces; one if there was none."""
NEVER = moments.iso(datetime.now(UTC) + timedelta(days=600))
ORDERS = ("created_at", "-created_at", "email", "updated_at")
FILTERS = ("", "q=ada", "has_account=true", "membership=all")


def _fill(population: Population) -> None:
    population.add_groups(2)
    population.add_customers(200)
    population.join(population.groups[0], population.customers[:100])


def _post(group: str, body: object) -> Cost:
    with measured() as cost:
        send(request("POST", f"/admin/customer-groups/{group}/customers", body))
    return cost


def test_a_membership_with_terms_costs_one_item_more() -> None:
    with filled_table(_fill) as filled:
        group, (first, second, third, plain) = filled.groups[0], filled.customers[100:104]
        without = _post(group, {"add": [plain]})
        costs = [
            _post(group, {"add": [{"id": one, "ends_at": at}]}) for one, at in ((first, LATER), (second, MUCH_LATER))
        ]
        earlier = _post(group, {"add": [{"id": third, "ends_at": moments.iso(datetime.now(UTC) + timedelta(days=1))}]})
    assert [cost.writes - without.writes for cost in costs] == [TERM_ITEM + NEXT_TERM / 2, TERM_ITEM]
    assert earlier.writes - without.writes == TERM_ITEM + NEXT_TERM


@pytest.mark.parametrize(("due", "recounted"), [(0, 0), (1, 1), (4, 4), (6, 4)])
def test_counting_a_customers_groups_again_takes_two_calls_for_each_of_at_most_four(
    monkeypatch: pytest.MonkeyPatch, due: int, recounted: int
) -> None:
    def fill(population: Population) -> None:
        population.add_groups(6)
        population.add_customers(2)
        for group in population.groups:
            population.join(group, population.customers[:1])

    with filled_table(fill) as filled:
        for group in filled.groups[:due]:
            _post(group, {"add": [{"id": filled.customers[1], "ends_at": LATER}]})
        calls = []
        for now in (clock.now(), MUCH_LATER):
            monkeypatch.setattr(clock, "now", lambda now=now: now)
            with measured() as cost:
                send(request("GET", f"/admin/customers/{filled.customers[0]}?fields=*groups"))
            calls.append(len(cost.calls))
    assert calls[1] - calls[0] == 2 * recounted


def _whole(url: str) -> tuple[list[str], list[Cost]]:
    """The ids on all pages of a list of customers, and what each page cost."""
    found, costs = list[str](), list[Cost]()
    cursor: str | None = ""
    while cursor is not None:
        with measured() as cost:
            answer = json.loads(send(request("GET", url + (cursor and f"&cursor={cursor}")))["body"])
        costs.append(cost)
        found += [one["id"] for one in answer["customers"]]
        assert answer["next_cursor"] != cursor, "the page did not get anywhere"
        cursor = answer["next_cursor"]
    return found, costs


@pytest.mark.parametrize("large", [False, True])
def test_lists_of_members_hold_their_budget_in_the_minute_of_a_change(
    monkeypatch: pytest.MonkeyPatch, *, large: bool
) -> None:
    """Whatever is asked, whether the group is small enough to be read as a whole or not, and of several groups."""

    def fill(population: Population) -> None:
        population.add_groups(4)
        population.add_customers(200)
        for group in population.groups:
            population.join(group, population.customers[:100])

    orders = ("-created_at", "last_name") if large else ("-created_at", "last_name", "updated_at")
    filters = ("", "q=ada") if large else ("", "q=ada", "has_account=true", "membership=all")
    queries = [f"limit=50&order={order}&fields=id&{one}" for order in orders for one in filters]
    with filled_table(fill) as filled:
        began, ended = filled.customers[100:110], filled.customers[110:120]
        for group in filled.groups:
            _post(group, {"add": [{"id": one, "starts_at": LATER} for one in began]})
            _post(group, {"add": [{"id": one, "ends_at": LATER} for one in ended]})
        several = "&".join(f"groups={group}" for group in filled.groups)
        monkeypatch.setattr(clock, "now", lambda: MUCH_LATER)
        if large:
            monkeypatch.setattr(plan, "FEW_ROWS", 50)
            monkeypatch.setattr(plan, "FEW_RECORDS", 20)
        over = {}
        for start in (f"/admin/customer-groups/{filled.groups[0]}/customers?", f"/admin/customers?{several}&"):
            for query in queries:
                found, costs = _whole(f"{start}{query}")
                assert (sorted(found) == sorted(filled.customers[:110])) or query.endswith(("q=ada", "true")), query
                if any(len(cost.calls) > CALLS or cost.reads > UNITS for cost in costs):
                    over[start[:25] + query] = [(len(cost.calls), cost.reads) for cost in costs]
    assert not over


def _end_later(group: str, customers: Sequence[str]) -> None:
    _post(group, {"add": [{"id": one, "ends_at": LATER} for one in customers]})


def _reads_of_a_batch(monkeypatch: pytest.MonkeyPatch, due: int) -> float:
    with filled_table(_fill) as filled, monkeypatch.context() as patch:
        _end_later(filled.groups[1], filled.customers[:due])
        patch.setattr(clock, "now", lambda: MUCH_LATER)
        time_left = iter([True])
        with measured() as cost:
            assert due_terms.apply_due(lambda: next(time_left, False)) == 19
    return cost.reads


def test_a_batch_reads_only_its_own_terms(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _reads_of_a_batch(monkeypatch, 200) == _reads_of_a_batch(monkeypatch, 40)


def test_lists_of_members_hold_their_budget_while_more_have_ended_than_are_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The last of 1,120 members has no end."""

    def fill(population: Population) -> None:
        population.add_groups(1)
        population.add_customers(1_120)

    over, empty = {}, []
    with filled_table(fill) as filled:
        (group,), last = filled.groups, filled.customers[-1]
        for start in (0, 560):
            _end_later(group, [one for one in filled.customers[start : start + 560] if one != last])
        _post(group, {"add": [last]})
        monkeypatch.setattr(clock, "now", lambda: MUCH_LATER)
        for query in [f"order={order}&{one}" for order in ORDERS for one in FILTERS]:
            with measured() as cost:
                answer = json.loads(send(request("GET", f"/admin/customer-groups/{group}/customers?{query}"))["body"])
            assert answer["count"] <= 1_120 - terms.MAX_COUNTED, query
            if len(cost.calls) > CALLS or cost.reads > UNITS:
                over[query] = (len(cost.calls), cost.reads)
            if not answer["customers"] and not answer["next_cursor"]:
                empty.append(query)
    assert (over, empty) == ({}, [])


@pytest.mark.parametrize("order", ORDERS)
def test_a_group_whose_memberships_end_shows_its_members_though_more_begin_later_than_are_read(
    monkeypatch: pytest.MonkeyPatch, order: str
) -> None:
    with filled_table(_fill) as filled:
        group, present = filled.groups[1], filled.customers[:30]
        _post(group, {"add": present})
        _post(group, {"add": [{"id": one, "starts_at": NEVER} for one in filled.customers[100:200]]})
        _end_later(group, filled.customers[30:32])
        monkeypatch.setattr(clock, "now", lambda: MUCH_LATER)
        monkeypatch.setattr(plan, "FEW_ROWS", 50)
        found, costs = _whole(f"/admin/customer-groups/{group}/customers?limit=50&order={order}&fields=id")
    assert sorted(found) == sorted(present)
    assert all(len(cost.calls) <= CALLS and cost.reads <= UNITS for cost in costs)


@pytest.mark.parametrize("query", ["", "/customers?limit=50", "/customers?limit=20&q=ada", "/customers?order=email"])
def test_reading_a_group_with_terms_costs_what_it_costs_without(query: str) -> None:
    with filled_table(_fill) as filled:
        url = f"/admin/customer-groups/{filled.groups[0]}{query}"
        costs = []
        for _ in range(2):
            with measured() as cost:
                send(request("GET", url))
            costs.append((len(cost.calls), cost.reads))
            added = [{"id": one, "starts_at": LATER} for one in filled.customers[100:150]]
            _post(filled.groups[0], {"add": added})
    assert costs[1] == costs[0]
