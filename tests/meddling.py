"""Writes between the read and the write of a request."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.dynamodb import transactions


def meddle_once(monkeypatch: pytest.MonkeyPatch, meddle: Callable[[], Any]) -> None:
    """Call `meddle` right before the next transaction."""
    transact = transactions.transact

    def run(writes: Any) -> None:
        monkeypatch.setattr(transactions, "transact", transact)
        meddle()
        transact(writes)

    monkeypatch.setattr(transactions, "transact", run)
