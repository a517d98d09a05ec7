"""The page can be used with the keyboard and in dark mode. test_layout.py checks all views with axe."""

from playwright.sync_api import Page, expect

from tests.browser.axe import findings
from tests.browser.conftest import OpenPage, let_pass
from tests.stack import Post


def test_axe_finds_no_serious_problems_at_sign_in(open_page: OpenPage) -> None:
    page = open_page(None)
    page.goto("/")
    page.get_by_label("Email").wait_for()
    assert findings(page) == []


def test_the_page_uses_the_color_scheme_of_the_system(open_page: OpenPage) -> None:
    light, dark = open_page(), open_page(dark=True)
    backgrounds = []
    for page in (light, dark):
        page.goto("/customer-groups")
        page.get_by_role("heading", name="Customer Groups").wait_for()
        backgrounds.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert backgrounds == ["rgb(246, 247, 249)", "rgb(19, 20, 22)"]


def test_dark_mode_can_be_selected_and_is_stored(page: Page) -> None:
    page.goto("/customer-groups")
    page.get_by_role("button", name="@liqnic.example").click()
    page.get_by_role("menuitemradio", name="Dark").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")


def test_a_group_can_be_created_renamed_and_deleted_with_the_keyboard(page: Page, unique: str) -> None:
    page.goto("/customer-groups")
    page.get_by_role("button", name="Create").wait_for()

    def tab_to(name: str) -> None:
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.ariaLabel || document.activeElement.textContent").strip() == name:
                return
        raise AssertionError(f"Tab never reaches {name}")

    tab_to("Create")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_label("Name")).to_be_focused()
    page.keyboard.type(f"Keys {unique}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"Keys {unique}")).to_be_focused()

    tab_to("Customer group actions")
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Edit")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_label("Name")).to_be_focused()
    page.keyboard.type(" only")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("only")

    # The window returns the focus to the button that opened it.
    expect(page.get_by_role("button", name="Customer group actions")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Edit")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("menuitem", name="Delete")).to_be_focused()
    page.keyboard.press("Enter")
    # Enter alone must not delete.
    expect(page.get_by_role("dialog").get_by_role("button", name="Cancel")).to_be_focused()
    # The pop-up sets the focus twice. A person is not fast enough to notice.
    let_pass(page, 200)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Customer Groups")).to_be_visible()


def test_metadata_rows_can_be_inserted_with_the_keyboard(page: Page, new_group: Post) -> None:
    group = new_group(metadata={"color": "blue"})
    page.goto(f"/customer-groups/{group['id']}")
    edit = page.get_by_role("button", name="Edit metadata")
    expect(edit).to_be_enabled()
    edit.focus()
    page.keyboard.press("Enter")
    window = page.get_by_role("dialog", name="Edit Metadata")
    menu = window.get_by_role("button", name="Actions for row 1")
    menu.focus()
    expect(menu).to_have_css("opacity", "1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Insert row above")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(window.get_by_label("Key of row 2")).to_be_focused()
    page.keyboard.press("Escape")
    expect(window).to_be_hidden()
    expect(edit).to_be_focused()


def test_the_navigation_can_be_skipped(page: Page) -> None:
    page.goto("/customer-groups")
    page.get_by_role("heading", name="Customer Groups").wait_for()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
