from tests.afterwards import surroundings
from tests.fixtures import api, table

__all__ = ["api", "surroundings", "table"]
