"""Selected customers: the shortcut R, selections over pages and searches, large selections."""

import json
import secrets
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import let_pass
from tests.stack import eventually

type Group = dict[str, Any]


@pytest.fixture(scope="module")
def group(admin: httpx.Client) -> Group:
    """A group of 23 customers: three pages."""
    created = admin.post("/admin/customer-groups", json={"name": f"Three pages {secrets.token_hex(4)}"})
    group: Group = created.json()["customer_group"]
    word = group["id"][-6:].lower()
    ids = [
        admin.post("/admin/customers", json={"email": f"member{number:02}.{word}@mail.example"}).json()["customer"][
            "id"
        ]
        for number in range(23)
    ]
    admin.post(f"/admin/customer-groups/{group['id']}/customers", json={"add": ids})
    return {**group, "word": word}


@pytest.fixture
def members(page: Page, group: Group) -> Page:
    """The group's page, sorted by e-mail address."""
    page.goto(f"/customer-groups/{group['id']}?order=email")
    page.get_by_role("checkbox", name="Select member00").wait_for()
    return page


def check(page: Page, *numbers: int) -> None:
    for number in numbers:
        page.get_by_role("checkbox", name=f"Select member{number:02}").check()


def expect_no_pop_up(page: Page) -> None:
    let_pass(page, 300)
    expect(page.get_by_role("dialog", name="Remove customers?")).to_be_hidden()


def test_r_opens_a_confirmation_after_a_customer_was_selected(members: Page) -> None:
    check(members, 3)
    members.keyboard.press("r")
    expect(members.get_by_role("dialog", name="Remove customers?")).to_be_visible()


def test_r_does_nothing_without_a_selection(members: Page) -> None:
    members.keyboard.press("r")
    expect_no_pop_up(members)


@pytest.mark.parametrize("modifier", ["Control", "Shift", "Alt", "Meta"])
def test_r_does_nothing_while_a_modifier_is_held(members: Page, modifier: str) -> None:
    # The browser would reload for some of these, so the event is only sent to the page.
    check(members, 3)
    held = {"Control": "ctrlKey", "Shift": "shiftKey", "Alt": "altKey", "Meta": "metaKey"}[modifier]
    members.evaluate(
        "held => document.activeElement.dispatchEvent("
        "new KeyboardEvent('keydown', { key: 'r', bubbles: true, [held]: true }))",
        held,
    )
    expect_no_pop_up(members)


def test_r_is_typed_into_the_search_box_if_it_has_the_focus(members: Page) -> None:
    check(members, 3)
    search = members.get_by_label("Search customers")
    search.press("r")
    expect(search).to_have_value("r")
    expect_no_pop_up(members)


def test_r_does_nothing_while_a_window_is_open(members: Page) -> None:
    check(members, 3)
    members.get_by_role("button", name="Add", exact=True).click()
    members.get_by_role("dialog", name="Add Customers").get_by_role("button", name="Cancel").focus()
    members.keyboard.press("r")
    expect_no_pop_up(members)


def test_r_does_nothing_while_a_menu_is_open(members: Page) -> None:
    check(members, 3)
    members.get_by_role("button", name="Customer group actions").click()
    members.get_by_role("menuitem", name="Edit").focus()
    members.keyboard.press("r")
    expect_no_pop_up(members)


def test_r_does_nothing_for_viewers(open_page: Callable[[str], Page], group: Group) -> None:
    page = open_page("viewer")
    page.goto(f"/customer-groups/{group['id']}")
    page.get_by_role("table", name="Customers").get_by_role("link", name="member").first.wait_for()
    expect(page.get_by_role("checkbox")).to_have_count(0)
    page.keyboard.press("r")
    expect_no_pop_up(page)


