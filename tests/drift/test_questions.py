"""The requests of the benchmark of lists contain every parameter of every list."""

import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from benchmarks.engine import Filled
from benchmarks.questions import Question, questions
from shared.http.queries.customers import CustomersQuery, MembersQuery
from shared.http.queries.groups import CustomerGroupsQuery
from shared.http.queries.lists import ListQuery

MOST = 3_000
"""More would take too long at a million customers."""
ASKED = list(
    questions(Filled([f"group-{number}" for number in range(300)], [f"cus-{number}" for number in range(300)]))
)


def asked_of(path: str) -> list[Question]:
    return [one for one in ASKED if re.fullmatch(path, urlsplit(one.url).path)]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/admin/customer-groups", CustomerGroupsQuery),
        ("/admin/customers", CustomersQuery),
        ("/admin/customer-groups/.+/customers", MembersQuery),
    ],
)
def test_every_parameter_and_operator_is_asked(path: str, query: type[ListQuery]) -> None:
    declared = {field.alias or name for name, field in query.model_fields.items()} - {"cursor"}
    asked = asked_of(path)
    assert declared <= {name for one in asked for name, _ in parse_qsl(urlsplit(one.url).query)}
    assert any(one.is_followed for one in asked), "no second page by cursor"


def test_names_are_unique_and_not_too_many() -> None:
    assert len({one.name for one in ASKED}) == len(ASKED)
    assert len(ASKED) + sum(one.is_followed for one in ASKED) <= MOST
