"""The fields and operators of rules, and which operator each type of field has."""

from collections.abc import Mapping
from typing import Final, Literal

from shared.domain.attributes import CUSTOMER

type FieldType = Literal["text", "boolean", "moment", "metadata", "groups"]

METADATA_PREFIX: Final = "metadata."
GROUPS: Final = "groups"
_OTHERS: Final[Mapping[str, FieldType]] = {
    "has_account": "boolean",
    "created_at": "moment",
    "updated_at": "moment",
    GROUPS: "groups",
}
_NO_FIELDS: Final = frozenset({"metadata", "deleted_at"})
TYPES: Final[Mapping[str, FieldType]] = {
    **{name: _OTHERS.get(name, "text") for name in CUSTOMER.shown if name not in _NO_FIELDS},
    GROUPS: "groups",
}
"""The type of each field. Fields of the metadata have the type of the value that they are compared with."""

NEGATIONS: Final[Mapping[str, str]] = {
    "!=": "=",
    "doesNotContain": "contains",
    "doesNotBeginWith": "beginsWith",
    "doesNotEndWith": "endsWith",
    "notIn": "in",
    "notBetween": "between",
    "notInLast": "inLast",
    "null": "notNull",
}
"""Each operator that is true exactly where another one is false, also for fields without a value."""

TEXT_PARTS: Final = ("contains", "beginsWith", "endsWith")
ORDERS: Final = ("<", "<=", ">", ">=")
_POSITIVE: Final[Mapping[FieldType, tuple[str, ...]]] = {
    "text": ("=", "in", *TEXT_PARTS, "notNull"),
    "boolean": ("=",),
    "moment": ("=", *ORDERS, "between", "inLast"),
    "metadata": ("=", "in", *TEXT_PARTS, *ORDERS, "between", "inLast", "notNull"),
    "groups": ("=", "in"),
}
OPERATORS: Final[Mapping[FieldType, frozenset[str]]] = {
    kind: frozenset({*some, *(one for one, other in NEGATIONS.items() if other in some)})
    for kind, some in _POSITIVE.items()
}


def type_of(field: str) -> FieldType | None:
    """The type of a field. None if there is no such field."""
    if field.startswith(METADATA_PREFIX) and field != METADATA_PREFIX:
        return "metadata"
    return TYPES.get(field)
