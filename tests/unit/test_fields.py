"""The `fields` parameter."""

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from shared import fields
from shared.errors import InvalidData
from shared.fields import CUSTOMER_SHAPE, GROUP_SHAPE, Shape

shapes = st.sampled_from([GROUP_SHAPE, CUSTOMER_SHAPE])
signs = st.sampled_from(["", "+", "-", " "])
anything = st.text() | st.lists(st.text("+-*., abcdeinmrstu", max_size=12), max_size=5).map(",".join)


@given(anything, shapes)
def test_any_text_is_a_selection_or_refused(text: str, shape: Shape) -> None:
    with suppress(InvalidData):
        selection = fields.parse(text, shape)
        assert "id" in selection.attributes
        assert set(selection.attributes) <= set(shape.attributes)
        assert set(selection.related) <= set(shape.related)
        assert not selection.related or "id" in selection.related


@given(shapes, st.data())
def test_names_select_add_and_drop(shape: Shape, data: st.DataObject) -> None:
    names = data.draw(st.lists(st.tuples(signs, st.sampled_from(shape.attributes)), max_size=6))
    chosen = set() if any(sign == "" for sign, _ in names) else set(shape.attributes)
    for sign, name in names:
        if sign == "-":
            chosen.discard(name)
        else:
            chosen.add(name)
    text = ",".join(sign + name for sign, name in names)
    assert set(fields.parse(text, shape).attributes) == chosen | {"id"}


@given(shapes, st.data())
def test_a_relation_expands_whole_or_by_field(shape: Shape, data: st.DataObject) -> None:
    field = data.draw(st.sampled_from(shape.related))
    for sign in ("", "+", " "):
        assert set(fields.parse(f"{sign}{shape.relation}.{field}", shape).related) == {"id", field}
    for whole in (f"*{shape.relation}", shape.relation, f"{shape.relation}.*", f"+{shape.relation}"):
        assert fields.parse(whole, shape).related == shape.related
    assert fields.parse(f"*{shape.relation},-{shape.relation}", shape).related == ()
    assert fields.parse(f"{shape.relation}.id", shape).related_ids_alone


@given(shapes)
def test_nothing_asked_for_is_everything_but_relations(shape: Shape) -> None:
    for nothing in (None, "", ",", " , ", "+"):
        assert fields.parse(nothing, shape) == fields.Selection(shape.attributes)
