"""The `fields` parameter: which attributes and relations an answer shows.

`a,b` selects, `+a` adds to the default, `-a` drops; `*customers` expands a relation, `customers.id` a field of it.
A `+` that arrives as a space (that is what it means in a URL) still counts as a plus; `+*customers` is `*customers`.
"""

from typing import Final, NamedTuple

from shared.errors import InvalidData, Problem

GROUP: Final = (
    "id",
    "name",
    "customer_count",
    "metadata",
    "version",
    "created_by",
    "created_at",
    "updated_at",
    "deleted_at",
)
CUSTOMER: Final = (
    "id",
    "email",
    "first_name",
    "last_name",
    "company_name",
    "phone",
    "has_account",
    "metadata",
    "created_by",
    "created_at",
    "updated_at",
    "deleted_at",
)


class Shape(NamedTuple):
    """What a resource offers: its attributes, and one relation with the attributes of what it leads to."""

    attributes: tuple[str, ...]
    relation: str
    related: tuple[str, ...]

    def offers(self, name: str) -> bool:
        head, _, tail = name.partition(".")
        if head == self.relation:
            return tail in ("", "*", *self.related)
        return name in self.attributes


GROUP_SHAPE: Final = Shape(GROUP, "customers", CUSTOMER)
CUSTOMER_SHAPE: Final = Shape(CUSTOMER, "groups", GROUP)


_SIGNS: Final = {"+*": "*", " *": "*", "*": "*", "+": "+", " ": "+", "-": "-"}
"""What a name may begin with, the longest first, and what it means."""


class Selection(NamedTuple):
    """What to show: attributes in the resource's order, and of the relation either nothing or these attributes."""

    attributes: tuple[str, ...]
    related: tuple[str, ...] = ()

    @property
    def related_ids_alone(self) -> bool:
        return self.related == ("id",)


def parse(text: str | None, shape: Shape) -> Selection:
    """The selection that `fields` asks for. Raises InvalidData for names that the resource does not have."""
    names = [_Name.parse(one) for one in (text or "").split(",") if one.strip(" +-*")]
    if unknown := [name.text for name in names if not name.fits(shape)]:
        raise InvalidData(
            f"Unrecognized fields: {', '.join(map(repr, unknown))}",
            [Problem(path="fields", message=f"{name!r} does not exist") for name in unknown],
        )
    chosen = set() if any(name.sign == "" for name in names) else set(shape.attributes)
    related: set[str] = set()
    for name in names:
        affected = _affected(name, shape)
        target = related if name.leads(shape) else chosen
        target.difference_update(affected) if name.sign == "-" else target.update(affected)
    return Selection(
        tuple(one for one in shape.attributes if one == "id" or one in chosen),
        tuple(one for one in shape.related if one == "id" or one in related) if related else (),
    )


def expand(asked: str | None) -> bool:
    """Whether `fields` asks for a relation of either resource."""
    names = (_Name.parse(one).text.partition(".")[0] for one in (asked or "").split(","))
    return not {GROUP_SHAPE.relation, CUSTOMER_SHAPE.relation}.isdisjoint(names)


class _Name(NamedTuple):
    sign: str
    text: str

    @classmethod
    def parse(cls, written: str) -> "_Name":
        prefix = next((one for one in _SIGNS if written.startswith(one)), "")
        return cls(_SIGNS.get(prefix, ""), written.removeprefix(prefix).strip())

    @property
    def expands(self) -> bool:
        return self.sign == "*"

    def leads(self, shape: Shape) -> bool:
        return self.text.partition(".")[0] == shape.relation

    def fits(self, shape: Shape) -> bool:
        return shape.offers(self.text) and (self.leads(shape) or not self.expands)


def _affected(name: _Name, shape: Shape) -> tuple[str, ...]:
    if not name.leads(shape):
        return (name.text,)
    attribute = name.text.partition(".")[2]
    return (attribute,) if attribute not in ("", "*") else shape.related
