"""Keys: what they do, where they do nothing, and how they are found out."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import findings
from tests.browser.conftest import NARROW, OpenPage, held, let_pass
from tests.browser.layout import faults
from tests.stack import Post


@pytest.fixture
def group(new_group: Post, unique: str) -> dict[str, Any]:
    return new_group(name=f"Found by key {unique}", metadata={"color": "blue"})


@pytest.fixture
def groups(page: Page, group: dict[str, Any]) -> Page:
    page.goto("/customer-groups")
    page.get_by_role("link", name=group["name"]).wait_for()
    return page


def dialog(page: Page, name: str = "") -> Locator:
    return page.get_by_role("dialog", name=name)


def page_cell(page: Page, key: str) -> Locator:
    return page.get_by_role("rowheader", name=key, exact=True)


def find(page: Page, text: str) -> Locator:
    page.keyboard.press("ControlOrMeta+k")
    window = dialog(page, "Find anything")
    expect(window.get_by_role("combobox")).to_be_focused()
    page.keyboard.type(text)
    return window


def test_a_slash_leads_to_the_search_box(groups: Page) -> None:
    groups.keyboard.press("/")
    expect(groups.get_by_label("Search customer groups")).to_be_focused()
    groups.keyboard.type("a/b?c")
    expect(groups.get_by_label("Search customer groups")).to_have_value("a/b?c")
    expect(dialog(groups)).to_be_hidden()


def test_a_question_mark_shows_every_key_of_the_page(groups: Page) -> None:
    groups.keyboard.press("?")
    window = dialog(groups, "Keyboard shortcuts")
    shown = window.get_by_role("row")
    for key, does in (("/", "Search this list"), ("C", "Create Customer Group"), ("Ctrl K", "Find"), ("?", "Keyboard")):
        expect(shown.filter(has=page_cell(groups, key)).filter(has_text=does)).to_be_visible()
    assert findings(groups) + faults(groups) == []
    groups.keyboard.press("Escape")
    expect(window).to_be_hidden()


def test_the_keys_are_also_found_in_the_account_menu(groups: Page) -> None:
    groups.get_by_role("button", name="@liqnic.example").click()
    groups.get_by_role("menuitem", name="Keyboard shortcuts").click()
    expect(dialog(groups, "Keyboard shortcuts")).to_be_visible()


def test_c_creates_what_the_page_is_about(groups: Page) -> None:
    groups.keyboard.press("c")
    expect(dialog(groups, "Create Customer Group").get_by_label("Name")).to_be_focused()
    groups.keyboard.press("Escape")
    groups.get_by_role("link", name="Customers", exact=True).click()
    groups.get_by_role("table", name="Customers").wait_for()
    groups.keyboard.press("c")
    expect(dialog(groups, "Create Customer")).to_be_visible()


def test_what_c_has_created_is_shown_without_the_window(groups: Page, unique: str) -> None:
    groups.keyboard.press("c")
    window = dialog(groups, "Create Customer Group")
    window.get_by_label("Name").fill(f"By key {unique}")
    groups.keyboard.press("Enter")
    expect(groups.get_by_role("heading", name=f"By key {unique}")).to_be_visible()
    expect(window).to_be_hidden()
    groups.get_by_role("link", name="Customers", exact=True).click()
    groups.get_by_role("table", name="Customers").wait_for()
    groups.keyboard.press("c")
    window = dialog(groups, "Create Customer")
    window.get_by_label("Email").fill(f"by.key.{unique}@mail.example")
    groups.keyboard.press("Enter")
    expect(groups.get_by_role("heading", name=f"by.key.{unique}@mail.example")).to_be_visible()
    expect(window).to_be_hidden()


def test_a_group_is_found_and_opened_by_its_name(page: Page, group: dict[str, Any]) -> None:
    page.goto("/customers")
    page.get_by_role("heading", name="Customers").wait_for()
    window = find(page, group["name"])
    expect(window.get_by_role("option", name=group["name"])).to_be_visible()
    assert findings(page) + faults(page) == []
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(group["id"]))
    expect(window).to_be_hidden()


def test_enter_opens_no_result_of_the_previous_search(page: Page, group: dict[str, Any], unique: str) -> None:
    page.goto("/customers")
    page.get_by_role("heading", name="Customers").wait_for()
    window = find(page, group["name"])
    expect(window.get_by_role("option", name=group["name"])).to_be_visible()
    with held(page, re.compile("q=nothing")):
        with page.expect_request(re.compile("q=nothing")):
            window.get_by_role("combobox").fill(f"nothing {unique}")
        page.keyboard.press("Enter")
        expect(window).to_be_visible()
    expect(window.get_by_role("status")).to_contain_text("Nothing matches")
    expect(page).to_have_url(re.compile("/customers$"))


def test_ctrl_and_enter_do_not_save_what_the_button_would_not(page: Page, group: dict[str, Any]) -> None:
    page.goto(f"/customer-groups/{group['id']}")
    page.get_by_role("button", name="Add", exact=True).click()
    window = dialog(page, "Add Customers")
    expect(window.get_by_role("button", name="Save")).to_be_disabled()
    page.keyboard.press("ControlOrMeta+Enter")
    let_pass(page, 300)
    expect(window).to_be_visible()


def test_a_customer_is_found_by_name_or_address(groups: Page, new_customer: Post, unique: str) -> None:
    customer = new_customer(email=f"emmy.{unique}@mail.example", first_name="Emmy", last_name=f"Noether {unique}")
    window = find(groups, f"noether {unique}")
    window.get_by_role("option", name=f"emmy.{unique}@mail.example").click()
    expect(groups).to_have_url(re.compile(customer["id"]))


def test_an_action_is_found_and_done_with_the_keyboard_where_it_was(page: Page, group: dict[str, Any]) -> None:
    page.goto(f"/customer-groups/{group['id']}")
    button = page.get_by_role("button", name="Edit metadata")
    button.focus()
    find(page, "edit meta")
    page.keyboard.press("Enter")
    window = dialog(page, "Edit Metadata")
    expect(window.get_by_label("Key of row 1")).to_be_focused()
    page.keyboard.press("Escape")
    expect(window).to_be_hidden()
    expect(button).to_be_focused()


def test_the_arrows_lead_through_what_was_found(groups: Page) -> None:
    window = find(groups, "create")
    box = window.get_by_role("combobox")
    for name in ("Create Customer Group", "Create Customer"):
        chosen = box.get_attribute("aria-activedescendant")
        options = window.get_by_role("option")
        names = options.evaluate_all("found => found.map(one => [one.id, one.textContent])")
        assert name in dict(names).get(chosen, names[0][1])
        groups.keyboard.press("ArrowDown")
    groups.keyboard.press("Escape")
    expect(window).to_be_hidden()


def test_the_code_of_the_search_window_is_loaded_when_it_opens(groups: Page) -> None:
    groups.wait_for_load_state("networkidle")
    loaded: list[str] = []
    groups.on("request", lambda request: loaded.append(request.url))
    groups.keyboard.press("ControlOrMeta+k")
    dialog(groups, "Find anything").wait_for()
    assert any("find-window" in url for url in loaded)


@pytest.mark.parametrize("key", ["/", "?", "c"])
def test_a_letter_in_a_field_stays_a_letter(groups: Page, key: str) -> None:
    box = groups.get_by_label("Search customer groups")
    box.focus()
    groups.keyboard.press(key)
    expect(box).to_have_value(key)
    expect(dialog(groups)).to_be_hidden()


@pytest.mark.parametrize("key", ["Control+c", "Alt+c", "Meta+c", "Shift+C", "Control+/", "Alt+?"])
def test_a_key_with_a_modifier_means_something_else(groups: Page, key: str) -> None:
    groups.keyboard.press(key)
    expect(dialog(groups)).to_be_hidden()
    expect(groups.get_by_label("Search customer groups")).not_to_be_focused()


@pytest.mark.parametrize("key", ["/", "?", "c", "ControlOrMeta+k"])
def test_behind_an_open_window_or_menu_no_key_does_anything(groups: Page, key: str) -> None:
    groups.get_by_role("button", name="@liqnic.example").click()
    groups.get_by_role("menu").wait_for()
    groups.keyboard.press(key)
    expect(dialog(groups)).to_be_hidden()
    groups.keyboard.press("Escape")
    groups.get_by_role("button", name="Add filter").click()
    groups.get_by_role("menuitem", name="Created").click()
    dialog(groups, "Created").get_by_role("button", name="Today").focus()
    groups.keyboard.press(key)
    expect(dialog(groups)).to_have_count(1)


def test_who_may_only_look_creates_nothing_by_key(open_page: OpenPage, group: dict[str, Any]) -> None:
    page = open_page("viewer")
    page.goto("/customer-groups")
    page.get_by_role("link", name=group["name"]).wait_for()
    page.keyboard.press("c")
    expect(dialog(page)).to_be_hidden()
    window = find(page, "create")
    expect(window.get_by_text("Nothing matches")).to_be_visible()


def test_a_screen_that_is_touched_has_no_keys_and_speaks_of_none(open_page: OpenPage, group: dict[str, Any]) -> None:
    page = open_page(size=NARROW)
    page.goto("/customer-groups")
    page.get_by_role("link", name=group["name"]).wait_for()
    for key in ("/", "?", "c", "ControlOrMeta+k"):
        page.keyboard.press(key)
    expect(dialog(page)).to_be_hidden()
    page.get_by_role("button", name="Open navigation").click()
    page.get_by_role("button", name="@liqnic.example").click()
    expect(page.get_by_role("menuitem", name="Sign out")).to_be_visible()
    expect(page.get_by_role("menuitem", name="Keyboard shortcuts")).to_be_hidden()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Find", exact=True).click()
    expect(dialog(page, "Find anything").get_by_role("combobox")).to_be_focused()
    expect(page.locator("kbd")).to_have_count(0)


def test_esc_closes_one_layer(page: Page, group: dict[str, Any]) -> None:
    page.goto(f"/customer-groups/{group['id']}")
    page.get_by_role("button", name="Add", exact=True).click()
    window = dialog(page, "Add Customers")
    window.get_by_role("button", name="Add filter").click()
    expect(page.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_be_hidden()
    expect(window).to_be_visible()
    window.get_by_role("button", name="Add filter").click()
    page.get_by_role("menuitem", name="Created").click()
    period = dialog(page, "Created")
    period.get_by_role("button", name="Today").focus()
    page.keyboard.press("Escape")
    expect(period).to_be_hidden()
    expect(window).to_be_visible()
    page.keyboard.press("Escape")
    expect(window).to_be_hidden()


def test_esc_closes_the_menu_of_a_row_before_its_window(page: Page, group: dict[str, Any]) -> None:
    page.goto(f"/customer-groups/{group['id']}")
    page.get_by_role("button", name="Edit metadata").click()
    window = dialog(page, "Edit Metadata")
    window.get_by_role("button", name="Actions for row 1", exact=True).click()
    page.get_by_role("menu").wait_for()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_be_hidden()
    expect(window).to_be_visible()
