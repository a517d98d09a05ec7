"""Leases: chunks of different jobs change a group one after the other, so that their transactions do not conflict.

A lease is an item that is put under the condition that it does not exist. If a run dies, its lease expires. The same
chunk, run again, can renew it before that.
"""

import random
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from shared.dynamodb import actions, retries, transactions
from shared.storage import keys, turns

LEASE_SECONDS: Final = 60
MAX_WAIT_SECONDS: Final = 20
"""After this time the state machine waits instead, because a waiting function costs more."""
POLL_SECONDS: Final = 0.2
TURN_SECONDS: Final = 0.1
"""The pause between two transactions while others write too: about as long as a transaction takes."""
SHARE_SECONDS: Final = 3.0
"""How long after a writer asked for a turn these pauses are made, because who writes once often writes again."""


class LeaseTaken(Exception):
    """A chunk of another job holds the lease. The state machine tries again later."""


class Lease:
    """The lease of one chunk on some groups."""

    def __init__(self, group_ids: Iterable[str], holder: str) -> None:
        # In a fixed order, so that two chunks that need the same groups cannot wait for each other.
        self._group_ids = sorted(set(group_ids))
        self._holder = holder
        self._renewed = 0.0
        self._turns: frozenset[str] = frozenset()
        self._shares_until = 0.0

    def acquire(self) -> None:
        """Wait until the lease on each group is free, and put it. Raises LeaseTaken after MAX_WAIT_SECONDS."""
        deadline = time.monotonic() + MAX_WAIT_SECONDS
        for group_id in self._group_ids:
            while not self._put(group_id):
                if time.monotonic() > deadline:
                    raise LeaseTaken
                time.sleep(random.uniform(0, POLL_SECONDS))
        self._renewed = time.monotonic()

    def renew(self) -> None:
        """Extend the lease, if it is time to."""
        if time.monotonic() - self._renewed > LEASE_SECONDS / 3:
            self.acquire()

    def give_way(self) -> None:
        """Leave time for other writers, if one has asked for a turn at one of the groups lately."""
        asked = turns.asked(self._group_ids)
        if asked - self._turns:
            self._shares_until = time.monotonic() + SHARE_SECONDS
        self._turns = asked
        if time.monotonic() < self._shares_until:
            time.sleep(TURN_SECONDS)

    def release(self) -> None:
        for group_id in self._group_ids:
            mine = actions.delete(keys.lease(group_id), "holder = :me", retries.Stale(), where={":me": self._holder})
            try:
                transactions.commit([mine])
            except retries.Stale:
                continue

    def _put(self, group_id: str) -> bool:
        now = int(time.time())
        item = keys.lease(group_id)._asdict() | {
            "holder": self._holder,
            "leased_until": now + LEASE_SECONDS,
            "expires_at": now + 24 * 3600,
        }
        free = "attribute_not_exists(PK) OR holder = :me OR leased_until < :now"
        try:
            transactions.commit([actions.put(item, free, retries.Stale(), where={":me": self._holder, ":now": now})])
        except retries.Stale:
            return False
        return True


@contextmanager
def acquired(group_ids: Iterable[str], holder: str) -> Iterator[Lease]:
    """Hold the lease on some groups during the block. Raises LeaseTaken."""
    lease = Lease(group_ids, holder)
    try:
        lease.acquire()
        yield lease
    finally:
        lease.release()
