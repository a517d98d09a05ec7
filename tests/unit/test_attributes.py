"""Items on the wire are what boto3 would make of them; it is not in the functions for the time its import takes."""

from decimal import Decimal
from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from shared.storage.attributes import from_wire, to_wire

numbers = st.integers(-(10**37), 10**37) | st.decimals(-(10**9), 10**9, places=6, allow_nan=False)
values = st.recursive(
    st.none() | st.booleans() | st.text() | numbers,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(min_size=1), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.text(min_size=1), values))
def test_writes_and_reads_what_boto3_does(item: dict[str, Any]) -> None:
    wire = to_wire(item)
    assert wire == {name: TypeSerializer().serialize(value) for name, value in item.items()}
    assert from_wire(wire) == {name: TypeDeserializer().deserialize(value) for name, value in wire.items()}


@pytest.mark.parametrize("value", [0.1, b"bytes", {"a set"}, object], ids=repr)
def test_refuses_what_an_item_cannot_hold(value: object) -> None:
    with pytest.raises(TypeError):
        to_wire({"value": value})


def test_refuses_to_round_a_number() -> None:
    with pytest.raises(ArithmeticError):
        to_wire({"value": Decimal("1." + "1" * 38)})
