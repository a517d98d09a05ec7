"""The history shows one entry per action, with the actor, the time, the customers, and the old values."""

import secrets
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from local.stack import Stack
from tests.browser.conftest import OpenPage, Person
from tests.browser.history import history_of
from tests.stack import Post

type NewPerson = Callable[[str], Person]


@pytest.fixture(scope="module")
def word() -> str:
    """Unique, like `unique`, but the same for all tests here: they only read one history."""
    return secrets.token_hex(5)


@pytest.fixture(scope="module")
def crowd(new_customer: Post, word: str) -> list[str]:
    """More customers than fit into one transaction."""
    return [new_customer(email=f"reader{number:02}.{word}@mail.example")["id"] for number in range(52)]


@pytest.fixture(scope="module")
def group_id(admin: httpx.Client, crowd: list[str], word: str) -> str:
    body = {"name": f"Group {word}", "metadata": {"color": "blue", "big": 9007199254740993}}
    group_id: str = admin.post("/admin/customer-groups", json=body).json()["customer_group"]["id"]
    path = f"/admin/customer-groups/{group_id}"
    admin.post(f"{path}/customers", json={"add": crowd})
    admin.post(path, json={"name": f"Loyal {word}"})
    admin.put(f"{path}/metadata", content='{"metadata":{"color":"red","big":9007199254740995}}')
    admin.delete(f"/admin/customers/{crowd[0]}")
    return group_id


@pytest.fixture
def history(page: Page, group_id: str) -> Locator:
    page.goto(f"/customer-groups/{group_id}")
    section = history_of(page)
    expect(section).to_contain_text("52 customers added")
    return section


def test_one_action_is_one_entry(history: Locator) -> None:
    expect(history.get_by_text("customers added")).to_have_text(["52 customers added"])
    expect(history.get_by_text("1 customer removed")).to_have_count(1)


def test_names_of_customers_are_loaded_on_request(page: Page, history: Locator, crowd: list[str], word: str) -> None:
    entry = history.get_by_role("button", name="Who was added")
    with page.expect_response(lambda answer: "/admin/customers?" in answer.url):
        entry.click()
    expect(history.get_by_role("link", name=f"reader01.{word}")).to_be_visible()
    history.get_by_role("button", name="Show more (2)").click()
    expect(history.get_by_role("link", name="reader")).to_have_count(51)
    expect(history.get_by_text(f"{crowd[0]} (deleted)")).to_be_visible()


def test_names_and_metadata_keys_show_old_and_new_values(history: Locator, word: str) -> None:
    expect(history.get_by_text(f"to “Loyal {word}”")).to_be_visible()
    changes = history.get_by_role("table", name="Metadata changed")
    rows = ["KeyBeforeAfter", "colorbluered", "big90071992547409939007199254740995"]
    expect(changes.get_by_role("row")).to_have_text(rows)


def test_a_history_is_filtered_by_kind_person_and_time(page: Page, history: Locator, word: str) -> None:
    entries = history.locator(".mantine-Timeline-item")
    expect(entries).to_have_count(5)
    history.get_by_role("button", name="Kind of change").click()
    page.get_by_role("menuitem", name="Customers added").click()
    expect(entries).to_have_count(1)
    expect(history.get_by_role("button", name="Change filter: Kind of change: Customers added")).to_be_focused()
    history.get_by_role("button", name="Time").click()
    page.get_by_role("dialog", name="Time").get_by_label("To").fill("2020-01-01")
    page.get_by_role("dialog", name="Time").get_by_role("button", name="Apply").click()
    expect(history.get_by_text("Nothing matches")).to_be_visible()
    history.get_by_role("button", name="Clear filters").click()
    expect(entries).to_have_count(5)
    history.get_by_role("button", name="Person").click()
    page.get_by_role("menuitem", name="You").click()
    expect(history.get_by_text("Nothing matches")).to_be_visible()
    history.get_by_role("button", name="Remove filter: Person: You").click()
    expect(history.get_by_text(f"to “Loyal {word}”")).to_be_visible()


def test_people_are_shown_by_name_and_machines_by_id(
    open_page: OpenPage, new_person: NewPerson, stack: Stack, admin: httpx.Client, new_group: Post, unique: str
) -> None:
    colleague, password = new_person("editor")
    group = new_group()
    token = stack.users.access_token(colleague, password)
    admin.post(
        f"/admin/customer-groups/{group['id']}",
        json={"name": f"By a colleague {unique}"},
        headers={"Authorization": f"Bearer {token}"},
    )
    page = open_page("viewer")
    page.goto(f"/customer-groups/{group['id']}")
    expect(history_of(page)).to_contain_text(f"{colleague} · ")
