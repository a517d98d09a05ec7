"""GET /admin/customer-groups/{id}/customers."""

import time
from typing import Any

import pytest

from tests.api import Client

GROUPS = "/admin/customer-groups"


@pytest.fixture
def vip(api: Client) -> dict[str, Any]:
    """A group with Ada, Grace and Katherine. Alan is not a member."""
    group = api.create_group("VIP")
    people = []
    for first, last in (("Katherine", "Johnson"), ("Grace", "Hopper"), ("Alan", "Turing"), ("Ada", "Lovelace")):
        email = f"{first.lower()}@example.com"
        people.append(api.create_customer(email, first_name=first, last_name=last, has_account=first == "Ada"))
        time.sleep(0.002)
    api.add(group, *(one for one in people if one["first_name"] != "Alan"))
    return group


def first_names(api: Client, group: dict[str, Any], query: str = "") -> list[str]:
    return api.get(f"{GROUPS}/{group['id']}/customers?{query}").shown("first_name")


def test_lists_members_oldest_first(api: Client, vip: dict[str, Any]) -> None:
    answer = api.get(f"{GROUPS}/{vip['id']}/customers")
    assert answer.shown("first_name") == ["Katherine", "Grace", "Ada"]
    assert {name: value for name, value in answer.body.items() if name != "customers"} == {
        "count": 3,
        "offset": 0,
        "limit": 50,
        "next_cursor": None,
    }


def test_of_an_empty_group_is_empty(api: Client) -> None:
    empty = api.create_group("Empty")
    assert api.get(f"{GROUPS}/{empty['id']}/customers").body["count"] == 0
    assert first_names(api, empty, "q=ada") == []


def test_returns_whole_customers(api: Client, vip: dict[str, Any]) -> None:
    shown = api.get(f"{GROUPS}/{vip['id']}/customers?limit=1").body["customers"]
    assert shown == [api.get(f"/admin/customers/{shown[0]['id']}").customer]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("order=email", ["Ada", "Grace", "Katherine"]),
        ("order=-email", ["Katherine", "Grace", "Ada"]),
        ("order=-created_at", ["Ada", "Grace", "Katherine"]),
        ("order=last_name", ["Grace", "Katherine", "Ada"]),
        ("order=first_name&limit=2", ["Ada", "Grace"]),
        ("limit=2", ["Katherine", "Grace"]),
        ("limit=2&offset=2", ["Ada"]),
        ("offset=3", []),
        ("q=ada", ["Ada"]),
        ("q=alan", []),
        ("q=a", ["Ada"]),
        ("q=hopper+example", ["Grace"]),
        ("has_account=true", ["Ada"]),
        ("email=grace@example.com", ["Grace"]),
        ("email=alan@example.com", []),
        ("q=example&order=-email&limit=1", ["Katherine"]),
        ("created_at[$gte]=2020-01-01&order=email&limit=2&offset=1", ["Grace", "Katherine"]),
        ("created_at[$gte]=2999-01-01", []),
    ],
)
def test_filters_orders_and_pages(api: Client, vip: dict[str, Any], query: str, found: list[str]) -> None:
    assert first_names(api, vip, query) == found


@pytest.mark.parametrize(
    "query",
    [
        "",
        "order=email",
        "order=-updated_at",
        "q=example",
        "q=e",
        "order=last_name",
        "order=has_account",
        "has_account=false",
    ],
)
def test_pages_by_cursor(api: Client, vip: dict[str, Any], query: str) -> None:
    whole = first_names(api, vip, query)
    walked, cursor = [], ""
    following: str | None = ""
    for _ in whole:
        answer = api.get(f"{GROUPS}/{vip['id']}/customers?{query}&limit=1{cursor}")
        assert answer.body["count"] == len(whole)
        walked += answer.shown("first_name")
        following = answer.body["next_cursor"]
        cursor = f"&cursor={following}"
    assert (walked, following) == (whole, None)


def test_refuses_a_cursor_of_another_group(api: Client, vip: dict[str, Any]) -> None:
    other = api.create_group("Other")
    cursor = api.get(f"{GROUPS}/{vip['id']}/customers?limit=1").body["next_cursor"]
    assert api.get(f"{GROUPS}/{other['id']}/customers?limit=1&cursor={cursor}").faults == {"cursor"}


@pytest.mark.parametrize(
    "query", ["", "q=ada", "order=email", "created_at[$gte]=2020-01-01", "limit=0", "order=last_name"]
)
def test_returns_404_for_an_unknown_group(api: Client, vip: dict[str, Any], query: str) -> None:
    api.delete(f"{GROUPS}/{vip['id']}")
    for missing in (vip["id"], "cusgroup_01JD9Z0000000000000000000A", "%zz", "x" * 300):
        answer = api.get(f"{GROUPS}/{missing}/customers?{query}")
        assert (answer.status, answer.message) == (404, f"Customer group with id: {missing} not found")


@pytest.mark.parametrize(
    "query", ["groups=x", "customers=x", "name=x", "created_at[$foo]=1", "order=added_at", "limit=1001"]
)
def test_refuses_other_parameters(api: Client, vip: dict[str, Any], query: str) -> None:
    assert api.get(f"{GROUPS}/{vip['id']}/customers?{query}").status == 400


def test_is_for_viewers(api: Client, vip: dict[str, Any]) -> None:
    assert api.signed_in_as("viewer").get(f"{GROUPS}/{vip['id']}/customers").status == 200
