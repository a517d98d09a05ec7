"""All parts of the page agree after each action, and after actions in other tabs."""

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.history import history_of
from tests.stack import Post

type Group = dict[str, Any]


@pytest.fixture
def crowd(new_customer: Post, unique: str) -> list[str]:
    """The ids of 13 customers that match `unique`."""
    return [new_customer(email=f"crowd{number:02}.{unique}@mail.example")["id"] for number in range(13)]


@pytest.fixture
def group(admin: httpx.Client, new_group: Post, crowd: list[str]) -> Group:
    group = new_group()
    admin.post(f"/admin/customer-groups/{group['id']}/customers", json={"add": crowd[:5]})
    return group


def says(page: Page, count: int, group: Group) -> None:
    """The header, the list, and the confirmation of a deletion all show the same number."""
    word = "1 customer" if count == 1 else f"{count} customers"
    expect(page.get_by_text(word, exact=True)).to_be_visible()
    members = page.get_by_role("region", name="Customers", exact=True)
    if count:
        expect(members.get_by_text(re.compile(rf"of {count}$"))).to_be_visible()
    else:
        expect(members).to_contain_text("No customers in this group")
    page.get_by_role("button", name="Customer group actions").click()
    page.get_by_role("menuitem", name="Delete").click()
    pop_up = page.get_by_role("dialog", name="Delete customer group?")
    expect(pop_up).to_contain_text(f"“{group['name']}” with {word}")
    pop_up.get_by_role("button", name="Cancel").click()
    expect(pop_up).to_be_hidden()


def test_all_counts_on_the_page_are_equal_after_adding_and_removing(page: Page, group: Group, unique: str) -> None:
    page.goto(f"/customer-groups/{group['id']}")
    says(page, 5, group)
    page.get_by_role("button", name="Add", exact=True).click()
    window = page.get_by_role("dialog", name="Add Customers")
    window.get_by_label("Search customers").fill(unique)
    window.get_by_role("button", name="Select all 13 that match").click()
    window.get_by_role("button", name="Save").click()
    expect(window).to_be_hidden()
    says(page, 13, group)
    expect(history_of(page)).to_contain_text("8 customers added")
    page.get_by_role("checkbox", name="Select all on this page").check()
    page.get_by_role("button", name="Select all 13").click()
    expect(page.get_by_role("region", name="Selection").get_by_role("status")).to_have_text("13 selected")
    page.keyboard.press("r")
    page.get_by_role("dialog").get_by_role("button", name="Continue").click()
    says(page, 0, group)
    expect(history_of(page)).to_contain_text("13 customers removed")


def test_a_page_in_another_tab_is_updated(page: Page, group: Group, unique: str) -> None:
    page.goto(f"/customer-groups/{group['id']}")
    says(page, 5, group)
    other = page.context.new_page()
    other.goto(f"/customer-groups/{group['id']}")
    other.get_by_role("checkbox", name=f"Select crowd04.{unique}").check()
    other.keyboard.press("r")
    other.get_by_role("dialog").get_by_role("button", name="Continue").click()
    expect(other.get_by_text("4 customers", exact=True)).to_be_visible()
    says(page, 4, group)
    expect(history_of(page)).to_contain_text("1 customer removed")


def test_the_confirmation_of_a_deletion_has_the_current_count(
    page: Page, admin: httpx.Client, group: Group, crowd: list[str]
) -> None:
    page.goto(f"/customer-groups/{group['id']}")
    expect(page.get_by_text("5 customers", exact=True)).to_be_visible()
    admin.post(f"/admin/customer-groups/{group['id']}/customers", json={"add": crowd})
    page.get_by_role("button", name="Customer group actions").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_role("dialog")).to_contain_text("with 13 customers")


def test_the_browser_cache_does_not_show_an_old_count(
    page: Page, admin: httpx.Client, group: Group, crowd: list[str]
) -> None:
    page.goto(f"/customer-groups/{group['id']}")
    expect(page.get_by_text("5 customers", exact=True)).to_be_visible()
    admin.post(f"/admin/customer-groups/{group['id']}/customers", json={"add": crowd})
    page.reload()
    expect(page.get_by_text("13 customers", exact=True)).to_be_visible()


def test_a_rename_is_shown_for_its_customers_and_in_other_tabs(
    page: Page, group: Group, crowd: list[str], unique: str
) -> None:
    page.goto(f"/customers/{crowd[0]}")
    groups = page.get_by_role("table", name="Customer Groups")
    expect(groups.get_by_role("link", name=group["name"])).to_be_visible()
    other = page.context.new_page()
    other.goto(f"/customer-groups/{group['id']}")
    other.get_by_role("button", name="Customer group actions").click()
    other.get_by_role("menuitem", name="Edit").click()
    other.get_by_role("dialog").get_by_label("Name").fill(f"Renamed {unique}")
    other.get_by_role("button", name="Save").click()
    expect(groups.get_by_role("link", name=f"Renamed {unique}")).to_be_visible()
