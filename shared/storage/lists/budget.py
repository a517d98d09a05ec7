"""The read budget of one list request.

DynamoDB reports the capacity that each call consumed. What was read says nothing about the next entries and records, so
a call reads no more of them than the budget suffices for even if they are as large as they can be. The sizes of those
that were read tell how many are worth a call. Only keys are taken to be as large as those before: an `offset` may skip
10,000, which fit if they are usual. The rows of a list are read first; what the page will take is held back
for its records.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from shared.dynamodb.metering import BYTES_PER_UNIT, Meter
from shared.dynamodb.reads import MAX_KEYS, Slice
from shared.storage import large_metadata

CALLS: Final = 8
UNITS: Final = 200
USUAL_LIMIT: Final = 50
"""Requests with a higher limit get a proportionally larger budget."""
UNITS_PER_ITEM: Final = 0.5
"""An eventually consistent read of an item of up to 4 kB."""
LARGEST_RECORD: Final = 3.5
"""The units of a record with the longest texts and ids, and with 4 kB of metadata and a rule of 16 kB."""
LARGEST_CUSTOMER: Final = 2.5
"""The same of a customer, who has no rule."""
LARGEST_MEMBERSHIP: Final = 1
"""The units of a membership with the longest texts and ids."""
LARGEST_WHOLE: Final = LARGEST_RECORD + large_metadata.LARGEST_UNITS
"""The same with large metadata. A page has at least one record, whatever its size."""
LEAST: Final = 2
"""The fewest rows that make progress: the first one can be the last one of the page before."""
_LEAST_UNITS: Final = 1.5
"""What they take at most."""
_FEWEST_RECORDS: Final = 5
"""Fewer are not worth a call."""
_SAMPLE: Final = 100
"""How many rows show their size. A small sample says little about the others."""
_SURE: Final = 20
MOST_OF_A_CALL: Final = 129
"""DynamoDB returns at most 1 MB."""
_ANY_NUMBER: Final = 1_000_000
WALK: Final = 20
"""Left for a walk after a probe that did not find all."""
_RESERVE: Final = 20
"""Held back because estimates are not exact."""
_ROUNDING: Final = 1
"""DynamoDB rounds each read up."""
_COPIES_OF_TEXTS: Final = 3
"""A record has its texts, a search text, and a sort key for each text. A row has only the search text."""


class OutOfBudgetError(Exception):
    """The budget is used up. The page contains what was found so far."""


class Entry(NamedTuple):
    """The size of an index entry or a search token, in bytes."""

    usual: int
    largest: int
    """With ids of 128 characters and texts of 255, each of four bytes."""


KEYS: Final = Entry(140, 1_400)
"""Keys only, sorted by a text."""
DATED_KEYS: Final = Entry(140, 400)
"""Keys only, sorted by a moment."""
ROWS: Final = Entry(300, 4_200)
"""With the attributes that filters need."""


class Budget:
    """The remaining budget of a request."""

    def __init__(self, meter: Meter, limit: int, largest_record: float = LARGEST_RECORD) -> None:
        beyond = max(0, limit - USUAL_LIMIT)
        self._meter = meter
        self._largest_record = largest_record
        self._most_calls = CALLS + -(-beyond // 25)
        self._most_units: float = UNITS + 2 * beyond - _ROUNDING
        self._reserve = _RESERVE - _ROUNDING
        self._sizes: dict[Entry, float] = {}
        self._read_units: float | None = None
        self._records = 0
        self._records_cost = 0.0
        self._page_calls = 0
        self._shown = 0
        self._lookups = 0
        self._beside_page = 0.0

    @property
    def calls(self) -> int:
        """What is left without the calls of the page."""
        return self.calls_of_page - self._page_calls

    @property
    def units(self) -> float:
        """What is left without the units of the page."""
        of_page = max(self._shown * self._record_units, LARGEST_WHOLE) if self._shown else 0
        return self.units_of_page - self._reserve - of_page

    @property
    def calls_of_page(self) -> int:
        """What is left for the records of the page, when nothing else has to be read any more."""
        return self._most_calls - self._meter.calls

    @property
    def units_of_page(self) -> float:
        """What is left for the records of the page, when nothing else has to be read any more."""
        return self._most_units - self._meter.units

    @property
    def _record_units(self) -> float:
        """What a record costs, as far as is known."""
        of_texts = _COPIES_OF_TEXTS * self._sizes.get(ROWS, 0) / BYTES_PER_UNIT
        return self._read_units or max(UNITS_PER_ITEM, of_texts)

    def spend_reserve(self) -> None:
        """Make the reserve available, for requests that only read index rows, whose size is known."""
        self._reserve = 0

    def reserve_page(self, records: int) -> None:
        """Reserve what reading the records of the page will cost: a call for each 100, and one for large metadata."""
        self._page_calls = 2 * -(-records // MAX_KEYS)
        self._shown = records

    def records_are_read(self) -> None:
        """Release what is reserved for the records of the page, except for their large metadata."""
        self._page_calls -= -(-self._shown // MAX_KEYS)
        self._shown = 0

    def page_is_read(self) -> None:
        """Release all that is reserved for the page."""
        self._page_calls = self._shown = 0

    def reserve(self, calls: int, units: float = 0) -> None:
        """Reserve what the answer reads apart from its page."""
        self._most_calls -= calls
        self._most_units -= units

    def reserve_beside_page(self, units: float) -> None:
        """Reserve one more call for the records of the page, of so many units if the page is full."""
        self.reserve(1, units)
        self._beside_page = units

    def reserve_lookups(self, calls: int) -> None:
        """Reserve calls for looking up the rows that were read."""
        self._lookups = calls

    @contextmanager
    def holding(self, calls: int, units: float = WALK) -> Iterator[None]:
        """Hold back in this block what has to be left after it."""
        self.reserve(calls, units)
        try:
            yield
        finally:
            self.reserve(-calls, -units)

    def learn(self, entry: Entry, found: Slice) -> None:
        """Learn the size of entries from those that were read."""
        if found.read >= _SURE:
            self._sizes[entry] = max(self._sizes.get(entry, entry.usual), found.bytes_each)

    def rows(self, wanted: int, entry: Entry, *, opening: int = 0, needs_all: bool = False) -> int:
        """How many rows one call may read. Raises OutOfBudgetError if none.

        `opening` is how many lists have to be read before any row can be used. Their calls are planned for, so a few
        rows are always read of each: a page that continues where it began would never end. If the rows may be too
        large, a sample is read first. Where that leaves too few calls for a reader that `needs_all`, it may try.
        """
        parts = max(1, opening)
        affordable = int(self.units * BYTES_PER_UNIT / self._sizes.get(entry, entry.largest) / parts)
        if entry is ROWS and not needs_all:
            affordable = min(affordable, self._rows_if_largest(self.units, entry, parts))
        if not opening and (self.calls - self._lookups < 1 or affordable < LEAST):
            raise OutOfBudgetError
        if affordable < wanted and entry not in self._sizes:
            may_try = needs_all and self.calls <= opening
            affordable = wanted if may_try else min(affordable, _SAMPLE)
        if needs_all:
            affordable = min(affordable, self._rows_if_largest(self._units_of_all, entry, parts))
        return max(LEAST, min(wanted, affordable))

    def rows_of_each(self, parts: int, entry: Entry) -> int:
        """How many rows of each of these parts can be read, even if they are the largest."""
        return max(0, int(self.units * BYTES_PER_UNIT / entry.largest / parts))

    def rows_of_all(self, wanted: int, entry: Entry, parts: int = 1) -> int:
        """How many rows of each part a reader that needs all may read. If they are the largest, the page is cut."""
        likely = int(self.units * BYTES_PER_UNIT / self._sizes.get(entry, entry.largest) / parts)
        return max(0, min(wanted, likely, self._rows_if_largest(self._units_of_all, entry, parts)))

    def candidates(self, memberships_each: int, *, reads_records: bool, opening: bool = False) -> int:
        """How many candidates may be checked next. Raises OutOfBudgetError if none, except for the first.

        What was read says nothing about the next ones, so the budget must suffice even if they are the largest.
        """
        largest = memberships_each * LARGEST_MEMBERSHIP + reads_records * self._largest_record
        affordable = int(self.units / largest) if largest else MAX_KEYS
        if not opening and (affordable < 1 or self.calls < self._lookups):
            raise OutOfBudgetError
        return max(1, min(affordable, MAX_KEYS // max(1, memberships_each)))

    def all_candidates(self, memberships_each: int, *, reads_records: bool) -> int:
        """How many candidates the remaining units suffice for, if their memberships are the largest."""
        each = memberships_each * UNITS_PER_ITEM + reads_records * self._record_units
        largest = max(each, memberships_each * LARGEST_MEMBERSHIP)
        return int(self.units / largest) if largest else MAX_KEYS

    def can_read_beside(self, rows: int, entry: Entry, units: float) -> bool:
        """Whether so many entries of any size, and a record, can be read while another call takes so many units."""
        return self.units_of_page - units - LARGEST_WHOLE >= rows * entry.largest / BYTES_PER_UNIT

    def countable(self, wanted: int, entry: Entry) -> int:
        """How many entries one call may count. The budget suffices even if they are the largest."""
        if self.calls < 1:
            return 0
        return max(0, min(wanted, self._rows_if_largest(self.units, entry)))

    @property
    def _units_of_all(self) -> float:
        """What is left for a reader that needs all rows: everything but a page of one record, whatever its size."""
        beside = max(0, self._beside_page - LARGEST_MEMBERSHIP)
        return self.units_of_page + beside - LARGEST_WHOLE

    def _rows_if_largest(self, units: float, entry: Entry, parts: int = 1) -> int:
        """How many entries the first of these parts may read if all can be the largest. A call ends at 1 MB."""
        if units >= MOST_OF_A_CALL + (parts - 1) * _LEAST_UNITS:
            return _ANY_NUMBER
        return int(units * BYTES_PER_UNIT / entry.largest / parts)

    def update_estimate(self, units_before: float, records: int) -> None:
        """Update the estimated cost of a record: the average of those just read, or of all if that is more."""
        if not records:
            return
        cost = units_before - self.units
        self._records, self._records_cost = self._records + records, self._records_cost + cost
        self._read_units = max(UNITS_PER_ITEM, cost / records, self._records_cost / self._records)

    def records(self, wanted: int, *, least: int, keeps_call: bool = False) -> int:
        """How many records of the page the next call may read: 0 if nothing is left, but never fewer than `least`.

        The budget suffices even if they are the largest. `keeps_call` leaves a call after this one.
        """
        affordable = int(self.units_of_page / self._largest_record)
        if self.calls_of_page <= keeps_call or affordable < min(wanted, _FEWEST_RECORDS):
            affordable = 0
        return min(wanted, MAX_KEYS, max(least, affordable))
