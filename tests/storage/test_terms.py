"""Whatever is done to memberships with terms, readers see exactly those that are in effect at the moment."""

import random
from collections.abc import Iterator

import pytest

from shared.domain.ids import GroupId
from shared.domain.terms import NO_TERMS, Terms
from shared.storage import customers, due_terms, groups, lists, membership_reads, memberships
from shared.storage.kinds import CUSTOMER
from shared.storage.lists import Listing, Order
from tests.clocks import Clock
from tests.table import Table

PEOPLE = 6
STEPS = 40
ORDERS = (Order("created_at"), Order("email", descending=True))


class Model:
    """What should be: the terms of each membership, without any item, index or worker."""

    def __init__(self, watch: Clock) -> None:
        self.watch = watch
        self.terms: dict[str, Terms] = {}

    def add(self, customer_id: str, terms: Terms | None) -> None:
        now = self.watch.now()
        before = self.terms.get(customer_id, NO_TERMS)
        if before.is_over(now):
            before = NO_TERMS
        if terms is None:
            terms = Terms(None, before.ends_at) if before.is_scheduled(now) else before
        self.terms[customer_id] = terms

    def members(self) -> set[str]:
        return {one for one, terms in self.terms.items() if terms.is_active(self.watch.now())}

    def scheduled(self) -> set[str]:
        now = self.watch.now()
        return {one for one, terms in self.terms.items() if terms.is_scheduled(now) and not terms.is_over(now)}


@pytest.fixture
def seen(table: Table) -> Iterator[Table]:
    yield table
    table.check()


def _terms(dice: random.Random, watch: Clock) -> Terms | None:
    if dice.random() < 0.25:
        return None
    begin = dice.choice([None, dice.randint(1, 20)])
    end = dice.choice([None, (begin or 0) + dice.randint(1, 20)])
    return Terms(*(None if minutes is None else watch.later(minutes=minutes) for minutes in (begin, end)))


@pytest.mark.parametrize("seed", range(8))
def test_members_are_those_in_effect(seen: Table, watch: Clock, seed: int) -> None:
    dice, model = random.Random(seed), Model(watch)
    group_id = groups.create("Trial", None, "ada")["id"]
    profile = dict.fromkeys(CUSTOMER.attributes) | {"has_account": False}
    people: list[str] = [customers.create(profile | {"email": f"{n}@mail.example"}, "ada")["id"] for n in range(PEOPLE)]
    for _ in range(STEPS):
        one = dice.choice(people)
        match dice.choice(["add", "add", "remove", "wait", "wait", "apply"]):
            case "add":
                terms = _terms(dice, watch)
                given: dict[str, Terms] = {} if terms is None else {one: terms}
                memberships.change_members(group_id, [one], [], "ada", terms=given)
                model.add(one, terms)
            case "remove":
                memberships.change_members(group_id, [], [one], "ada")
                model.terms.pop(one, None)
            case "wait":
                watch.pass_(minutes=dice.randint(1, 15))
            case "apply":
                due_terms.apply_due(lambda: True)
        _compare(group_id, model, people)
        seen.check()


def _compare(group_id: GroupId, model: Model, people: list[str]) -> None:
    members = model.members()
    for order in ORDERS:
        page = lists.page(Listing(CUSTOMER, order, members_of=group_id))
        assert ({one["id"] for one in page.items}, page.count) == (members, len(members))
    assert groups.get(group_id)["customer_count"] == len(members)
    assert set(membership_reads.customer_ids(group_id, consistent=True)) == members
    assert {one for one in people if list(membership_reads.group_ids(one))} == members
    scheduled = lists.page(Listing(CUSTOMER, members_of=group_id, membership="scheduled"))
    assert {one["id"] for one in scheduled.items} == model.scheduled()
