"""Two people change the same group: both versions are shown, and the second chooses."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import findings

type Post = Callable[..., dict[str, Any]]


@pytest.fixture
def group(new_group: Post) -> dict[str, Any]:
    return new_group(metadata={"colour": "blue"})


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


def test_both_names_are_shown_and_mine_can_be_kept(page: Page, admin: httpx.Client, path: str, unique: str) -> None:
    window = edit_name(page, path, f"Mine {unique}")
    admin.post(path, json={"name": f"Theirs {unique}"})
    window.get_by_role("button", name="Save").click()
    choice = window.get_by_role("alert", name="Someone changed this")
    assert findings(page) == []
    expect(choice.get_by_role("cell")).to_have_text([f"Theirs {unique}", f"Mine {unique}"])
    assert admin.get(path).json()["customer_group"]["name"] == f"Theirs {unique}"
    choice.get_by_role("button", name="Save my version").click()
    expect(window).to_be_hidden()
    assert admin.get(path).json()["customer_group"]["name"] == f"Mine {unique}"


def test_their_name_can_be_taken_over(page: Page, admin: httpx.Client, path: str, unique: str) -> None:
    window = edit_name(page, path, f"Mine {unique}")
    admin.post(path, json={"name": f"Theirs {unique}"})
    window.get_by_role("button", name="Save").click()
    window.get_by_role("button", name="Use their version").click()
    expect(window.get_by_label("Name")).to_have_value(f"Theirs {unique}")
    expect(window.get_by_role("alert")).to_be_hidden()


def test_a_change_of_something_else_is_no_conflict(page: Page, admin: httpx.Client, path: str, unique: str) -> None:
    window = edit_name(page, path, f"Mine {unique}")
    admin.post(path, json={"metadata": {"size": "L"}})
    window.get_by_role("button", name="Save").click()
    expect(window).to_be_hidden()
    stored = admin.get(path).json()["customer_group"]
    assert stored["name"] == f"Mine {unique}"
    assert stored["metadata"] == {"colour": "blue", "size": "L"}


def test_metadata_shows_the_keys_that_differ(page: Page, admin: httpx.Client, path: str) -> None:
    page.goto(path.removeprefix("/admin"))
    page.get_by_role("button", name="Edit metadata").click()
    window = page.get_by_role("dialog", name="Edit Metadata")
    window.get_by_label("Value of row 1").fill("green")
    admin.post(path, json={"metadata": {"colour": "red", "size": "L"}})
    window.get_by_role("button", name="Save").click()
    choice = window.get_by_role("alert", name="Someone changed this")
    expect(choice.get_by_role("row").nth(1)).to_contain_text('colour"red""green"')
    expect(choice.get_by_role("row").nth(2)).to_contain_text('size"L"not there')
    choice.get_by_role("button", name="Save my version").click()
    expect(window).to_be_hidden()
    assert admin.get(path).json()["customer_group"]["metadata"] == {"colour": "green"}
