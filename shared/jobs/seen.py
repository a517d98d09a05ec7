"""Remembers which of a million values occurred before."""

import hashlib
from typing import Final

_DIGEST_BYTES: Final = 12


class Seen:
    """The values seen so far, as digests of about 50 bytes each: a million fit into a function's memory."""

    def __init__(self) -> None:
        self._digests: set[bytes] = set()

    def add(self, value: str) -> bool:
        """Add a value. Returns whether it is new."""
        known = len(self._digests)
        self._digests.add(self._digest(value))
        return len(self._digests) > known

    def __contains__(self, value: str) -> bool:
        return self._digest(value) in self._digests

    @staticmethod
    def _digest(value: str) -> bytes:
        return hashlib.blake2b(value.encode(), digest_size=_DIGEST_BYTES).digest()
