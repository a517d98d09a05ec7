"""The ids of groups, customers, changes, jobs and uploads: how they are generated, and which texts are valid ids.

Generated ids are a prefix and a ULID. Ids of other systems are ASCII words, short enough for every key of the table.
Groups and customers can also have an own key, which a client sets. `key:<own key>` can be used instead of their id.
"""

import re
from datetime import datetime
from typing import Final, Literal, NewType

from ulid import ULID

from shared.domain import moments

GroupId = NewType("GroupId", str)
CustomerId = NewType("CustomerId", str)

type IdPrefix = Literal["cusgroup", "cus", "change", "job", "upload"]

LONGEST: Final = 128
_TIME_LENGTH: Final = 10
"""How many characters of a ULID are its time."""
PATTERN: Final = rf"^[A-Za-z0-9][A-Za-z0-9_.:\-]{{0,{LONGEST - 1}}}$"
OWN_KEY: Final = r"[A-Za-z0-9\-_.~]{1,128}"
OWN_KEY_PREFIX: Final = "key:"
REFERENCE_PATTERN: Final = f"^{OWN_KEY_PREFIX}{OWN_KEY}$|{PATTERN}"
_POSSIBLE: Final = re.compile(PATTERN.removesuffix("$") + r"\Z", re.ASCII)
_OWN_KEY: Final = re.compile(f"{OWN_KEY_PREFIX}({OWN_KEY})\\Z", re.ASCII)


def is_possible(text: str) -> bool:
    """Whether the text is a valid id. Other texts match no item and are never used in keys."""
    return _POSSIBLE.match(text) is not None and not text.startswith(OWN_KEY_PREFIX)


def own_key(text: str) -> str | None:
    """The own key in `key:<own key>`. None for an id."""
    found = _OWN_KEY.match(text)
    return found[1] if found else None


def new(prefix: IdPrefix) -> str:
    """A new id. ULIDs sort by the time of creation."""
    return f"{prefix}_{ULID()}"


def first_at(prefix: IdPrefix, moment: datetime) -> str:
    """A text that sorts before all ids that are made at or after a moment, and after all earlier ones."""
    return f"{prefix}_{str(ULID.from_datetime(moment))[:_TIME_LENGTH]}"


def new_group_id() -> GroupId:
    return GroupId(new("cusgroup"))


def new_customer_id() -> CustomerId:
    return CustomerId(new("cus"))


def created_at(own_id: str) -> str:
    """When a generated id was created, in ISO 8601 with milliseconds."""
    return moments.iso(ULID.from_str(own_id.partition("_")[2]).datetime)
