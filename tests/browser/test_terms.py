"""Memberships that begin and end at a set time, in the page."""

import re
from datetime import UTC, datetime, timedelta

import httpx
from playwright.sync_api import Page, expect

from tests.browser.history import history_of
from tests.browser.jobs import file_of, import_window, run_import
from tests.stack import Post


def test_a_trial_ends_while_its_page_is_open(
    page: Page, admin: httpx.Client, new_group: Post, new_customer: Post, unique: str
) -> None:
    group, ada, grace = new_group(), new_customer(email=f"ada@{unique}.example"), new_customer()
    members = f"/admin/customer-groups/{group['id']}/customers"
    admin.post(members, json={"add": [ada["id"], grace["id"]]}).raise_for_status()
    page.goto(f"/customer-groups/{group['id']}")
    section = page.get_by_role("region", name="Customers", exact=True)
    row = section.get_by_role("row").filter(has_text=f"ada@{unique}.example")
    expect(row).to_be_visible()
    end = (datetime.now(UTC) + timedelta(seconds=40)).isoformat()
    admin.post(members, json={"add": [{"id": ada["id"], "ends_at": end}]}).raise_for_status()
    page.reload()
    expect(row).to_contain_text("until")
    expect(row).to_have_count(0)
    expect(section.get_by_role("row")).to_have_count(2)  # the header and Grace
    expect(page.get_by_text("1 customer", exact=True)).to_be_visible()


def test_customers_are_added_from_a_day_until_a_day(
    page: Page, new_group: Post, new_customer: Post, unique: str
) -> None:
    group, email = new_group(), f"hedy@{unique}.example"
    new_customer(email=email)
    page.goto(f"/customer-groups/{group['id']}")
    section = page.get_by_role("region", name="Customers", exact=True)
    section.get_by_role("button", name="Add", exact=True).click()
    window = page.get_by_role("dialog", name="Add Customers")
    window.get_by_role("searchbox").fill(unique)
    window.get_by_role("checkbox", name=email).check()
    window.get_by_label("From").fill("2999-02-01T08:00")
    window.get_by_label("Until").fill("2999-01-01T08:00")
    expect(window).to_contain_text("Must be after the beginning.")
    expect(window.get_by_role("button", name="Save")).to_be_disabled()
    window.get_by_label("Until").fill("2999-03-01T08:00")
    window.get_by_role("button", name="Save").click()
    expect(window).to_have_count(0)
    expect(section).to_contain_text("No customers in this group")
    section.get_by_role("button", name="Show who joins later").click()
    row = section.get_by_role("row").filter(has_text=email)
    expect(row).to_contain_text("Feb 1, 2999")
    expect(row).to_contain_text("Mar 1, 2999")
    section.get_by_role("button", name="Change filter: Membership: Begins later").click()
    page.get_by_role("menuitem", name="Now and later").click()
    expect(row).to_be_visible()


def test_an_end_without_a_time_is_not_taken_for_no_end(page: Page, new_group: Post, new_customer: Post) -> None:
    group, email = new_group(), new_customer()["email"]
    page.goto(f"/customer-groups/{group['id']}")
    page.get_by_role("button", name="Add", exact=True).click()
    window = page.get_by_role("dialog", name="Add Customers")
    window.get_by_role("searchbox").fill(email)
    window.get_by_role("checkbox", name=email).check()
    save = window.get_by_role("button", name="Save")
    expect(save).to_be_enabled()
    window.get_by_label("Until").press_sequentially("12242999")
    expect(save).to_be_disabled()
    window.get_by_role("searchbox").focus()
    expect(window).to_contain_text("Enter the date and the time.")
    window.get_by_label("Until").fill("2999-12-24T12:00")
    window.get_by_role("searchbox").focus()
    expect(window).not_to_contain_text("Enter the date and the time.")
    save.click()
    expect(page.get_by_role("row").filter(has_text=email)).to_contain_text("until Dec 24, 2999")


def test_the_history_shows_changed_terms_and_they_can_be_undone(
    page: Page, admin: httpx.Client, new_group: Post, new_customer: Post
) -> None:
    group, ada = new_group(), new_customer()
    members = f"/admin/customer-groups/{group['id']}/customers"
    for terms in ({"ends_at": "2998-12-24T12:00:00Z"}, {"ends_at": "2999-12-24T12:00:00Z"}):
        admin.post(members, json={"add": [{"id": ada["id"], **terms}]}).raise_for_status()
    page.goto(f"/customer-groups/{group['id']}")
    history = history_of(page)
    entry = history.locator(".mantine-Timeline-item").filter(has_text="Membership of 1 customer changed")
    expect(entry).to_contain_text(re.compile("until Dec 24, 2998.* → until Dec 24, 2999"))
    history.get_by_role("button", name="Undo: Membership of 1 customer changed").click()
    row = page.get_by_role("region", name="Customers", exact=True).get_by_role("row").filter(has_text=ada["email"])
    expect(row).to_contain_text("until Dec 24, 2998")
    page.goto(f"/customers/{ada['id']}")
    history = history_of(page)
    expect(history).to_contain_text(re.compile(f"{group['name']}: until Dec 24, 2999.* → until Dec 24, 2998"))


def test_undo_of_removing_a_member_keeps_the_end(
    page: Page, admin: httpx.Client, new_group: Post, new_customer: Post
) -> None:
    group, ada = new_group(), new_customer()
    added = {"add": [{"id": ada["id"], "ends_at": "2999-12-24T12:00:00Z"}]}
    admin.post(f"/admin/customer-groups/{group['id']}/customers", json=added).raise_for_status()
    page.goto(f"/customer-groups/{group['id']}")
    section = page.get_by_role("region", name="Customers", exact=True)
    section.get_by_role("checkbox", name=f"Select {ada['email']}").check()
    page.keyboard.press("r")
    page.get_by_role("dialog").get_by_role("button", name="Continue").click()
    page.get_by_role("alert").get_by_role("button", name="Undo").click()
    row = section.get_by_role("row").filter(has_text=ada["email"])
    expect(row).to_contain_text("until Dec 24, 2999")


def test_all_customers_of_a_file_get_the_same_end(
    page: Page, admin: httpx.Client, new_group: Post, new_customer: Post
) -> None:
    group, ada, grace = new_group(), new_customer(), new_customer()
    window = import_window(page, group)
    window.get_by_label("File").set_input_files(file_of(["email", ada["email"], grace["email"]]))
    window.get_by_label("Until").fill("2999-03-01T08:00")
    run_import(window)
    path = f"/admin/customer-groups/{group['id']}/customers?fields=email,membership"
    members = admin.get(path).json()["customers"]
    assert {one["email"]: one["membership"]["ends_at"][:10] for one in members} == {
        ada["email"]: "2999-03-01",
        grace["email"]: "2999-03-01",
    }
