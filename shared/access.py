"""Who calls, and what they may do."""

import re
from collections.abc import Mapping
from enum import IntEnum
from typing import Any, Final, NamedTuple

from shared.config import config
from shared.errors import Forbidden, Unauthorized

SCOPE_PREFIX: Final = "customer-groups/"


class Role(IntEnum):
    """What a caller may do; each role may do what those below it may."""

    VIEWER = 1
    """Read."""
    EDITOR = 2
    """Change groups and memberships."""
    ADMIN = 3
    """Delete groups, change customers."""


_PEOPLE: Final = {"viewer": Role.VIEWER, "editor": Role.EDITOR, "admin": Role.ADMIN}
_MACHINES: Final = {"read": Role.VIEWER, "write": Role.EDITOR, "admin": Role.ADMIN}


class Caller(NamedTuple):
    """The user or machine that calls. `actor` is their id, never their name or address."""

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
        if config.runs_under_sam_local:
            return Caller("sam-local", Role.ADMIN)
        raise Unauthorized("Sign in first: the request carries no valid access token.")
    # The gateway takes tokens of every app client of the pool, which may serve other applications, too.
    if claims.get("client_id") not in config.app_client_ids:
        raise Unauthorized("The access token was issued to another application.")
    groups = re.split(r"[\[\],\s]+", str(claims.get("cognito:groups", "")))
    scopes = str(claims.get("scope", "")).split()
    roles = [_PEOPLE[group] for group in groups if group in _PEOPLE]
    roles += [
        _MACHINES[name]
        for scope in scopes
        if scope.startswith(SCOPE_PREFIX) and (name := scope.removeprefix(SCOPE_PREFIX)) in _MACHINES
    ]
    return Caller(str(claims.get("sub") or claims.get("client_id")), max(roles, default=None))
