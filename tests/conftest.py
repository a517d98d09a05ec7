"""Every test gets an empty table as template.yaml defines it, and leaves it consistent."""

import os

os.environ |= {
    "TABLE_NAME": "customer-groups",
    "ALLOWED_ORIGIN": "https://admin.example.com",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "POWERTOOLS_SERVICE_NAME": "customer-groups",
    "POWERTOOLS_METRICS_NAMESPACE": "CustomerGroups",
    "POWERTOOLS_LOG_LEVEL": "INFO",
}
for setting in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_SAM_LOCAL"):
    os.environ.pop(setting, None)

# ruff: noqa: E402 - moto must be there before the first client is made, and the settings before both
from collections.abc import Iterator
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws

from shared.config import config
from shared.storage import table as storage_table
from tests import dynoxide, template
from tests.api import Client
from tests.table import Table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "dynoxide: runs on dynoxide, which stands threads and size, instead of moto")
    config.addinivalue_line("markers", "leaves_traces: ends with a table whose invariants do not hold, on purpose")


@pytest.fixture
def table(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Table]:
    """The table, on moto; on dynoxide for tests marked so. When the test is over its invariants must hold."""
    on_dynoxide = request.node.get_closest_marker("dynoxide") is not None
    if on_dynoxide:
        monkeypatch.setattr(storage_table, "client", _client_of(request.getfixturevalue("dynoxide_url")))
    with nullcontext() if on_dynoxide else mock_aws():
        client = storage_table.client
        client.create_table(**template.table_definition(config.table_name))
        the_table = Table(client, config.table_name)
        yield the_table
        if request.node.get_closest_marker("leaves_traces") is None:
            the_table.check()
        client.delete_table(TableName=config.table_name)


@pytest.fixture
def api(table: Table) -> Client:
    """An admin at the API."""
    return Client(table)


@pytest.fixture(scope="session")
def dynoxide_url() -> Iterator[str]:
    with dynoxide.running() as url:
        yield url


def _client_of(url: str) -> "DynamoDBClient":
    settings: Any = {"max_pool_connections": 64, "retries": {"mode": "standard", "total_max_attempts": 3}}
    return boto3.client("dynamodb", endpoint_url=url, config=Config(**settings))
