"""SnapStart: what is loaded before the snapshot, and what is renewed after it."""

import importlib
import random
from collections.abc import Iterator

import pytest
import snapshot_restore_py

from shared import snapshot


@pytest.fixture
def under_snapstart(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start")
    importlib.reload(snapshot)
    yield
    monkeypatch.undo()
    importlib.reload(snapshot)


@pytest.mark.usefixtures("under_snapstart")
def test_loads_for_the_snapshot_what_only_some_requests_need() -> None:
    loaded: list[str] = []
    snapshot.prepare(lambda: loaded.append("idempotency"))
    load, arguments, keywords = snapshot_restore_py.get_before_snapshot()[-1]
    load(*arguments, **keywords)
    assert loaded == ["idempotency"]


@pytest.mark.usefixtures("under_snapstart")
def test_does_not_jitter_alike_in_all_that_were_restored() -> None:
    assert random.seed in [renew for renew, _, _ in snapshot_restore_py.get_after_restore()]


def test_loads_nothing_ahead_where_there_is_no_snapshot() -> None:
    before = len(snapshot_restore_py.get_before_snapshot())
    snapshot.prepare(lambda: None)
    assert len(snapshot_restore_py.get_before_snapshot()) == before
