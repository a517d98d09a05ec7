"""The Medusa dashboard with a signed-in user and a separate stack."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from local.stack import Stack
from tests.browser.conftest import PATIENCE
from tests.dashboard.front import Front, serving


@pytest.fixture(scope="session")
def front(stack: Stack) -> Iterator[Front]:
    with serving(stack) as one:
        yield one


@pytest.fixture(scope="session")
def dashboard(browser: Browser, front: Front) -> Page:
    """The dashboard after a person has signed in."""
    page = browser.new_page(viewport={"width": 1400, "height": 1000}, base_url=front.url)
    page.set_default_timeout(PATIENCE)
    page.goto(f"{front.url}/login")
    page.locator("input[name=email]").fill(front.stack.username)
    page.locator("input[name=password]").fill(front.stack.password)
    page.locator("input[name=password]").press("Enter")
    page.get_by_role("link", name="Customers", exact=True).wait_for()
    return page


@pytest.fixture
def page(dashboard: Page, front: Front) -> Iterator[Page]:
    """The dashboard. At the end, all of its requests to the service must have succeeded."""
    crashes: list[str] = []
    dashboard.on("pageerror", lambda error: crashes.append(str(error)))
    yield dashboard
    assert front.refused == []
    assert crashes == []
