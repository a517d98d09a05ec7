"""The user guide in a browser: one test for each section, with the steps of the text."""

import re

import httpx
from playwright.sync_api import Locator, Page, expect

from tests.browser.history import history_of
from tests.browser.rows import number_of
from tests.stack import Post


def test_view_list_of_customer_groups(page: Page, new_group: Post, unique: str) -> None:
    for name in ("VIP", "Wholesale"):
        new_group(name=f"{name} {unique}")

    # Go to Customers → Customer Groups page.
    page.goto("/")
    navigation = page.get_by_role("navigation", name="Main")
    expect(navigation.get_by_role("link")).to_have_text(["Customers", "Customer Groups", "Jobs"])
    navigation.get_by_role("link", name="Customer Groups").click()
    expect(page.get_by_role("heading", name="Customer Groups")).to_be_visible()

    # From here, you can see a list …
    groups = page.get_by_role("table", name="Customer Groups")
    expect(groups.get_by_role("columnheader")).to_have_text(["", "Name", "Customers", "Created", "Updated"])
    expect(groups.get_by_role("link", name=f"VIP {unique}")).to_be_visible()
    # … search …
    page.get_by_label("Search customer groups").fill(f"whole {unique}")
    expect(groups.get_by_role("row")).to_have_count(2)
    expect(groups.get_by_role("link", name=f"Wholesale {unique}")).to_be_visible()
    # … and filter.
    page.get_by_label("Search customer groups").fill(unique)
    page.get_by_role("button", name="Add filter").click()
    page.get_by_role("menuitem", name="Created").click()
    page.get_by_role("dialog", name="Created").get_by_label("To").fill("2020-01-01")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("Nothing matches")).to_be_visible()
    page.get_by_role("button", name="Remove filter: Created").click()
    expect(groups.get_by_role("row")).to_have_count(3)


def test_create_a_customer_group(page: Page, unique: str) -> None:
    page.goto("/customer-groups")
    page.get_by_role("button", name="Create").click()
    # In the form that opens, enter the customer group's name.
    form = page.get_by_role("dialog", name="Create Customer Group")
    form.get_by_label("Name").fill(f"Early birds {unique}")
    form.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name=f"Early birds {unique}", level=1)).to_be_visible()
    expect(page).to_have_url(re.compile(r"/customer-groups/cusgroup_\w+$"))
    expect(page.get_by_role("alert")).to_contain_text("was created")


def test_a_taken_name_is_refused_and_kept_in_the_form(page: Page, new_group: Post) -> None:
    taken = new_group()["name"]
    page.goto("/customer-groups")
    page.get_by_role("button", name="Create").click()
    form = page.get_by_role("dialog", name="Create Customer Group")
    form.get_by_label("Name").fill(taken)
    form.get_by_role("button", name="Create").click()
    expect(form.get_by_role("alert")).to_contain_text("already exists")
    expect(form.get_by_label("Name")).to_have_value(taken)


def test_view_customer_group_details(page: Page, new_group: Post, unique: str) -> None:
    group = new_group(metadata={"color": "blue"})
    page.goto("/customer-groups")
    page.get_by_label("Search customer groups").fill(unique)
    # Click on the group you want to view: anywhere in its row.
    row = page.get_by_role("row").filter(has_text=group["name"])
    row.get_by_role("cell").nth(1).click()
    # This opens the customer group's details page.
    expect(page.get_by_role("heading", level=1)).to_have_text(group["name"])
    expect(page.get_by_role("heading", level=2)).to_have_text(["Customers", "Metadata", "History"])
    expect(section(page, "Metadata")).to_contain_text("blue")
    expect(history_of(page)).to_contain_text("Created")


def test_edit_a_customer_group(page: Page, new_group: Post, unique: str) -> None:
    group = new_group()
    page.goto(f"/customer-groups/{group['id']}")
    # Click on the ··· icon in the first section's header, then Edit in the dropdown.
    page.get_by_role("button", name="Customer group actions").click()
    page.get_by_role("menuitem", name="Edit").click()
    window = page.get_by_role("dialog", name="Edit Customer Group")
    expect(window.get_by_label("Name")).to_have_value(group["name"])
    window.get_by_label("Name").fill(f"Loyal {unique}")
    window.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Loyal {unique}")
    expect(window).to_be_hidden()
    expect(history_of(page)).to_contain_text(f"Renamed from “{group['name']}” to “Loyal {unique}”")


def test_add_customers_to_a_group(
    page: Page, admin: httpx.Client, new_group: Post, new_customer: Post, unique: str
) -> None:
    group = new_group()
    inside, *others = (new_customer(first_name=name, last_name=unique) for name in ("Ada", "Grace", "Radia"))
    admin.post(f"/admin/customer-groups/{group['id']}/customers", json={"add": [inside["id"]]})
    page.goto(f"/customer-groups/{group['id']}")
    section(page, "Customers").get_by_role("button", name="Add", exact=True).click()
    window = page.get_by_role("dialog", name="Add Customers")
    window.get_by_label("Search customers").fill(unique)
    # Those already in are shown as such and can't be picked.
    member = window.get_by_role("row").filter(has_text=inside["email"])
    expect(member).to_contain_text("Already in this group")
    expect(member.get_by_role("checkbox")).to_be_disabled()
    # Check the customers you want to add to the group.
    for customer in others:
        window.get_by_role("checkbox", name=f"Select {customer['email']}").check()
    expect(window.get_by_role("status").filter(has_text="2 selected")).to_be_visible()
    window.get_by_role("button", name="Save").click()
    expect(section(page, "Customers").get_by_role("row")).to_have_count(4)
    expect(page.get_by_text("3 customers", exact=True)).to_be_visible()


