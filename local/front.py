"""The front server: serves the page and the API on one origin, like CloudFront in AWS.

Requests to `/admin/…` are forwarded to the local API Gateway unchanged, except for the Host header that it needs.
Requests to `/cognito/` are forwarded to the local user pool. Everything else is the built page.
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
# Headers that belong to a connection, not to the message (RFC 9110, 7.6.1).
HOP_BY_HOP: Final = {b"connection", b"keep-alive", b"te", b"trailer", b"transfer-encoding", b"upgrade"}

# The same policy as PageHeaders in template.yaml, but sign-in is on this origin, and the bucket of jobs is in the local
# cloud, whose address is added at start. A drift test compares the two.
CONTENT_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
)

type Headers = list[tuple[bytes, bytes]]


class Proxy:
    """Forwards requests to the local cloud, and returns its responses unchanged."""

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
            answer = await self._forward(request, body)
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

    async def _forward(self, request: Request, body: bytes) -> Response:
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
        forwarded = Response(answer.content, answer.status)
        forwarded.raw_headers = [(name, value) for name, value in answer.headers if name.lower() not in HOP_BY_HOP]
        return forwarded


class Page(StaticFiles):
    """The built page. Every path that is not a file is one of its views."""

    def __init__(self, bucket_of_jobs: str) -> None:
        super().__init__(directory=PAGE, html=True)
        self._policy = CONTENT_POLICY.replace("connect-src 'self'", f"connect-src 'self' {bucket_of_jobs}")

    async def get_response(self, path: str, scope: Scope) -> Response:
        try:
            answer = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or "." in path.rpartition("/")[2]:  # noqa: PLR2004 - HTTP's Not Found
                raise
            answer = await super().get_response("index.html", scope)
        # The names of files in assets/ contain a digest. Other files can change with every build.
        is_immutable = path.startswith("assets/")
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable" if is_immutable else "no-cache"
        answer.headers["Content-Security-Policy"] = self._policy
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer


NOT_BUILT_YET: Final = PlainTextResponse(
    "The API is running under /admin/. The admin web app is not built yet: run make page, then reload.\n",
    status_code=503,
)


def application(stack: dict[str, Any]) -> Starlette:
    """The front server of the stack that `stack.json` describes."""
    endpoint_url = stack["endpoint_url"]
    api_host = f"{stack['api_id']}.execute-api.localhost:{urlsplit(endpoint_url).port}"
    stage = f"/{stack['stage']}".encode()
    api = Proxy(endpoint_url, api_host, lambda path: stage + path)
    user_pool = Proxy(endpoint_url, urlsplit(endpoint_url).netloc, lambda path: path.removeprefix(b"/cognito") or b"/")

    async def sign_in_only(scope: Scope, receive: Receive, send: Send) -> None:
        """Only forward sign-in requests, although the local cloud has more services."""
        request = Request(scope, receive)
        service = request.headers.get("x-amz-target", "").partition(".")[0]
        allowed = service == "AWSCognitoIdentityProviderService" or scope["path"] == "/cognito/oauth2/token"
        answer: Callable[[Scope, Receive, Send], Awaitable[None]] = (
            user_pool if allowed else PlainTextResponse("Only sign-in requests are forwarded here.\n", status_code=404)
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
        # Checked for every request, because the page can be built while the server runs.
        answer = Page(endpoint_url) if (PAGE / "index.html").exists() else NOT_BUILT_YET
        await answer(scope, receive, send)

    return Starlette(
        routes=[
            Mount("/admin", api),
            Mount("/cognito", sign_in_only),
            Route("/config.json", config),
            Mount("/", GZipMiddleware(page)),
        ],
        # Other host names are refused, to prevent DNS rebinding.
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=list(processes.NAMES))],
    )


def main() -> None:
    """Serve the stack that the given file describes."""
    stack = json.loads(Path(sys.argv[1]).read_text())
    uvicorn.run(
        application(stack),
        host=processes.LOOPBACK,
        port=urlsplit(stack["api_url"]).port or 80,
        log_level="warning",
        # Longer than clients keep idle connections, so that none is closed while a request is on its way.
        timeout_keep_alive=75,
        access_log=False,
        server_header=False,
        date_header=False,
    )


if __name__ == "__main__":
    main()
