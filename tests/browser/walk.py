"""Visits every view, window, pop-up and menu, for tests of all of them."""

from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page

from tests.browser.words import ENGLISH, Say


def every_view(page: Page, group: dict[str, Any], customer: dict[str, Any], say: Say = ENGLISH) -> Iterator[str]:
    """Yield the name of each shown view. The group has metadata and is in use; the customer is a member for a time."""
    yield from _lists(page, group, say)
    yield from _group(page, group, say)
    yield from _metadata(page, say)
    yield from _customers(page, group, customer, say)
    yield from _jobs(page, group, customer, say)
    page.goto("/customer-groups/cusgroup_nowhere")
    page.get_by_role("heading", name=say("This customer group does not exist")).wait_for()
    yield "a group that does not exist"
    page.goto("/nowhere")
    page.get_by_role("heading", name=say("There is no such page")).wait_for()
    yield "no such page"


def _lists(page: Page, group: dict[str, Any], say: Say) -> Iterator[str]:
    page.goto("/customer-groups")
    page.get_by_role("table", name=say("Customer Groups")).get_by_role("link", name=group["name"]).wait_for()
    yield "customer groups"
    if page.get_by_role("button", name=say("Open navigation")).is_visible():
        page.get_by_role("button", name=say("Open navigation")).click()
        page.get_by_role("dialog", name=say("Navigation")).wait_for()
        yield "navigation"
    page.get_by_role("button", name="@liqnic.example").click()
    page.get_by_role("menuitem", name=say("Sign out")).wait_for()
    yield "account menu"
    _leave(page, "menu")
    _leave(page, "dialog")
    page.get_by_role("button", name=say("Sort"), exact=True).click()
    page.get_by_role("menu").wait_for()
    yield "sort menu"
    _leave(page, "menu")
    page.get_by_role("button", name=say("Add filter")).click()
    page.get_by_role("menuitem", name=say("Created")).wait_for()
    yield "filter menu"
    page.get_by_role("menuitem", name=say("Created")).click()
    page.get_by_role("dialog", name=say("Created")).wait_for()
    yield "period pop-up"
    page.get_by_role("button", name=say("Last 30 days")).click()
    page.get_by_role("button", name=say("Remove filter: {filter}", filter="")).wait_for()
    page.locator("[aria-busy=true]").wait_for(state="detached")
    yield "a filter that is set"
    page.goto("/customer-groups?q=nothing+is+called+so")
    page.get_by_text(say("Nothing matches")).wait_for()
    yield "nothing found"
    page.get_by_role("button", name=say("Create")).click()
    form = page.get_by_role("dialog", name=say("Create Customer Group"))
    form.wait_for()
    yield "create form"
    form.get_by_label(say("Name")).fill(group["name"])
    form.get_by_role("button", name=say("Create")).click()
    form.get_by_role("alert").wait_for()
    yield "create form, refused"
    yield from _leave_unsaved(page, say)


