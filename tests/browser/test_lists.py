"""Lists: rows that are links, groups that are deleted together, columns to choose, and views with a name."""

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import findings
from tests.browser.conftest import OpenPage, held
from tests.browser.jobs import expect_done
from tests.browser.layout import faults
from tests.stack import Post

type Group = dict[str, Any]


@pytest.fixture
def groups(new_group: Post, unique: str) -> list[Group]:
    return [new_group(name=f"{name} {unique}") for name in ("Spring", "Summer", "Winter")]


@pytest.fixture
def listed(page: Page, groups: list[Group], unique: str) -> Page:
    page.goto(f"/customer-groups?q={unique}&order=name")
    page.get_by_role("link", name=groups[2]["name"]).wait_for()
    return page


@pytest.mark.parametrize("where", ["the link", "elsewhere in the row"])
@pytest.mark.parametrize("way", ["middle click", "Ctrl and click"])
def test_a_group_opens_in_a_tab_of_its_own_without_another_sign_in(
    listed: Page, groups: list[Group], where: str, way: str
) -> None:
    row = listed.get_by_role("row").filter(has_text=groups[0]["name"])
    place = row.get_by_role("link") if where == "the link" else row.get_by_role("time").or_(row.locator("time")).first
    with listed.context.expect_page() as opened:
        if way == "middle click":
            place.click(button="middle")
        else:
            place.click(modifiers=["ControlOrMeta"])
    expect(opened.value.get_by_role("heading", name=groups[0]["name"])).to_be_visible()
    expect(listed).to_have_url(re.compile("order=name"))


def test_checked_groups_are_named_and_deleted_together(
    listed: Page, admin: httpx.Client, groups: list[Group], unique: str
) -> None:
    for group in groups[:2]:
        listed.get_by_role("checkbox", name=f"Select {group['name']}").check()
    bar = listed.get_by_role("region", name="Selection")
    expect(bar).to_contain_text("2 selected")
    assert findings(listed) == []
    # Somebody else is quicker with one of them.
    admin.delete(f"/admin/customer-groups/{groups[0]['id']}")
    bar.get_by_role("button", name="Delete").click()
    pop_up = listed.get_by_role("dialog", name="Delete customer groups?")
    expect(pop_up.get_by_role("listitem")).to_have_text([group["name"] for group in groups[:2]])
    expect(pop_up.get_by_role("button", name="Cancel")).to_be_focused()
    assert faults(listed) == []
    pop_up.get_by_role("button", name="Delete").click()
    expect(listed.get_by_text("2 customer groups were deleted.")).to_be_visible()
    expect(bar).to_be_hidden()
    expect(listed.get_by_role("link", name=groups[1]["name"])).to_be_hidden()
    left = admin.get("/admin/customer-groups", params={"q": unique}).json()["customer_groups"]
    assert [group["name"] for group in left] == [groups[2]["name"]]


def test_groups_that_are_deleted_are_not_checked_any_more_when_another_one_is_refused(
    listed: Page, admin: httpx.Client, groups: list[Group]
) -> None:
    rule = {"label": "10% off", "url": "https://pricing.example/rules/7"}
    admin.put(f"/admin/customer-groups/{groups[1]['id']}/references/pricing/rule-7", json=rule).raise_for_status()
    for group in groups:
        listed.get_by_role("checkbox", name=f"Select {group['name']}").check()
    bar = listed.get_by_role("region", name="Selection")
    bar.get_by_role("button", name="Delete").click()
    pop_up = listed.get_by_role("dialog", name="Delete customer groups?")
    pop_up.get_by_role("button", name="Delete").click()
    expect(pop_up.get_by_role("alert")).to_be_visible()
    pop_up.get_by_role("button", name="Cancel").click()
    expect(bar).to_contain_text("2 selected")
    expect(listed.get_by_role("link", name=groups[0]["name"])).to_be_hidden()
    expect(listed.get_by_role("checkbox", name=f"Select {groups[2]['name']}")).to_be_checked()


def test_a_deletion_that_is_under_way_is_not_closed(listed: Page, groups: list[Group]) -> None:
    listed.get_by_role("checkbox", name=f"Select {groups[0]['name']}").check()
    listed.get_by_role("region", name="Selection").get_by_role("button", name="Delete").click()
    pop_up = listed.get_by_role("dialog", name="Delete customer groups?")
    with held(listed, "**/admin/customer-groups/*"):
        pop_up.get_by_role("button", name="Delete").click()
        expect(pop_up.get_by_role("button", name="Close")).to_be_disabled()
        listed.keyboard.press("Escape")
        expect(pop_up).to_be_visible()
    expect(listed.get_by_text("1 customer group was deleted.")).to_be_visible()
    expect(pop_up).to_be_hidden()


