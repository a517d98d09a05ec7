"""Adding many customers: filters, all matches, ranges, clicks on rows, and pasted lists."""

import secrets
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.stack import Post


@pytest.fixture(scope="module")
def word() -> str:
    return secrets.token_hex(5)


@pytest.fixture(scope="module")
def crowd(new_customer: Post, word: str) -> list[dict[str, Any]]:
    """25 customers that match `word`: two pages. Every fifth has an account."""
    return [
        new_customer(email=f"pick{number:02}.{word}@mail.example", has_account=number % 5 == 0) for number in range(25)
    ]


@pytest.fixture
def group(new_group: Post) -> dict[str, Any]:
    return new_group()


@pytest.fixture
def window(page: Page, group: dict[str, Any], crowd: list[dict[str, Any]], word: str) -> Locator:
    page.goto(f"/customer-groups/{group['id']}")
    page.get_by_role("button", name="Add", exact=True).click()
    window = page.get_by_role("dialog", name="Add Customers")
    window.get_by_label("Search customers").fill(word)
    expect(window.get_by_text(f"of {len(crowd)}")).to_be_visible()
    window.get_by_role("button", name="Email", exact=True).click()
    expect(row(window, 0)).to_be_visible()
    return window


def row(window: Locator, number: int) -> Locator:
    return window.get_by_role("row").filter(has_text=f"pick{number:02}.")


def says(window: Locator, text: str) -> None:
    expect(window.get_by_role("status").filter(has_text="selected").last).to_have_text(text)


def test_all_matches_on_all_pages_can_be_selected(
    page: Page, admin: httpx.Client, window: Locator, group: dict[str, Any]
) -> None:
    window.get_by_role("button", name="Select all 25 that match").click()
    says(window, "25 selected")
    window.get_by_role("button", name="Save").click()
    expect(window).to_be_hidden()
    expect(page.get_by_text("25 customers", exact=True)).to_be_visible()
    assert admin.get(f"/admin/customer-groups/{group['id']}").json()["customer_group"]["customer_count"] == 25


def test_filters_limit_what_is_selected(page: Page, window: Locator) -> None:
    window.get_by_role("button", name="Add filter").click()
    page.get_by_role("menuitem", name="With account", exact=True).click()
    window.get_by_role("button", name="Select all 5 that match").click()
    says(window, "5 selected")
    window.get_by_role("button", name="Add filter").click()
    page.get_by_role("menuitem", name="Created").click()
    page.get_by_role("dialog", name="Created").get_by_label("To").fill("2020-01-01")
    page.get_by_role("dialog", name="Created").get_by_role("button", name="Apply").click()
    expect(window.get_by_text("Nothing matches")).to_be_visible()
    says(window, "5 selected")


def test_a_click_on_a_row_selects_it_and_shift_selects_a_range(window: Locator) -> None:
    row(window, 2).get_by_role("cell").nth(1).click()
    expect(row(window, 2).get_by_role("checkbox")).to_be_checked()
    row(window, 7).get_by_role("cell").nth(1).click(modifiers=["Shift"])
    says(window, "6 selected")
    row(window, 9).get_by_role("checkbox").click(modifiers=["Shift"])
    says(window, "8 selected")
    row(window, 8).get_by_role("cell").nth(1).click()
    says(window, "7 selected")
    row(window, 3).get_by_role("checkbox").click(modifiers=["Shift"])
    says(window, "2 selected")


def test_a_pasted_list_selects_customers_and_reports_unknown_ones(
    window: Locator, crowd: list[dict[str, Any]], unique: str
) -> None:
    window.get_by_role("button", name="Paste ids or emails").click()
    pasted = [crowd[0]["id"], crowd[1]["email"].upper(), f"nobody.{unique}@mail.example", "cus_nobody", crowd[1]["id"]]
    window.get_by_label("Ids and email addresses").fill("\n".join(pasted[:2]) + ", " + "; ".join(pasted[2:]))
    window.get_by_role("button", name="Find and select 5").click()
    says(window, "2 selected")
    expect(window).to_contain_text("2 customers found and selected. 2 not found:")
    expect(window).to_contain_text("cus_nobody")
    expect(window).to_contain_text(f"nobody.{unique}@mail.example")


def test_a_list_can_be_pasted_into_the_search_box(page: Page, window: Locator, crowd: list[dict[str, Any]]) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", "\n".join(each["email"] for each in crowd[:3]))
    window.get_by_label("Search customers").focus()
    page.keyboard.press("Control+v")
    says(window, "3 selected")
