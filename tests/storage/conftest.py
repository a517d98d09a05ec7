import pytest

from tests.afterwards import surroundings
from tests.clocks import watch
from tests.database import IS_MOTO
from tests.fixtures import api, table

__all__ = ["api", "surroundings", "table", "watch"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skips tests with threads or many items on moto, which supports neither."""
    if IS_MOTO:
        for item in items:
            if item.path.parent.name == "storage" and item.path.stem in ("test_at_once", "test_size", "test_budgets"):
                item.add_marker(pytest.mark.skip(reason="needs dynoxide"))
