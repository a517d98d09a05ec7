"""A walk past every view, side window, pop-up and menu, for whatever has to be looked at in all of them."""

from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page


def every_view(page: Page, group: dict[str, Any], customer: dict[str, Any]) -> Iterator[str]:
    """Yields the name of what the page shows now. The group has members and metadata; the customer is one of them."""
    yield from _lists(page, group)
    yield from _group(page, group)
    yield from _metadata(page)
    yield from _customers(page, group, customer)
    page.goto("/customer-groups/cusgroup_nowhere")
    page.get_by_role("heading", name="This customer group does not exist").wait_for()
    yield "a group that does not exist"
    page.goto("/nowhere")
    page.get_by_role("heading", name="There is no such page").wait_for()
    yield "no such page"


def _lists(page: Page, group: dict[str, Any]) -> Iterator[str]:
    page.goto("/customer-groups")
    page.get_by_role("table", name="Customer Groups").get_by_role("link", name=group["name"]).wait_for()
    yield "customer groups"
    if page.get_by_role("button", name="Open navigation").is_visible():
        page.get_by_role("button", name="Open navigation").click()
        page.get_by_role("dialog", name="Navigation").wait_for()
        yield "navigation"
    page.get_by_role("button", name="@liqnic.example").click()
    page.get_by_role("menuitem", name="Sign out").wait_for()
    yield "account menu"
    _leave(page, "menu")
    _leave(page, "dialog")
    page.get_by_role("button", name="Sort", exact=True).click()
    page.get_by_role("menu").wait_for()
    yield "sort menu"
    _leave(page, "menu")
    page.get_by_role("button", name="Add filter").click()
    page.get_by_role("menuitem", name="Created").wait_for()
    yield "filter menu"
    page.get_by_role("menuitem", name="Created").click()
    page.get_by_role("dialog", name="Created").wait_for()
    yield "period pop-up"
    page.get_by_role("button", name="Last 30 days").click()
    page.get_by_role("button", name="Remove filter").wait_for()
    page.locator("[aria-busy=true]").wait_for(state="detached")
    yield "a filter that is set"
    page.goto("/customer-groups?q=nothing+is+called+so")
    page.get_by_text("Nothing matches").wait_for()
    yield "nothing found"
    page.get_by_role("button", name="Create").click()
    form = page.get_by_role("dialog", name="Create Customer Group")
    form.wait_for()
    yield "create form"
    form.get_by_label("Name").fill(group["name"])
    form.get_by_role("button", name="Create").click()
    form.get_by_role("alert").wait_for()
    yield "create form, refused"
    _leave(page, "dialog")


def _group(page: Page, group: dict[str, Any]) -> Iterator[str]:
    page.goto(f"/customer-groups/{group['id']}")
    page.get_by_role("checkbox", name="Select all on this page").wait_for()
    page.get_by_text("Created", exact=True).last.wait_for()
    yield "customer group"
    for item, window in (("Edit", "Edit Customer Group"), ("Delete", "Delete customer group?")):
        page.get_by_role("button", name="Customer group actions").click()
        page.get_by_role("menuitem", name=item).wait_for()
        if item == "Edit":
            yield "··· menu"
        page.get_by_role("menuitem", name=item).click()
        page.get_by_role("dialog", name=window).wait_for()
        yield window
        _leave(page, "dialog")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("dialog", name="Add Customers").get_by_text("Already in this group").first.wait_for()
    yield "Add Customers"
    _leave(page, "dialog")
    page.get_by_role("checkbox", name="Select all on this page").check()
    page.get_by_role("region", name="Selection").wait_for()
    yield "selected customers"
    page.keyboard.press("r")
    page.get_by_role("dialog", name="Remove customers?").wait_for()
    yield "Remove customers?"
    _leave(page, "dialog")


def _metadata(page: Page) -> Iterator[str]:
    page.get_by_role("button", name="Edit metadata").click()
    window = page.get_by_role("dialog", name="Edit Metadata")
    window.get_by_label("Key of row 1").hover()
    yield "Edit Metadata"
    window.get_by_role("button", name="Actions for row 1", exact=True).click()
    page.get_by_role("menuitem", name="Insert row below").wait_for()
    yield "menu of a row"
    page.get_by_role("menuitem", name="Insert row below").click()
    window.get_by_label("Key of row 2").fill(window.get_by_label("Key of row 1").input_value())
    window.get_by_label("Type of row 1").select_option("JSON")
    window.get_by_label("Value of row 1").fill("{")
    window.get_by_role("button", name="Save").click()
    window.get_by_text("not valid JSON").wait_for()
    yield "Edit Metadata, with mistakes"
    _leave(page, "dialog")


def _customers(page: Page, group: dict[str, Any], customer: dict[str, Any]) -> Iterator[str]:
    page.goto("/customers")
    page.get_by_role("table", name="Customers").get_by_role("link").last.wait_for()
    yield "customers"
    page.get_by_role("button", name="Create").click()
    page.get_by_role("dialog", name="Create Customer").wait_for()
    yield "Create Customer"
    _leave(page, "dialog")
    page.goto(f"/customers/{customer['id']}")
    page.get_by_role("table", name="Customer Groups").wait_for()
    yield "customer"
    page.get_by_role("button", name="Add", exact=True).click()
    window = page.get_by_role("dialog", name="Add to Customer Groups")
    window.get_by_label("Search customer groups").fill(group["name"])
    window.get_by_text("Already in this group").wait_for()
    yield "Add to Customer Groups"
    _leave(page, "dialog")
    page.get_by_role("button", name="Customer actions").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog", name="Delete customer?").wait_for()
    yield "Delete customer?"
    _leave(page, "dialog")


def _leave(page: Page, role: Any) -> None:
    if page.get_by_role(role).count() > 0:
        page.keyboard.press("Escape")
        page.get_by_role(role).first.wait_for(state="hidden")
