"""JSON keeps every number exactly."""

import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain import exact_json
from shared.domain.errors import InvalidData

json_texts = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_number_keeps_its_value(number: Decimal) -> None:
    assert exact_json.loads(exact_json.dumps({"n": number}))["n"] == number


@given(json_texts)
def test_reads_json_of_other_writers(value: Any) -> None:
    assert json.loads(exact_json.dumps(exact_json.loads(json.dumps(value)))) == value


@given(st.text())
def test_any_text_is_parsed_as_json_or_refused(text: str) -> None:
    with suppress(InvalidData):
        exact_json.loads(text)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "[" * 100_000, "1e999999999999999999999", "{", ""])
def test_refuses_invalid_json(text: str) -> None:
    with pytest.raises(InvalidData):
        exact_json.loads(text)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1, Decimal(1), True),
        (1, True, False),
        (0, False, False),
        ("1", 1, False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ([1, 2], [2, 1], False),
        ({"a": None}, {}, False),
        (Decimal("0.1"), Decimal("0.10"), False),
    ],
)
def test_compares_json_values(one: Any, other: Any, same: bool) -> None:  # noqa: FBT001 - the expectation
    assert exact_json.same(one, other) is same