def _group(page: Page, group: dict[str, Any], say: Say) -> Iterator[str]:
    page.goto(f"/customer-groups/{group['id']}")
    page.get_by_role("checkbox", name=say("Select all on this page")).wait_for()
    page.get_by_role("region", name=say("History")).wait_for()
    page.get_by_role("region", name=say("History")).evaluate("node => node.scrollIntoView({ block: 'center' })")
    page.get_by_role("group", name=say("Filter the history")).wait_for()
    page.get_by_role("region", name=say("Used by")).wait_for()
    # On narrow screens the column is hidden.
    page.locator("th").filter(has_text=say("Membership")).wait_for(state="attached")
    yield "customer group"
    page.get_by_role("button", name=say("Show customers over time")).click()
    page.get_by_role("dialog", name=say("Customers over time")).get_by_role("table").wait_for()
    yield "customers over time"
    _leave(page, "dialog")
    for item, title in (("Edit", "Edit Customer Group"), ("Delete", "Delete customer group?")):
        page.get_by_role("button", name=say("Customer group actions")).click()
        page.get_by_role("menuitem", name=say(item), exact=True).wait_for()
        if item == "Edit":
            yield "··· menu"
        page.get_by_role("menuitem", name=say(item), exact=True).click()
        page.get_by_role("dialog", name=say(title)).wait_for()
        if item == "Delete":
            page.get_by_role("dialog").get_by_role("listitem").first.wait_for()
        yield title
        _leave(page, "dialog")
    yield from _rule(page, say)
    page.get_by_role("button", name=say("Add"), exact=True).click()
    window = page.get_by_role("dialog", name=say("Add Customers"))
    window.get_by_text(say("Already in this group")).first.wait_for()
    yield "Add Customers"
    window.get_by_role("button", name=say("Paste ids or emails")).click()
    window.get_by_label(say("Ids and email addresses")).fill("nobody@mail.example")
    window.get_by_role("button", name=say("Find and select {count}", count=1)).click()
    window.get_by_text(say("{count} not found:", count=1)).wait_for()
    yield "a pasted list"
    _leave(page, "dialog")
    page.get_by_role("checkbox", name=say("Select all on this page")).check()
    selection = page.get_by_role("region", name=say("Selection"))
    selection.wait_for()
    yield "selected customers"
    selection.get_by_role("button", name=say("Remove"), exact=True).click()
    page.get_by_role("dialog", name=say("Remove customers?")).wait_for()
    yield "Remove customers?"
    _leave(page, "dialog")


def _rule(page: Page, say: Say) -> Iterator[str]:
    page.get_by_role("button", name=say("Customer group actions")).click()
    page.get_by_role("menuitem", name=say("Make automatic")).click()
    window = page.get_by_role("dialog", name=say("Make the Group Automatic"))
    window.get_by_role("button", name=say("Add group of conditions")).click()
    window.get_by_label(say("Field of condition {number}", number="2.1")).wait_for()
    window.get_by_role("button", name=say("Save")).click()
    window.get_by_text(say("Enter a value.")).first.wait_for()
    yield "Make automatic, with mistakes"
    yield from _leave_unsaved(page, say)


def _metadata(page: Page, say: Say) -> Iterator[str]:
    page.get_by_role("button", name=say("Edit metadata")).click()
    window = page.get_by_role("dialog", name=say("Edit Metadata"))
    window.get_by_label(say("Key of row {row}", row=1)).hover()
    yield "Edit Metadata"
    window.get_by_role("button", name=say("Actions for row {row}", row=1), exact=True).click()
    page.get_by_role("menuitem", name=say("Insert row below")).wait_for()
    yield "menu of a row"
    page.get_by_role("menuitem", name=say("Insert row below")).click()
    window.get_by_label(say("Key of row {row}", row=2)).fill(
        window.get_by_label(say("Key of row {row}", row=1)).input_value()
    )
    window.get_by_label(say("Type of row {row}", row=1)).select_option("JSON")
    window.get_by_label(say("Value of row {row}", row=1)).fill("{")
    window.get_by_role("button", name=say("Save")).click()
    window.get_by_text(say("This is not valid JSON.")).wait_for()
    yield "Edit Metadata, with mistakes"
    yield from _leave_unsaved(page, say)


def _customers(page: Page, group: dict[str, Any], customer: dict[str, Any], say: Say) -> Iterator[str]:
    page.goto("/customers")
    page.get_by_role("table", name=say("Customers")).get_by_role("link", name=customer["email"]).wait_for()
    yield "customers"
    page.get_by_role("button", name=say("Create")).click()
    page.get_by_role("dialog", name=say("Create Customer")).wait_for()
    yield "Create Customer"
    _leave(page, "dialog")
    page.goto(f"/customers/{customer['id']}")
    page.get_by_role("table", name=say("Customer Groups")).wait_for()
    yield "customer"
    page.get_by_role("button", name=say("Add"), exact=True).click()
    window = page.get_by_role("dialog", name=say("Add to Customer Groups"))
    window.get_by_label(say("Search customer groups")).fill(group["name"])
    window.get_by_text(say("Already in this group")).wait_for()
    window.locator("[aria-busy=true]").wait_for(state="detached")
    yield "Add to Customer Groups"
    _leave(page, "dialog")
    page.get_by_role("button", name=say("Customer actions")).click()
    page.get_by_role("menuitem", name=say("Delete")).click()
    page.get_by_role("dialog", name=say("Delete customer?")).wait_for()
    yield "Delete customer?"
    _leave(page, "dialog")


