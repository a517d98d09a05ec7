"""The cost of typical customers: the writes, and the size of index entries."""

import json
import statistics
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import islice, pairwise
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

SOME = 60
MANY = 5_000
UNITS = 45
MEAN_UNITS = 33
MORE_UNITS = {"email": (51, 25), "phone": (47, 1)}
"""What a change of these attributes takes at most, and of how many people it takes more than UNITS: a new address
releases the old one, and the words of the old number are removed (docs/decisions.md)."""
INDEX_BYTES = 8_000
GRACE: dict[str, Any] = {
    "email": "grace.hopper@mail.example",
    "first_name": "Grace",
    "last_name": "Hopper",
    "company_name": "Acme Corporation",
    "phone": "+1 (555) 010-7788",
}


type Profile = Mapping[str, Any]


class Taken(NamedTuple):
    """What a customer took."""

    creating: float
    renaming: float
    beside_tokens: Mapping[str, float]
    """The units of creating (`new`) and of changing each attribute, without those of tokens."""
    index_bytes: int


@pytest.fixture(scope="module")
def taken() -> list[Taken]:
    """The capacity that each of several people takes, Grace Hopper first."""
    profiles = [GRACE, *islice(people(SOME), SOME)]
    with filled_table(lambda population: population.add_groups(1)):
        return [_taken(profile, other) for profile, other in pairwise(profiles)]


def _taken(profile: Profile, other: Profile) -> Taken:
    body = {name: value for name, value in profile.items() if name != "has_account"}
    with measured() as creating:
        answer = send(request("POST", "/admin/customers", body))
    customer_id = json.loads(answer["body"])["customer"]["id"]
    index_bytes = _index_bytes(customer_id)
    renamed = {**profile, "last_name": "Murray Hopper"}
    renaming = _changing(customer_id, profile, renamed)
    beside_tokens = {"new": creating.writes - _units_of_tokens(None, profile)}
    for changed in _changes(renamed, other):
        (name,) = (name for name in changed if changed[name] != renamed.get(name))
        units = _changing(customer_id, renamed, changed)
        beside_tokens[name] = units - _units_of_tokens(renamed, changed)
        _changing(customer_id, changed, renamed)
    return Taken(creating.writes, renaming, beside_tokens, index_bytes)


def _changes(profile: Profile, other: Profile) -> Iterator[Profile]:
    """The profile with each of its texts replaced by that of another person. The e-mail address keeps its domain."""
    local, domain = other["email"].partition("@")[0], profile["email"].partition("@")[2]
    for name in CUSTOMER.texts:
        value = f"{local}@{domain}" if name == "email" else other[name]
        if value != profile[name]:
            yield {**profile, name: value}


def _changing(customer_id: str, before: Profile, after: Profile) -> float:
    body = {name: after[name] for name in CUSTOMER.texts if after[name] != before[name]}
    with measured() as changing:
        send(request("POST", f"/admin/customers/{customer_id}", body))
    return changing.writes


def _units_of_tokens(before: Profile | None, after: Profile) -> int:
    """Each token that is written or deleted takes two units."""
    return 2 * len(_tokens(after) | (_tokens(before) if before else set()))


def _tokens(profile: Profile) -> set[str]:
    return CUSTOMER.search.tokens(CUSTOMER.search.text([profile[name] for name in CUSTOMER.texts]))


def _index_bytes(customer_id: str) -> int:
    """The size of a customer's search tokens, with all that they hold: names and values, as DynamoDB counts them."""
    customer = dict(customers.get(CustomerId(customer_id)))
    return sum(_bytes({**key._asdict(), **tokens.copy_of(customer)}) for key in tokens.of(CUSTOMER, customer))


def _bytes(item: dict[str, Any]) -> int:
    return sum(len(name) + (1 if isinstance(value, bool) else len(value.encode())) for name, value in item.items())


def test_a_customer_is_created_and_renamed_within_the_budget(taken: list[Taken]) -> None:
    grace, *_ = taken
    assert (grace.creating, grace.renaming) == (35, 31)
    assert max(max(one.creating, one.renaming) for one in taken) <= UNITS


def test_each_of_many_people_is_created_and_renamed_within_the_budget(taken: list[Taken]) -> None:
    """Whatever is written beside tokens is the same for everybody."""
    beside_tokens = {(name, units) for one in taken for name, units in one.beside_tokens.items()}
    beside = dict(beside_tokens)
    assert len(beside) == len(beside_tokens)

    creating, changing = [], defaultdict(list)
    for profile, other in pairwise(people(MANY + 1)):
        creating.append(beside["new"] + _units_of_tokens(None, profile))
        for changed in _changes(profile, other):
            (name,) = (name for name in CUSTOMER.texts if changed[name] != profile[name])
            changing[name].append(beside[name] + _units_of_tokens(profile, changed))
    assert max(creating) <= UNITS
    assert statistics.mean(creating) <= MEAN_UNITS
    for name, units in changing.items():
        most, above = MORE_UNITS.get(name, (UNITS, 0))
        assert max(units) <= most, name
        assert sum(one > UNITS for one in units) <= above, name


def test_a_customers_search_index_is_small(taken: list[Taken]) -> None:
    assert max(one.index_bytes for one in taken) <= INDEX_BYTES
