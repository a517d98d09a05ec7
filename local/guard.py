"""A guard in front of the local cloud: refuses requests that do not come from programs of this project.

Any page in the developer's browser can send requests to loopback. The local cloud accepts every origin, and accepts
`test`, any twelve digits and the configured key as the root key. So this guard checks the host name, the origin and the
key first. It runs with the interpreter of the local cloud's environment, so it cannot import other modules of this
repository.
"""

import os
import re
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from typing import Any, Final
from urllib.parse import parse_qsl

type Scope = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[Any]]
type Send = Callable[[Any], Awaitable[None]]
type Application = Callable[[Scope, Receive, Send], Awaitable[None]]

API: Final = re.compile(r"[0-9a-z]+\.execute-api\.localhost")
HOST: Final = re.compile(r"127\.0\.0\.1|localhost|host\.docker\.internal|[0-9a-z.-]+\.localhost")
"""Host names of this machine. Containers use the third. Browsers resolve names under `.localhost` to loopback."""
SESSION_KEY: Final = re.compile(r"ASIA[0-9A-Z]{16}")
"""The key of a function. The local cloud checks that it issued the key, and verifies the signature."""
PUBLIC: Final = re.compile(r"/oauth2/token|/_ministack/ready|/[\w-]+/\.well-known/(jwks\.json|openid-configuration)")
USER_POOL: Final = "AWSCognitoIdentityProviderService."
"""Sign-in requests are not signed. The local cloud refuses unsigned administrative requests itself."""


class Guard:
    """Forwards requests that are signed with a known key and come from an allowed origin."""

    def __init__(self, cloud: Application, access_key_id: str, allowed_origins: set[str]) -> None:
        self._cloud = cloud
        self._access_key_id = access_key_id
        self._allowed_origins = allowed_origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._cloud(scope, receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
        elif (refusal := self.refusal(scope)) is not None:
            await _refuse(refusal, send)
        else:
            await self._cloud(scope, receive, send)

    def refusal(self, scope: Scope) -> str | None:
        """The reason to refuse a request, or None."""
        headers = _headers(scope)
        hosts = [host.partition(":")[0] for host in headers.get("host", [""])]
        if len(hosts) != 1 or not HOST.fullmatch(hosts[0]):
            return "This is not a host name of the local cloud."
        if API.fullmatch(hosts[0]):
            return None  # an API checks the token and the origin itself
        if not set(headers.get("origin", [])) <= self._allowed_origins:
            return "The local cloud does not accept requests from this origin."
        return self._refusal_of_key(scope, headers)

    def _refusal_of_key(self, scope: Scope, headers: dict[str, list[str]]) -> str | None:
        sent = set(_keys(scope, headers))
        if not sent and not _is_public(scope, headers):
            return "The local cloud only accepts signed requests. The key is in .local/stack.json."
        if all(key == self._access_key_id or SESSION_KEY.fullmatch(key) for key in sent):
            return None
        return "The local cloud does not know this key. The current key is in .local/stack.json."


def _headers(scope: Scope) -> dict[str, list[str]]:
    """Header values by lower-case name. A name can occur more than once."""
    found: dict[str, list[str]] = {}
    for name, value in scope["headers"]:
        found.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    return found


def _keys(scope: Scope, headers: dict[str, list[str]]) -> Iterator[str]:
    """All access keys in the request, because it is not known which one the local cloud uses."""
    for value in headers.get("authorization", []):
        yield from re.findall(r"Credential=([^/,\s]*)", value)
        yield from re.findall(r"^AWS ([^:]*):", value)
    for name, value in parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True):
        if name in ("X-Amz-Credential", "AWSAccessKeyId"):
            yield value.partition("/")[0]


def _is_public(scope: Scope, headers: dict[str, list[str]]) -> bool:
    """Whether the request does not need a key."""
    targets = headers.get("x-amz-target", [])
    return bool(PUBLIC.fullmatch(scope["path"])) or (
        scope["path"] == "/" and len(targets) == 1 and targets[0].startswith(USER_POOL)
    )


async def _refuse(reason: str, send: Send) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": f"{reason}\n".encode()})


def main() -> None:
    """Start the cloud with the guard in front of it."""
    import ministack.app as cloud  # noqa: PLC0415 - only available in its own environment, not in tests

    allowed = set(os.environ["GUARD_ALLOWED_ORIGINS"].split())
    cloud.app = Guard(cloud.app, os.environ["AWS_ACCESS_KEY_ID"], allowed)
    cloud.main()


if __name__ == "__main__":
    main()
