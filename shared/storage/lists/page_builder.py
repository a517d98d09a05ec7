"""Builds a page from the matches that are read in the order of an index."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from shared.dynamodb.expressions import Item
from shared.storage.lists.budget import OutOfBudgetError
from shared.storage.lists.counts import Count
from shared.storage.lists.listing import CursorState
from shared.storage.lists.walks import Step


class Match(NamedTuple):
    """A match, the state after it, and its record if it was read for a check."""

    id: str
    end: CursorState
    record: Item | None = None


@dataclass(slots=True)
class PageBuilder:
    """Skips `offset` matches, collects a page, then only counts further matches."""

    limit: int
    state: CursorState
    shown: list[Match] = field(default_factory=list)
    next_page: CursorState | None = None
    """Set at the first match that does not fit into the page."""
    is_whole: bool = False
    """Whether all rows were read."""

    def read(self, passed: Iterable[tuple[Step, Item | None]], *, count_to: int) -> None:
        """Read until the page is full and `count_to` matches are counted, or the budget ends."""
        try:
            for step, record in passed:
                self._take(step, record)
                if self.next_page and self.state.matches >= count_to:
                    return
        except OutOfBudgetError:
            return
        self.is_whole = True

    def next_position(self, count: Count, shown: int) -> str | None:
        """The cursor of the next page, if there may be one. It includes the count, which is not repeated.

        `shown` is how many of the matches are on the page. It continues after the last one of them.
        """
        if shown < len(self.shown):
            state: CursorState | None = self.shown[shown - 1].end
        else:
            state = self.next_page or (None if self.is_whole else self.state)
        if not self.limit or state is None:
            return None
        return str(state._replace(known_count=count.matches, count_is_exact=count.is_exact))

    def _take(self, step: Step, record: Item | None) -> None:
        end = self.state._replace(position=step.position, matches=self.state.matches + bool(step.id))
        if step.id and self.state.skip:
            end = end._replace(skip=self.state.skip - 1)
        elif step.id and len(self.shown) < self.limit:
            self.shown.append(Match(step.id, end, record))
        elif step.id:
            self.next_page = self.next_page or self.state
        self.state = end
