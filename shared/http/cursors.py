"""Cursors. They are opaque and only valid for the query that they continue."""

import base64
import binascii
import hashlib
from typing import Annotated, Final

from pydantic import Field

from shared.domain.errors import InvalidData

LONGEST_CURSOR: Final = 2048
Cursor = Annotated[
    str, Field(max_length=LONGEST_CURSOR, description="`next_cursor` of the page before, with the same query.")
]
_DIGEST_CHARACTERS: Final = 22


def encode(position: str, query: str) -> str:
    """A cursor that continues `query` (any text that identifies a query) after `position`."""
    return _digest(position, query) + base64.urlsafe_b64encode(position.encode()).decode().rstrip("=")


def decode(cursor: str, query: str) -> str:
    """The position in a cursor. Raises InvalidData if the cursor is damaged or belongs to another query."""
    digest, encoded = cursor[:_DIGEST_CHARACTERS], cursor[_DIGEST_CHARACTERS:]
    try:
        position = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        position = ""
    if not position or encode(position, query) != cursor or digest != _digest(position, query):
        raise InvalidData.at("cursor", "this cursor is damaged or belongs to another query")
    return position


def _digest(position: str, query: str) -> str:
    """A checksum, not a signature: positions are not secret. It detects cursors of other queries."""
    digest = hashlib.sha256(f"{len(position)}:{position}{query}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode()[:_DIGEST_CHARACTERS]
