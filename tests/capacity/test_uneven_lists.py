"""Lists in which names suddenly become much longer: counts stay true, and no request exceeds its budget."""

from collections.abc import Iterator

import pytest

from benchmarks.engine import Filled, filled_table, request, send
from benchmarks.population import Population
from tests import database
from tests.capacity.paging import all_pages, answer_of, one_page

pytestmark = pytest.mark.skipif(database.IS_MOTO, reason="moto counts no capacity")

LONGEST = "\U00020000" * 255
FEW, LONG, SHORT = 25, 500, 1_100
ALL = FEW + LONG + SHORT
SINCE = "created_at[$gte]=2020-01-01"
UPDATED = "updated_at[$gte]=2020-01-01"


def _fill(population: Population) -> None:
    """A few customers with short names, then many with the longest ones, then very many with short ones."""
    population.add_groups(1)
    for number in range(ALL):
        text = LONGEST if FEW <= number < FEW + LONG else "Ada"
        texts = dict.fromkeys(("first_name", "last_name", "company_name"), text)
        profile = {"email": f"{number}@mail.example", "phone": None, "has_account": True, **texts}
        population.add_customer(profile | ({"key": f"k{number}"} if number < 50 else {}))
    population.join(population.groups[0], population.customers)


@pytest.fixture(scope="module")
def shop() -> Iterator[Filled]:
    with filled_table(_fill) as filled:
        yield filled


@pytest.mark.parametrize("limit", [0, 50, 1_000])
@pytest.mark.parametrize("order", ["created_at", "-created_at"])
def test_a_count_that_ends_at_one_megabyte_is_not_called_exact(shop: Filled, order: str, limit: int) -> None:
    (group,) = shop.groups
    for url in (
        f"/admin/customers?has_account=true&order={order}",
        f"/admin/customers?groups={group}&{SINCE}&order={order}",
        f"/admin/customer-groups/{group}/customers?{SINCE}&order={order}",
    ):
        answer = answer_of(f"{url}&fields=id&limit={limit}")
        assert answer["count_is_exact"] is False, url
        assert len(answer["customers"]) <= answer["count"] <= ALL, url


def test_counting_stays_within_the_budget(shop: Filled) -> None:
    members = f"/admin/customer-groups/{shop.groups[0]}/customers?{SINCE}"
    for url in (
        f"/admin/customers?order=has_account&{SINCE}",
        f"/admin/customers?order=has_account&{SINCE}&offset=1001",
        "/admin/customers?has_account=true",
        "/admin/customers?has_account=true&offset=60",
        members,
        f"{members}&offset=20",
        f"{members}&fields=id,membership",
    ):
        one_page(f"{url}&limit=50")


@pytest.mark.parametrize("limit", [1, 20, 50])
def test_candidates_that_suddenly_become_larger_are_looked_up_within_the_budget(shop: Filled, limit: int) -> None:
    members = f"/admin/customer-groups/{shop.groups[0]}/customers?"
    for url in (
        f"/admin/customers?has_account=true&{UPDATED}",
        f"/admin/customers?order=has_account&{UPDATED}",
        f"/admin/customers?order=-created_at&{UPDATED}",
        "/admin/customers?created_by=nobody&order=updated_at",
        f"{members}created_by=nobody&order=first_name",
        f"{members}created_by=nobody&order=updated_at",
        f"{members}{UPDATED}&order=-created_at",
    ):
        one_page(f"{url}&fields=id&limit={limit}")


def test_members_that_are_named_by_own_keys_are_within_the_calls(shop: Filled) -> None:
    """The key of the group, own keys, the group, two batches of memberships, records, metadata, and memberships."""
    send(request("POST", f"/admin/customer-groups/{shop.groups[0]}", {"key": "vip"}))
    named = [f"key:k{number}" for number in range(50)] + shop.customers[-70:]
    send(request("POST", f"/admin/customers/{shop.customers[-30]}", {"metadata": {"long": "y" * 5_000}}))
    ids = "&".join(f"id={one}" for one in named)
    url = f"/admin/customer-groups/key:vip/customers?fields=%2Bmembership&limit=50&{ids}"
    found = [one["id"] for answer in all_pages(url) for one in answer["customers"]]
    assert found == shop.customers[:50] + shop.customers[-70:]
