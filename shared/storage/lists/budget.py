"""The read budget of one list request.

DynamoDB reports the capacity that each call consumed. The cost of a call is estimated before it is made. The first
records are read in small batches, until their average size is known.
"""

from typing import Final

from shared.dynamodb.metering import BYTES_PER_UNIT, Meter
from shared.dynamodb.reads import MAX_KEYS

CALLS: Final = 8
UNITS: Final = 200
USUAL_LIMIT: Final = 50
"""Requests with a higher limit get a proportionally larger budget."""
UNITS_PER_ITEM: Final = 0.5
"""An eventually consistent read of an item of up to 4 kB."""
_FIRST_RECORDS: Final = 10
_WALK: Final = 33
"""Left for a walk after a probe that did not find all."""
_RESERVE: Final = 20
"""Held back because estimates are not exact."""


class OutOfBudgetError(Exception):
    """The budget is used up. The page contains what was found so far."""


class Budget:
    """The remaining budget of a request."""

    def __init__(self, meter: Meter, limit: int) -> None:
        beyond = max(0, limit - USUAL_LIMIT)
        self._meter, self._limit = meter, limit
        self._most_calls = CALLS + -(-beyond // 25)
        self._most_units: float = UNITS + 2 * beyond - _RESERVE
        self._record_units: float | None = None
        self._lookups = 0

    def without_reserves(self) -> "Budget":
        """What is left if nothing is held back, for a request that has to be planned again."""
        return Budget(self._meter, self._limit)

    @property
    def calls(self) -> int:
        return self._most_calls - self._meter.calls

    @property
    def units(self) -> float:
        return self._most_units - self._meter.units

    def spend_reserve(self) -> None:
        """Make the reserve available, for requests that only read index rows, whose size is known."""
        self._most_units += _RESERVE

    def reserve_page(self, records: int) -> None:
        """Reserve what reading the records of the page will cost."""
        self._most_calls -= -(-records // MAX_KEYS)
        self._most_units -= UNITS_PER_ITEM * records

    def reserve_lookups(self, calls: int) -> None:
        """Reserve calls for looking up the rows that were read."""
        self._lookups = calls

    def rows(self, wanted: int, bytes_each: float) -> int:
        """How many index rows one call may read. Raises OutOfBudgetError if none."""
        affordable = int(self.units * BYTES_PER_UNIT / bytes_each)
        if self.calls - self._lookups < 1 or affordable < 1:
            raise OutOfBudgetError
        return min(wanted, affordable)

    def rows_of_each(self, parts: int, bytes_each: float) -> int:
        """How many index rows of each of these parts a probe may read, so that a walk can follow."""
        return max(0, int((self.units - _WALK) * BYTES_PER_UNIT / bytes_each / parts))

    def candidates(self, memberships_each: int, *, reads_records: bool) -> int:
        """How many candidates may be checked next. Raises OutOfBudgetError if none."""
        affordable = self.all_candidates(memberships_each, reads_records=reads_records)
        at_once = MAX_KEYS // max(1, memberships_each)
        if reads_records and self._record_units is None:
            at_once = min(at_once, _FIRST_RECORDS)
        if affordable < 1 or self.calls < self._lookups:
            raise OutOfBudgetError
        return min(affordable, at_once)

    def all_candidates(self, memberships_each: int, *, reads_records: bool) -> int:
        """How many candidates the remaining units suffice for."""
        record = (self._record_units or UNITS_PER_ITEM) if reads_records else 0
        return int(self.units / (memberships_each * UNITS_PER_ITEM + record))

    def update_estimate(self, units_before: float, records: int) -> None:
        """Update the estimated cost of a record from the records that were just read."""
        if records:
            self._record_units = max(UNITS_PER_ITEM, (units_before - self.units) / records)
