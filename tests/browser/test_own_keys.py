"""Keys can be set, shown, changed and removed in the windows for editing groups and customers."""

import httpx
from playwright.sync_api import Locator, Page, expect

from tests.stack import Post


def edit(page: Page, kind: str) -> Locator:
    page.get_by_role("button", name=f"{kind} actions").click()
    page.get_by_role("menuitem", name="Edit").click()
    return page.get_by_role("dialog", name=f"Edit {kind}", exact=False)


def save(window: Locator) -> None:
    window.get_by_role("button", name="Save").click()


def test_a_group_can_be_given_a_key(page: Page, admin: httpx.Client, new_group: Post, unique: str) -> None:
    group = new_group()
    page.goto(f"/customer-groups/{group['id']}")
    window = edit(page, "Customer group")
    window.get_by_label("Own key").fill("not a key")
    save(window)
    expect(window.get_by_text("Use up to 128 letters, digits and - _ . ~")).to_be_visible()
    window.get_by_label("Own key").fill(unique)
    save(window)
    expect(page.get_by_role("definition").filter(has_text=unique)).to_be_visible()
    expect(page.get_by_text(f"Own key changed to “{unique}”")).to_be_visible()
    assert admin.get(f"/admin/customer-groups/key:{unique}").json()["customer_group"]["id"] == group["id"]
    page.get_by_role("alert").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("alert").filter(has_text="Undone.")).to_be_visible()
    assert admin.get(f"/admin/customer-groups/key:{unique}").status_code == 404


def test_the_key_of_another_group_shows_an_error(page: Page, new_group: Post, unique: str) -> None:
    new_group(name=f"Other {unique}", key=unique)
    group = new_group()
    page.goto(f"/customer-groups/{group['id']}")
    window = edit(page, "Customer group")
    window.get_by_label("Own key").fill(unique)
    save(window)
    expect(window.get_by_text(f"Customer group with key: {unique}, already exists.")).to_be_visible()


def test_a_customer_can_be_given_a_key(page: Page, admin: httpx.Client, new_customer: Post, unique: str) -> None:
    customer = new_customer(email=f"ada.{unique}@mail.example")
    page.goto(f"/customers/{customer['id']}")
    window = edit(page, "Customer")
    window.get_by_label("Own key").fill(unique)
    save(window)
    expect(page.get_by_role("definition").filter(has_text=unique).last).to_be_visible()
    assert admin.get(f"/admin/customers/key:{unique}").json()["customer"]["id"] == customer["id"]
