"""Undo, from the toast after an action or from the history. It never overwrites changes of others."""

from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.history import history_of
from tests.stack import Post

type Group = dict[str, Any]


@pytest.fixture
def members(new_customer: Post, unique: str) -> list[dict[str, Any]]:
    return [new_customer(email=f"{name}.{unique}@mail.example") for name in ("ada", "grace", "radia")]


@pytest.fixture
def group(admin: httpx.Client, new_group: Post, members: list[dict[str, Any]]) -> Group:
    group = new_group(metadata={"color": "blue", "points": 10})
    admin.post(f"/admin/customer-groups/{group['id']}/customers", json={"add": [each["id"] for each in members[:2]]})
    return group


def stored(admin: httpx.Client, group: Group) -> Group:
    found: Group = admin.get(f"/admin/customer-groups/{group['id']}").json()["customer_group"]
    return found


def emails(admin: httpx.Client, group: Group) -> set[str]:
    answer = admin.get(f"/admin/customer-groups/{group['id']}/customers").json()
    return {each["email"].partition(".")[0] for each in answer["customers"]}


def toast(page: Page, text: str) -> Locator:
    return page.get_by_role("alert").filter(has_text=text)


def take_back(page: Page, text: str) -> None:
    toast(page, text).get_by_role("button", name="Undo").click()
    expect(toast(page, "Undone.")).to_be_visible()


def test_undo_of_adding_removes_only_new_members(opened: Page, admin: httpx.Client, group: Group, unique: str) -> None:
    opened.get_by_role("button", name="Add", exact=True).click()
    window = opened.get_by_role("dialog", name="Add Customers")
    window.get_by_label("Search customers").fill(unique)
    window.get_by_role("button", name="Select all 3 that match").click()
    window.get_by_role("button", name="Save").click()
    take_back(opened, "1 customer added.")
    expect(opened.get_by_text("2 customers", exact=True)).to_be_visible()
    assert emails(admin, group) == {"ada", "grace"}


def test_undo_of_removing_works_even_if_one_was_deleted(
    opened: Page, admin: httpx.Client, group: Group, members: list[dict[str, Any]]
) -> None:
    opened.get_by_role("checkbox", name="Select all on this page").check()
    opened.keyboard.press("r")
    opened.get_by_role("dialog").get_by_role("button", name="Continue").click()
    expect(toast(opened, "2 customers removed.")).to_be_visible()
    admin.delete(f"/admin/customers/{members[0]['id']}")
    take_back(opened, "2 customers removed.")
    assert emails(admin, group) == {"grace"}


def add(page: Page, unique: str, *names: str) -> Locator:
    """Open the window that adds customers, and select some."""
    page.get_by_role("button", name="Add", exact=True).click()
    window = page.get_by_role("dialog", name="Add Customers")
    window.get_by_label("Search customers").fill(unique)
    for name in names:
        window.get_by_role("checkbox", name=f"Select {name}.{unique}@mail.example").check()
    return window


def times(admin: httpx.Client, group: Group) -> dict[str, tuple[str | None, str | None]]:
    """The days on which memberships begin and end, also of those that begin later."""
    path = f"/admin/customer-groups/{group['id']}/customers"
    found = admin.get(path, params={"membership": "all", "fields": "email,membership"}).json()["customers"]
    days = {each["email"].partition(".")[0]: each["membership"] for each in found}
    return {name: (day(one["starts_at"]), day(one["ends_at"])) for name, one in days.items()}


def day(moment: str | None) -> str | None:
    return moment and moment[:10]


def test_undo_of_adding_restores_a_membership_that_begins_later(
    opened: Page, admin: httpx.Client, group: Group, members: list[dict[str, Any]], new_customer: Post, unique: str
) -> None:
    new_customer(email=f"hedy.{unique}@mail.example")
    later = {"id": members[2]["id"], "starts_at": "2998-01-01T00:00:00Z", "ends_at": "2999-01-01T00:00:00Z"}
    admin.post(f"/admin/customer-groups/{group['id']}/customers", json={"add": [later]}).raise_for_status()
    before = times(admin, group)
    assert before["radia"] == ("2998-01-01", "2999-01-01")
    add(opened, unique, "radia", "hedy").get_by_role("button", name="Save").click()
    expect(toast(opened, "2 customers added.")).to_be_visible()
    assert emails(admin, group) == {"ada", "grace", "radia", "hedy"}
    take_back(opened, "2 customers added.")
    assert times(admin, group) == before


