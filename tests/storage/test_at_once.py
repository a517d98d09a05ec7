"""Concurrent requests in threads leave the table in the same state as sequential ones (checked by `Table.check`)."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from shared.domain.errors import ApiError
from shared.domain.ids import CustomerId, GroupId
from shared.dynamodb import retries
from shared.storage import customers, groups, memberships, summaries
from tests.table import Table

ACTOR = "service"


@pytest.fixture(autouse=True)
def nobody_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a slow machine needs until all have had their turn."""
    monkeypatch.setattr(retries, "ALLOWANCE_SECONDS", 600.0)


def at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Start all calls at the same time, and return the result or the error of each."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return call()
        except ApiError as refusal:
            return refusal

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def codes(outcomes: list[Any]) -> Counter[str]:
    return Counter(one.code if isinstance(one, ApiError) else "done" for one in outcomes)


def group(name: str = "VIP") -> GroupId:
    return groups.create(name, None, ACTOR)["id"]


def customer(email: str) -> CustomerId:
    profile = dict.fromkeys(("first_name", "last_name", "company_name", "phone", "metadata"))
    return customers.create({"email": email, "has_account": False, **profile}, ACTOR)["id"]


def test_eight_concurrent_additions_make_one_member(table: Table) -> None:
    vip, ada = group(), customer("ada@example.com")
    outcomes = at_once([lambda: memberships.change_members(vip, [ada], [], ACTOR)] * 8)
    assert sorted(len(one.added) for one in outcomes) == [0] * 7 + [1]
    assert sum(one.unchanged == [ada] for one in outcomes) == 7
    assert groups.get(vip)["customer_count"] == 1
    assert summaries.get_many([ada])[ada]["group_count"] == 1
    table.check()


def test_concurrent_additions_by_both_operations_make_one_member(table: Table) -> None:
    vip, ada = group(), customer("ada@example.com")
    at_once(
        [lambda: memberships.change_members(vip, [ada], [], ACTOR)] * 4
        + [lambda: memberships.change_groups(ada, [vip], [], ACTOR)] * 4
    )
    assert table.memberships() == {(vip, ada)}
    table.check()


def test_eight_concurrent_removals_remove_a_member_once(table: Table) -> None:
    vip, ada = group(), customer("ada@example.com")
    memberships.change_members(vip, [ada], [], ACTOR)
    outcomes = at_once([lambda: memberships.change_members(vip, [], [ada], ACTOR)] * 8)
    assert sum(one.removed == [ada] for one in outcomes) == 1
    assert groups.get(vip)["customer_count"] == 0
    table.check()


def test_twenty_concurrent_merges_of_different_keys_are_all_kept(table: Table) -> None:
    vip = group()
    outcomes = at_once(
        [lambda key=f"key_{n}": groups.update(vip, {"metadata": {key: True}}, ACTOR) for n in range(20)]  # type: ignore[misc] # mypy cannot infer a lambda with defaults
    )
    assert codes(outcomes) == {"done": 20}
    assert groups.get(vip)["metadata"] == {f"key_{n}": True for n in range(20)}
    assert groups.get(vip)["version"] == 21
    table.check()


def test_a_name_created_twenty_times_concurrently_exists_once(table: Table) -> None:
    names = ["VIP", "vip", " Vip "] * 7
    outcomes = at_once([lambda name=name: groups.create(name.strip(), None, ACTOR) for name in names[:20]])  # type: ignore[misc] # mypy cannot infer a lambda with defaults
    assert codes(outcomes) == {"done": 1, "customer_group_name_taken": 19}
    table.check()


def test_an_email_created_ten_times_concurrently_exists_once(table: Table) -> None:
    outcomes = at_once([lambda: customer("ada@example.com")] * 10)
    assert codes(outcomes) == {"done": 1, "customer_email_taken": 9}
    table.check()


def test_of_groups_renamed_to_one_name_concurrently_only_one_gets_it(table: Table) -> None:
    made = [group(f"Group {number}") for number in range(8)]
    outcomes = at_once([lambda one=one: groups.update(one, {"name": "VIP"}, ACTOR) for one in made])  # type: ignore[misc] # mypy cannot infer a lambda with defaults
    assert codes(outcomes) == {"done": 1, "customer_group_name_taken": 7}
    table.check()


def test_groups_that_swap_names_never_have_the_same_name(table: Table) -> None:
    first, second = group("A"), group("B")
    at_once(
        [
            lambda: groups.update(first, {"name": "B"}, ACTOR),
            lambda: groups.update(second, {"name": "A"}, ACTOR),
            lambda: groups.update(first, {"name": "C"}, ACTOR),
            lambda: groups.update(second, {"name": "B"}, ACTOR),
        ]
    )
    assert groups.get(first)["name"] != groups.get(second)["name"]
    table.check()


def test_a_group_deleted_eight_times_concurrently_is_deleted_once(table: Table) -> None:
    vip = group()
    outcomes = at_once([lambda: groups.delete(vip, ACTOR)] * 8)
    assert codes(outcomes) == {"done": 1, "customer_group_not_found": 7}
    table.check()


def test_a_concurrent_update_and_deletion_leave_a_complete_history(table: Table) -> None:
    vip = group()
    outcomes = at_once(
        [lambda: groups.delete(vip, ACTOR)]
        + [lambda n=n: groups.update(vip, {"name": f"VIP {n}"}, ACTOR) for n in range(5)]  # type: ignore[misc] # mypy cannot infer a lambda with defaults
    )
    assert set(codes(outcomes)) <= {"done", "customer_group_not_found"}
    table.check()


def test_customers_deleted_while_being_added_leave_no_membership(table: Table) -> None:
    vip, people = group(), [customer(f"person{number}@example.com") for number in range(6)]
    at_once(
        [lambda one=one: customers.delete(one, ACTOR) for one in people]
        + [lambda one=one: memberships.change_members(vip, [one], [], ACTOR) for one in people]  # type: ignore[misc] # mypy cannot infer a lambda with defaults
    )
    assert table.memberships() == set()
    assert groups.get(vip)["customer_count"] == 0
    table.check()


def test_random_concurrent_requests_keep_all_counts_correct(table: Table) -> None:
    dice = random.Random(4711)
    vips = [group(f"Group {number}") for number in range(3)]
    people = [customer(f"person{number}@example.com") for number in range(8)]

    def deed() -> Callable[[], Any]:
        one, some = dice.choice(vips), dice.sample(people, 3)
        return dice.choice(
            [
                lambda: memberships.change_members(one, some, [], ACTOR),
                lambda: memberships.change_members(one, [], some, ACTOR),
                lambda: memberships.change_members(one, some[:1], some[1:], ACTOR),
                lambda: memberships.change_groups(some[0], [one], [], ACTOR),
                lambda: groups.update(one, {"metadata": {some[0]: True}}, ACTOR),
                lambda: customers.update(some[0], {"last_name": one}, ACTOR),
            ]
        )

    deeds = [deed() for _ in range(60)]
    deeds += [lambda: customers.delete(people[0], ACTOR), lambda: groups.delete(vips[0], ACTOR)]
    dice.shuffle(deeds)
    with ThreadPoolExecutor(12) as pool:
        outcomes = list(pool.map(lambda deed: at_once([deed])[0], deeds))
    assert set(codes(outcomes)) <= {"done", "customer_group_not_found", "customer_not_found"}
    table.check()
