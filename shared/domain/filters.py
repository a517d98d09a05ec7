"""The filters of lists, and the row of a record that they apply to."""

from typing import Final, NamedTuple

from shared.domain import search
from shared.domain.search import Word


class Row(NamedTuple):
    """The attributes of a record that are needed to filter and sort it."""

    id: str
    created_at: str
    search_text: str
    created_by: str
    has_account: bool | None = None
    updated_at: str | None = None
    """None if the row is a copy, which not every change updates."""


class Span(NamedTuple):
    """The time from `start` (included) to `end` (excluded), as ISO 8601 texts. None means no bound."""

    start: str | None
    end: str | None

    @property
    def is_empty(self) -> bool:
        return self.start is not None and self.end is not None and self.start >= self.end

    def contains(self, moment: str) -> bool:
        return (self.start is None or moment >= self.start) and (self.end is None or moment < self.end)


class Filters(NamedTuple):
    """The filters of a list. None or empty means no filter."""

    ids: tuple[str, ...] | None = None
    names: tuple[str, ...] | None = None
    """Exact names of groups, or exact e-mail addresses of customers."""
    related: tuple[str, ...] | None = None
    """The ids of customers in the groups, or of groups that the customers are in."""
    created: Span | None = None
    updated: Span | None = None
    created_by: tuple[str, ...] | None = None
    has_account: bool | None = None
    words: tuple[Word, ...] = ()

    @property
    def given(self) -> frozenset[str]:
        """The names of the filters that are set."""
        return frozenset(name for name in self._fields if getattr(self, name) != getattr(NO_FILTERS, name))

    def match(self, row: Row) -> bool:
        """Whether a row matches all filters, except `ids`, `names` and `related`, which a row does not have."""
        return (
            (self.created is None or self.created.contains(row.created_at))
            and (self.updated is None or (row.updated_at is not None and self.updated.contains(row.updated_at)))
            and (self.created_by is None or row.created_by in self.created_by)
            and (self.has_account is None or row.has_account == self.has_account)
            and search.matches(row.search_text, self.words)
        )


NO_FILTERS: Final = Filters()
