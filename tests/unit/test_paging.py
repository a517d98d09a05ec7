"""Cursors: whole, of this very query, or refused."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared import paging
from shared.errors import InvalidData

positions = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)
queries = st.text(st.characters(exclude_categories=["Cs"]), max_size=100)


@given(positions, queries)
def test_a_cursor_leads_to_its_position(position: str, query: str) -> None:
    assert paging.decode(paging.encode(position, query), query) == position


@given(positions, queries, queries)
def test_a_cursor_of_another_query_is_refused(position: str, query: str, other: str) -> None:
    assume(query != other)
    with pytest.raises(InvalidData):
        paging.decode(paging.encode(position, query), other)


@given(positions, queries, st.data())
def test_an_edited_cursor_is_refused(position: str, query: str, data: st.DataObject) -> None:
    cursor = paging.encode(position, query)
    place = data.draw(st.integers(0, len(cursor)))
    edited = cursor[:place] + data.draw(st.text(max_size=3)) + cursor[place + data.draw(st.integers(0, 3)) :]
    assume(edited != cursor)
    with pytest.raises(InvalidData):
        paging.decode(edited, query)


@given(st.text(max_size=300), queries)
def test_what_is_no_cursor_is_refused(text: str, query: str) -> None:
    with pytest.raises(InvalidData):
        paging.decode(text, query)


@given(positions, queries)
def test_a_cursor_can_stand_in_an_address(position: str, query: str) -> None:
    assert paging.encode(position, query).replace("-", "").replace("_", "").isalnum()
