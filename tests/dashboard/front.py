"""Serves the dashboard with a running stack. Other routes of Medusa are simulated here."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from threading import Thread
from typing import Any, Final

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from local import processes
from local.stack import Stack

BUILT: Final = Path(__file__).parent / "dist"
OURS: Final = ("/admin/customer-groups", "/admin/customers")
USER: Final = {"id": "user_1", "email": "ada.lovelace@liqnic.example", "first_name": "Ada", "last_name": "Lovelace"}
STORE: Final = {"id": "store_1", "name": "Liqnic", "supported_currencies": [], "supported_locales": []}
NOTHING: Final = {"count": 0, "offset": 0, "limit": 20}
# Other routes of a shop. An empty shop is enough for the customers' pages.
NOT_OURS: Final[dict[str, dict[str, Any]]] = {
    "/auth/user/providers": {"providers": [{"id": "emailpass"}]},
    "/cloud/auth": {"enabled": False},
    "/admin/feature-flags": {"feature_flags": {}},
    "/admin/notifications": {"notifications": [], **NOTHING},
    "/admin/orders": {"orders": [], **NOTHING},
    "/admin/plugins": {"plugins": []},
    "/admin/regions": {"regions": [], **NOTHING},
    "/admin/sales-channels": {"sales_channels": [], **NOTHING},
    "/admin/stores": {"stores": [STORE], **NOTHING, "count": 1},
    "/admin/users/me": {"user": USER},
}


@dataclass(frozen=True)
class Exchange:
    """A request of the dashboard to the service, and its status."""

    method: str
    target: str
    status: int

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


@dataclass
class Front:
    """The dashboard and everything behind it, on one origin."""

    stack: Stack
    port: int = field(default_factory=processes.free_port)
    exchanges: list[Exchange] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{processes.LOOPBACK}:{self.port}/app"

    @property
    def refused(self) -> list[Exchange]:
        """Requests that failed, except that the dashboard reads a record again after deleting it."""
        deleted = {one.path for one in self.exchanges if one.method == "DELETE"}
        gone = HTTPStatus.NOT_FOUND
        return [one for one in self.exchanges if one.status >= 400 and not (one.status == gone and one.path in deleted)]

    def application(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/auth/user/emailpass", self._sign_in, methods=["POST"]),
                Mount("/app", _Pages(directory=BUILT, html=True)),
                Mount("/", self._api),
            ]
        )

    async def _sign_in(self, request: Request) -> Response:
        """The dashboard's sign-in form, with the stack's user pool."""
        given = await request.json()
        token = await run_in_threadpool(self.stack.users.access_token, given["email"], given["password"])
        return JSONResponse({"token": token})

    async def _api(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        path = scope["path"]
        if path.startswith(OURS):
            answer = await self._pass_on(request)
        elif path == "/admin/users/me" and "authorization" not in request.headers:
            answer = JSONResponse({"message": "Sign in first"}, 401)
        else:
            answer = JSONResponse(NOT_OURS.get(path, {"message": "Not in this shop"}), 200 if path in NOT_OURS else 404)
        await answer(scope, receive, send)

    async def _pass_on(self, request: Request) -> Response:
        path, query = request.scope["raw_path"], request.scope["query_string"]
        target = path + b"?" + query if query else path
        headers = [(name, value) for name, value in request.headers.raw if name not in (b"host", b"connection")]
        async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
            url = httpx.URL(self.stack.api_url).copy_with(raw_path=target)
            answer = await client.request(request.method, url, headers=headers, content=await request.body())
        self.exchanges.append(Exchange(request.method, target.decode(), answer.status_code))
        passed = {name: answer.headers[name] for name in ("content-type", "etag") if name in answer.headers}
        return Response(answer.content, answer.status_code, passed)


class _Pages(StaticFiles):
    """The built dashboard. Every path that is not a file is one of its pages."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        try:
            return await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or "." in path.rpartition("/")[2]:
                raise
            return await super().get_response("index.html", scope)


@contextmanager
def serving(stack: Stack) -> Iterator[Front]:
    """Run the dashboard during the block."""
    front = Front(stack)
    settings = uvicorn.Config(front.application(), host=processes.LOOPBACK, port=front.port, log_level="warning")
    server = uvicorn.Server(settings)
    thread = Thread(target=server.run)
    thread.start()
    try:
        yield front
    finally:
        server.should_exit = True
        thread.join()
