"""The budgets that lists are tested with: the normal one, and small ones, as if there were a million records."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final

import pytest

from shared.storage.lists import budget, counts, pages, plan, probes

FEWEST_CALLS: Final = 7
"""What the longest walk takes: own keys, groups, two lists of rows, memberships, records, large metadata."""


@contextmanager
def plentiful() -> Iterator[None]:
    """The normal budget, which is enough for the few records here."""
    yield


@contextmanager
def tight(units: float = 30, calls: int = budget.CALLS) -> Iterator[None]:
    """A small budget, like with a million records: probes stop early, and a walk needs several pages."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan, "FEW_ROWS", 3)
        patch.setattr(plan, "FEW_RECORDS", 2)
        patch.setattr(probes, "ROWS_OF_EACH", 2)
        patch.setattr(pages, "ROWS_TO_FILTER", 2)
        patch.setattr(counts, "MAX_COUNTED", 4)
        patch.setattr(budget, "UNITS", units)
        patch.setattr(budget, "CALLS", calls)
        yield


def with_few_calls() -> AbstractContextManager[None]:
    """Only the calls that a walk cannot do without."""
    return tight(calls=FEWEST_CALLS)


def exhausted() -> AbstractContextManager[None]:
    """No units at all: every page does only what it cannot do without."""
    return tight(units=0)