def test_undo_of_adding_restores_the_terms_that_were_replaced(
    opened: Page, admin: httpx.Client, group: Group, members: list[dict[str, Any]], new_customer: Post, unique: str
) -> None:
    new_customer(email=f"hedy.{unique}@mail.example")
    window = add(opened, unique, "radia", "hedy")
    # Someone else is faster, so she is a member when the window adds her.
    theirs = {"id": members[2]["id"], "ends_at": "2998-01-01T00:00:00Z"}
    admin.post(f"/admin/customer-groups/{group['id']}/customers", json={"add": [theirs]}).raise_for_status()
    before = times(admin, group)
    window.get_by_label("Until").fill("2999-03-01T08:00")
    window.get_by_role("button", name="Save").click()
    message = "1 customer added. Membership of 1 customer changed."
    expect(toast(opened, message)).to_be_visible()
    assert times(admin, group)["radia"] == times(admin, group)["hedy"] == (None, "2999-03-01")
    take_back(opened, message)
    assert times(admin, group) == before


def test_added_customers_whose_terms_someone_changed_since_stay(
    opened: Page, admin: httpx.Client, group: Group, members: list[dict[str, Any]], unique: str
) -> None:
    add(opened, unique, "radia").get_by_role("button", name="Save").click()
    expect(toast(opened, "1 customer added.")).to_be_visible()
    theirs = {"id": members[2]["id"], "ends_at": "2998-01-01T00:00:00Z"}
    admin.post(f"/admin/customer-groups/{group['id']}/customers", json={"add": [theirs]}).raise_for_status()
    toast(opened, "1 customer added.").get_by_role("button", name="Undo").click()
    expect(toast(opened, "changed again since")).to_be_visible()
    assert times(admin, group)["radia"] == (None, "2998-01-01")


