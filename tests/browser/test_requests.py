"""The page only sends the requests that it needs."""

import re

import httpx
import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import OpenPage, let_pass
from tests.browser.history import history_of
from tests.stack import Post


@pytest.fixture(autouse=True)
def _something_to_list(new_group: Post, new_customer: Post) -> None:
    new_group()
    new_customer()


@pytest.fixture
def asked(page: Page) -> list[str]:
    """The API calls of the page so far."""
    calls: list[str] = []

    def note(request: Request) -> None:
        if "/admin/" in request.url:
            calls.append(f"{request.method} {request.url.partition('/admin/')[2].partition('?')[0]}")

    page.on("request", note)
    return calls


def test_a_list_is_one_call(page: Page, asked: list[str]) -> None:
    for address, name in (("customer-groups", "Customer Groups"), ("customers", "Customers")):
        asked.clear()
        page.goto(f"/{address}")
        page.get_by_role("table", name=name).get_by_role("link").first.wait_for()
        page.wait_for_load_state("networkidle")
        assert asked == [f"GET {address}"]


def test_a_page_sends_one_request_for_each_section(
    page: Page, admin: httpx.Client, asked: list[str], new_group: Post, new_customer: Post, unique: str
) -> None:
    group, customers = new_group(name=f"Asked for {unique}"), [new_customer() for _ in range(10)]
    customer = customers[0]
    members = {"add": [each["id"] for each in customers]}
    admin.post(f"/admin/customer-groups/{group['id']}/customers", json=members)
    page.goto(f"/customer-groups/{group['id']}")
    page.get_by_role("link", name=customer["email"]).wait_for()
    page.wait_for_load_state("networkidle")
    path = f"GET customer-groups/{group['id']}"
    assert sorted(asked) == [path, f"{path}/customers"]

    asked.clear()
    with page.expect_response(re.compile("/references")):
        expect(history_of(page)).to_contain_text("10 customers added")
    let_pass(page, 500)
    assert sorted(asked) == [f"{path}/history", f"{path}/references"]

    asked.clear()
    with page.expect_response(re.compile(f"/admin/customers/{customer['id']}/history")):
        page.get_by_role("link", name=customer["email"]).click()
        page.get_by_role("table", name="Customer Groups").wait_for()
    let_pass(page, 500)
    assert sorted(asked) == [f"GET customers/{customer['id']}", f"GET customers/{customer['id']}/history"]


def test_a_search_is_sent_once_and_not_for_each_letter(page: Page, asked: list[str]) -> None:
    page.goto("/customer-groups")
    page.get_by_role("table", name="Customer Groups").get_by_role("link").first.wait_for()
    asked.clear()
    page.get_by_label("Search customer groups").press_sequentially("nothing like this")
    page.get_by_text("Nothing matches").wait_for()
    assert asked == ["GET customer-groups"]


def test_a_skeleton_is_shown_while_loading(page: Page) -> None:
    page.route("**/admin/customer-groups?*", lambda _route: None)
    page.goto("/customer-groups")
    table = page.get_by_role("table", name="Customer Groups")
    expect(table).to_have_attribute("aria-busy", "true")
    expect(table.get_by_role("columnheader")).to_have_count(5)


def test_an_empty_list_shows_what_to_do(open_page: OpenPage) -> None:
    nothing = {"customer_groups": [], "count": 0, "offset": 0, "limit": 20, "next_cursor": None}
    for role, words in (("editor", "A customer group is a way to segment"), ("viewer", "When someone creates")):
        page = open_page(role)
        page.route("**/admin/customer-groups?*", lambda route: route.fulfill(json=nothing))
        page.goto("/customer-groups")
        expect(page.get_by_text("No customer groups yet")).to_be_visible()
        expect(page.get_by_text(words)).to_be_visible()
