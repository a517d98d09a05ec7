"""Every kind of list request, generated from the declared parameters, so that none is missing."""

from collections.abc import Iterator
from itertools import combinations, product
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from benchmarks.engine import Filled
from shared.http.queries.customers import CustomersQuery, MembersQuery
from shared.http.queries.groups import CustomerGroupsQuery
from shared.http.queries.lists import ListQuery

PAGING: Final = frozenset({"limit", "cursor", "fields", "order", "offset"})
"""Parameters that do not select records."""
OPERATORS: Final = ("[$eq]", "[$gte]", "[$gt]", "[$lte]", "[$lt]")
NAMES: Final = {"name", "email"}


class Filter(NamedTuple):
    """One value of a parameter, with its description."""

    label: str
    query: str


class Question(NamedTuple):
    """One request for a list."""

    name: str
    url: str


def questions(filled: Filled) -> Iterator[Question]:
    """All orders with each filter, and all pairs of filters, of the three lists; `filled` as `Shop.fill` does."""
    big = filled.groups[0]
    for path, label, query in (
        ("/admin/customer-groups", "groups", CustomerGroupsQuery),
        ("/admin/customers", "customers", CustomersQuery),
        (f"/admin/customer-groups/{big}/customers", "members", MembersQuery),
    ):
        filters = _filters(query, filled)
        orders = _orders(query)
        for order, one in product(orders, (None, *(one for some in filters.values() for one in some))):
            yield _question(path, label, order, [one] if one else [])
        for name, other in combinations(filters, 2):
            for pair in product(filters[name], filters[other]):
                for order in (orders[0], "created_at"):
                    yield _question(path, label, order, list(pair))
        for order in orders[::2]:
            yield Question(f"{label} by {order}, offset 10,000", f"{path}?order={order}&offset=10000&limit=50")


def _orders(query: type[ListQuery]) -> list[str]:
    """The declared orders. Raises KeyError where the declaration cannot be read."""
    schema = query.model_json_schema()["properties"]["order"]
    named = schema if "enum" in schema else query.model_json_schema()["$defs"][schema["$ref"].rpartition("/")[2]]
    return list(named["enum"])


def _question(path: str, label: str, order: str, filters: list[Filter]) -> Question:
    name = ", ".join([f"{label} by {order}", *(one.label for one in filters)])
    return Question(name, "&".join([f"{path}?order={order}&limit=50", *(one.query for one in filters)]))


def _filters(query: type[ListQuery], filled: Filled) -> dict[str, list[Filter]]:
    """The requested values by parameter. Raises KeyError for a parameter without values here."""
    declared = {field.alias or name for name, field in query.model_fields.items()} - PAGING
    fields = {name for name in declared if not name.endswith(OPERATORS)}
    return {
        name: [Filter(label, _text(name, value)) for label, value in _values(filled)[name]] for name in sorted(fields)
    }


def _text(name: str, value: Any) -> str:
    if isinstance(value, dict):
        return "&".join(f"{name}[{operator}]={quote(text)}" for operator, text in value.items())
    return "&".join(f"{name}={quote(one)}" for one in (value if isinstance(value, list) else [value]))


def _values(filled: Filled) -> dict[str, list[tuple[str, Any]]]:
    """The values of each parameter that match nothing, a few records, and very many."""
    moments: list[tuple[str, Any]] = [
        ("all since 2020", {"$gte": "2020-01-01"}),
        ("of the future", {"$gt": "2099-01-01"}),
    ]
    return {
        "q": [("q of a rare word", "zebra"), ("q of nobody", "qqq"), ("q of one letter", "a"),
              ("q of two words", "a e"), ("q of a sign", "%"), ("q of digits", "7")],
        "id": [("id of 50", filled.customers[:25] + filled.groups[:25])],
        "name": [("name of nobody", "Nobody"), ("a name", "Rare 0")],
        "email": [("email of nobody", "nobody@example.com")],
        "created_by": [("created_by of all", "benchmark"), ("created_by of nobody", "nobody")],
        "created_at": [("created " + label, span) for label, span in moments],
        "updated_at": [("updated " + label, span) for label, span in moments],
        "has_account": [("has_account of nearly all", "true"), ("has_account of few", "false")],
        "membership": [("memberships that begin later", "scheduled")],
        "groups": [("groups of half", filled.groups[0]), ("groups of few", filled.groups[1]),
                   ("groups of two", filled.groups[:2])],
        "customers": [("customers in few", filled.customers[0]), ("customers in many", filled.customers[-1])],
    }  # fmt: skip
