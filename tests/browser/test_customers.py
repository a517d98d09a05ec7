"""The Customers page and the page of a customer."""

import re

import httpx
from playwright.sync_api import Page, expect

from tests.stack import Post


def test_a_customer_is_created_edited_and_deleted(page: Page, admin: httpx.Client, unique: str) -> None:
    page.goto("/customers")
    page.get_by_role("button", name="Create").click()
    window = page.get_by_role("dialog", name="Create Customer")
    window.get_by_label("First name").fill("Ada")
    window.get_by_role("button", name="Create").click()
    expect(window.get_by_text("Enter an email address.")).to_be_visible()
    window.get_by_label("Email").fill(f"ada.{unique}@mail.example")
    window.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"ada.{unique}@mail.example")

    page.get_by_role("button", name="Customer actions").click()
    page.get_by_role("menuitem", name="Edit").click()
    window = page.get_by_role("dialog", name="Edit Customer")
    window.get_by_label("Last name").fill("Lovelace")
    window.get_by_label("First name").fill("")
    window.get_by_role("button", name="Save").click()
    expect(window).to_be_hidden()
    customer = admin.get(f"/admin/customers/{page.url.rpartition('/')[2]}").json()["customer"]
    assert (customer["first_name"], customer["last_name"]) == (None, "Lovelace")

    page.get_by_role("button", name="Customer actions").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page).to_have_url(re.compile(r"/customers$"))
    assert admin.get(f"/admin/customers/{customer['id']}").status_code == 404


def test_a_taken_email_address_is_kept_in_the_form(page: Page, new_customer: Post) -> None:
    taken = new_customer()["email"]
    page.goto("/customers")
    page.get_by_role("button", name="Create").click()
    window = page.get_by_role("dialog", name="Create Customer")
    window.get_by_label("Email").fill(taken)
    window.get_by_role("button", name="Create").click()
    expect(window.get_by_role("alert")).to_contain_text(taken)
    expect(window.get_by_label("Email")).to_have_value(taken)


def test_a_customer_is_added_to_groups_and_removed_from_them(
    page: Page, admin: httpx.Client, new_group: Post, new_customer: Post, unique: str
) -> None:
    customer = new_customer()
    vip, wholesale = (new_group(name=f"{name} {unique}") for name in ("VIP", "Wholesale"))
    page.goto(f"/customers/{customer['id']}")
    expect(page.get_by_text("In no customer group")).to_be_visible()
    page.get_by_role("button", name="Add", exact=True).click()
    window = page.get_by_role("dialog", name="Add to Customer Groups")
    window.get_by_label("Search customer groups").fill(unique)
    for group in (vip, wholesale):
        window.get_by_role("checkbox", name=f"Select {group['name']}").check()
    window.get_by_role("button", name="Save").click()
    groups = page.get_by_role("table", name="Customer Groups")
    expect(groups.get_by_role("link")).to_have_count(2)

    page.get_by_role("checkbox", name=f"Select {vip['name']}").check()
    page.keyboard.press("r")
    page.get_by_role("dialog").get_by_role("button", name="Continue").click()
    expect(groups.get_by_role("cell").get_by_role("link")).to_have_text([wholesale["name"]])
    assert admin.get(f"/admin/customer-groups/{vip['id']}").json()["customer_group"]["customer_count"] == 0


def test_groups_that_someone_else_removed_meanwhile_are_not_selected_any_more(
    page: Page, admin: httpx.Client, new_group: Post, new_customer: Post, unique: str
) -> None:
    customer = new_customer()
    vip, wholesale = (new_group(name=f"{name} {unique}") for name in ("VIP", "Wholesale"))
    path = f"/admin/customers/{customer['id']}"
    admin.post(f"{path}/customer-groups", json={"add": [vip["id"], wholesale["id"]]}).raise_for_status()
    page.goto(f"/customers/{customer['id']}")
    page.get_by_role("table", name="Customer Groups").get_by_role("checkbox", name="Select all on this page").check()
    selected = page.get_by_role("region", name="Selection").get_by_role("status")
    expect(selected).to_have_text("2 selected")
    admin.post(f"{path}/customer-groups", json={"remove": [vip["id"]]}).raise_for_status()
    page.evaluate("new BroadcastChannel('changes').postMessage('changed')")  # as another tab says it
    expect(selected).to_have_text("1 selected")
    page.keyboard.press("r")
    question = page.get_by_role("dialog")
    expect(question).to_contain_text("from 1 customer group")
    question.get_by_role("button", name="Continue").click()
    toast = page.get_by_role("alert").filter(has_text="Removed from 1 customer group.")
    toast.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("alert").filter(has_text="Undone.")).to_be_visible()
    groups = admin.get(path, params={"fields": "groups.id"}).json()["customer"]["groups"]
    assert [group["id"] for group in groups] == [wholesale["id"]]
