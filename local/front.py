"""The front door: the page and the API on one origin, as CloudFront gives them in the cloud.

`/admin/…` goes to the local API Gateway exactly as it came, byte for byte, with the Host header that it wants.
`/cognito/` goes to the local user pool. Everything else is the built page.
"""

import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpcore
import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from local import cloud, processes

PAGE: Final = cloud.ROOT / "admin" / "dist"
# Of one connection, not of the message (RFC 9110, 7.6.1).
HOP_BY_HOP: Final = {b"connection", b"keep-alive", b"te", b"trailer", b"transfer-encoding", b"upgrade"}

# What PageHeaders in template.yaml sends, but that sign-in is on this very origin. A drift test compares the two.
CONTENT_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
)

type Headers = list[tuple[bytes, bytes]]


class Passage:
    """Passes requests on to the local cloud and answers back, unchanged."""

    def __init__(self, endpoint_url: str, host: str, target: Callable[[bytes], bytes]) -> None:
        address = urlsplit(endpoint_url)
        self._origin = httpcore.Origin(b"http", (address.hostname or "").encode(), address.port or 80)
        self._host = host.encode()
        self._target = target
        self._pool = httpcore.AsyncConnectionPool(max_connections=100)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await request.body()
        try:
            answer = await self._pass(request, body)
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException):
            answer = JSONResponse(
                {
                    "type": "unexpected_state",
                    "code": "local_cloud_gone",
                    "message": "The local cloud has stopped. Start it again with make run.",
                    "request_id": "",
                },
                status_code=502,
            )
        await answer(scope, receive, send)

    async def _pass(self, request: Request, body: bytes) -> Response:
        path, query = request.scope["raw_path"], request.scope["query_string"]
        url = httpcore.URL(
            scheme=self._origin.scheme,
            host=self._origin.host,
            port=self._origin.port,
            target=self._target(path) + (b"?" + query if query else b""),
        )
        headers = [(name, value) for name, value in request.headers.raw if name not in HOP_BY_HOP | {b"host"}]
        if body and b"content-length" not in dict(headers):
            headers.append((b"content-length", str(len(body)).encode()))
        answer = await self._pool.request(
            request.method,
            url,
            headers=[(b"host", self._host), *headers],
            content=body,
            extensions={"timeout": {"connect": 5, "read": 60, "write": 60, "pool": 60}},
        )
        passed = Response(answer.content, answer.status)
        passed.raw_headers = [(name, value) for name, value in answer.headers if name.lower() not in HOP_BY_HOP]
        return passed


class Page(StaticFiles):
    """The built page; every address that is not a file is one of its views."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        try:
            answer = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or "." in path.rpartition("/")[2]:  # noqa: PLR2004
                raise
            answer = await super().get_response("index.html", scope)
        # Vite names what lies in assets/ after its content; the rest may change with every build.
        is_immutable = path.startswith("assets/")
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable" if is_immutable else "no-cache"
        answer.headers["Content-Security-Policy"] = CONTENT_POLICY
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer


NOT_BUILT_YET: Final = PlainTextResponse(
    "The API is running under /admin/. The admin web app is not built yet: run make page, then reload.\n",
    status_code=503,
)


def application(stack: dict[str, Any]) -> Starlette:
    """The front of a stack that `stack.json` describes."""
    endpoint_url = stack["endpoint_url"]
    api_host = f"{stack['api_id']}.execute-api.localhost:{urlsplit(endpoint_url).port}"
    stage = f"/{stack['stage']}".encode()
    api = Passage(endpoint_url, api_host, lambda path: stage + path)
    user_pool = Passage(
        endpoint_url, urlsplit(endpoint_url).netloc, lambda path: path.removeprefix(b"/cognito") or b"/"
    )

    async def sign_in_only(scope: Scope, receive: Receive, send: Send) -> None:
        """The local cloud is more than a user pool; from a browser it is no more than that."""
        request = Request(scope, receive)
        service = request.headers.get("x-amz-target", "").partition(".")[0]
        allowed = service == "AWSCognitoIdentityProviderService" or scope["path"] == "/cognito/oauth2/token"
        answer: Callable[[Scope, Receive, Send], Awaitable[None]] = (
            user_pool if allowed else PlainTextResponse("Only sign-in goes through here.\n", status_code=404)
        )
        await answer(scope, receive, send)

    async def config(_: Request) -> Response:
        return JSONResponse(
            {
                "region": stack["region"],
                "userPoolId": stack["user_pool_id"],
                "clientId": stack["client_id"],
                "userPoolEndpoint": "/cognito/",
            },
            headers={"Cache-Control": "no-store"},
        )

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        # Looked for at every request: the page may be built while the front is up.
        answer = Page(directory=PAGE, html=True) if (PAGE / "index.html").exists() else NOT_BUILT_YET
        await answer(scope, receive, send)

    return Starlette(
        routes=[
            Mount("/admin", api),
            Mount("/cognito", sign_in_only),
            Route("/config.json", config),
            Mount("/", GZipMiddleware(page)),
        ],
        # A page elsewhere must not reach this machine under a name of its own (DNS rebinding).
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=[processes.LOOPBACK, "localhost"])],
    )


def main() -> None:
    """Serve the stack that the given file describes, until told to stop."""
    stack = json.loads(Path(sys.argv[1]).read_text())
    uvicorn.run(
        application(stack),
        host=processes.LOOPBACK,
        port=urlsplit(stack["api_url"]).port or 80,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
    )


if __name__ == "__main__":
    main()
