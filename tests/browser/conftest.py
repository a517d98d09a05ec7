"""A real browser with a running stack, and signed-in users.

The front door serves the page under the content policy that it has in the cloud (a drift test compares the two), and a
test fails when anything breaks it.
"""

import json
import os
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from local.stack import Stack
from local.users import new_password

# In ms. Not a performance limit: on a busy machine, elements can appear late. While you write a test, PATIENCE=10
# (seconds) makes it fail sooner.
PATIENCE = int(os.environ.get("PATIENCE", "180")) * 1000
expect.set_options(timeout=PATIENCE)

WIDE, NARROW = (1280, 860), (360, 760)

type Person = tuple[str, str]
type Tokens = dict[str, str]
type OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def new_person(stack: Stack) -> Callable[[str], Person]:
    """The e-mail address and password of a new user with a role."""

    def create(role: str) -> Person:
        email, password = f"{role}.{secrets.token_hex(4)}@liqnic.example", new_password()
        stack.users.ensure(email, password, role)
        return email, password

    return create


@pytest.fixture(scope="session")
def signed_in(browser: Browser, stack: Stack, new_person: Callable[[str], Person]) -> Callable[[str], Tokens]:
    """The browser storage of a signed-in user with a role, created once per role."""
    remembered: dict[str, Tokens] = {}
    _warm_up(stack)

    def state(role: str) -> Tokens:
        if role not in remembered:
            context = browser.new_context(base_url=stack.api_url)
            context.set_default_timeout(PATIENCE)
            page = context.new_page()
            page.goto(stack.admin_url)
            sign_in(page, new_person(role))
            page.get_by_role("heading", name="Customer Groups").wait_for()
            remembered[role] = page.evaluate("({...sessionStorage})")
            context.close()
        return remembered[role]

    return state


@pytest.fixture
def open_page(browser: Browser, stack: Stack, signed_in: Callable[[str], Tokens]) -> Iterator[OpenPage]:
    """Opens a page as a user with a role, or without one. Errors in the browser console fail the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_one(
        role: str | None = "admin", *, size: tuple[int, int] = WIDE, dark: bool = False, locale: str = "en-US"
    ) -> Page:
        context = browser.new_context(
            base_url=stack.api_url,
            viewport={"width": size[0], "height": size[1]},
            has_touch=size == NARROW,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale=locale,
        )
        if role:
            context.add_init_script(_hand_over(signed_in(role)))
        context.set_default_timeout(PATIENCE)
        context.route(
            "**/admin/**", lambda route: route.continue_()
        )  # Chromium shows the bodies of routed requests only
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
    """A page with a signed-in admin."""
    return open_page()


@pytest.fixture
def opened(page: Page, group: dict[str, Any]) -> Page:
    """The page of the group that a module's fixture `group` creates."""
    page.goto(f"/customer-groups/{group['id']}")
    page.get_by_role("heading", name=group["name"]).wait_for()
    return page


def _hand_over(tokens: Tokens) -> str:
    """A script that puts the tokens into each tab once, so that later changes by the page are kept."""
    return f"""if (location.origin !== 'null' && !sessionStorage.getItem('handed over')) {{
        Object.assign(sessionStorage, {json.dumps(tokens)}, {{ 'handed over': 'once' }})
    }}"""


def _warm_up(stack: Stack) -> None:
    """Call all functions of the page once, because the first call of each is slow on a busy machine."""
    headers, an_hour = {"Authorization": f"Bearer {stack.token()}"}, 3600
    with httpx.Client(base_url=stack.api_url, headers=headers, timeout=an_hour, trust_env=False) as api:
        for address in ("customer-groups", "customers", "customer-groups/cusgroup_nowhere", "customers/cus_nowhere"):
            api.get(f"/admin/{address}")
        for part in ("customers", "history"):
            api.get(f"/admin/customer-groups/cusgroup_nowhere/{part}")


def let_pass(page: Page, milliseconds: int) -> None:
    """Wait in the page, so that its earlier timers run first, even on a slow machine."""
    page.evaluate("milliseconds => new Promise(done => setTimeout(done, milliseconds))", milliseconds)


@contextmanager
def held(page: Page, address: str | re.Pattern[str]) -> Iterator[None]:
    """Requests to an address are only sent after the block, as on a very slow line."""
    waiting: list[Route] = []
    over: list[bool] = []

    def hold(route: Route) -> None:
        if over:
            route.fallback()
        else:
            waiting.append(route)

    page.route(address, hold)
    yield
    over.append(True)
    for route in waiting:
        route.continue_()


def sign_in(page: Page, person: Person) -> None:
    email, password = person
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def _is_complaint(message: Any) -> bool:
    # Errors of the API and of the connection are part of some tests. The page shows them.
    expected = "Failed to (load resource|fetch dynamically)|Unable to preload CSS"
    return message.type == "error" and not re.search(expected, message.text)
