"""Fixtures for tests that invoke functions in this process."""

import tests.database  # noqa: F401 - imported before `shared`

# isort: split

from collections.abc import Iterator

import httpx
import pytest

from tests import limits
from tests.api import Client
from tests.table import Table, empty_table

__all__ = ["api", "over_http", "table"]


@pytest.fixture
def table() -> Iterator[Table]:
    """An empty table as defined in template.yaml. Requests beyond DynamoDB's limits fail the test."""
    empty = empty_table()
    with limits.enforced(empty.client):
        yield empty


@pytest.fixture
def api(request: pytest.FixtureRequest, table: Table) -> Iterator[Client]:
    """The client of an admin. At the end of the test, all consistency rules must hold.

    Tests of jobs have `pytestmark = pytest.mark.usefixtures("surroundings")`, for the bucket and the state machine.
    With `pytest.mark.unwatched`, no request is checked to leave the table as it is (`watches_table`).
    """
    yield Client(table, watches_table=request.node.get_closest_marker("unwatched") is None)
    table.check()


@pytest.fixture
def over_http(api: Client) -> Iterator[httpx.Client]:
    """The client of the example, whose requests are sent to the functions."""

    def send(request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode()
        answer = api.request(request.method, path, request.content.decode() or None)
        return httpx.Response(answer.status, text=answer.text, request=request)

    with httpx.Client(base_url="https://api.example", transport=httpx.MockTransport(send)) as client:
        yield client
