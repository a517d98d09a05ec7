"""Visits all pages of the Medusa dashboard for groups and customers."""

from collections.abc import Callable
from typing import Any

import httpx
from playwright.sync_api import Locator, Page, expect

from tests.dashboard.front import Front

type Create = Callable[..., dict[str, Any]]

RECENTLY = '{"$gte":"2020-01-01T00:00:00.000Z"}'


def test_groups(page: Page, front: Front, unique: str, new_customer: Create, admin: httpx.Client) -> None:
    ada = new_customer(first_name="Ada", last_name=f"Lovelace-{unique}")
    new_customer(first_name="Grace", last_name=f"Hopper-{unique}")

    page.goto(f"{front.url}/customer-groups/create")
    page.get_by_role("textbox", name="Name").fill(f"VIP {unique}")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name=f"VIP {unique}")).to_be_visible()
    group = admin.get("/admin/customer-groups", params={"q": unique}).json()["customer_groups"][0]
    path = f"{front.url}/customer-groups/{group['id']}"

    for order in ("name", "-name", "created_at", "-created_at", "updated_at", "-updated_at"):
        show(page, f"{front.url}/customer-groups?q={unique}&order={order}", f"VIP {unique}")
    show(page, f"{front.url}/customer-groups?q={unique}&created_at={RECENTLY}&updated_at={RECENTLY}", f"VIP {unique}")

    page.goto(f"{path}/add-customers?q={unique}")
    row(page.get_by_role("dialog"), ada["email"]).get_by_role("checkbox").click()
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(row(page.get_by_role("main"), ada["email"])).to_be_visible()
    show(page, f"{front.url}/customer-groups?q={unique}", f"VIP {unique} 1 ")
    for order in ("email", "-email", "created_at", "-updated_at"):
        show(page, f"{path}?order={order}&q={unique}", ada["email"])

    page.goto(f"{path}/edit")
    page.get_by_role("textbox", name="Name").fill(f"Very {unique}")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name=f"Very {unique}")).to_be_visible()
    write_metadata(page, path, "discount_percent", "10")

    page.goto(path)
    row(page.get_by_role("main"), ada["email"]).get_by_role("checkbox").click()
    page.keyboard.press("r")
    page.get_by_role("alertdialog").get_by_role("button", name="Continue").click()
    expect(row(page.get_by_role("main"), ada["email"])).to_have_count(0)
    assert admin.get(f"/admin/customer-groups/{group['id']}").json()["customer_group"]["customer_count"] == 0

    choose(page, path, "Delete")
    page.get_by_role("alertdialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Customer Groups", level=1)).to_be_visible()
    assert admin.get(f"/admin/customer-groups/{group['id']}").status_code == 404


def test_customers(page: Page, front: Front, unique: str, new_group: Create, admin: httpx.Client) -> None:
    group, email = new_group(), f"ada@{unique}.example"

    page.goto(f"{front.url}/customers/create")
    page.get_by_role("textbox", name="First Name").fill("Ada")
    page.get_by_role("textbox", name="Last Name").fill("Lovelace")
    page.get_by_role("textbox", name="Email").fill(email)
    page.get_by_role("textbox", name="Company").fill("Analytical Engines")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name=email)).to_be_visible()
    customer = admin.get("/admin/customers", params={"email": email}).json()["customers"][0]
    path = f"{front.url}/customers/{customer['id']}"

    for field in ("email", "first_name", "last_name", "has_account", "created_at", "updated_at"):
        for order in (field, f"-{field}"):
            show(page, f"{front.url}/customers?q={unique}&order={order}", email)
    show(page, f"{front.url}/customers?q={unique}&has_account=false&created_at={RECENTLY}", email)

    page.goto(f"{path}/add-customer-groups?q={unique}")
    row(page.get_by_role("dialog"), group["name"]).get_by_role("checkbox").click()
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(row(page.get_by_role("main"), f"{group['name']} 1")).to_be_visible()
    show(page, f"{front.url}/customers?groups={group['id']}", email)
    for order in ("name", "-created_at", "updated_at"):
        show(page, f"{path}?cusgr_q={unique}&cusgr_order={order}", group["name"])

    page.goto(f"{path}/edit")
    page.get_by_role("textbox", name="First Name").fill("Augusta Ada")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main").get_by_text("Augusta Ada Lovelace")).to_be_visible()
    write_metadata(page, path, "loyalty", "gold")

    page.goto(path)
    row(page.get_by_role("main"), group["name"]).get_by_role("checkbox").click()
    page.keyboard.press("r")
    page.get_by_role("alertdialog").get_by_role("button", name="Remove").click()
    expect(row(page.get_by_role("main"), group["name"])).to_have_count(0)

    choose(page, path, "Delete")
    confirmation = page.get_by_role("alertdialog")
    if confirmation.get_by_role("textbox").count():
        confirmation.get_by_role("textbox").fill(email)
    confirmation.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Customers", level=1)).to_be_visible()
    assert admin.get(f"/admin/customers/{customer['id']}").status_code == 404


def row(within: Locator, text: str) -> Locator:
    return within.get_by_role("row", name=text)


def show(page: Page, url: str, text: str) -> None:
    """Open a list, and wait for the row with the text."""
    page.goto(url)
    expect(row(page.get_by_role("main"), text)).to_be_visible()


def choose(page: Page, url: str, item: str) -> None:
    """Select from the menu of the shown record."""
    page.goto(url)
    page.get_by_role("main").get_by_role("button").first.click()
    page.get_by_role("menuitem", name=item).click()


def write_metadata(page: Page, path: str, key: str, value: str) -> None:
    page.goto(f"{path}/metadata/edit")
    window = page.get_by_role("dialog", name="Edit Metadata")
    window.get_by_role("textbox", name="Key").first.fill(key)
    window.get_by_role("textbox", name="Value").first.fill(value)
    window.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main").get_by_text("1 key", exact=True)).to_be_visible()
