"""The `fields` parameter: which attributes and relations an answer contains.

`a,b` selects, `+a` adds to the default, `-a` removes; `*customers` expands a relation, `customers.id` one field of it.
A space counts as `+`, because a `+` in a URL is decoded to a space. `+*customers` is the same as `*customers`.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from shared.domain.attributes import CUSTOMER, GROUP
from shared.domain.errors import InvalidData, Problem, as_loggable
from shared.domain.terms import Terms

ADDRESS: Final = (
    "id",
    "address_name",
    "is_default_shipping",
    "is_default_billing",
    "customer_id",
    "company",
    "first_name",
    "last_name",
    "address_1",
    "address_2",
    "city",
    "country_code",
    "province",
    "postal_code",
    "phone",
    "metadata",
    "created_at",
    "updated_at",
    "deleted_at",
)
"""The attributes of addresses that clients can request. This service stores no addresses."""


class Shape(NamedTuple):
    """The attributes of a resource, and its relations, each with the attributes of the related records."""

    attributes: tuple[str, ...]
    relations: Mapping[str, tuple[str, ...]]

    def offers(self, name: str) -> bool:
        head, _, tail = name.partition(".")
        if head in self.relations:
            return tail in ("", "*", *self.relations[head])
        return name in self.attributes


GROUP_SHAPE: Final = Shape(GROUP.shown, {"customers": CUSTOMER.shown})
CUSTOMER_SHAPE: Final = Shape(CUSTOMER.shown, {"groups": GROUP.shown, "addresses": ADDRESS})
MEMBER_SHAPE: Final = Shape(
    CUSTOMER.shown,
    {**CUSTOMER_SHAPE.relations, "membership": ("added_at", "added_by", *Terms._fields, "source")},
)
_UNVERSIONED: Final = {"customers", "groups"}
"""Relations that can change without a new version."""


_SIGNS: Final = {"+*": "*", " *": "*", "*": "*", "+": "+", " ": "+", "-": "-"}
"""The prefixes of names, the longest first, and their meanings."""


class Selection(NamedTuple):
    """The selected attributes, in the resource's order, and the selected relations with theirs."""

    attributes: tuple[str, ...]
    relations: Mapping[str, tuple[str, ...]]


def parse(text: str | None, shape: Shape) -> Selection:
    """Parse `fields`. Raises InvalidData for names that the resource does not have."""
    names = [_Name.parse(one) for one in (text or "").split(",") if one.strip(" +-*")]
    if unknown := [name.text for name in names if not name.fits(shape)]:
        raise InvalidData(
            f"Unrecognized fields: {', '.join(map(repr, unknown))}",
            [Problem(path="fields", message=f"{name!r} does not exist") for name in unknown],
            log_message=f"fields: {', '.join(map(as_loggable, unknown))} does not exist",
        )
    chosen = set() if any(name.sign == "" for name in names) else set(shape.attributes)
    related: dict[str, set[str]] = {relation: set() for relation in shape.relations}
    for name in names:
        affected = _affected(name, shape)
        target = related.get(name.relation, chosen)
        target.difference_update(affected) if name.sign == "-" else target.update(affected)
    return Selection(
        _with_id(shape.attributes, chosen),
        {relation: _with_id(shape.relations[relation], some) for relation, some in related.items() if some},
    )


def expands(text: str | None) -> bool:
    """Whether `fields` requests a relation that can change without a new version."""
    names = (_Name.parse(one).relation for one in (text or "").split(","))
    return not _UNVERSIONED.isdisjoint(names)


class _Name(NamedTuple):
    sign: str
    text: str

    @classmethod
    def parse(cls, written: str) -> "_Name":
        prefix = next((one for one in _SIGNS if written.startswith(one)), "")
        return cls(_SIGNS.get(prefix, ""), written.removeprefix(prefix).strip())

    @property
    def relation(self) -> str:
        """The part before the dot, which is a relation or an attribute."""
        return self.text.partition(".")[0]

    def fits(self, shape: Shape) -> bool:
        return shape.offers(self.text) and (self.relation in shape.relations or self.sign != "*")


def _affected(name: _Name, shape: Shape) -> tuple[str, ...]:
    if name.relation not in shape.relations:
        return (name.text,)
    attribute = name.text.partition(".")[2]
    return (attribute,) if attribute not in ("", "*") else shape.relations[name.relation]


def _with_id(attributes: tuple[str, ...], chosen: set[str]) -> tuple[str, ...]:
    return tuple(one for one in attributes if one == "id" or one in chosen)