def test_the_selection_is_kept_when_paging_and_searching(members: Page, group: Group) -> None:
    selected = members.get_by_role("region", name="Selection").get_by_role("status")
    check(members, 0, 1)
    members.get_by_role("button", name="Page 2").click()
    check(members, 12)
    expect(selected).to_have_text("3 selected")
    members.get_by_label("Search customers").fill(f"member22 {group['word']}")
    check(members, 22)
    expect(selected).to_have_text("4 selected")
    members.get_by_label("Search customers").fill("")
    expect(members.get_by_role("checkbox", name="Select member01")).to_be_checked()
    expect(members.get_by_role("checkbox", name="Select member02")).not_to_be_checked()
    members.get_by_role("button", name="Remove R").or_(members.get_by_role("button", name="Remove")).first.click()
    expect(members.get_by_role("dialog")).to_contain_text("remove 4 customers")


def test_all_on_the_page_or_in_the_group_can_be_selected(members: Page) -> None:
    selected = members.get_by_role("region", name="Selection").get_by_role("status")
    members.get_by_role("checkbox", name="Select all on this page").check()
    expect(selected).to_have_text("10 selected")
    members.get_by_role("button", name="Select all 23").click()
    expect(selected).to_have_text("23 selected")
    members.get_by_role("button", name="Clear selection").click()
    expect(selected).to_be_hidden()


@pytest.fixture
def crowd(members: Page) -> Page:
    """The page of a simulated group with 2,300 customers, whose removal is simulated too."""

    def many(route: Route) -> None:
        ids = [{"id": f"cus_{number}"} for number in range(2_300)]
        route.fulfill(json={"customers": ids, "count": 2_300, "offset": 0, "limit": 1000, "next_cursor": None})

    members.route("**/customers?*limit=1000*", many)
    members.get_by_role("checkbox", name="Select all on this page").check()
    members.get_by_role("button", name="Select all 23").click()
    expect(members.get_by_role("region", name="Selection").get_by_role("status")).to_have_text("2,310 selected")
    return members


def test_a_large_selection_shows_its_progress(crowd: Page, group: Group) -> None:
    portions: list[int] = []
    held: list[Route] = []

    def remove(route: Route) -> None:
        portions.append(len(json.loads(route.request.post_data or "")["remove"]))
        held.append(route)

    def is_held() -> bool:
        crowd.wait_for_timeout(20)
        return bool(held)

    def answer() -> None:
        assert eventually(is_held, pause=0)
        changed = {"customer_group": group, "added": [], "removed": [], "unchanged": []}
        held.pop().fulfill(json=changed)

    crowd.route("**/customer-groups/*/customers", remove)
    crowd.keyboard.press("r")
    pop_up = crowd.get_by_role("dialog")
    pop_up.get_by_role("button", name="Continue").click()
    expect(pop_up.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "0")
    answer()
    expect(pop_up.get_by_role("status")).to_have_text("1,000 of 2,310")
    answer()
    expect(pop_up.get_by_role("status")).to_have_text("2,000 of 2,310")
    answer()
    expect(pop_up).to_be_hidden()
    assert portions == [1_000, 1_000, 310]


def test_a_large_selection_that_fails_can_be_continued(crowd: Page, group: Group) -> None:
    portions: list[list[str]] = []

    def remove(route: Route) -> None:
        portions.append(json.loads(route.request.post_data or "")["remove"])
        if len(portions) == 2:
            route.fulfill(status=503, json={"type": "unexpected_state", "message": "Later", "request_id": "r-1"})
        else:
            route.fulfill(json={"customer_group": {"id": group["id"]}, "added": [], "removed": [], "unchanged": []})

    crowd.route("**/customer-groups/*/customers", remove)
    crowd.keyboard.press("r")
    pop_up = crowd.get_by_role("dialog")
    pop_up.get_by_role("button", name="Continue").click()
    expect(pop_up.get_by_role("alert")).to_contain_text("r-1")
    expect(pop_up).to_contain_text("1,000 of 2,310 were applied")
    pop_up.get_by_role("button", name="Continue").click()
    expect(pop_up).to_be_hidden()
    assert [len(portion) for portion in portions] == [1_000, 1_000, 1_000, 310]
    assert portions[1] == portions[2]