def test_undo_of_removing_finds_the_terms_behind_many_later_actions(
    opened: Page, admin: httpx.Client, group: Group, members: list[dict[str, Any]], unique: str
) -> None:
    ada, _, radia = (each["id"] for each in members)
    path, a_page = f"/admin/customer-groups/{group['id']}/customers", 20
    admin.post(path, json={"add": [{"id": ada, "ends_at": "2999-01-01T00:00:00Z"}]}).raise_for_status()
    before = times(admin, group)
    opened.get_by_role("checkbox", name=f"Select ada.{unique}@mail.example").check()
    opened.keyboard.press("r")
    opened.get_by_role("dialog").get_by_role("button", name="Continue").click()
    toast(opened, "1 customer removed.").hover()  # keeps it from closing
    for _ in range(a_page // 2):
        admin.post(path, json={"add": [radia]}).raise_for_status()
        admin.post(path, json={"remove": [radia]}).raise_for_status()
    take_back(opened, "1 customer removed.")
    assert times(admin, group) == before


def rename(page: Page, name: str) -> None:
    page.get_by_role("button", name="Customer group actions").click()
    page.get_by_role("menuitem", name="Edit").click()
    page.get_by_role("dialog").get_by_label("Name").fill(name)
    page.get_by_role("dialog").get_by_role("button", name="Save").click()


def test_a_new_name_is_undone(opened: Page, admin: httpx.Client, group: Group, unique: str) -> None:
    rename(opened, f"Oops {unique}")
    take_back(opened, "was saved")
    expect(opened.get_by_role("heading", name=group["name"])).to_be_visible()
    assert stored(admin, group)["name"] == group["name"]


def test_undo_of_metadata_keeps_later_changes_of_others(opened: Page, admin: httpx.Client, group: Group) -> None:
    opened.get_by_role("button", name="Edit metadata").click()
    window = opened.get_by_role("dialog", name="Edit Metadata")
    window.get_by_label("Value of row 1").fill("green")
    window.get_by_role("button", name="Save").click()
    expect(window).to_be_hidden()
    admin.post(f"/admin/customer-groups/{group['id']}", json={"metadata": {"theirs": 1}})
    take_back(opened, "metadata was saved")
    assert stored(admin, group)["metadata"] == {"color": "blue", "points": 10, "theirs": 1}


def test_later_changes_are_not_undone(opened: Page, admin: httpx.Client, group: Group, unique: str) -> None:
    rename(opened, f"Mine {unique}")
    expect(toast(opened, "was saved")).to_be_visible()
    admin.post(f"/admin/customer-groups/{group['id']}", json={"name": f"Theirs {unique}"})
    toast(opened, "was saved").get_by_role("button", name="Undo").click()
    expect(toast(opened, "changed again since")).to_be_visible()
    assert stored(admin, group)["name"] == f"Theirs {unique}"


def test_an_action_is_not_undone_by_half(opened: Page, admin: httpx.Client, group: Group, unique: str) -> None:
    path, name = f"/admin/customer-groups/{group['id']}", f"Both {unique}"
    admin.post(path, json={"name": name, "metadata": {"color": "green"}}).raise_for_status()
    admin.post(path, json={"metadata": {"color": "red"}}).raise_for_status()
    opened.reload()
    history = history_of(opened)
    history.get_by_role("button", name=f"Undo: Renamed from “{group['name']}” to “{name}”").click()
    expect(toast(opened, "changed again since")).to_be_visible()
    assert (stored(admin, group)["name"], stored(admin, group)["metadata"]["color"]) == (name, "red")


def test_an_older_action_can_be_undone_from_the_history(opened: Page, admin: httpx.Client, group: Group) -> None:
    history = history_of(opened)
    history.get_by_role("button", name="Undo: 2 customers added").click()
    expect(toast(opened, "Undone.")).to_be_visible()
    expect(history).to_contain_text("2 customers removed")
    assert emails(admin, group) == set()


def test_viewers_see_the_history_but_cannot_undo(open_page: OpenPage, group: Group) -> None:
    page = open_page("viewer")
    page.goto(f"/customer-groups/{group['id']}")
    history = history_of(page)
    expect(history).to_contain_text("2 customers added")
    expect(history.get_by_role("button", name="Undo")).to_have_count(0)


def test_a_customers_profile_is_undone_unless_it_was_changed_again(
    page: Page, admin: httpx.Client, new_customer: Post, unique: str
) -> None:
    customer = new_customer(email=f"ada.{unique}@mail.example", first_name="Ada", phone="+44 1")
    path = f"/admin/customers/{customer['id']}"
    page.goto(f"/customers/{customer['id']}")

    def rename(name: str) -> None:
        page.get_by_role("button", name="Customer actions").click()
        page.get_by_role("menuitem", name="Edit").click()
        window = page.get_by_role("dialog", name="Edit Customer")
        window.get_by_label("First name").fill(name)
        window.get_by_role("button", name="Save").click()
        expect(window).to_be_hidden()

    rename("Augusta")
    admin.post(path, json={"phone": "+44 2"})
    take_back(page, "was saved")
    changed = admin.get(path).json()["customer"]
    assert (changed["first_name"], changed["phone"]) == ("Ada", "+44 2")

    page.reload()
    rename("Augusta")
    admin.post(path, json={"first_name": "Byron"})
    toast(page, "was saved").get_by_role("button", name="Undo").click()
    expect(toast(page, "changed again since")).to_be_visible()
    assert admin.get(path).json()["customer"]["first_name"] == "Byron"


def test_a_customers_groups_are_undone(
    page: Page, admin: httpx.Client, group: Group, members: list[dict[str, Any]]
) -> None:
    radia = members[2]
    page.goto(f"/customers/{radia['id']}")
    page.get_by_role("button", name="Add", exact=True).click()
    window = page.get_by_role("dialog", name="Add to Customer Groups")
    window.get_by_label("Search customer groups").fill(group["name"])
    window.get_by_role("checkbox", name=f"Select {group['name']}").check()
    window.get_by_role("button", name="Save").click()
    take_back(page, "Added to 1 customer group.")
    assert emails(admin, group) == {"ada", "grace"}

    page.goto(f"/customers/{members[0]['id']}")
    page.get_by_role("checkbox", name=f"Select {group['name']}").check()
    page.keyboard.press("r")
    page.get_by_role("dialog").get_by_role("button", name="Continue").click()
    take_back(page, "Removed from 1 customer group.")
    assert emails(admin, group) == {"ada", "grace"}


def test_a_customer_who_is_added_back_has_the_same_terms(
    page: Page, admin: httpx.Client, group: Group, members: list[dict[str, Any]]
) -> None:
    ada, path = members[0]["id"], f"/admin/customer-groups/{group['id']}/customers"

    def remove() -> None:
        page.goto(f"/customers/{ada}")
        page.get_by_role("checkbox", name=f"Select {group['name']}").check()
        page.keyboard.press("r")
        page.get_by_role("dialog").get_by_role("button", name="Continue").click()
        expect(toast(page, "Removed from 1 customer group.")).to_be_visible()

    def end() -> str | None:
        found = admin.get(path, params={"id": ada, "fields": "+membership"}).json()["customers"]
        at: str | None = found[0]["membership"]["ends_at"]
        return at

    admin.post(path, json={"add": [{"id": ada, "ends_at": "2999-01-01T00:00:00Z"}]}).raise_for_status()
    before = end()
    remove()
    take_back(page, "Removed from 1 customer group.")
    assert end() == before

    # Someone else has added the customer with other terms meanwhile: they stay.
    remove()
    admin.post(path, json={"add": [{"id": ada, "ends_at": "2998-01-01T00:00:00Z"}]}).raise_for_status()
    theirs = end()
    take_back(page, "Removed from 1 customer group.")
    assert end() == theirs != before