def test_checked_groups_are_exported_and_combined(listed: Page, groups: list[Group]) -> None:
    bar = listed.get_by_role("region", name="Selection")
    listed.get_by_role("checkbox", name=f"Select {groups[0]['name']}").check()
    expect(bar.get_by_role("button", name="Combine")).to_be_hidden()
    listed.get_by_role("checkbox", name=f"Select {groups[2]['name']}").check()
    bar.get_by_role("button", name="Combine").click()
    window = listed.get_by_role("dialog", name="Combine customer groups")
    for group in (groups[0], groups[2]):
        expect(window.get_by_role("button", name=f"Take “{group['name']}” away")).to_be_visible()
    listed.keyboard.press("Escape")
    bar.get_by_role("button", name="Export").click()
    window = listed.get_by_role("dialog", name="Export customer groups")
    expect(window.get_by_label("Some")).to_be_checked()
    expect(window.get_by_role("button", name=f"Take “{groups[1]['name']}” away")).to_be_hidden()
    window.get_by_role("button", name="Start export").click()
    expect_done(listed, "Export 2 customer groups")


@pytest.mark.parametrize(("role", "actions"), [("editor", ["Export", "Combine"]), ("viewer", None)])
def test_groups_can_be_checked_for_what_the_role_may_do(
    open_page: OpenPage, groups: list[Group], unique: str, role: str, actions: list[str] | None
) -> None:
    page = open_page(role)
    page.goto(f"/customer-groups?q={unique}")
    page.get_by_role("link", name=groups[0]["name"]).wait_for()
    if actions is None:
        expect(page.get_by_role("checkbox")).to_have_count(0)
        return
    page.get_by_role("checkbox", name="Select all on this page").check()
    bar = page.get_by_role("region", name="Selection")
    expect(bar.get_by_role("button")).to_have_text([*actions, ""])


def test_columns_are_chosen_and_stay_so_in_the_address(listed: Page) -> None:
    table = listed.get_by_role("table")
    listed.get_by_role("button", name="Columns").click()
    listed.get_by_role("menuitemcheckbox", name="Updated").click()
    expect(table.get_by_role("columnheader", name="Updated")).to_be_hidden()
    expect(listed).to_have_url(re.compile("hide=updated_at"))
    listed.keyboard.press("Escape")
    listed.reload()
    expect(table.get_by_role("columnheader", name="Created")).to_be_visible()
    expect(table.get_by_role("columnheader", name="Updated")).to_be_hidden()


def test_a_view_gets_a_name_and_is_found_again(listed: Page, unique: str) -> None:
    listed.get_by_role("button", name="Saved views").click()
    window = listed.get_by_role("dialog", name="Saved views")
    window.get_by_label("Name for this view").fill("Seasons")
    listed.keyboard.press("Enter")
    expect(window.get_by_role("link", name="Seasons")).to_be_visible()
    assert findings(listed) + faults(listed) == []
    listed.keyboard.press("Escape")
    listed.goto("/customer-groups")
    listed.get_by_role("button", name="Saved views").click()
    window.get_by_role("link", name="Seasons").click()
    expect(listed).to_have_url(re.compile(f"q={unique}&order=name"))
    expect(window).to_be_hidden()
    listed.get_by_role("button", name="Saved views").click()
    window.get_by_role("button", name="Remove the view “Seasons”").click()
    expect(window.get_by_text("None yet.")).to_be_visible()


def test_a_page_can_have_more_rows_and_the_next_one_begins_at_its_top(page: Page, new_group: Post, unique: str) -> None:
    for number in range(11):
        new_group(name=f"Row {number} {unique}")
    page.goto("/customer-groups?size=10")
    page.get_by_role("button", name="Next page").scroll_into_view_if_needed()
    page.get_by_role("button", name="Next page").click()
    expect(page).to_have_url(re.compile("page=2"))
    expect(page.get_by_role("table")).to_be_in_viewport()
    page.get_by_label("Rows on a page").select_option("50")
    expect(page).to_have_url(re.compile(r"\?size=50$"))
    expect(page.get_by_role("row").nth(11)).to_be_visible()
