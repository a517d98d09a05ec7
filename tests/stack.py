"""A separate stack for the session of each worker: deployed from the template, with IAM policies and real tokens.

STACK_FILE=.local/stack.json uses a running stack, which is faster while writing tests.
"""

import os
import secrets
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any, Final, override

import httpx
import pytest
from playwright.sync_api import Browser, sync_playwright

from local import processes
from local import stack as stacks
from local.stack import Stack
from local.users import machine_token, new_password
from tests.browser import chromium

type Post = Callable[..., dict[str, Any]]

TOKEN_SECONDS: Final = 20 * 60
"""After this, `admin` signs in again. Tokens are valid for an hour; all tests on a slow machine can take longer."""


class _SignedIn(httpx.Auth):
    """Sends an access token that is not old, unless a request has one of its own."""

    def __init__(self, sign_in: Callable[[], str]) -> None:
        self._sign_in = sign_in
        self._token, self._until = "", 0.0

    @override
    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        if time.monotonic() >= self._until:
            self._token, self._until = self._sign_in(), time.monotonic() + TOKEN_SECONDS
        request.headers.setdefault("Authorization", f"Bearer {self._token}")
        yield request


def eventually[T](look: Callable[[], T], seconds: float = 180, pause: float = 0.2) -> T:
    """Call `look` until it returns something true or the time is up, and return the last result."""
    deadline = time.monotonic() + seconds
    while not (seen := look()) and time.monotonic() < deadline:
        time.sleep(pause)
    return seen


@pytest.fixture(scope="session")
def stack_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the stack's data."""
    given = os.environ.get("STACK_FILE")
    return Path(given).parent.absolute() if given else tmp_path_factory.mktemp("stack")


@pytest.fixture(scope="session")
def stack(stack_home: Path) -> Iterator[Stack]:
    if os.environ.get("STACK_FILE"):
        yield stacks.running(stack_home)
        return
    yield stacks.start(stack_home, processes.free_port(), with_demo_data=False)
    stacks.delete_data(stack_home)


@pytest.fixture(scope="session")
def token_for(stack: Stack) -> Callable[[str | None], str]:
    """An access token of a new user with the given role, or without one."""

    def token(role: str | None) -> str:
        email, password = f"{role or 'nobody'}.{secrets.token_hex(4)}@liqnic.example", new_password()
        stack.users.ensure(email, password, role)
        return stack.users.access_token(email, password)

    return token


@pytest.fixture(scope="session")
def machine(stack: Stack) -> Callable[[str], str]:
    """An access token of the machine client with the given scopes."""

    def token(scope: str) -> str:
        return machine_token(stack.endpoint_url, stack.machine_client_id, stack.machine_client_secret, scope)

    return token


@pytest.fixture(scope="session")
def client(stack: Stack) -> Iterator[Callable[[str | None], httpx.Client]]:
    """Clients of the API: with a token, or without any."""
    opened: list[httpx.Client] = []

    def open_client(token: str | None = None) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        opened.append(httpx.Client(base_url=stack.api_url, headers=headers, timeout=60, trust_env=False))
        return opened[-1]

    yield open_client
    for each in opened:
        each.close()


@pytest.fixture(scope="session")
def admin(stack: Stack) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stack.api_url, auth=_SignedIn(stack.token), timeout=60, trust_env=False) as one:
        yield one


@pytest.fixture(scope="session")
def editor(client: Callable[[str | None], httpx.Client], token_for: Callable[[str | None], str]) -> httpx.Client:
    return client(token_for("editor"))


@pytest.fixture(scope="session")
def viewer(client: Callable[[str | None], httpx.Client], token_for: Callable[[str | None], str]) -> httpx.Client:
    return client(token_for("viewer"))


@pytest.fixture(scope="session")
def anonymous(client: Callable[[str | None], httpx.Client]) -> httpx.Client:
    return client(None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """An installed browser, or else Playwright's."""
    with sync_playwright() as playwright:
        running = chromium.launch(playwright)
        yield running
        running.close()


@pytest.fixture
def unique() -> str:
    """A unique word, because all tests share the stack."""
    return secrets.token_hex(5)


@pytest.fixture
def new_group(admin: httpx.Client, unique: str) -> Post:
    """Create a group with the given fields, and a unique name by default."""

    def create(**fields: Any) -> dict[str, Any]:
        answer = admin.post("/admin/customer-groups", json={"name": f"Group {unique}"} | fields)
        assert answer.status_code == 200, answer.text
        group: dict[str, Any] = answer.json()["customer_group"]
        return group

    return create


@pytest.fixture(scope="session")
def new_customer(admin: httpx.Client) -> Post:
    """Create a customer with the given fields, and a unique e-mail address by default."""

    def create(**fields: Any) -> dict[str, Any]:
        body = {"email": f"{secrets.token_hex(6)}@mail.example"} | fields
        answer = admin.post("/admin/customers", json=body)
        assert answer.status_code == 200, answer.text
        customer: dict[str, Any] = answer.json()["customer"]
        return customer

    return create
