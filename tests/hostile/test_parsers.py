"""Parsers of untrusted text accept or refuse it quickly, and never crash."""

import tests.database  # noqa: F401 - imported before `shared`

# isort: split

import time
from contextlib import suppress
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from shared.domain import exact_json, ids, metadata, search
from shared.domain.errors import InvalidData
from shared.domain.values import _email, printable
from shared.dynamodb.values import deserialize, serialize
from shared.http import cursors, fields
from shared.http.fields import CUSTOMER_SHAPE, GROUP_SHAPE
from shared.storage import keys

SECONDS_FOR_THE_WORST: Final = 10
"""Far more than a slow machine takes. Time that grows with the square of these lengths, or faster, takes longer."""

quick = settings(max_examples=300, deadline=None)
texts = some.text(max_size=300)
signs = some.sampled_from(["", "+", "-", "*", "+*", " ", "*-", "-*", "++"])
names = some.sampled_from(
    [*GROUP_SHAPE.attributes, "customers", "customers.id", "customers.*", "customers.email", "", "x"]
)
selections = some.lists(some.tuples(signs, names).map("".join), max_size=12).map(",".join)
json_values = some.recursive(
    some.none() | some.booleans() | some.integers() | some.decimals() | some.text(max_size=20),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=10), inner, max_size=4),
    max_leaves=25,
)


@quick
@given(cursor=texts | some.text("abcXYZ012-_=", max_size=120), query=texts)
def test_only_cursors_of_the_same_query_are_accepted(cursor: str, query: str) -> None:
    with pytest.raises(InvalidData):
        cursors.decode(cursor, query)


@quick
@given(position=some.text(min_size=1, max_size=200), query=texts, other=texts)
def test_a_cursor_only_decodes_with_its_own_query(position: str, query: str, other: str) -> None:
    cursor = cursors.encode(position, query)
    assert cursors.decode(cursor, query) == position
    for damaged in (cursor[:-1], cursor + "A", cursor.swapcase(), cursor[1:]):
        with pytest.raises(InvalidData):
            cursors.decode(damaged, query)
    if other != query:
        with pytest.raises(InvalidData):
            cursors.decode(cursor, other)


@quick
@given(text=texts | selections)
def test_fields_are_parsed_or_refused(text: str) -> None:
    for shape in (GROUP_SHAPE, CUSTOMER_SHAPE):
        try:
            selection = fields.parse(text, shape)
        except InvalidData:
            continue
        assert "id" in selection.attributes
        assert set(selection.attributes) <= set(shape.attributes)
        assert set(selection.relations) <= set(shape.relations)


@quick
@given(values=some.dictionaries(some.text(max_size=300), json_values, max_size=5))
def test_accepted_metadata_is_returned_unchanged(values: dict[str, Any]) -> None:
    try:
        checked = metadata.check(values)
    except ValueError:
        return
    assert deserialize(serialize({"metadata": checked}))["metadata"] == values
    assert exact_json.loads(exact_json.dumps(checked)) == values


@quick
@given(text=texts)
def test_json_is_parsed_or_refused(text: str) -> None:
    try:
        exact_json.loads(text)
    except InvalidData:
        return
    exact_json.dumps(exact_json.loads(text))


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, '{"a":' * 50_000, "9" * 900_000, "1e999999999", '"' + "\\u0000" * 100_000 + '"', "-" * 500_000],
    ids=["brackets", "braces", "digits", "exponent", "escapes", "signs"],
)
def test_malicious_bodies_are_processed_quickly(text: str) -> None:
    began = time.process_time()
    with suppress(InvalidData, ValueError):
        metadata.check({"value": exact_json.loads(text)})
    assert time.process_time() - began < SECONDS_FOR_THE_WORST


@pytest.mark.parametrize(
    "text", ["a" * 200_000, "@" * 200_000, "a@" * 100_000, " " * 200_000, "ß" * 200_000, "\u0390" * 50_000]
)
def test_no_pattern_has_exponential_backtracking(text: str) -> None:
    began = time.process_time()
    for look in (_email, printable, ids.is_possible, search.fold):
        try:
            look(text)
        except ValueError:
            continue
    assert time.process_time() - began < SECONDS_FOR_THE_WORST


@quick
@given(name=some.text(min_size=1, max_size=255), item_id=some.from_regex(r"\A[a-z]{1,10}_[A-Z0-9]{26}\Z"))
def test_every_name_makes_a_valid_key(name: str, item_id: str) -> None:
    folded = search.fold(name)
    assert len(keys.name_lock(folded).PK.encode(errors="surrogatepass")) <= 2048
    assert len(keys.sort_key(folded, item_id).encode(errors="surrogatepass")) <= 1024
