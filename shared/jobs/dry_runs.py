"""The results of dry runs: as if each row knew what the rows before it would have done.

Nothing is written, so a chunk only sees the table. It stores the results of its rows with their bases: what was found
in the table, and what the row would do. The bases are followed in the order of the rows: first for each chunk alone,
so that there are totals while the job runs, and then for all chunks when they are joined.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import batched
from typing import Any, Final

from shared.dynamodb.expressions import Item
from shared.jobs import files, rows
from shared.jobs.bases import MemberBasis
from shared.jobs.dry_groups import Found, Groups
from shared.jobs.dry_members import Changes, Members
from shared.jobs.rows import Result

WRITTEN_AT_ONCE: Final = 96
"""Refused rows of an import can have large metadata."""
_BITS: Final = 2**27
"""With four million names, one in 33 is taken for a repeated one, which only costs some memory."""


class Names:
    """A set of names in 16 MB, which sometimes contains others too."""

    def __init__(self) -> None:
        self._bits = bytearray(_BITS // 8)

    def add(self, name: int) -> bool:
        """Add a name. Returns whether it is new."""
        place, bit = self._place(name)
        is_new = not self._bits[place] & bit
        self._bits[place] |= bit
        return is_new

    def __contains__(self, name: object) -> bool:
        if not isinstance(name, int):
            return False
        place, bit = self._place(name)
        return bool(self._bits[place] & bit)

    @staticmethod
    def _place(name: int) -> tuple[int, int]:
        number = name % _BITS
        return number >> 3, 1 << (number & 7)


def corrected(read: Callable[[], Iterable[Result]]) -> Iterator[Result]:
    """The results of rows after those before them. They are read twice: first to find out what they have in common."""
    repeated = _repeated(read())
    groups, changes, members = Groups(), Changes(repeated), Members(repeated)
    for one in read():
        yield _corrected(one, groups, changes, members)


def _repeated(results: Iterable[Result]) -> Names:
    """The names that occur more than once, and a few others."""
    seen, repeated = Names(), Names()
    for one in results:
        for name in _names(one):
            if not seen.add(name):
                repeated.add(name)
    return repeated


def pack(results: Iterable[Result]) -> str:
    """Results with their bases, as lines. They have texts and no fractions, and plain JSON is read much faster."""
    return "".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n" for one in results)


def read(job: Item, name: str) -> Iterator[Result]:
    """The results of a chunk with their bases. Those of an earlier release have none."""
    text = b"".join(files.read(files.outcomes(job["id"], name))).decode()
    if text.startswith("["):
        return (Result(*json.loads(line)) for line in text.split("\n") if line)
    return (_without_basis(cells) for cells in rows.read(text, job["format"]))


def joined(job: Item, names: Sequence[str], counted: Counter[str]) -> Iterator[bytes]:
    """The lines of the whole result. The outcomes are counted in `counted`."""
    results = corrected(lambda: (one for name in names for one in read(job, name)))
    for some in batched(results, WRITTEN_AT_ONCE, strict=False):
        counted.update(one.outcome for one in some)
        yield rows.write(some, job).encode()


def _names(one: Result) -> Iterable[int]:
    basis = one.basis or {}
    if "change" in basis:
        return Changes.names(basis["change"])
    return Members.names(basis["member"]) if "member" in basis else ()


def _corrected(one: Result, groups: Groups, changes: Changes, members: Members) -> Result:
    basis = one.basis or {}
    if "group" in basis:
        return groups.result(one, basis["group"])
    if "change" in basis:
        return changes.result(one, basis["change"])
    if "member" in basis:
        return members.result(one, basis["member"], _group(basis["member"], groups))
    return one


def _group(member: MemberBasis, groups: Groups) -> Found | None:
    return groups.found(member["group"]) if "group" in member else None


def _without_basis(cells: Mapping[str, Any]) -> Result:
    known = {name: cells.get(name) for name in rows.COLUMNS}
    own: dict[str, Any] = {name: known.pop(name) for name in Result._fields if name in known}
    return Result(**own, given={name: cell for name, cell in known.items() if cell})
