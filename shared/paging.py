"""Cursors: opaque, and bound to the query that they continue."""

import base64
import binascii
import hashlib
from typing import Final

from shared.errors import InvalidData

LONGEST_CURSOR: Final = 2048
_DIGEST_CHARACTERS: Final = 22


def encode(position: str, query: str) -> str:
    """A cursor that continues `query` (any text that tells one query from another) after `position`."""
    return _digest(position, query) + base64.urlsafe_b64encode(position.encode()).decode().rstrip("=")


def decode(cursor: str, query: str) -> str:
    """The position in a cursor. Raises InvalidData unless the cursor is whole and was made for this very query."""
    digest, encoded = cursor[:_DIGEST_CHARACTERS], cursor[_DIGEST_CHARACTERS:]
    try:
        position = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        position = ""
    if not position or encode(position, query) != cursor or digest != _digest(position, query):
        raise InvalidData.at("cursor", "this cursor is damaged or belongs to another query")
    return position


def _digest(position: str, query: str) -> str:
    """Not a signature: a position says nothing that a reader of the list may not know. It guards against mix-ups."""
    digest = hashlib.sha256(f"{len(position)}:{position}{query}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode()[:_DIGEST_CHARACTERS]
