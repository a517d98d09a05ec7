"""The order in which an import creates groups: those that a rule mentions come before the group of the rule."""

from collections.abc import Iterable
from typing import Final

from shared.domain import ids
from shared.domain.errors import InvalidData
from shared.domain.rules import parsing
from shared.jobs.rows import Row

DEEPEST: Final = 20
"""Each level is a phase of its own, because the chunks of one phase are processed in any order."""


def levels(groups: Iterable[Row]) -> dict[int | None, int]:
    """The level of each group whose rule mentions groups, by line. Groups only mention those of lower levels.

    All others are at level 0. The last level also has the groups that mention each other in a circle, which are refused
    when they are created.
    """
    mentioned: dict[int | None, list[str]] = {}
    line_of: dict[str, int | None] = {}
    for row in groups:
        if names := _mentioned(row):
            mentioned[row.line] = names
            line_of |= dict.fromkeys(_names(row), row.line)
    left = {line: {line_of[name] for name in names if name in line_of} for line, names in mentioned.items()}
    found: dict[int | None, int] = {}
    for level in range(1, DEEPEST):
        ready = [line for line, needed in left.items() if not any(one in left for one in needed)]
        if not ready:
            break
        for line in ready:
            found[line] = level
            del left[line]
    return found | dict.fromkeys(left, max(found.values(), default=0) + 1)


def _mentioned(row: Row) -> list[str]:
    """The groups that the rule of a group mentions. An invalid rule is refused later, in the group's own row."""
    try:
        return parsing.groups(parsing.parse(row.more["rule"])) if row.more["rule"] else []
    except InvalidData:
        return []


def _names(row: Row) -> Iterable[str]:
    """What rules can call a group."""
    return filter(None, (row.more["group_id"], row.more["key"] and f"{ids.OWN_KEY_PREFIX}{row.more['key']}"))
