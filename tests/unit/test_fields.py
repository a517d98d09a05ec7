"""The `fields` parameter."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from shared.domain.errors import InvalidData
from shared.http import answers, fields
from shared.http.fields import CUSTOMER_SHAPE, GROUP_SHAPE, Shape

shapes = st.sampled_from([GROUP_SHAPE, CUSTOMER_SHAPE])
signs = st.sampled_from(["", "+", "-", " "])
anything = st.text() | st.lists(st.text("+-*., abcdeinmrstu", max_size=12), max_size=5).map(",".join)


@given(anything, shapes)
def test_any_text_is_parsed_or_refused(text: str, shape: Shape) -> None:
    with suppress(InvalidData):
        selection = fields.parse(text, shape)
        assert "id" in selection.attributes
        assert set(selection.attributes) <= set(shape.attributes)
        for relation, shown in selection.relations.items():
            assert {"id"} <= set(shown) <= set(shape.relations[relation])


@given(shapes, st.data())
def test_names_select_add_and_remove(shape: Shape, data: st.DataObject) -> None:
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
def test_relations_expand_completely_or_by_field(shape: Shape, data: st.DataObject) -> None:
    relation = data.draw(st.sampled_from(sorted(shape.relations)))
    offered = shape.relations[relation]
    field = data.draw(st.sampled_from(offered))
    for sign in ("", "+", " "):
        assert set(fields.parse(f"{sign}{relation}.{field}", shape).relations[relation]) == {"id", field}
    for whole in (f"*{relation}", relation, f"{relation}.*", f"+{relation}", f"+*{relation}"):
        assert fields.parse(whole, shape).relations == {relation: offered}
    assert fields.parse(f"*{relation},-{relation}", shape).relations == {}
    assert fields.parse(f"*{relation},-{relation}.{field}", shape).relations != {}


def test_only_unversioned_relations_disable_304() -> None:
    assert all(map(fields.expands, ("*groups", "+customers.id", "email,groups.name")))
    assert not any(map(fields.expands, (None, "", "+*addresses", "email,addresses.city", "-metadata")))


@given(shapes)
def test_the_default_is_all_attributes_without_relations(shape: Shape) -> None:
    for nothing in (None, "", ",", " , ", "+"):
        assert fields.parse(nothing, shape) == fields.Selection(shape.attributes, {})


@pytest.mark.parametrize(
    ("model", "shape"), [(answers.CustomerGroup, fields.GROUP_SHAPE), (answers.Customer, fields.CUSTOMER_SHAPE)]
)
def test_the_documented_resource_has_the_attributes_of_fields(model: type[BaseModel], shape: fields.Shape) -> None:
    assert tuple(model.model_fields) == (*shape.attributes, *shape.relations)
