"""The most values of the filters of lists. A list with more is refused, and the message names the limit."""

import json
from typing import Any, Final

import pytest

from shared.http.queries.lists import MAX_IDS, MAX_NAMES, MAX_PAIRS, MAX_RELATED
from tests.api import Client
from tests.template import ROOT

GROUPS: Final = "/admin/customer-groups"
CUSTOMERS: Final = "/admin/customers"
MEMBERS: Final = "/admin/customer-groups/{id}/customers"
LIMITS: Final = (
    (GROUPS, "id", MAX_IDS),
    (GROUPS, "name", MAX_NAMES),
    (GROUPS, "customers", MAX_RELATED),
    (CUSTOMERS, "id", MAX_IDS),
    (CUSTOMERS, "email", MAX_NAMES),
    (CUSTOMERS, "groups", MAX_RELATED),
    (MEMBERS, "id", MAX_PAIRS),
    (MEMBERS, "email", MAX_NAMES),
)


@pytest.fixture
def vip(api: Client) -> str:
    return str(api.create_group("VIP")["id"])


def several(name: str, number: int, text: str = "x") -> str:
    return "&".join(f"{name}={text}{place}" for place in range(number))


@pytest.mark.parametrize(("path", "name", "most"), LIMITS)
def test_more_values_than_the_limit_are_refused(api: Client, vip: str, path: str, name: str, most: int) -> None:
    url = path.replace("{id}", vip)
    assert api.get(f"{url}?{several(name, most)}").status == 200
    answer = api.get(f"{url}?{several(name, most + 1)}")
    assert (answer.status, answer.faults) == (400, {name})
    assert f"{name}: takes at most {most} values" in answer.message


@pytest.mark.parametrize(("path", "name", "most"), LIMITS)
def test_the_limit_is_documented(path: str, name: str, most: int) -> None:
    document = json.loads((ROOT / "docs" / "openapi.json").read_text())
    parameters: list[dict[str, Any]] = document["paths"][path]["get"]["parameters"]
    schema = json.dumps(next(one for one in parameters if (one["name"], one["in"]) == (name, "query")))
    assert f'"maxItems": {most}' in schema
    if name == "id":
        assert f"is at most {MAX_PAIRS}" in schema


@pytest.mark.parametrize(("path", "relation"), [(GROUPS, "customers"), (CUSTOMERS, "groups")])
@pytest.mark.parametrize("number", range(1, MAX_RELATED + 1))
def test_fewer_ids_can_be_combined_with_a_relation(api: Client, path: str, relation: str, number: int) -> None:
    """The ids are too many, not the related records."""
    most = MAX_PAIRS // number
    related = several(relation, number)
    assert api.get(f"{path}?{related}&{several('id', most)}").status == 200
    answer = api.get(f"{path}?{related}&{several('id', most + 1)}")
    assert (answer.status, answer.faults) == (400, {"id"})
    assert f"id: takes at most {most} values if `{relation}` has {number}" in answer.message


@pytest.mark.parametrize(("path", "relation", "name"), [(GROUPS, "customers", "name"), (CUSTOMERS, "groups", "email")])
def test_fewer_names_can_be_combined_with_several_related_records(
    api: Client, path: str, relation: str, name: str
) -> None:
    related, most = several(relation, MAX_RELATED), MAX_PAIRS // MAX_RELATED // 2
    assert api.get(f"{path}?{related}&{several(name, most)}").status == 200
    answer = api.get(f"{path}?{related}&{several(name, most + 1)}")
    assert (answer.status, answer.faults) == (400, {name})
    assert f"{name}: takes at most {most} values if `{relation}` has {MAX_RELATED}" in answer.message


def test_own_keys_count_twice(api: Client, vip: str) -> None:
    keys, ids = several("id", MAX_NAMES, "key:k"), MAX_PAIRS - 2 * MAX_NAMES
    url = f"{GROUPS}/{vip}/customers"
    assert api.get(f"{url}?{keys}&{several('id', ids)}").status == 200
    assert "an own key counts as two" in api.get(f"{url}?{keys}&{several('id', ids + 1)}").message
    answer = api.get(f"{CUSTOMERS}?{several('id', MAX_NAMES + 1, 'key:k')}")
    assert (answer.status, answer.faults) == (400, {"id"})
    assert f"id: takes at most {MAX_NAMES} own keys" in answer.message


def test_repeated_values_count_once(api: Client, vip: str) -> None:
    assert api.get(f"{GROUPS}/{vip}/customers?{'&'.join(['id=x'] * (MAX_PAIRS + 1))}").status == 200


def test_the_limits_are_those_of_the_documentation() -> None:
    rows = (ROOT / "docs" / "compatibility.md").read_text().splitlines()
    row = next(one for one in rows if one.startswith("| Values of a filter |"))
    in_one, in_two, in_three, in_four = (MAX_PAIRS // number for number in range(1, MAX_RELATED + 1))
    assert f"{MAX_IDS} ids, {MAX_NAMES} names or e-mails, {MAX_RELATED} groups or customers" in row
    assert f"{in_one} ids in one group, {in_two} in two, {in_three} in three, {in_four} in four" in row
    assert f"{in_four // 2} names or e-mails in four" in row


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59.999Z", "0001-01-01T00:00:00%2B02:00"])
def test_moments_that_are_too_early_or_too_late_are_refused_with_the_years_that_can_be_used(
    api: Client, moment: str
) -> None:
    answer = api.get(f"{CUSTOMERS}?created_at[$lt]={moment}")
    assert (answer.status, answer.faults) == (400, {"created_at[$lt]"})
    assert "a year from 2 to 9998" in answer.body["message"]


def test_moments_in_the_first_and_last_year_that_can_be_used_are_accepted(api: Client) -> None:
    ada = api.create_customer("ada@mail.example")
    between = "created_at[$gte]=0002-01-01T00:00:00Z&created_at[$lt]=9998-12-31T23:59:59.999Z"
    assert [one["id"] for one in api.get(f"{CUSTOMERS}?{between}").body["customers"]] == [ada["id"]]
