"""Leases: chunks of jobs change a group one after the other, so that their transactions do not conflict.

A lease is an item that names its holder, which takes it under the condition that nobody else holds it. If a run dies,
its lease expires. The same chunk, run again, can renew it before that. The item stays when the lease is released, so
that the next chunk knows whether other writers have asked for a turn.
"""

import random
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from shared.dynamodb import actions, reads, retries, transactions
from shared.dynamodb.expressions import ABSENT
from shared.storage import keys, turns

LEASE_SECONDS: Final = 60
MAX_WAIT_SECONDS: Final = 20
"""After this time the state machine waits instead, because a waiting function costs more."""
POLL_SECONDS: Final = 0.5
TURN_SECONDS: Final = 0.2
"""The pause between two transactions while others write too: longer than one takes, so most writers meet none."""
LOOK_SECONDS: Final = 0.1
"""How often a chunk looks at most whether a writer asked for a turn. Short transactions would wait for many looks."""
SHARE_SECONDS: Final = 3.0
"""How long after a writer asked for a turn these pauses are made, because who writes once often writes again."""


class LeaseTaken(Exception):
    """Another chunk holds the lease. The state machine tries again later."""


class Lease:
    """The lease of one chunk on some groups."""

    def __init__(self, group_ids: Iterable[str], holder: str) -> None:
        # In a fixed order, so that two chunks that need the same groups cannot wait for each other.
        self._group_ids = sorted(set(group_ids))
        self._holder = holder
        self._tried: set[str] = set()
        self._renewed = float("-inf")
        self._looked = float("-inf")
        self._last_asked = 0.0

    def acquire(self) -> None:
        """Wait until the lease on each group is free, and take it. Raises LeaseTaken after MAX_WAIT_SECONDS."""
        deadline = time.monotonic() + MAX_WAIT_SECONDS
        for group_id in self._group_ids:
            while not (self._looks_free(group_id) and self._take(group_id)):
                if time.monotonic() > deadline:
                    raise LeaseTaken
                time.sleep(random.uniform(0, POLL_SECONDS))
        self._renewed = time.monotonic()

    def take_turn(self) -> None:
        """Hold the lease for the next transaction, and leave time for other writers before it. Raises LeaseTaken."""
        self.renew()
        self.give_way()

    def renew(self) -> None:
        """Acquire the lease, or extend it if it is time to."""
        if time.monotonic() - self._renewed > LEASE_SECONDS / 3:
            self.acquire()

    def give_way(self) -> None:
        """Leave time for other writers, if one has asked for a turn at one of the groups lately."""
        if time.monotonic() - self._looked >= LOOK_SECONDS:
            self._last_asked = turns.last_asked(self._group_ids)
            self._looked = time.monotonic()
        if time.time() - self._last_asked < SHARE_SECONDS:
            time.sleep(TURN_SECONDS)

    def release(self) -> None:
        """End the lease on each group, where it was not taken over meanwhile."""
        for group_id in self._tried:
            free = actions.update(
                keys.lease(group_id),
                set={"leased_until": 0},
                remove=["holder"],
                condition="holder = :me",
                where={":me": self._holder},
                refused=retries.Stale(),
            )
            try:
                transactions.commit([free])
            except retries.Stale:
                continue

    def _looks_free(self, group_id: str) -> bool:
        """Whether trying to take the lease is worth it. A read costs a fraction of a transaction that fails."""
        lease = reads.get(keys.lease(group_id))
        return not lease or lease.get("holder") == self._holder or lease["leased_until"] < int(time.time())

    def _take(self, group_id: str) -> bool:
        self._tried.add(group_id)
        now = int(time.time())
        take = actions.update(
            keys.lease(group_id),
            set={"holder": self._holder, "leased_until": now + LEASE_SECONDS, "expires_at": now + 24 * 3600},
            condition=f"{ABSENT} OR holder = :me OR leased_until < :now",
            where={":me": self._holder, ":now": now},
            refused=retries.Stale(),
        )
        try:
            transactions.commit([take])
        except retries.Stale:
            return False
        return True


@contextmanager
def from_first_turn(group_ids: Iterable[str], holder: str) -> Iterator[Lease]:
    """Hold the lease on some groups from the first turn that is taken in the block until its end."""
    lease = Lease(group_ids, holder)
    try:
        yield lease
    finally:
        lease.release()


@contextmanager
def acquired(group_ids: Iterable[str], holder: str) -> Iterator[Lease]:
    """Hold the lease on some groups during the block. Raises LeaseTaken."""
    with from_first_turn(group_ids, holder) as lease:
        lease.acquire()
        yield lease
