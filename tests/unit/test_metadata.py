"""Metadata is returned unchanged, and merged key by key."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain import exact_json, metadata
from shared.dynamodb.values import deserialize, serialize

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
    """Send metadata from a body through the table to an answer."""
    checked = metadata.check(exact_json.loads(exact_json.dumps(value)))
    return exact_json.loads(exact_json.dumps(deserialize(serialize({"metadata": checked}))["metadata"]))


@given(maps)
def test_metadata_is_returned_as_it_was_sent(sent: dict[str, Any]) -> None:
    shown = stored_and_read(sent)
    assert shown == sent
    assert kinds(shown) == kinds(sent)


def kinds(value: Any) -> Any:
    """The JSON types of all parts of a value, because `True` equals 1 in Python."""
    if isinstance(value, dict):
        return {key: kinds(one) for key, one in value.items()}
    if isinstance(value, list):
        return [kinds(one) for one in value]
    return "number" if isinstance(value, int | Decimal) and not isinstance(value, bool) else type(value).__name__


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_number_is_returned_exactly_or_refused(number: Decimal) -> None:
    try:
        shown = stored_and_read({"n": number})["n"]
    except ValueError:
        digits = len("".join(map(str, number.as_tuple().digits)).strip("0"))
        assert digits > 38 or not -128 <= number.adjusted() <= 125
    else:
        assert shown == number


@given(maps, maps)
def test_a_merge_uses_the_update_for_each_key_or_keeps_the_old_value(
    present: dict[str, Any], update: dict[str, Any]
) -> None:
    present = metadata.check(present)
    merged = metadata.merge(present, update)
    assert merged is not None
    for key in {*present, *update}:
        if key not in update:
            assert exact_json.same(merged[key], present[key])
        elif update[key] == "":
            assert key not in merged
        else:
            assert exact_json.same(merged[key], metadata.check(update)[key])
    assert set(merged) <= {*present, *update}


@given(maps)
def test_an_empty_merge_changes_nothing(present: dict[str, Any]) -> None:
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
def test_metadata_nested_too_deeply_for_dynamodb_is_refused(depth: int) -> None:
    nested: Any = 1
    for _ in range(depth - 1):
        nested = [nested]
    if depth <= metadata.DEEPEST:
        assert metadata.check({"a": nested}) == {"a": nested}
    else:
        with pytest.raises(ValueError, match="30 levels"):
            metadata.check({"a": nested})