def _jobs(page: Page, group: dict[str, Any], customer: dict[str, Any], say: Say) -> Iterator[str]:
    page.goto("/customer-groups")
    for entry, title in (("Export", "Export customer groups"), ("Combine", "Combine customer groups")):
        _choose(page, entry, say)
        window = page.get_by_role("dialog", name=say(title))
        if entry == "Export":
            window.get_by_role("radio", name=say("Some")).check()
        window.get_by_role("checkbox").first.wait_for()
        yield title
        _leave(page, "dialog")
    page.goto(f"/customer-groups/{group['id']}")
    page.get_by_role("checkbox", name=say("Select all on this page")).check()
    page.get_by_role("button", name=say("Move to…")).click()
    page.get_by_role("dialog", name=say("Move customers")).get_by_role("radio").first.wait_for()
    yield "Move customers"
    _leave(page, "dialog")
    page.get_by_role("button", name=say("Customer group actions")).click()
    page.get_by_role("menuitem", name=say("Duplicate")).click()
    page.get_by_role("dialog", name=say("Duplicate customer group")).wait_for()
    yield "Duplicate customer group"
    _leave(page, "dialog")
    yield from _import(page, group, customer, say)
    page.get_by_role("link", name=say("Jobs")).last.click()
    page.get_by_role("table", name=say("Jobs")).get_by_role("link", name=group["name"]).first.wait_for()
    yield "jobs"


def _import(page: Page, group: dict[str, Any], customer: dict[str, Any], say: Say) -> Iterator[str]:
    _choose(page, "Import", say)
    window = page.get_by_role("dialog", name=say("Import customers into “{group}”", group=group["name"]))
    window.get_by_role("button", name=say("Choose a file")).wait_for()
    yield "import"
    rows = f"email,first_name,a column of no use\n{customer['email']},Ada,{'long ' * 20}\nbroken@,Grace,\n"
    file = {"name": f"{'spring-' * 12}.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    window.get_by_label(say("File"), exact=True).set_input_files(file)  # type: ignore[arg-type] # Playwright's type is a TypedDict
    window.get_by_role("table", name=say("First rows")).wait_for()
    yield "import, a file"
    window.get_by_role("button", name=say("Check")).click()
    window.get_by_role("table", name=say("Refused rows")).wait_for()
    window.get_by_role("button", name=say("Start import")).wait_for()
    yield "import, checked"
    window.get_by_role("button", name=say("Start import")).click()
    page.wait_for_url("**/jobs/job_*")
    window.wait_for(state="detached")
    page.get_by_role("heading", name=group["name"], level=1).wait_for()
    page.get_by_role("table", name=say("Refused rows")).wait_for()
    yield "job"


def _choose(page: Page, entry: str, say: Say) -> None:
    page.get_by_role("button", name=say("Import, export and more")).click()
    page.get_by_role("menuitem", name=say(entry), exact=True).click()


def _leave_unsaved(page: Page, say: Say) -> Iterator[str]:
    page.keyboard.press("Escape")
    question = page.get_by_role("dialog", name=say("Discard what you changed?"))
    question.wait_for()
    yield "what is not saved"
    question.get_by_role("button", name=say("Discard")).click()
    page.get_by_role("dialog").first.wait_for(state="hidden")


def _leave(page: Page, role: Any) -> None:
    if page.get_by_role(role).count() > 0:
        page.keyboard.press("Escape")
        page.get_by_role(role).first.wait_for(state="hidden")
