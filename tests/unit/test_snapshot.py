"""SnapStart: what is loaded before the snapshot, and what is renewed after it."""

import importlib
import random
from collections.abc import Iterator

import pytest
import snapshot_restore_py

from shared.runtime import snapshot


@pytest.fixture
def under_snapstart(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start")
    importlib.reload(snapshot)
    yield
    monkeypatch.undo()
    importlib.reload(snapshot)


@pytest.mark.usefixtures("under_snapstart")
def test_loads_optional_modules_before_the_snapshot() -> None:
    loaded: list[str] = []
    snapshot.prepare(lambda: loaded.append("idempotency"))
    load, arguments, keywords = snapshot_restore_py.get_before_snapshot()[-1]
    load(*arguments, **keywords)
    assert loaded == ["idempotency"]


@pytest.mark.usefixtures("under_snapstart")
def test_jitter_differs_after_each_restore() -> None:
    assert random.seed in [renew for renew, _, _ in snapshot_restore_py.get_after_restore()]


def test_loads_nothing_in_advance_without_a_snapshot() -> None:
    before = len(snapshot_restore_py.get_before_snapshot())
    snapshot.prepare(lambda: None)
    assert len(snapshot_restore_py.get_before_snapshot()) == before
