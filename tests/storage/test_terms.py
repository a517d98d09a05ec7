"""Whatever is done to memberships with terms, readers see exactly those that are in effect at the moment."""

import random
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import pytest

from shared.domain.ids import CustomerId, GroupId
from shared.domain.terms import NO_TERMS, Terms
from shared.storage import customers, due_terms, groups, lists, membership_reads, memberships
from shared.storage.kinds import CUSTOMER
from shared.storage.lists import Listing, Order
from tests.clocks import Clock
from tests.meddling import meddle_once
from tests.table import Table

PEOPLE = 3
"""Few, so that steps often concern the same customer."""
STEPS = 25
PASSES = 0.4
"""How often time passes after a step."""
SECOND = 0.4
"""How often a step is overtaken at its second transaction, not its first."""
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


class Shop(NamedTuple):
    group_id: GroupId
    people: list[str]
    model: Model
    table: Table


def _terms(dice: random.Random, watch: Clock) -> Terms | None:
    if dice.random() < 0.25:
        return None
    begin = dice.choice([None, dice.randint(1, 20)])
    end = dice.choice([None, (begin or 0) + dice.randint(1, 20)])
    return Terms(*(None if minutes is None else watch.later(minutes=minutes) for minutes in (begin, end)))


@pytest.fixture
def shop(table: Table, watch: Clock) -> Shop:
    profile = dict.fromkeys(CUSTOMER.attributes) | {"has_account": False}
    people: list[str] = [customers.create(profile | {"email": f"{n}@mail.example"}, "ada")["id"] for n in range(PEOPLE)]
    return Shop(groups.create("Trial", None, "ada")["id"], people, Model(watch), table)


def _step(dice: random.Random, shop: Shop) -> tuple[Callable[[], object], Callable[[], object]]:
    """A step, and what it does to the model."""
    one = dice.choice(shop.people)
    match dice.choice(["add", "add", "remove", "apply"]):
        case "add":
            terms = _terms(dice, shop.model.watch)
            given: dict[str, Terms] = {} if terms is None else {one: terms}
            change = partial(memberships.change_members, shop.group_id, [one], [], "ada", terms=given)
            return change, partial(shop.model.add, one, terms)
        case "remove":
            change = partial(memberships.change_members, shop.group_id, [], [one], "ada")
            return change, partial(shop.model.terms.pop, one, None)
    return partial(due_terms.apply_due, lambda: True), lambda: None


@pytest.mark.parametrize("seed", range(4))
def test_members_are_those_in_effect(shop: Shop, watch: Clock, seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(STEPS):
        do, follow = _step(dice, shop)
        do()
        follow()
        if dice.random() < PASSES:
            watch.pass_(minutes=dice.randint(1, 15))
        _compare(shop)


def _overtake(overtake: Callable[[], object], overtook: list[bool]) -> None:
    overtook.append(True)
    overtake()


@pytest.mark.parametrize("seed", range(4))
def test_members_are_those_in_effect_when_steps_overtake_each_other(
    shop: Shop, watch: Clock, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another step happens between what a step reads and what it writes."""
    dice = random.Random(seed)
    for _ in range(STEPS):
        (do, follow), (overtake, follow_overtaking) = _step(dice, shop), _step(dice, shop)
        overtook: list[bool] = []
        with monkeypatch.context() as patch:
            again = partial(meddle_once, patch, partial(_overtake, overtake, overtook))
            meddle_once(patch, again) if dice.random() < SECOND else again()
            do()
        if overtook:
            follow_overtaking()
        follow()
        if dice.random() < PASSES:
            watch.pass_(minutes=dice.randint(1, 15))
        _compare(shop)


def test_the_schedule_does_not_end_a_membership_that_was_added_again_meanwhile(
    shop: Shop, watch: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = shop.people[0]
    memberships.change_members(shop.group_id, [ada], [], "ada", terms={ada: Terms(None, watch.later(days=1))})
    watch.pass_(days=1)
    meddle_once(monkeypatch, lambda: memberships.change_members(shop.group_id, [ada], [], "grace"))
    due_terms.apply_due(lambda: True)
    assert list(membership_reads.customer_ids(shop.group_id, consistent=True)) == [ada]


def test_the_schedule_does_not_begin_a_membership_that_was_removed_meanwhile(
    shop: Shop, watch: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = shop.people[0]
    memberships.change_members(shop.group_id, [ada], [], "ada", terms={ada: Terms(watch.later(days=1))})
    watch.pass_(days=1)
    meddle_once(monkeypatch, lambda: memberships.change_members(shop.group_id, [], [ada], "grace"))
    due_terms.apply_due(lambda: True)
    assert list(membership_reads.customer_ids(shop.group_id, consistent=True)) == []


def test_others_begin_in_the_same_run_when_one_membership_was_removed_meanwhile(
    shop: Shop, watch: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, grace, *_ = shop.people
    begins = Terms(watch.later(days=1))
    memberships.change_members(shop.group_id, [ada, grace], [], "ada", terms={ada: begins, grace: begins})
    watch.pass_(days=1)
    meddle_once(monkeypatch, lambda: memberships.change_members(shop.group_id, [], [ada], "grace"))
    time_left = iter([True])
    due_terms.apply_due(lambda: next(time_left, False))
    (joined,) = [one for one in shop.table.changes(shop.group_id) if one["type"] == "customers_added"]
    assert joined["added"] == [grace]


def test_a_customer_who_is_deleted_while_an_old_membership_ends_is_not_added_again(
    shop: Shop, watch: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, grace, *_ = shop.people
    memberships.change_members(shop.group_id, [ada], [], "ada", terms={ada: Terms(None, watch.later(days=1))})
    watch.pass_(days=1)
    delete = partial(customers.delete, CustomerId(ada), "grace")
    # The first transaction finds the old membership, the second one ends it.
    meddle_once(monkeypatch, partial(meddle_once, monkeypatch, delete))
    outcome = memberships.change_members(shop.group_id, [ada, grace], [], "ada")
    assert (outcome.added, outcome.unchanged) == ([grace], [ada])
    shop.table.check()


def _compare(shop: Shop) -> None:
    members = shop.model.members()
    for order in ORDERS:
        page = lists.page(Listing(CUSTOMER, order, members_of=shop.group_id))
        assert ({one["id"] for one in page.items}, page.count) == (members, len(members))
    assert groups.get(shop.group_id)["customer_count"] == len(members)
    assert set(membership_reads.customer_ids(shop.group_id, consistent=True)) == members
    assert {one for one in shop.people if list(membership_reads.group_ids(one))} == members
    scheduled = lists.page(Listing(CUSTOMER, members_of=shop.group_id, membership="scheduled"))
    assert {one["id"] for one in scheduled.items} == shop.model.scheduled()
    shop.table.check()
