"""A customer's page tells what happened to them: their profile, and the groups that they joined and left."""

import httpx
from playwright.sync_api import Page, expect

from tests.browser.history import history_of
from tests.stack import Post, eventually


def test_a_customers_page_shows_which_groups_it_joined_and_left(
    page: Page, admin: httpx.Client, new_group: Post, new_customer: Post, unique: str
) -> None:
    group, ada = new_group(), new_customer(email=f"ada.{unique}@mail.example")
    for change in ("add", "remove"):
        admin.post(f"/admin/customer-groups/{group['id']}/customers", json={change: [ada["id"]]}).raise_for_status()
    admin.post(f"/admin/customers/{ada['id']}", json={"last_name": "Lovelace"}).raise_for_status()
    history = f"/admin/customers/{ada['id']}/history"
    expected = len(("created", "joined", "left", "updated"))
    assert eventually(lambda: len(admin.get(history).json()["changes"]) >= expected), "the stream was not followed"
    page.goto(f"/customers/{ada['id']}")
    section = history_of(page)
    for title in ("Joined customer groups", "Left customer groups", "Changed", "Created"):
        expect(section.get_by_text(title, exact=True)).to_be_visible()
    expect(section.get_by_text("Last name", exact=True)).to_be_visible()
    section.get_by_role("button", name="Kind of change").click()
    page.get_by_role("menuitem", name="Joined customer groups").click()
    expect(section.get_by_role("listitem").or_(section.locator(".mantine-Timeline-item"))).to_have_count(1)
    expect(section).to_contain_text(f"Joined: {group['name']}")
    section.get_by_role("link", name=group["name"]).first.click()
    page.get_by_role("heading", name=group["name"]).wait_for()
