"""Authentication and roles: who the caller is, and what the caller may do."""

import base64
import json
import re
from collections.abc import Mapping
from enum import IntEnum
from typing import Any, Final, NamedTuple

from shared.domain.errors import Forbidden, Unauthorized
from shared.runtime import environment


class Role(IntEnum):
    """What a caller may do. Each role includes the roles below it."""

    VIEWER = 1
    """Read."""
    EDITOR = 2
    """Change groups and memberships."""
    ADMIN = 3
    """Delete groups, change customers."""


SCOPES: Final = {
    Role.VIEWER: "customer-groups/read",
    Role.EDITOR: "customer-groups/write",
    Role.ADMIN: "customer-groups/admin",
}
"""The scope that a machine needs for each role."""


class Caller(NamedTuple):
    """The user or machine that sends a request. `actor` is its id, never a name or an e-mail address."""

    actor: str
    role: Role | None

    def must_be(self, needed: Role) -> None:
        """Raise Forbidden unless the caller has the role or a higher one."""
        if self.role is None or self.role < needed:
            raise Forbidden(f"This needs the role {needed.name.lower()}.")


def caller_of(event: Mapping[str, Any]) -> Caller:
    """The caller of an HTTP request, from the claims that the gateway's authorizer verified. Raises Unauthorized."""
    claims = ((event.get("requestContext") or {}).get("authorizer") or {}).get("claims") or {}
    if not claims:
        if environment.runs_under_sam_local():
            return Caller("sam-local", Role.ADMIN)
        raise Unauthorized("Sign in first: the request carries no valid access token.")
    # The gateway accepts tokens of every app client of the user pool, which other applications may use too.
    if claims.get("client_id") not in environment.app_client_ids():
        raise Unauthorized("The access token was issued to another application.")
    if claims.get("sub") == claims["client_id"]:
        roles = [role for role, scope in SCOPES.items() if scope in str(claims.get("scope", "")).split()]
    else:
        groups = _groups(event, claims)
        roles = [role for role in Role if f"{environment.role_prefix()}{role.name.lower()}" in groups]
    return Caller(str(claims["sub"]), max(roles, default=None))


def _groups(event: Mapping[str, Any], claims: Mapping[str, Any]) -> list[str]:
    """The names of a person's groups in the user pool.

    The gateway joins them with commas, but a name can contain a comma too. The local cloud puts them in brackets. If
    the text is ambiguous, they are read from the token.
    """
    text = str(claims.get("cognito:groups", ""))
    return _groups_in_token(event, claims) if re.search(r"[\[\],]", text) else [text]


def _groups_in_token(event: Mapping[str, Any], claims: Mapping[str, Any]) -> list[str]:
    """The group names in the token that the gateway has verified. None if that token cannot be identified."""
    headers = (event.get("multiValueHeaders") or {}).items()
    written = [value for name, values in headers if name.lower() == "authorization" for value in values]
    try:
        (token,) = written
        decoded = json.loads(base64.urlsafe_b64decode(token.rpartition(" ")[2].split(".")[1] + "=="))
        return list(decoded["cognito:groups"]) if decoded["jti"] == claims["jti"] else []
    except (ValueError, KeyError, IndexError, TypeError):
        return []
