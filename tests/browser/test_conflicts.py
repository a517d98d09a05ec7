"""Two users edit the same record: their changes are merged, and only conflicts are asked about."""

from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import rows
from tests.browser.axe import findings
from tests.stack import Post

SAVE = "Save what I chose"


@pytest.fixture
def group(new_group: Post) -> dict[str, Any]:
    return new_group(metadata={"color": "blue"})


@pytest.fixture
def path(group: dict[str, Any]) -> str:
    return f"/admin/customer-groups/{group['id']}"


def edit_name(page: Page, path: str, name: str) -> Locator:
    page.goto(path.removeprefix("/admin"))
    page.get_by_role("button", name="Customer group actions").click()
    page.get_by_role("menuitem", name="Edit").click()
    window = page.get_by_role("dialog", name="Edit Customer Group")
    window.get_by_label("Name").fill(name)
    return window


def edit_metadata(page: Page, path: str) -> Locator:
    page.goto(path.removeprefix("/admin"))
    page.get_by_role("button", name="Edit metadata").click()
    return page.get_by_role("dialog", name="Edit Metadata")


def the_choice(window: Locator) -> Locator:
    return window.get_by_role("alert", name="Someone changed this")


def test_a_name_conflict_shows_all_three_names_and_mine_can_be_kept(
    page: Page, admin: httpx.Client, group: dict[str, Any], path: str, unique: str
) -> None:
    window = edit_name(page, path, f"Mine {unique}")
    admin.post(path, json={"name": f"Theirs {unique}"})
    window.get_by_role("button", name="Save").click()
    choice = the_choice(window)
    expect(choice.get_by_role("cell")).to_have_text([group["name"], f"Theirs {unique}", f"Mine {unique}"])
    assert findings(page) == []
    assert admin.get(path).json()["customer_group"]["name"] == f"Theirs {unique}"
    choice.get_by_role("button", name=SAVE).click()
    expect(window).to_be_hidden()
    assert admin.get(path).json()["customer_group"]["name"] == f"Mine {unique}"


def test_their_name_can_be_kept(page: Page, admin: httpx.Client, path: str, unique: str) -> None:
    window = edit_name(page, path, f"Mine {unique}")
    admin.post(path, json={"name": f"Theirs {unique}"})
    window.get_by_role("button", name="Save").click()
    window.get_by_role("radio", name="Name: take theirs").check()
    window.get_by_role("button", name="Go on editing").click()
    expect(window.get_by_label("Name")).to_have_value(f"Theirs {unique}")
    expect(the_choice(window)).to_be_hidden()


def test_a_change_of_something_else_is_no_conflict(page: Page, admin: httpx.Client, path: str, unique: str) -> None:
    window = edit_name(page, path, f"Mine {unique}")
    admin.post(path, json={"metadata": {"size": "L"}})
    window.get_by_role("button", name="Save").click()
    expect(window).to_be_hidden()
    stored = admin.get(path).json()["customer_group"]
    assert stored["name"] == f"Mine {unique}"
    assert stored["metadata"] == {"color": "blue", "size": "L"}


def test_keys_that_only_one_person_changed_are_merged_without_asking(
    page: Page, admin: httpx.Client, path: str
) -> None:
    admin.post(path, json={"metadata": {"old": 1, "kept": 1}})
    window = edit_metadata(page, path)
    window.get_by_label(f"Value of row {rows.number_of(window, 'color')}").fill("green")
    admin.post(path, json={"metadata": {"size": "L", "old": ""}})
    window.get_by_role("button", name="Save").click()
    expect(window).to_be_hidden()
    assert admin.get(path).json()["customer_group"]["metadata"] == {"color": "green", "kept": 1, "size": "L"}


def test_only_keys_that_both_changed_are_conflicts(page: Page, admin: httpx.Client, path: str) -> None:
    admin.post(path, json={"metadata": {"size": "M"}})
    window = edit_metadata(page, path)
    window.get_by_label("Value of row 1").fill("green")
    window.get_by_label("Value of row 2").fill("S")
    admin.post(path, json={"metadata": {"color": "red", "size": "L", "theirs": True}})
    window.get_by_role("button", name="Save").click()
    choice = the_choice(window)
    expect(choice.get_by_role("columnheader")).to_have_text(["What", "Before", "Theirs", "Yours"])
    expect(choice.get_by_role("row")).to_have_text(
        ["WhatBeforeTheirsYours", 'color"blue""red""green"', 'size"M""L""S"']
    )
    choice.get_by_role("radio", name="size: take theirs").check()
    choice.get_by_role("button", name=SAVE).click()
    expect(window).to_be_hidden()
    stored = admin.get(path).json()["customer_group"]["metadata"]
    assert stored == {"color": "green", "size": "L", "theirs": True}


def test_a_conflict_gets_the_focus(page: Page, admin: httpx.Client, path: str, unique: str) -> None:
    window = edit_name(page, path, f"Mine {unique}")
    admin.post(path, json={"name": f"Theirs {unique}"})
    page.keyboard.press("Enter")
    expect(the_choice(window)).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('[role=alert]') !== null")


@pytest.fixture
def customer(new_customer: Post) -> dict[str, Any]:
    return new_customer(first_name="Grace", last_name="Hopper", phone="+1 555 0100")


def edit_customer(page: Page, customer: dict[str, Any]) -> Locator:
    page.goto(f"/customers/{customer['id']}")
    page.get_by_role("button", name="Customer actions").click()
    page.get_by_role("menuitem", name="Edit").click()
    return page.get_by_role("dialog", name="Edit Customer")


def test_a_phone_number_saved_by_another_user_is_kept(
    page: Page, admin: httpx.Client, customer: dict[str, Any]
) -> None:
    window = edit_customer(page, customer)
    window.get_by_label("Company").fill("Eckert-Mauchly")
    admin.post(f"/admin/customers/{customer['id']}", json={"phone": "+1 555 0199"})
    window.get_by_role("button", name="Save").click()
    expect(window).to_be_hidden()
    stored = admin.get(f"/admin/customers/{customer['id']}").json()["customer"]
    assert (stored["phone"], stored["company_name"]) == ("+1 555 0199", "Eckert-Mauchly")
    expect(page.get_by_text("+1 555 0199")).to_be_visible()


def test_only_changed_fields_of_a_customer_are_sent(page: Page, customer: dict[str, Any]) -> None:
    window = edit_customer(page, customer)
    window.get_by_label("First name").fill("Admiral Grace")
    with page.expect_request(lambda request: request.method == "POST" and "/admin/customers/" in request.url) as sent:
        window.get_by_role("button", name="Save").click()
    assert sent.value.post_data_json == {"first_name": "Admiral Grace"}
    assert sent.value.headers["if-match"] == '"1"'


def test_a_customer_field_that_both_changed_is_a_conflict(
    page: Page, admin: httpx.Client, customer: dict[str, Any]
) -> None:
    window = edit_customer(page, customer)
    window.get_by_label("Phone").fill("+1 555 0111")
    admin.post(f"/admin/customers/{customer['id']}", json={"phone": "+1 555 0199"})
    window.get_by_role("button", name="Save").click()
    expect(the_choice(window).get_by_role("cell")).to_have_text(["+1 555 0100", "+1 555 0199", "+1 555 0111"])
    assert admin.get(f"/admin/customers/{customer['id']}").json()["customer"]["phone"] == "+1 555 0199"
    the_choice(window).get_by_role("button", name=SAVE).click()
    expect(window).to_be_hidden()
    assert admin.get(f"/admin/customers/{customer['id']}").json()["customer"]["phone"] == "+1 555 0111"
