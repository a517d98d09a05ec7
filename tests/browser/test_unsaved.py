"""Unsaved input is never discarded without confirmation, and never truncated without notice."""

from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import let_pass
from tests.stack import Post


@pytest.fixture
def group(new_group: Post) -> dict[str, Any]:
    return new_group(metadata={"color": "blue"})


@pytest.fixture
def window(page: Page, group: dict[str, Any]) -> Locator:
    """The metadata window with an unsaved value."""
    page.goto("/customer-groups")
    page.get_by_role("heading", name="Customer Groups").wait_for()
    page.goto(f"/customer-groups/{group['id']}")
    page.get_by_role("button", name="Edit metadata").click()
    window = page.get_by_role("dialog", name="Edit Metadata")
    window.get_by_label("Value of row 1").fill("green")
    return window


def question(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Discard what you changed?")


@pytest.mark.parametrize("way", ["Esc", "Back", "Cancel", "Close"])
def test_leaving_with_unsaved_input_requires_confirmation(page: Page, window: Locator, way: str) -> None:
    def leave() -> None:
        if way == "Esc":
            page.keyboard.press("Escape")
        elif way == "Back":
            page.evaluate("history.back()")
        else:
            window.get_by_role("button", name=way).click()

    leave()
    expect(question(page).get_by_role("button", name="Go on editing")).to_be_focused()
    question(page).get_by_role("button", name="Go on editing").click()
    expect(question(page)).to_be_hidden()
    expect(window.get_by_label("Value of row 1")).to_have_value("green")
    leave()
    question(page).get_by_role("button", name="Discard").click()
    expect(window).to_be_hidden()
    page.get_by_role("button", name="Edit metadata").click()
    expect(window.get_by_label("Value of row 1")).to_have_value("blue")


@pytest.mark.usefixtures("window")
def test_the_browser_confirms_a_reload(page: Page) -> None:
    asked: list[str] = []

    def refuse(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", refuse)
    page.reload()
    assert asked == ["beforeunload"]


def test_back_works_as_before_after_saving(page: Page, window: Locator) -> None:
    window.get_by_role("button", name="Save").click()
    expect(window).to_be_hidden()
    let_pass(page, 300)
    page.go_back()
    expect(page.get_by_role("heading", name="Customer Groups", level=1)).to_be_visible()


def test_a_click_outside_the_form_requires_confirmation(page: Page) -> None:
    page.goto("/customer-groups")
    page.get_by_role("button", name="Create").click()
    form = page.get_by_role("dialog", name="Create Customer Group")
    form.get_by_label("Name").fill("Half a na")
    page.mouse.click(5, 5)
    question(page).get_by_role("button", name="Go on editing").click()
    expect(form.get_by_label("Name")).to_have_value("Half a na")


def test_back_from_a_new_group_returns_to_the_list(page: Page, unique: str) -> None:
    page.goto("/customer-groups")
    page.get_by_role("button", name="Create").click()
    form = page.get_by_role("dialog", name="Create Customer Group")
    form.get_by_label("Name").fill(f"Back {unique}")
    form.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name=f"Back {unique}")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Customer Groups", level=1)).to_be_visible()


def test_a_name_that_is_too_long_is_refused_and_not_truncated(page: Page, admin: httpx.Client, unique: str) -> None:
    name = unique + "x" * 260
    page.goto("/customer-groups")
    page.get_by_role("button", name="Create").click()
    form = page.get_by_role("dialog", name="Create Customer Group")
    form.get_by_label("Name").fill(name)
    form.get_by_role("button", name="Create").click()
    expect(form).to_contain_text("At most 255 characters; this has 270.")
    expect(form.get_by_label("Name")).to_have_value(name)
    assert admin.get("/admin/customer-groups", params={"q": unique}).json()["count"] == 0


def test_a_period_that_ends_before_it_starts_shows_an_error(page: Page) -> None:
    page.goto("/customer-groups")
    page.get_by_role("button", name="Add filter").click()
    page.get_by_role("menuitem", name="Created").click()
    picker = page.get_by_role("dialog", name="Created")
    picker.get_by_label("From").fill("2026-11-20")
    picker.get_by_label("To").fill("2026-11-01")
    expect(picker).to_contain_text("This is before the first day.")
    expect(picker.get_by_role("button", name="Apply")).to_be_disabled()


@pytest.mark.parametrize(
    ("button", "window", "field"),
    [("Add", "Add Customers", "Search customers"), ("Edit metadata", "Edit Metadata", "Key of row 1")],
)
def test_a_window_opens_with_the_focus_in_its_first_field(
    page: Page, new_customer: Post, group: dict[str, Any], button: str, window: str, field: str
) -> None:
    new_customer()
    page.goto(f"/customer-groups/{group['id']}")
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_role("dialog", name=window).get_by_label(field)).to_be_focused()
