"""Whatever several people do at once, the table is whole afterwards and everybody was told the truth."""

import tests.database  # noqa: F401 - before anything of `shared` is imported

# isort: split

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from shared.config import config
from shared.storage import table as storage
from tests import database, template, trouble
from tests.concurrency.world import SOME, VERBS, Step, World, random_step
from tests.table import Table

pytestmark = pytest.mark.skipif(database.IS_MOTO, reason="moto cannot be used by several threads at once")

choices = some.integers(0, 19)
steps = some.builds(Step, some.sampled_from(VERBS), choices, some.lists(choices, min_size=1, max_size=SOME).map(tuple))
scripts = some.lists(some.lists(steps, min_size=1, max_size=6), min_size=2, max_size=4)
TROUBLES = (trouble.throttled, trouble.conflicting, trouble.failing, trouble.unanswered)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(scripts=scripts)
def test_any_interleaving_leaves_the_table_whole(table: Table, scripts: list[list[Step]]) -> None:
    world = World(renewed(table))
    world.run(scripts)
    world.settle()
    world.check()


@pytest.mark.parametrize("seed", range(3))
def test_any_interleaving_in_trouble_leaves_the_table_whole(table: Table, seed: int) -> None:
    dice = random.Random(seed)
    world = World(table)
    with trouble.trouble(lambda *_: dice.choice(TROUBLES) if dice.random() < 0.1 else None):
        world.run([[random_step(dice) for _ in range(15)] for _ in range(4)])
    world.settle()
    world.check()


def renewed(table: Table) -> Table:
    storage.client.delete_table(TableName=config.table_name)
    storage.client.create_table(**template.table_definition(config.table_name))
    return table
