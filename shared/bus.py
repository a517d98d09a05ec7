"""The stack's event bus."""

import os
import random
import time
from collections.abc import Iterator, Sequence
from typing import Final

from shared import aws
from shared.events import SOURCE, Entry

MOST_ENTRIES: Final = 10
MOST_BYTES: Final = 250_000
"""What EventBridge takes in one call."""
TRIES: Final = 4

client = aws.client("events")
name = os.environ["EVENT_BUS_NAME"]


class PutError(Exception):
    """The bus did not take entries for now. `put` says how many before the first of them it took."""

    def __init__(self, put: int, code: str) -> None:
        super().__init__(code)
        self.put = put


def put(entries: Sequence[Entry]) -> None:
    """Put entries on the bus in their order. Raises PutError when some are not taken after a few tries."""
    done = 0
    for some in _batches(entries):
        done += _put(some, done)


def _put(entries: Sequence[Entry], before: int) -> int:
    """Put one call's entries, those that fail again; an entry that was taken is not repeated."""
    left = list(entries)
    code = ""
    for attempt in range(TRIES):
        if attempt:
            time.sleep(random.uniform(0, 0.1 * 2**attempt))
        answer = client.put_events(
            Entries=[
                {
                    "EventBusName": name,
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
    """What each call puts.

    The bus may take some entries of a call and not others. No call holds two of one subject, so what must be put again
    is not overtaken by what came after it.
    """
    batch: list[Entry] = []
    size = 0
    for entry in entries:
        length = len(entry.detail.encode())
        is_told_of = any(entry.subject_id == one.subject_id for one in batch)
        if batch and (is_told_of or len(batch) == MOST_ENTRIES or size + length > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += length
    if batch:
        yield batch
