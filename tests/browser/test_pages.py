"""What pages share: crumbs, exact times, ids to copy, filters to change, languages, and code that is loaded ahead."""

import re
import time
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.stack import Post

type Group = dict[str, Any]


@pytest.fixture
def group(admin: httpx.Client, new_group: Post, new_customer: Post) -> Group:
    """A group of three, one of whom has left."""
    group, ids = new_group(), [new_customer()["id"] for _ in range(3)]
    admin.post(f"/admin/customer-groups/{group['id']}/customers", json={"add": ids})
    admin.post(f"/admin/customer-groups/{group['id']}/customers", json={"remove": ids[:1]})
    return group


@pytest.fixture
def one_day() -> None:
    """Waits for midnight if it is near, so that everything happens on one day."""
    now = datetime.now()  # noqa: DTZ005 - the days of the page are those of this machine
    left = datetime.combine(now, datetime.max.time()) - now
    if left < timedelta(minutes=1):
        time.sleep(left.total_seconds() + 1)


def test_a_group_shows_where_it_is_and_its_id(opened: Page, group: Group) -> None:
    crumbs = opened.get_by_role("navigation", name="Where this is")
    expect(crumbs.get_by_role("listitem")).to_have_text(["Customer Groups", group["name"]])
    opened.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened.get_by_role("button", name="Copy the ID").click()
    opened.get_by_role("button", name="Copied").wait_for()
    assert opened.evaluate("navigator.clipboard.readText()") == group["id"]
    crumbs.get_by_role("link", name="Customer Groups").click()
    expect(opened).to_have_url(re.compile(r"/customer-groups$"))


@pytest.mark.usefixtures("one_day")
def test_the_customers_of_a_group_over_time_are_a_line_with_a_table_behind_it(opened: Page) -> None:
    line = opened.get_by_role("button", name="Show customers over time")
    line.hover()
    expect(line).to_have_attribute("title", re.compile("from 0 to 2 customers: 3 joined, 1 left"))
    expect(line.get_by_role("img")).to_be_visible()
    line.click()
    window = opened.get_by_role("dialog", name="Customers over time")
    days = window.get_by_role("table", name="Days on which somebody joined or left")
    expect(days.get_by_role("row").last.get_by_role("cell")).to_have_text(["3", "1", "2"])
    expect(window.get_by_role("img", name="Joined and left, day by day")).to_be_visible()


def test_a_filter_can_be_changed_where_it_is_shown(page: Page, group: Group) -> None:
    page.goto("/customer-groups?created=last-7-days")  # not today, which can be over before the list is shown
    expect(page.get_by_role("link", name=group["name"])).to_be_visible()
    page.get_by_role("button", name="Change filter: Created: Last 7 days").click()
    page.get_by_role("dialog", name="Created").get_by_role("button", name="Last 30 days").click()
    expect(page.get_by_role("button", name="Change filter: Created: Last 30 days")).to_be_visible()
    expect(page).to_have_url(re.compile(r"created=last-30-days$"))


def test_a_row_has_its_number_at_the_end_of_the_cell_and_the_exact_time_on_hover(page: Page, group: Group) -> None:
    page.goto("/customer-groups")
    row = page.get_by_role("row").filter(has_text=group["name"])
    expect(row.get_by_role("cell", name="2", exact=True)).to_have_css("text-align", "end")
    created = row.locator("time").first
    expect(created).to_have_text(re.compile("minute"))
    expect(created).to_have_attribute("title", re.compile(r"\w+ \d+, \d{4}.*\d+:\d{2}"))


def test_the_language_is_chosen_in_the_account_menu(opened: Page, group: Group) -> None:
    opened.get_by_role("button", name="@liqnic.example").click()
    opened.get_by_role("menuitemradio", name="Deutsch").click()
    expect(opened.locator("html")).to_have_attribute("lang", "de")
    expect(opened.get_by_text("2 Kunden", exact=True)).to_be_visible()
    opened.goto("/customer-groups")
    expect(opened.get_by_role("heading", name="Kundengruppen", level=1)).to_be_visible()
    expect(opened.get_by_role("link", name=group["name"])).to_be_visible()


def test_the_code_of_a_page_is_loaded_when_the_pointer_is_on_its_link(page: Page, group: Group) -> None:
    page.goto("/customer-groups")
    page.get_by_role("link", name=group["name"]).wait_for()
    with page.expect_request(re.compile("/assets/group-page-")):
        page.get_by_role("link", name=group["name"]).hover()
    with page.expect_request(re.compile("/assets/customers-page-")):
        page.get_by_role("navigation", name="Main").get_by_role("link", name="Customers", exact=True).hover()
    expect(page).to_have_url(re.compile(r"/customer-groups$"))
