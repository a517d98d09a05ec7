"""A real browser in front of a running stack, and people who are signed in to it.

The page is served under the content policy that it has in the cloud, and a test fails when anything breaks it.
"""

import secrets
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, StorageState, expect, sync_playwright

from local.stack import Stack
from local.users import new_password
from tests.browser.policy import POLICY
from tests.end_to_end.conftest import admin, client, new_customer, new_group, stack, stack_home, unique

__all__ = ["admin", "client", "new_customer", "new_group", "stack", "stack_home", "unique"]

# As root in a container there is no sandbox; the rest keeps Chromium from calling home.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# In ms: the local cloud answers slowly where a machine has much else to do.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)

WIDE, NARROW = (1280, 860), (360, 760)

type Person = tuple[str, str]
type OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium where it is installed, else the one that Playwright brought."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def new_person(stack: Stack) -> Callable[[str], Person]:
    """A new person with a role: e-mail address and password."""

    def create(role: str) -> Person:
        email, password = f"{role}.{secrets.token_hex(4)}@liqnic.example", new_password()
        stack.users.ensure(email, password, role)
        return email, password

    return create


@pytest.fixture(scope="session")
def signed_in(browser: Browser, stack: Stack, new_person: Callable[[str], Person]) -> Callable[[str], StorageState]:
    """What the browser remembers of a person with the given role who has signed in. Once a role is enough."""
    remembered: dict[str, StorageState] = {}

    def state(role: str) -> StorageState:
        if role not in remembered:
            context = browser.new_context(base_url=stack.api_url)
            page = context.new_page()
            page.goto("/")
            sign_in(page, new_person(role))
            page.get_by_role("heading", name="Customer Groups").wait_for()
            remembered[role] = context.storage_state()
            context.close()
        return remembered[role]

    return state


@pytest.fixture
def open_page(browser: Browser, stack: Stack, signed_in: Callable[[str], StorageState]) -> Iterator[OpenPage]:
    """Opens a page as a person with a role, or as a stranger. Fails the test for whatever the page complains of."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_one(role: str | None = "admin", *, size: tuple[int, int] = WIDE, dark: bool = False) -> Page:
        context = browser.new_context(
            base_url=stack.api_url,
            viewport={"width": size[0], "height": size[1]},
            has_touch=size == NARROW,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            storage_state=signed_in(role) if role else None,
        )
        context.set_default_timeout(PATIENCE)
        context.route(lambda url: url.endswith("/index.html") or "." not in url.rpartition("/")[2], _with_policy)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if _is_complaint(message) else None)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A page on which an admin is signed in."""
    return open_page()


def sign_in(page: Page, person: Person) -> None:
    email, password = person
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def _with_policy(route: Route) -> None:
    if route.request.resource_type != "document":
        route.fallback()
        return
    answer = route.fetch()
    route.fulfill(response=answer, headers=answer.headers | {"content-security-policy": POLICY})


def _is_complaint(message: Any) -> bool:
    # Refusals of the API are part of some tests; the page itself shows them.
    return message.type == "error" and "Failed to load resource" not in message.text
