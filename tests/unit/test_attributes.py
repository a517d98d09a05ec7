"""Items are serialized like with boto3, which functions do not use because of its import time."""

from decimal import Decimal
from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from shared.dynamodb.values import deserialize, serialize

numbers = st.integers(-(10**37), 10**37) | st.decimals(-(10**9), 10**9, places=6, allow_nan=False)
values = st.recursive(
    st.none() | st.booleans() | st.text() | numbers,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(min_size=1), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.text(min_size=1), values))
def test_reads_and_writes_the_same_as_boto3(item: dict[str, Any]) -> None:
    wire = serialize(item)
    assert wire == {name: TypeSerializer().serialize(value) for name, value in item.items()}
    assert deserialize(wire) == {name: TypeDeserializer().deserialize(value) for name, value in wire.items()}


@pytest.mark.parametrize("value", [0.1, b"bytes", {"a set"}, object], ids=repr)
def test_refuses_values_that_cannot_be_stored(value: object) -> None:
    with pytest.raises(TypeError):
        serialize({"value": value})


def test_does_not_round_numbers() -> None:
    with pytest.raises(ArithmeticError):
        serialize({"value": Decimal("1." + "1" * 38)})
