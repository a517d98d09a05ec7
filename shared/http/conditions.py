"""Conditional requests: `ETag`, `If-Match`, `If-None-Match`.

Proxies that compress responses mark ETags as weak (`W/`). A weak ETag is treated like the strong one.
"""

import re
from typing import Final

from shared.domain.errors import InvalidData
from shared.dynamodb.expressions import MAX_COMPARED
from shared.storage.preconditions import Precondition

_ETAG: Final = re.compile(r'"(?P<version>[0-9]{1,18})(-[0-9]{1,18})?(-applying)?"')
"""The format that `views.etag` writes."""


def precondition(if_match: str | None) -> Precondition:
    """The versions that `If-Match` accepts. Only the version in an ETag is compared, not its count.

    An invalid ETag matches no version. Raises InvalidData for more ETags than DynamoDB can compare.
    """
    etags = _etags(if_match)
    if not etags or "*" in etags:
        return Precondition(needs_record=bool(etags))
    if len(etags) > MAX_COMPARED:
        raise InvalidData.at("If-Match", f"names more than {MAX_COMPARED} versions")
    return Precondition(frozenset(int(etag["version"]) for etag in map(_ETAG.fullmatch, etags) if etag))


def is_known(own: str, if_none_match: str | None) -> bool:
    """Whether `If-None-Match` contains this ETag."""
    return not {"*", own}.isdisjoint(_etags(if_none_match))


def _etags(header: str | None) -> list[str]:
    return [one.strip().removeprefix("W/") for one in (header or "").split(",") if one.strip()]
