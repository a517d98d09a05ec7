"""Counts the calls and capacity units of reads."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

BYTES_PER_UNIT: Final = 8_192
"""What an eventually consistent read returns for one unit."""


class Meter:
    """Counts calls and units. Can be used by several threads."""

    def __init__(self) -> None:
        self._units: list[float] = []

    @property
    def calls(self) -> int:
        return len(self._units)

    @property
    def units(self) -> float:
        return sum(self._units)

    def add(self, units: float) -> None:
        self._units.append(units)


_running: ContextVar[Meter | None] = ContextVar("meter", default=None)


@contextmanager
def metered() -> Iterator[Meter]:
    """Meter all reads in the block. In a block that is metered already, they are added to the same meter."""
    if running := _running.get():
        yield running
        return
    meter = Meter()
    previous = _running.set(meter)
    try:
        yield meter
    finally:
        _running.reset(previous)


def units(size: int) -> float:
    """What an eventually consistent read of an item of this many bytes costs."""
    return -(-2 * size // BYTES_PER_UNIT) / 2


def options() -> dict[str, Any]:
    """The request parameters that make DynamoDB report the consumed capacity."""
    return {"ReturnConsumedCapacity": "TOTAL"} if _running.get() else {}


def bytes_each(answer: Mapping[str, Any]) -> float:
    """A lower bound of the average size of the items that an eventually consistent query read. 0 if unknown."""
    if "ConsumedCapacity" not in answer or not answer["ScannedCount"]:
        return 0.0
    units = float(answer["ConsumedCapacity"]["CapacityUnits"]) - 0.5  # DynamoDB rounds up to the next half
    return units * BYTES_PER_UNIT / int(answer["ScannedCount"])


def count(answer: Mapping[str, Any]) -> None:
    """Add the consumed capacity that a result reports."""
    if meter := _running.get():
        consumed = answer.get("ConsumedCapacity", [])
        each = consumed if isinstance(consumed, list) else [consumed]
        meter.add(sum(float(one["CapacityUnits"]) for one in each))
