from tests.afterwards import surroundings
from tests.clocks import watch
from tests.fixtures import api, over_http, table
from tests.people import colleagues

__all__ = ["api", "colleagues", "over_http", "surroundings", "table", "watch"]
