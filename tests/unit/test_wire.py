"""JSON: every number as it was written."""

import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import wire
from shared.errors import InvalidData

json_texts = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_number_keeps_its_value(number: Decimal) -> None:
    assert wire.loads(wire.dumps({"n": number}))["n"] == number


@given(json_texts)
def test_reads_what_others_write(value: Any) -> None:
    assert json.loads(wire.dumps(wire.loads(json.dumps(value)))) == value


@given(st.text())
def test_any_text_is_json_or_refused(text: str) -> None:
    with suppress(InvalidData):
        wire.loads(text)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "[" * 100_000, "1e999999999999999999999", "{", ""])
def test_refuses_what_is_no_json(text: str) -> None:
    with pytest.raises(InvalidData):
        wire.loads(text)


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
def test_tells_the_same_json_from_other(one: Any, other: Any, same: bool) -> None:  # noqa: FBT001 - the expectation
    assert wire.same(one, other) is same
