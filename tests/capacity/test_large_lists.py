"""What list requests cost if texts, ids or metadata are as large as they can be, or many groups are named by key."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from benchmarks.engine import Filled, filled_table, request, send
from benchmarks.population import Population
from shared.domain import moments
from shared.domain.ids import CustomerId, GroupId
from shared.runtime import clock
from shared.storage import customers, groups
from tests import database
from tests.capacity.paging import all_ids, all_pages, one_page

pytestmark = pytest.mark.skipif(database.IS_MOTO, reason="moto counts no capacity")

LATER, MUCH_LATER = (moments.iso(datetime.now(UTC) + timedelta(days=days)) for days in (30, 60))
LARGE = {"long": "y" * 30_000}
LONG = 255
MANY = 400
IN_GROUPS = 300
IDS = 170
AT_ONCE = 500
DEEP, OFFSET = 4_500, 4_000


@contextmanager
def _people(number: int, members: int, *, text: str | None = None, ids: int = 3) -> Iterator[Filled]:
    texts = dict.fromkeys(("first_name", "last_name", "company_name"), text)

    def fill(population: Population) -> None:
        population.add_groups(ids)
        for one in range(number):
            population.add_customer({"email": f"{one}@mail.shop.example", "phone": None, "has_account": True, **texts})
        for group in population.groups:
            population.join(group, population.customers[:members])

    with filled_table(fill) as filled:
        yield filled


@pytest.mark.parametrize(("letter", "number"), [("\u3042", MANY), ("\U00020000", 200)])
def test_searches_for_long_texts_find_every_match_once_within_the_budget(letter: str, number: int) -> None:
    """An entry with these names is up to fourteen times as large as usual."""
    with _people(number, number, text=letter * LONG) as filled:
        one, other, _ = filled.groups
        for query in (
            "q=mail%20shop",
            f"q={quote(letter)}%20mail%20shop",
            "q=mail&updated_at[$gte]=2020-01-01",
            f"groups={one}&order=email&q=mail",
            f"groups={one}&q=mail%20shop",
            f"groups={one}&groups={other}",
        ):
            assert sorted(all_ids(f"/admin/customers?limit=50&fields=id&{query}")) == filled.customers, query
        for query in (
            "created_by=nobody",
            f"groups={one}&groups={other}&created_by=nobody",
            f"groups={one}&created_by=nobody",
            "q=%25",
        ):
            assert all_ids(f"/admin/customers?limit=50&fields=id&{query}") == [], query


def test_many_lists_of_members_are_merged_only_if_there_are_calls_for_all() -> None:
    """Three groups, by id and by key, each with members now and later. Or the terms of all are due."""
    with _people(MANY, IN_GROUPS) as filled:
        for number, group in enumerate(filled.groups):
            send(request("POST", f"/admin/customer-groups/{group}", {"key": f"k{number}"}))
            added = [{"id": one, "starts_at": LATER} for one in filled.customers[IN_GROUPS : IN_GROUPS + 10]]
            send(request("POST", f"/admin/customer-groups/{group}/customers", {"add": added}))
        by_id = "&".join(f"groups={group}" for group in filled.groups)
        by_key = "&".join(f"groups=key:k{number}" for number in range(len(filled.groups)))
        expected = filled.customers[: IN_GROUPS + 10]
        for chosen in (by_id, by_key):
            for query in ("", "&q=mail", "&updated_at[$gte]=2020-01-01"):
                assert all_ids(f"/admin/customers?limit=50&fields=id&membership=all&{chosen}{query}") == expected, query


def test_three_due_groups_are_read_within_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    with _people(MANY, IN_GROUPS) as filled:
        for number, group in enumerate(filled.groups):
            send(request("POST", f"/admin/customer-groups/{group}", {"key": f"k{number}"}))
            added = [{"id": one, "starts_at": LATER} for one in filled.customers[IN_GROUPS : IN_GROUPS + 10]]
            send(request("POST", f"/admin/customer-groups/{group}/customers", {"add": added}))
        by_key = "&".join(f"groups=key:k{number}" for number in range(len(filled.groups)))
        monkeypatch.setattr(clock, "now", lambda: MUCH_LATER)
        assert all_ids(f"/admin/customers?limit=50&fields=id&{by_key}") == filled.customers[: IN_GROUPS + 10]


def test_the_members_of_a_due_group_are_read_by_id_without_counting_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand memberships have ended. Whether the others are members depends only on themselves."""
    with _people(1_300, 0, ids=1) as filled:
        (group,) = filled.groups
        members = f"/admin/customer-groups/{group}/customers"
        for start in range(0, 2 * AT_ONCE, AT_ONCE):
            ending = filled.customers[start : start + AT_ONCE]
            send(request("POST", members, {"add": [{"id": one, "ends_at": LATER} for one in ending]}))
        present = filled.customers[2 * AT_ONCE :]
        send(request("POST", members, {"add": present}))
        send(request("POST", f"/admin/customer-groups/{group}", {"key": "due"}))
        monkeypatch.setattr(clock, "now", lambda: MUCH_LATER)
        ids = "&".join(f"id={one}" for one in present[:IDS])
        for list_ in (f"{members}?", f"/admin/customers?groups={group}&"):
            found = list(all_pages(f"{list_}limit=50&fields=id&{ids}"))
            assert [one["id"] for page in found for one in page["customers"]] == present[:IDS]
            assert found[-1]["count"] == IDS
        for list_ in ("/admin/customer-groups/key:due/customers?", "/admin/customers?groups=key:due&"):
            for query in ("", "&order=email", "&q=mail", "&membership=all"):
                assert sorted(all_ids(f"{list_}limit=50&fields=id{query}")) == present, query


