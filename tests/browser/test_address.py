"""The state of a list is in the URL: it can be bookmarked and shared, and Back works."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import let_pass
from tests.stack import Post


@pytest.fixture
def groups(new_group: Post, unique: str) -> str:
    """Create three groups with a common word in their names, and return the word."""
    for name in ("Alpha", "Beta", "Gamma"):
        new_group(name=f"{name} {unique}")
    return unique


def names(page: Page) -> list[str]:
    links = page.get_by_role("table", name="Customer Groups").get_by_role("row").get_by_role("link")
    return [text.partition(" ")[0] for text in links.all_inner_texts()]


def expect_names(page: Page, *expected: str) -> None:
    table = page.get_by_role("table", name="Customer Groups")
    expect(table.get_by_role("cell").get_by_role("link")).to_have_text([re.compile(f"^{name}") for name in expected])


def test_search_order_and_filters_are_in_the_url_and_back_undoes_them(page: Page, groups: str) -> None:
    page.goto("/customer-groups")
    page.get_by_label("Search customer groups").fill(groups)
    expect(page).to_have_url(re.compile(rf"\?q={groups}$"))
    expect_names(page, "Gamma", "Beta", "Alpha")
    page.get_by_role("columnheader", name="Name").get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"order=name"))
    expect_names(page, "Alpha", "Beta", "Gamma")
    page.get_by_role("columnheader", name="Name").get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"order=-name"))
    expect_names(page, "Gamma", "Beta", "Alpha")
    expect(page.get_by_role("columnheader", name="Name")).to_have_attribute("aria-sort", "descending")
    page.get_by_role("button", name="Add filter").click()
    page.get_by_role("menuitem", name="Updated").click()
    page.get_by_role("button", name="Today").click()
    expect(page).to_have_url(re.compile(r"updated=today"))

    page.go_back()
    expect(page.get_by_role("button", name="Remove filter")).to_be_hidden()
    page.go_back()
    expect_names(page, "Alpha", "Beta", "Gamma")
    page.go_back()
    page.go_back()
    expect(page).to_have_url(re.compile(r"/customer-groups$"))
    expect(page.get_by_label("Search customer groups")).to_have_value("")


def test_a_bookmark_shows_the_same_view(page: Page, groups: str) -> None:
    page.goto(f"/customer-groups?q=a+{groups}&order=-name&created=2020-01-01..2099-12-31")
    expect_names(page, "Gamma", "Beta", "Alpha")
    expect(page.get_by_label("Search customer groups")).to_have_value(f"a {groups}")
    expect(page.get_by_role("button", name="Remove filter: Created")).to_be_visible()


def test_back_from_a_group_returns_to_the_same_list(page: Page, groups: str) -> None:
    page.goto(f"/customer-groups?q={groups}&order=name")
    page.get_by_role("link", name="Beta").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Beta")
    page.go_back()
    expect_names(page, "Alpha", "Beta", "Gamma")


def test_pages_are_in_the_url_and_a_search_starts_at_the_first(
    page: Page, new_group: Post, new_customer: Post, admin: Any, unique: str
) -> None:
    group = new_group()
    ids = [new_customer(first_name=f"Nr{number:02}", last_name=unique)["id"] for number in range(11)]
    admin.post(f"/admin/customer-groups/{group['id']}/customers", json={"add": ids})
    page.goto(f"/customer-groups/{group['id']}")
    page.get_by_role("button", name="Next page").click()
    expect(page).to_have_url(re.compile(r"page=2"))
    expect(page.get_by_text("11\N{EN DASH}11 of 11")).to_be_visible()
    page.get_by_label("Search customers").fill("nr05")
    expect(page).to_have_url(re.compile(r"\?q=nr05$"))
    expect(page.get_by_text("1\N{EN DASH}1 of 1")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("11\N{EN DASH}11 of 11")).to_be_visible()
    # A bookmark to a page that no longer exists shows the last page.
    page.goto(f"/customer-groups/{group['id']}?page=7")
    expect(page).to_have_url(re.compile(r"page=2"))
    expect(page.get_by_text("11\N{EN DASH}11 of 11")).to_be_visible()


@pytest.mark.usefixtures("groups")
def test_an_invalid_url_shows_the_default_list(page: Page) -> None:
    page.goto("/customer-groups?order=password&page=-3&created=yesterday&account=yes&limit=5")
    page.get_by_role("table", name="Customer Groups").wait_for()
    expect(page.get_by_role("alert")).to_be_hidden()
    expect(page.get_by_role("columnheader", name="Created")).to_have_attribute("aria-sort", "descending")


def test_a_row_that_is_clicked_right_after_typing_opens(page: Page, groups: str) -> None:
    def late(route: Route) -> None:
        let_pass(page, 600)
        route.continue_()

    # The search waits for more letters, longer than a fast typist needs.
    page.route("**/assets/group-page-*.js", late)
    page.goto("/customer-groups")
    row = page.get_by_role("link", name=f"Gamma {groups}")
    row.wait_for()
    page.get_by_label("Search customer groups").fill(groups)
    row.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Gamma {groups}")
    let_pass(page, 500)
    expect(page).to_have_url(re.compile(r"/customer-groups/cusgroup_\w+$"))
