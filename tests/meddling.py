"""Someone else who writes between a request's read and its write."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.storage import table


def meddle_once(monkeypatch: pytest.MonkeyPatch, meddle: Callable[[], Any]) -> None:
    """Let `meddle` happen right before the next transaction."""
    transact = table.transact

    def run(writes: Any) -> None:
        monkeypatch.setattr(table, "transact", transact)
        meddle()
        transact(writes)

    monkeypatch.setattr(table, "transact", run)
