"""What rules are judged by: one customer, the groups that the customer is in, and the time."""

from collections.abc import Collection, Mapping
from typing import Any

from shared.domain import search
from shared.domain.rules import values


class Facts:
    """The facts about one customer at one moment."""

    __slots__ = ("_ago", "_folded", "groups", "now", "record")

    def __init__(self, record: Mapping[str, Any], groups: Collection[str], now: str) -> None:
        self.record = record
        self.groups = groups
        self.now = now
        self._folded: dict[str, str] = {}
        self._ago: dict[int, str] = {}

    def metadata(self, path: str) -> Any:
        """The value at a path of the metadata, or None. A key can contain dots itself."""
        return _at(self.record.get("metadata"), path)

    def days_ago(self, days: int) -> str:
        """The moment this many days before now. Computed once for all rules."""
        found = self._ago.get(days)
        if found is None:
            found = self._ago[days] = values.shifted(self.now, -days)
        return found

    def folded(self, value: Any) -> Any:
        """A value whose case does not matter. Each text is folded once for all rules."""
        if not isinstance(value, str):
            return value
        found = self._folded.get(value)
        if found is None:
            found = self._folded[value] = search.fold(value)
        return found


def _at(value: Any, path: str) -> Any:
    if not isinstance(value, Mapping):
        return None
    if path in value:
        return value[path]
    head, _, rest = path.partition(".")
    return _at(value.get(head), rest) if rest else None
