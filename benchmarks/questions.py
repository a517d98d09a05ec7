"""Every kind of list request, generated from the declared parameters, so that none is missing."""

from collections.abc import Iterator
from itertools import combinations, count, product
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from benchmarks.engine import Filled
from shared.http.queries.customers import CustomersQuery, MembersQuery
from shared.http.queries.groups import CustomerGroupsQuery
from shared.http.queries.lists import MAX_PAIRS, MAX_RELATED, ListQuery

PAGING: Final = frozenset({"limit", "cursor", "fields", "order", "offset"})
"""Parameters that do not select records."""
OPERATORS: Final = ("[$eq]", "[$gte]", "[$gt]", "[$lte]", "[$lt]")
NAMES: Final = {"name", "email"}
PAGES: Final = (
    *("limit=50", "limit=50&fields=id", "limit=50", "limit=1", "limit=50"),
    *("limit=0", "limit=50", "limit=20&offset=30", "limit=50"),
)
"""The requests take turns with these, with the orders and with being followed. The numbers have no common divisor."""
FOLLOWED_EVERY: Final = 5
"""The second page of every fifth request is requested too, if there is one."""
COMMON_AND_RARE: Final = {CustomersQuery: "hotmail ze", MembersQuery: "hotmail ze", CustomerGroupsQuery: "autumn ra"}
"""A long word that very many customers or groups have, and a short beginning of a word that few have."""
KEYED: Final = 3
"""The first groups and customers have the own keys `key:0` to `key:2`."""


class Filter(NamedTuple):
    """One value of a parameter, with its description."""

    label: str
    query: str


class Question(NamedTuple):
    """One request for a list."""

    name: str
    url: str
    is_followed: bool = False
    """Whether its second page is requested too."""


def questions(filled: Filled) -> Iterator[Question]:
    """All orders with each filter, and all pairs of filters, of all lists; `filled` as by `benchmarks.lists.fill`."""
    big, number = filled.groups[0], count()
    for path, label, query in (
        ("/admin/customer-groups", "groups", CustomerGroupsQuery),
        ("/admin/customers", "customers", CustomersQuery),
        (f"/admin/customer-groups/{big}/customers", "members", MembersQuery),
        ("/admin/customer-groups/key:1/customers", "members of few", MembersQuery),
    ):
        filters, orders = _filters(query, filled), _orders(query)
        alone = (None, *(one for some in filters.values() for one in some))
        for order, one in product(orders if label != "members of few" else orders[:1], alone):
            yield _question(path, label, order, [one] if one else [], next(number))
        pairs = combinations(filters, 2) if label != "members of few" else ()
        for name, other in pairs:
            for pair in product(filters[name], filters[other]):
                place = next(number)
                yield _question(path, label, orders[place % len(orders)], list(pair), place)
        for order in orders[::2]:
            yield Question(f"{label} by {order}, offset 10,000", f"{path}?order={order}&offset=10000&limit=50")
        most = query.model_json_schema()["properties"]["id"]["maxItems"]
        named = filled.groups if query is CustomerGroupsQuery else filled.customers
        yield Question(f"{label}, the most ids", f"{path}?limit=50&{_text('id', named[:most])}")
        if query is MembersQuery:
            yield Question(f"{label} with memberships", f"{path}?fields=%2Bmembership&limit=50", is_followed=True)


def _orders(query: type[ListQuery]) -> list[str]:
    """The declared orders. Raises KeyError where the declaration cannot be read."""
    schema = query.model_json_schema()["properties"]["order"]
    named = schema if "enum" in schema else query.model_json_schema()["$defs"][schema["$ref"].rpartition("/")[2]]
    return list(named["enum"])


def _question(path: str, label: str, order: str, filters: list[Filter], place: int) -> Question:
    page = PAGES[place % len(PAGES)]
    name = ", ".join([f"{label} by {order}", *(one.label for one in filters), *([] if page == "limit=50" else [page])])
    url = "&".join([f"{path}?order={order}", page, *(one.query for one in filters)])
    return Question(name, url, is_followed=place % FOLLOWED_EVERY == 0)


def _filters(query: type[ListQuery], filled: Filled) -> dict[str, list[Filter]]:
    """The requested values by parameter. Raises KeyError for a parameter without values here."""
    declared = {field.alias or name for name, field in query.model_fields.items()} - PAGING
    fields = {name for name in declared if not name.endswith(OPERATORS)}
    return {
        name: [Filter(label, _text(name, value)) for label, value in _values(query, filled)[name]]
        for name in sorted(fields)
    }


def _text(name: str, value: Any) -> str:
    if isinstance(value, dict):
        return "&".join(f"{name}[{one}]={quote(text)}" if one else f"{name}={text}" for one, text in value.items())
    return "&".join(f"{name}={quote(one)}" for one in (value if isinstance(value, list) else [value]))


def _values(query: type[ListQuery], filled: Filled) -> dict[str, list[tuple[str, Any]]]:
    """The values of each parameter that match nothing, a few records, and very many."""
    moments: list[tuple[str, Any]] = [
        ("all since 2020", {"$gte": "2020-01-01"}),
        ("of the future", {"$gt": "2099-01-01"}),
        ("within a minute", {"$gte": "2026-01-01T00:01:00Z", "$lt": "2026-01-01T00:02:00Z"}),
        ("until a moment", {"$lte": "2026-01-01T00:03:00Z", "$gt": "2020-01-01"}),
        ("before all", {"$lt": "2020-01-01"}),
        ("of a moment", {"$eq": "2026-01-01T00:00:07.000Z", "": "2026-01-01T00:00:07.000Z"}),
    ]
    own_keys = [f"key:{number}" for number in range(KEYED)]
    common_and_rare = COMMON_AND_RARE[query]
    records = filled.groups if query is CustomerGroupsQuery else filled.customers
    return {
        "q": [("q of a rare word", "zebra"), ("q of nobody", "qqq"), ("q of one letter", "a"),
              ("q of two words", "a e"), ("q of a sign", "%"), ("q of digits", "7"),
              ("q of a common word and a rare beginning", common_and_rare)],
        "id": [("id of 40 of both kinds", filled.customers[:20] + filled.groups[:20]),
               ("id of many", records[: MAX_PAIRS // MAX_RELATED]), ("id of own keys", own_keys)],
        "name": [("name of nobody", "Nobody"), ("a name", "Rare 0")],
        "email": [("email of nobody", "nobody@example.com")],
        "created_by": [("created_by of all", "benchmark"), ("created_by of nobody", "nobody")],
        "created_at": [("created " + label, span) for label, span in moments],
        "updated_at": [("updated " + label, span) for label, span in moments],
        "has_account": [("has_account of nearly all", "true"), ("has_account of few", "false")],
        "membership": [("memberships that begin later", "scheduled"), ("memberships of any time", "all")],
        "groups": [("groups of half", filled.groups[0]), ("groups of few", filled.groups[1]),
                   ("groups of two", filled.groups[:2]), ("groups of four", filled.groups[:MAX_RELATED]),
                   ("groups of own keys", own_keys)],
        "customers": [("customers in few", filled.customers[0]), ("customers in many", filled.customers[-1]),
                      ("customers of four", [*filled.customers[:3], filled.customers[-1]])],
    }  # fmt: skip
