"""The parts of requests to DynamoDB: keys, indexes, conditions, projections."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

type Item = dict[str, Any]
"""An item with plain Python values. Whole numbers are `int`, other numbers `Decimal`."""

MAX_COMPARED: Final = 100
"""The most values that DynamoDB compares an attribute with."""

EXISTS: Final = "attribute_exists(PK)"
ABSENT: Final = "attribute_not_exists(PK)"

_ALIASED: Final = re.compile(r"#(\w+)")


class Key(NamedTuple):
    """The primary key of one item."""

    PK: str
    SK: str


class Index(NamedTuple):
    """An index of the table: its name, its sort key, and its hash key."""

    name: str
    sort: str
    hash: str = "LIST"


class Condition(NamedTuple):
    """A condition expression with the values of its `:placeholders`. Reserved words are written with `#`."""

    text: str
    where: Mapping[str, Any]

    def __and__(self, other: "Condition") -> "Condition":
        return Condition(f"{self.text} AND {other.text}", {**self.where, **other.where})

    @property
    def aliased(self) -> list[str]:
        """The attributes that are written with `#`."""
        return _ALIASED.findall(self.text)


def projection(attributes: Sequence[str], also_named: Iterable[str] = ()) -> dict[str, Any]:
    """The request parameters that limit a result to some attributes, with the names of all aliases."""
    names = {f"#{name}": name for name in (*attributes, *also_named)}
    return {
        **({"ProjectionExpression": ", ".join(f"#{name}" for name in attributes)} if attributes else {}),
        **({"ExpressionAttributeNames": names} if names else {}),
    }
