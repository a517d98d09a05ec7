"""Cursors are only accepted if they are valid and belong to the query."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.domain.errors import InvalidData
from shared.http import cursors

positions = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)
queries = st.text(st.characters(exclude_categories=["Cs"]), max_size=100)


@given(positions, queries)
def test_a_cursor_contains_its_position(position: str, query: str) -> None:
    assert cursors.decode(cursors.encode(position, query), query) == position


@given(positions, queries, queries)
def test_a_cursor_of_another_query_is_refused(position: str, query: str, other: str) -> None:
    assume(query != other)
    with pytest.raises(InvalidData):
        cursors.decode(cursors.encode(position, query), other)


@given(positions, queries, st.data())
def test_an_edited_cursor_is_refused(position: str, query: str, data: st.DataObject) -> None:
    cursor = cursors.encode(position, query)
    place = data.draw(st.integers(0, len(cursor)))
    edited = cursor[:place] + data.draw(st.text(max_size=3)) + cursor[place + data.draw(st.integers(0, 3)) :]
    assume(edited != cursor)
    with pytest.raises(InvalidData):
        cursors.decode(edited, query)


@given(st.text(max_size=300), queries)
def test_invalid_cursors_are_refused(text: str, query: str) -> None:
    with pytest.raises(InvalidData):
        cursors.decode(text, query)


@given(positions, queries)
def test_a_cursor_is_safe_in_urls(position: str, query: str) -> None:
    assert cursors.encode(position, query).replace("-", "").replace("_", "").isalnum()
