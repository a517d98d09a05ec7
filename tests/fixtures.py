"""The fixtures of the tests that call functions in this process."""

import tests.database  # noqa: F401 - before anything of `shared` is imported

# isort: split

from collections.abc import Iterator

import pytest

from shared.config import config
from shared.storage import table as storage_table
from tests import limits, template
from tests.api import Client
from tests.table import Table

__all__ = ["api", "table"]


@pytest.fixture
def table() -> Iterator[Table]:
    """An empty table as template.yaml defines it, and no request to it that DynamoDB itself would not take."""
    client = storage_table.client
    client.create_table(**template.table_definition(config.table_name))
    the_table = Table(client, config.table_name)
    with limits.enforced(client):
        yield the_table
    client.delete_table(TableName=config.table_name)


@pytest.fixture
def api(table: Table) -> Iterator[Client]:
    """An admin at the API. When the test is over, the table's invariants must hold."""
    yield Client(table)
    table.check()
