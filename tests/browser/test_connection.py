"""Offline, errors and busy servers: one banner, one "Try again", and a correct state after every save."""

from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.stack import Post

UNREACHABLE = "The server cannot be reached"


@pytest.fixture
def group(new_group: Post) -> dict[str, Any]:
    return new_group(metadata={"color": "blue"})


@pytest.fixture
def opened(page: Page, group: dict[str, Any]) -> Page:
    page.goto(f"/customer-groups/{group['id']}")
    page.get_by_role("heading", name=group["name"]).wait_for()
    page.get_by_text("Created", exact=True).last.wait_for()
    return page


def banner(page: Page) -> Locator:
    return page.get_by_role("main").get_by_role("status").first


def rename(page: Page, name: str) -> Locator:
    page.get_by_role("button", name="Customer group actions").click()
    page.get_by_role("menuitem", name="Edit").click()
    window = page.get_by_role("dialog", name="Edit Customer Group")
    window.get_by_label("Name").fill(name)
    window.get_by_role("button", name="Save").click()
    return window


def test_a_banner_is_shown_while_offline(opened: Page) -> None:
    opened.context.set_offline(True)
    expect(banner(opened)).to_contain_text("You are offline")
    opened.context.set_offline(False)
    expect(banner(opened)).to_be_hidden()


def test_saving_offline_fails_immediately_and_is_not_repeated_later(
    opened: Page, admin: httpx.Client, group: dict[str, Any], unique: str
) -> None:
    opened.get_by_role("button", name="Customer group actions").click()
    opened.get_by_role("menuitem", name="Edit").click()
    opened.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    opened.context.set_offline(True)
    window = rename(opened, f"Offline {unique}")
    expect(window.get_by_role("alert")).to_contain_text("You are offline")
    expect(window.get_by_label("Name")).to_have_value(f"Offline {unique}")
    opened.context.set_offline(False)
    expect(banner(opened)).to_be_hidden()
    opened.wait_for_timeout(1_000)
    path = f"/admin/customer-groups/{group['id']}"
    assert admin.get(path).json()["customer_group"]["name"] == group["name"]
    window.get_by_role("button", name="Save").click()
    expect(window).to_be_hidden()
    assert admin.get(path).json()["customer_group"]["name"] == f"Offline {unique}"


def test_all_failing_sections_show_one_banner(page: Page, group: dict[str, Any]) -> None:
    page.route("**/admin/customer-groups/**", lambda route: route.abort())
    page.goto(f"/customer-groups/{group['id']}")
    expect(banner(page)).to_contain_text(UNREACHABLE)
    expect(page.get_by_text("This could not be loaded.")).to_have_count(2)  # History is not in view
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("button", name="Try again")).to_have_count(1)
    page.unroute("**/admin/customer-groups/**")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name=group["name"])).to_be_visible()
    expect(banner(page)).to_be_hidden()
    expect(page.get_by_text("This could not be loaded.")).to_have_count(0)


def test_a_page_whose_code_failed_to_load_can_be_retried(page: Page) -> None:
    page.goto("/customers")
    page.get_by_role("heading", name="Customers").wait_for()
    page.context.set_offline(True)
    page.get_by_role("navigation").get_by_role("link", name="Customer Groups").click()
    expect(page.get_by_text("could not be loaded")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_role("table", name="Customer Groups")).to_be_visible()


def test_retry_after_of_a_busy_server_is_respected(opened: Page, unique: str) -> None:
    moments: list[float] = []

    def refuse_once(route: Route) -> None:
        if route.request.method != "POST":
            return route.fallback()
        moments.append(opened.evaluate("performance.now()"))
        if len(moments) > 1:
            return route.fallback()
        return route.fulfill(status=429, headers={"Retry-After": "2"}, json={"message": "Too Many Requests"})

    opened.route("**/admin/customer-groups/*", refuse_once)
    window = rename(opened, f"Patient {unique}")
    expect(banner(opened)).to_contain_text("The server is busy")
    expect(window).to_be_hidden()
    expect(opened.get_by_role("heading", name=f"Patient {unique}")).to_be_visible()
    assert len(moments) == 2
    assert moments[1] - moments[0] >= 2_000


def test_a_server_that_stays_busy_shows_an_error(opened: Page, unique: str) -> None:
    def refuse(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(status=429, headers={"Retry-After": "40"}, json={"message": "Too Many Requests"})
        else:
            route.fallback()

    opened.route("**/admin/customer-groups/*", refuse)
    window = rename(opened, f"Patient {unique}")
    expect(window.get_by_role("alert")).to_contain_text("The server is busy. Try again in 40 seconds.")
