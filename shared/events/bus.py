"""The stack's event bus."""

import random
import time
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final

from shared.events.translation import SOURCE, Entry
from shared.runtime import aws, environment

MAX_ENTRIES: Final = 10
MAX_BYTES: Final = 250_000
"""EventBridge's limits for one call."""
ATTEMPTS: Final = 4


@cache
def client() -> Any:
    """The client of EventBridge."""
    return aws.client("events")


class PutError(Exception):
    """The bus temporarily refused entries. `put` is the number of entries before the first refused one."""

    def __init__(self, put: int, code: str) -> None:
        super().__init__(code)
        self.put = put


def put(entries: Sequence[Entry]) -> None:
    """Put entries on the bus in order. Raises PutError if some are still refused after several attempts."""
    done = 0
    for some in _batches(entries):
        done += _put(some, done)


def _put(entries: Sequence[Entry], before: int) -> int:
    """Put the entries of one call, and repeat only those that failed."""
    left = list(entries)
    code = ""
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(random.uniform(0, 0.1 * 2**attempt))
        answer = client().put_events(
            Entries=[
                {
                    "EventBusName": environment.event_bus_name(),
                    "Source": SOURCE,
                    "DetailType": entry.detail_type,
                    "Detail": entry.detail,
                    "Time": entry.time,
                }
                for entry in left
            ]
        )
        results = zip(left, answer["Entries"], strict=True)
        failed = [(entry, result["ErrorCode"]) for entry, result in results if "ErrorCode" in result]
        if not failed:
            return len(entries)
        left, code = [entry for entry, _ in failed], failed[0][1]
    raise PutError(before + entries.index(left[0]), code)


def _batches(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """The entries of each call.

    The bus can accept some entries of a call and refuse others. A call never has two entries of the same subject, so
    that a repeated entry cannot arrive after a later one.
    """
    batch: list[Entry] = []
    size = 0
    for entry in entries:
        length = len(entry.detail.encode())
        has_subject = any(entry.subject_id == one.subject_id for one in batch)
        if batch and (has_subject or len(batch) == MAX_ENTRIES or size + length > MAX_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += length
    if batch:
        yield batch
