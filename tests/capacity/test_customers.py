"""The cost of typical customers: the writes, and the size of index entries."""

import json
import statistics
from collections.abc import Mapping
from itertools import islice
from typing import Any, NamedTuple

import pytest

from tests import database

# isort: split

from benchmarks.engine import filled_table, measured, request, send
from benchmarks.people import people
from shared.domain.ids import CustomerId
from shared.storage import customers, tokens
from shared.storage.kinds import CUSTOMER

pytestmark = pytest.mark.skipif(database.IS_MOTO, reason="moto counts no capacity")

SOME = 200
MANY = 5_000
UNITS = 45
MAX_UNITS = 51
"""For companies with many short parts in their names and phone numbers written in many groups."""
MEAN_UNITS = 37
SHARE_ABOVE = 0.02
"""The share of people that cost more than UNITS (docs/decisions.md)."""
INDEX_BYTES = 8_000
GRACE = {
    "email": "grace.hopper@mail.example",
    "first_name": "Grace",
    "last_name": "Hopper",
    "company_name": "Acme Corporation",
    "phone": "+1 (555) 010-7788",
}


class Taken(NamedTuple):
    """What a customer took."""

    creating: float
    renaming: float
    index_bytes: int
    tokens: int


@pytest.fixture(scope="module")
def taken() -> list[Taken]:
    """The capacity that each of several people takes, Grace Hopper first."""
    with filled_table(lambda population: population.add_groups(1)):
        return [_taken(profile) for profile in (GRACE, *islice(people(SOME), SOME))]


def _taken(profile: dict[str, Any]) -> Taken:
    body = {name: value for name, value in profile.items() if name != "has_account"}
    with measured() as creating:
        answer = send(request("POST", "/admin/customers", body))
    customer_id = json.loads(answer["body"])["customer"]["id"]
    with measured() as renaming:
        send(request("POST", f"/admin/customers/{customer_id}", {"last_name": "Murray Hopper"}))
    return Taken(creating.writes, renaming.writes, _index_bytes(customer_id), _tokens(profile))


def _tokens(profile: Mapping[str, Any]) -> int:
    return len(CUSTOMER.search.tokens(CUSTOMER.search.text([profile.get(name) for name in CUSTOMER.texts])))


def _index_bytes(customer_id: str) -> int:
    """The size of a customer's search tokens, with all that they hold: names and values, as DynamoDB counts them."""
    customer = dict(customers.get(CustomerId(customer_id)))
    return sum(_bytes({**key._asdict(), **tokens.copy_of(customer)}) for key in tokens.of(CUSTOMER, customer))


def _bytes(item: dict[str, Any]) -> int:
    return sum(len(name) + (1 if isinstance(value, bool) else len(value.encode())) for name, value in item.items())


def test_a_customer_is_created_and_renamed_within_the_budget(taken: list[Taken]) -> None:
    grace, *_ = taken
    assert grace.creating <= UNITS
    assert grace.renaming <= UNITS
    assert max(max(one.creating, one.renaming) for one in taken) <= MAX_UNITS


def test_nearly_all_of_many_people_are_within_the_budget(taken: list[Taken]) -> None:
    """Each token costs two units, and whatever else is written is the same for everybody."""
    (beside_tokens,) = {one.creating - 2 * one.tokens for one in taken}
    units = [beside_tokens + 2 * _tokens(profile) for profile in people(MANY)]
    assert sum(one > UNITS for one in units) <= SHARE_ABOVE * MANY
    assert max(units) <= MAX_UNITS
    assert statistics.mean(units) <= MEAN_UNITS
    assert sum(one.renaming > UNITS for one in taken) <= SHARE_ABOVE * len(taken)


def test_a_customers_search_index_is_small(taken: list[Taken]) -> None:
    assert max(one.index_bytes for one in taken) <= INDEX_BYTES