def test_large_metadata_is_only_read_for_the_records_of_the_page() -> None:
    """Four units for each of 190 candidates would be several times the budget."""

    def fill(population: Population) -> None:
        population.add_groups(191)
        population.add_customers(200)
        for group in population.groups[:190]:
            population.join(group, population.customers[:1])
        population.join(population.groups[190], population.customers[:190])

    with filled_table(fill) as filled:
        for group in filled.groups[:190]:
            groups.update(GroupId(group), {"metadata": LARGE}, "ada")
        for one in filled.customers:
            customers.update(CustomerId(one), {"metadata": LARGE}, "ada")
        ids = "&".join(f"id={one}" for one in filled.customers)
        assert one_page(f"/admin/customers?limit=0&{ids}")["count"] == 200
        by_id = one_page(f"/admin/customers?limit=1&{ids}")
        of_customer = one_page(f"/admin/customer-groups?customers={filled.customers[0]}&limit=1")
        by_update = one_page(f"/admin/customer-groups/{filled.groups[190]}/customers?order=updated_at&limit=1")
        updated = one_page("/admin/customers?updated_at[$gte]=2020-01-01&order=email&limit=1")
    shown = [
        *of_customer["customer_groups"],
        *(one for page in (by_id, by_update, updated) for one in page["customers"]),
    ]
    assert [one["metadata"]["long"] for one in shown] == [LARGE["long"]] * 4


def test_a_group_in_the_path_by_its_key_and_the_memberships_are_within_the_calls() -> None:
    with _people(1_300, 1_000) as filled:
        group = filled.groups[0]
        send(request("POST", f"/admin/customer-groups/{group}", {"key": "vip"}))
        customers.update(CustomerId(filled.customers[3]), {"metadata": {"long": "y" * 5_000}}, "ada")
        found = "/admin/customer-groups/key:vip/customers?limit=50&q=mail%20shop&updated_at[$gte]=2020-01-01"
        for fields in ("", "&fields=%2Bmembership", "&fields=id,membership"):
            answer = one_page(found + fields)
            assert [one["id"] for one in answer["customers"]] == filled.customers[:50]
        assert all_ids(f"{found}&fields=id,membership") == filled.customers[:1_000]


def test_a_high_offset_of_members_does_not_exceed_the_budget() -> None:
    """Where it cannot be reached, the next pages continue to it."""
    with _people(DEEP, DEEP, text="Ada Lovelace of London", ids=2) as filled:
        one, other = filled.groups
        for url in (
            f"/admin/customer-groups/{one}/customers?limit=20&fields=id,membership",
            f"/admin/customers?groups={one}&groups={other}&limit=50&fields=id",
        ):
            answer = one_page(f"{url}&offset={OFFSET}")
            while not answer["customers"]:
                answer = one_page(f"{url}&cursor={answer['next_cursor']}")
            assert answer["customers"][0]["id"] == filled.customers[OFFSET]
