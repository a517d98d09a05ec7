from tests.fixtures import api, table

__all__ = ["api", "table"]
