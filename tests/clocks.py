"""A clock that tests can set."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.domain import moments
from shared.runtime import clock


class Clock:
    """A clock that can be set."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def pass_(self, **time: float) -> None:
        self.at += timedelta(**time)

    def now(self) -> str:
        return moments.iso(self.at)

    def later(self, **time: float) -> str:
        """A moment in the future."""
        return moments.iso(self.at + timedelta(**time))


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the functions, which stands still until it is set."""
    found = Clock()
    monkeypatch.setattr(clock, "now", found.now)
    return found
