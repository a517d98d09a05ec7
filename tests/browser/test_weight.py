"""What a first load weighs over the wire, and how far the layout moves while it comes."""

from collections.abc import Callable
from typing import Final

import httpx
import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.transferred import transferred
from tests.stack import Post

# admin/README.md says what the kB are for.
MAX_KB: Final = 200
MAX_SIGN_IN_KB: Final = 120
MAX_SHIFT: Final = 0.05

# Moves within half a second of an input are what the person asked for.
_WATCH: Final = """() => {
  window.shifted = 0
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value
  }).observe({ type: 'layout-shift', buffered: true })
}"""


@pytest.fixture
def addresses(admin: httpx.Client, new_group: Post, new_customer: Post) -> dict[str, str]:
    group, customers = new_group(metadata={"color": "blue"}), [new_customer() for _ in range(12)]
    members = {"add": [each["id"] for each in customers]}
    admin.post(f"/admin/customer-groups/{group['id']}/customers", json=members)
    return {
        "customer groups": "/customer-groups",
        "customer group": f"/customer-groups/{group['id']}",
        "customers": "/customers",
        "customer": f"/customers/{customers[0]['id']}",
    }


def watched(page: Page) -> Callable[[], float]:
    """Watches the layout, and counts what is transferred from now on, in kB."""
    page.add_init_script(f"({_WATCH})()")
    return transferred(page)


def test_the_first_load_of_every_view_is_light_and_holds_still(open_page: OpenPage, addresses: dict[str, str]) -> None:
    weights, shifts = {}, {}
    for view, address in addresses.items():
        page = open_page()
        weight = watched(page)
        page.goto(address)
        page.get_by_role("table").first.get_by_role("link").first.wait_for()
        page.wait_for_load_state("networkidle")
        weights[view], shifts[view] = weight(), page.evaluate("window.shifted")
    assert {view: kb for view, kb in weights.items() if kb >= MAX_KB} == {}
    assert {view: shift for view, shift in shifts.items() if shift > MAX_SHIFT} == {}


def test_the_sign_in_is_lighter_still(open_page: OpenPage) -> None:
    page = open_page(None)
    weight = watched(page)
    page.goto("/")
    page.get_by_label("Email").wait_for()
    page.wait_for_load_state("networkidle")
    assert weight() < MAX_SIGN_IN_KB
    assert page.evaluate("window.shifted") <= MAX_SHIFT
