"""Metadata: whatever may be stored comes back as it was, and merges key by key."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import metadata, wire
from shared.storage.table import from_wire, to_wire

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
keys = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
numbers = st.integers(-(10**37), 10**37) | st.decimals(
    min_value=-(10**20), max_value=10**20, places=15, allow_nan=False, allow_infinity=False
)
values = st.recursive(
    st.none() | st.booleans() | texts | numbers,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=15,
)
maps = st.dictionaries(keys, values, max_size=6)


def stored_and_read(value: dict[str, Any]) -> Any:
    """What becomes of metadata on its way from a body into the table and out into an answer."""
    checked = metadata.check(wire.loads(wire.dumps(value)))
    return wire.loads(wire.dumps(from_wire(to_wire({"metadata": checked}))["metadata"]))


@given(maps)
def test_comes_back_as_it_was_sent(sent: dict[str, Any]) -> None:
    shown = stored_and_read(sent)
    assert shown == sent
    assert kinds(shown) == kinds(sent)


def kinds(value: Any) -> Any:
    """The JSON type of everything in a value: `True` equals 1 in Python, and not in JSON."""
    if isinstance(value, dict):
        return {key: kinds(one) for key, one in value.items()}
    if isinstance(value, list):
        return [kinds(one) for one in value]
    return "number" if isinstance(value, int | Decimal) and not isinstance(value, bool) else type(value).__name__


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_number_comes_back_exactly_or_is_refused(number: Decimal) -> None:
    try:
        shown = stored_and_read({"n": number})["n"]
    except ValueError:
        digits = len("".join(map(str, number.as_tuple().digits)).strip("0"))
        assert digits > 38 or not -128 <= number.adjusted() <= 125
    else:
        assert shown == number


@given(maps, maps)
def test_a_merge_takes_each_key_from_the_update_or_keeps_it(present: dict[str, Any], update: dict[str, Any]) -> None:
    present = metadata.check(present)
    merged = metadata.merge(present, update)
    assert merged is not None
    for key in {*present, *update}:
        if key not in update:
            assert wire.same(merged[key], present[key])
        elif update[key] == "":
            assert key not in merged
        else:
            assert wire.same(merged[key], metadata.check(update)[key])
    assert set(merged) <= {*present, *update}


@given(maps)
def test_a_merge_of_nothing_changes_nothing(present: dict[str, Any]) -> None:
    assert metadata.merge(present, {}) == present
    assert metadata.merge(present, None) is None
    assert metadata.merge(None, dict.fromkeys(present, "")) == {}


@given(maps, maps, maps)
def test_merges_of_different_keys_commute(present: dict[str, Any], one: dict[str, Any], other: dict[str, Any]) -> None:
    other = {key: value for key, value in other.items() if key not in one}
    first = metadata.merge(metadata.merge(present, one), other)
    second = metadata.merge(metadata.merge(present, other), one)
    assert first == second


@pytest.mark.parametrize("depth", [1, 29, 30, 31, 200])
def test_what_is_nested_deeper_than_dynamodb_holds_is_refused(depth: int) -> None:
    nested: Any = 1
    for _ in range(depth - 1):
        nested = [nested]
    if depth <= metadata.DEEPEST:
        assert metadata.check({"a": nested}) == {"a": nested}
    else:
        with pytest.raises(ValueError, match="30 levels"):
            metadata.check({"a": nested})
