"""The number of keys and clicks for a typical task."""

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.history import history_of
from tests.stack import Post

MAX_ACTIONS = 25


class Hands:
    """Counts clicks, keys and typed words."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.actions: list[str] = []

    def click(self, place: Locator) -> None:
        self.actions.append(f"click {place}")
        place.click()

    def press(self, key: str) -> None:
        self.actions.append(f"press {key}")
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.actions.append(f"type {text}")
        self.page.keyboard.type(text)


@pytest.fixture
def searched(new_customer: Post, unique: str) -> str:
    """A search that finds 143 customers."""
    for number in range(143):
        new_customer(email=f"spring{number:03}.{unique}@mail.example")
    return f"spring {unique}"


def test_a_typical_task_takes_under_25_actions(
    page: Page, admin: httpx.Client, new_group: Post, searched: str, unique: str
) -> None:
    group = new_group()
    path = f"/admin/customer-groups/{group['id']}"
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/customer-groups/{group['id']}")
    page.evaluate("text => navigator.clipboard.writeText(text)", "tier\tgold\nlimit\t250\nseason\tspring\n")
    hands = Hands(page)

    # Add the 143 customers of a search. The search box has the focus.
    hands.click(page.get_by_role("button", name="Add", exact=True))
    expect(page.get_by_label("Search customers").last).to_be_focused()
    hands.type(searched)
    hands.click(page.get_by_role("button", name="Select all 143 that match"))
    expect(page.get_by_role("status").filter(has_text="143 selected")).to_be_visible()
    hands.press("ControlOrMeta+Enter")
    expect(page.get_by_text("143 customers", exact=True)).to_be_visible()

    # Rename.
    hands.click(page.get_by_role("button", name="Customer group actions"))
    hands.click(page.get_by_role("menuitem", name="Edit"))
    expect(page.get_by_role("dialog").get_by_label("Name")).to_be_focused()
    hands.press("ControlOrMeta+a")
    hands.type(f"Spring sale {unique}")
    hands.press("Enter")
    expect(page.get_by_role("heading", name=f"Spring sale {unique}")).to_be_visible()

    # Three metadata keys from a spreadsheet.
    hands.click(page.get_by_role("button", name="Edit metadata"))
    expect(page.get_by_label("Key of row 1")).to_be_focused()
    hands.press("ControlOrMeta+v")
    hands.press("ControlOrMeta+Enter")
    expect(page.get_by_role("dialog")).to_be_hidden()
    stored = admin.get(path).json()["customer_group"]
    assert stored["metadata"] == {"tier": "gold", "limit": "250", "season": "spring"}
    assert (stored["name"], stored["customer_count"]) == (f"Spring sale {unique}", 143)

    # Undo: the metadata, the name, and the customers.
    history = history_of(page)
    for done in ("Metadata changed", "Renamed", "143 customers added"):
        hands.click(history.get_by_role("button", name=f"Undo: {done}").first)
        expect(page.get_by_role("alert").filter(has_text="Undone.").last).to_be_visible()
    expect(page.get_by_text("0 customers", exact=True)).to_be_visible()
    undone = admin.get(path).json()["customer_group"]
    assert (undone["name"], undone["metadata"], undone["customer_count"]) == (group["name"], {}, 0)

    assert len(hands.actions) < MAX_ACTIONS, hands.actions
