"""Conflicts between transactions, as in DynamoDB. The local engines let the later one wait instead.

DynamoDB rejects a write at once if another transaction is writing one of its items. Reads are never rejected.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from shared.dynamodb.expressions import Key
from tests import trouble

WRITE: Final = "TransactWriteItems"


@dataclass
class Conflicts:
    """Rejects what conflicts, and counts it. Calls take longer by `latency_seconds`, and `action_seconds` per action.

    `in_flight` is called with the items of each transaction while it holds them.
    """

    latency_seconds: float = 0.0
    action_seconds: float = 0.0
    in_flight: Callable[[list[Key]], None] = lambda _: None
    met: int = 0
    _busy: set[Key] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
        if trouble.action(request) != WRITE:
            time.sleep(self.latency_seconds)
            return None
        asked: list[dict[str, Any]] = trouble.body(request)["TransactItems"]
        written = [item_of(one) for one in asked]
        with self._lock:
            clash = self._busy.intersection(written)
            if not clash:
                self._busy.update(written)
        if clash:
            self.met += 1
            time.sleep(self.latency_seconds)
            return trouble.cancelled(request, ["TransactionConflict" if one in clash else "None" for one in written])
        try:
            self.in_flight(written)
            time.sleep(self.latency_seconds + self.action_seconds * len(written))
            return trouble.send(request)
        finally:
            with self._lock:
                self._busy.difference_update(written)


def item_of(action: dict[str, Any]) -> Key:
    """The key of the item that an action of a transaction writes or checks."""
    (one,) = action.values()
    key = one.get("Key") or one["Item"]
    return Key(key["PK"]["S"], key["SK"]["S"])


@contextmanager
def conflicts(
    latency_seconds: float = 0.0, action_seconds: float = 0.0, in_flight: Callable[[list[Key]], None] = lambda _: None
) -> Iterator[Conflicts]:
    """Reject conflicting transactions of this process during the block."""
    with trouble.intercepted(Conflicts(latency_seconds, action_seconds, in_flight)) as met:
        yield met