def test_remove_customers_from_a_group(
    page: Page, admin: httpx.Client, new_group: Post, new_customer: Post, unique: str
) -> None:
    group = new_group()
    members = [new_customer(first_name=name, last_name=unique) for name in ("Ada", "Grace", "Radia")]
    admin.post(f"/admin/customer-groups/{group['id']}/customers", json={"add": [each["id"] for each in members]})
    page.goto(f"/customer-groups/{group['id']}")
    ada, grace, radia = (each["email"] for each in members)

    # Either press R …
    page.get_by_role("checkbox", name=f"Select {ada}").check()
    page.keyboard.press("r")
    pop_up = page.get_by_role("dialog", name="Remove customers?")
    expect(pop_up).to_contain_text(f"remove 1 customer from “{group['name']}”")
    pop_up.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("2 customers", exact=True)).to_be_visible()

    # … or click Remove at the bottom centre of the page.
    page.get_by_role("checkbox", name=f"Select {grace}").check()
    bar = page.get_by_role("region", name="Selection")
    assert is_bottom_centre(page, bar)
    bar.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Continue").click()
    expect(page.get_by_text("1 customer", exact=True)).to_be_visible()
    expect(section(page, "Customers").get_by_role("link", name=radia)).to_be_visible()
    expect(bar).to_be_hidden()
    assert admin.get(f"/admin/customers/{ada}".replace(ada, members[0]["id"])).status_code == 200


def test_edit_customer_group_metadata(page: Page, admin: httpx.Client, new_group: Post) -> None:
    group = new_group(metadata={"color": "blue", "points": 10, "label": "52 tests"})
    page.goto(f"/customer-groups/{group['id']}")
    # Click the icon in the Metadata section.
    section(page, "Metadata").get_by_role("button", name="Edit metadata").click()
    window = page.get_by_role("dialog", name="Edit Metadata")
    window.wait_for()

    # To add a new row before or after an existing row: hover over the row and click the icon at its end.
    def choose(key: str, item: str) -> None:
        number = number_of(window, key)
        window.get_by_label(f"Key of row {number}").hover()
        window.get_by_role("button", name=f"Actions for row {number}", exact=True).click()
        page.get_by_role("menuitem", name=item).click()

    choose("points", "Insert row above")
    above = number_of(window, "")
    assert above == number_of(window, "points") - 1
    window.get_by_label(f"Key of row {above}").fill("tier")
    window.get_by_label(f"Value of row {above}").fill("gold")
    choose("points", "Insert row below")
    below = number_of(window, "")
    assert below == number_of(window, "points") + 1
    window.get_by_label(f"Key of row {below}").fill("limit")
    window.get_by_label(f"Type of row {below}").select_option("Number")
    window.get_by_label(f"Value of row {below}").fill("2.5")
    choose("color", "Delete row")
    # Click Save when done.
    window.get_by_role("button", name="Save").click()
    expect(window).to_be_hidden()
    expect(section(page, "Metadata")).to_contain_text("gold")
    stored = admin.get(f"/admin/customer-groups/{group['id']}").json()["customer_group"]["metadata"]
    assert stored == {"tier": "gold", "points": 10, "limit": 2.5, "label": "52 tests"}


def test_delete_customer_group(page: Page, admin: httpx.Client, new_group: Post, new_customer: Post) -> None:
    group, customer = new_group(), new_customer()
    admin.post(f"/admin/customer-groups/{group['id']}/customers", json={"add": [customer["id"]]})
    page.goto(f"/customer-groups/{group['id']}")
    page.get_by_role("button", name="Customer group actions").click()
    page.get_by_role("menuitem", name="Delete").click()
    # Warning: Deleting a customer group is irreversible. It does not delete the customers in the group.
    pop_up = page.get_by_role("dialog", name="Delete customer group?")
    expect(pop_up).to_contain_text(f"“{group['name']}” with 1 customer")
    expect(pop_up).to_contain_text(
        "This can\N{RIGHT SINGLE QUOTATION MARK}t be undone. It does not delete the customers in the group."
    )
    pop_up.get_by_role("button", name="Delete").click()
    expect(page).to_have_url(re.compile(r"/customer-groups$"))
    expect(page.get_by_role("alert")).to_contain_text("was deleted")
    assert admin.get(f"/admin/customer-groups/{group['id']}").status_code == 404
    assert admin.get(f"/admin/customers/{customer['id']}").status_code == 200


def section(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def is_bottom_centre(page: Page, bar: Locator) -> bool:
    box, size = bar.bounding_box(), page.viewport_size
    assert box
    assert size
    middle = (box["x"] + box["width"] / 2) / size["width"]
    return abs(middle - 0.5) < 0.1 and box["y"] + box["height"] > size["height"] - 60
