"""Whatever concurrent users do, the table stays consistent and all responses are correct."""

import tests.database  # noqa: F401 - imported before `shared`

# isort: split

import random
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from shared.dynamodb import reads
from shared.dynamodb.client import dynamodb
from shared.runtime import environment
from shared.storage import keys
from tests import database, trouble
from tests.api import Client
from tests.concurrency import automatic
from tests.concurrency.world import RULE_VERBS, SOME, SURNAMES, TERM_VERBS, VERBS, Step, Verb, World, random_step
from tests.conflicts import conflicts
from tests.table import Table

pytestmark = pytest.mark.skipif(database.IS_MOTO, reason="moto cannot be used by several threads at once")

choices = some.integers(0, 19)
steps = some.builds(Step, some.sampled_from(VERBS), choices, some.lists(choices, min_size=1, max_size=SOME).map(tuple))
scripts = some.lists(some.lists(steps, min_size=1, max_size=6), min_size=2, max_size=4)
TROUBLES = (trouble.delayed, trouble.throttled, trouble.conflicting, trouble.failing, trouble.unanswered)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(scripts=scripts)
def test_any_interleaving_leaves_the_table_consistent(table: Table, scripts: list[list[Step]]) -> None:
    world = World(renewed(table))
    world.run(scripts)
    automatic.finish(world)
    world.check()


@pytest.mark.parametrize("seed", range(5))
def test_a_search_finds_no_customer_by_an_old_last_name(table: Table, seed: int) -> None:
    """A source deletes and creates customers, users rename them, and copies are refreshed late."""
    dice = random.Random(seed)
    verbs: list[Verb] = ["sync customer", "sync customer", "sync deletion", "update customer", "join", "refresh"]
    world = World(table)
    world.run([[random_step(dice, verbs) for _ in range(25)] for _ in range(4)])
    automatic.finish(world)
    world.check()
    now = {customer_id: reads.get(keys.customer(customer_id), consistent=True) for customer_id in world.customer_ids}
    for surname in SURNAMES:
        named = {one for one, item in now.items() if item and surname == item.get("last_name")}
        named -= {one for one in named if "deleted_at" in (now[one] or {})}
        assert found_by(surname) == named


def found_by(surname: str) -> set[str]:
    answer = Client(Table(dynamodb(), environment.table_name())).get(f"/admin/customers?q={quote(surname)}&limit=50")
    return {one["id"] for one in answer.body["customers"]}


@pytest.mark.parametrize("seed", range(3))
def test_any_interleaving_with_failures_leaves_the_table_consistent(table: Table, seed: int) -> None:
    dice = random.Random(seed)
    world = World(table)
    with trouble.trouble(lambda *_: dice.choice(TROUBLES) if dice.random() < 0.1 else None):
        world.run([[random_step(dice) for _ in range(15)] for _ in range(4)])
    automatic.finish(world)
    world.check()


@pytest.mark.parametrize("seed", range(3))
def test_any_interleaving_with_conflicts_leaves_the_table_consistent(table: Table, seed: int) -> None:
    """A transaction is rejected if another one is writing any of its items, as in DynamoDB."""
    dice = random.Random(seed)
    world = World(table)
    with conflicts(action_seconds=0.002) as conflicting:
        world.run([[random_step(dice) for _ in range(15)] for _ in range(4)])
        automatic.finish(world)
    world.check()
    assert conflicting.met


@pytest.mark.parametrize("seed", range(4))
def test_memberships_begin_and_end_during_concurrent_changes(table: Table, seed: int) -> None:
    """Memberships get terms and are removed, groups and customers are deleted, on machines whose clocks differ."""
    dice = random.Random(seed)
    world = World(table, fresh_groups=2, fresh_customers=3)
    for _ in range(3):
        world.run_overtaken(10, dice, TERM_VERBS)
        automatic.finish(world, dice.random())
    world.check()


@pytest.mark.parametrize("seed", range(4))
def test_members_of_automatic_groups_follow_from_their_rules_in_the_end(table: Table, seed: int) -> None:
    """Rules, exceptions, customers and mentioned groups change, between the reads and the writes of others."""
    dice = random.Random(seed)
    world = World(table, fresh_groups=2, fresh_customers=3)
    for _ in range(3):
        world.run_overtaken(10, dice, RULE_VERBS)
        automatic.finish(world, seed)
        world.check()


def renewed(table: Table) -> Table:
    table.clear()
    return table
