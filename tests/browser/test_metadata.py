"""The metadata editor keeps types and digits, and shows errors next to the fields."""

from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.rows import number_of
from tests.stack import Post

type OpenWindow = Callable[[str], Locator]

EVERY_KIND = (
    '{"big":9007199254740993,"digits":"52","json":{"list":[1,0.10000000000000000001],"none":null},"long":'
    '12345678901234567890123456789012345678,"negative":-0.1,"no":false,"none":null,"text":"52 tests","yes":true}'
)


@pytest.fixture
def edit(page: Page, admin: httpx.Client, new_group: Post) -> OpenWindow:
    """Open the window of a new group with this metadata, given as text so that Python does not round numbers."""

    def open_window(metadata: str) -> Locator:
        path = f"/admin/customer-groups/{new_group()['id']}"
        stored = admin.put(f"{path}/metadata", content=f'{{"metadata":{metadata}}}')
        assert stored.status_code == 200, stored.text
        page.goto(path.removeprefix("/admin"))
        page.get_by_role("button", name="Edit metadata").click()
        return page.get_by_role("dialog", name="Edit Metadata")

    return open_window


def save(page: Page, window: Locator) -> str:
    """The body that Save sends."""
    with page.expect_request("**/metadata") as sent:
        window.get_by_role("button", name="Save").click()
    expect(window).to_be_hidden()
    assert sent.value.headers["if-match"] == '"2"'
    return sent.value.post_data or ""


def test_unchanged_rows_are_sent_exactly_as_received(page: Page, admin: httpx.Client, edit: OpenWindow) -> None:
    window = edit(EVERY_KIND)
    group = admin.get(f"/admin/customer-groups/{page.url.rpartition('/')[2]}").text
    came = group.partition('"metadata":')[2].partition(',"rule"')[0]
    assert save(page, window) == f'{{"metadata":{came}}}'


def test_numbers_and_texts_keep_their_type(page: Page, edit: OpenWindow) -> None:
    window = edit('{"points":10,"label":"52 tests"}')
    points, label = number_of(window, "points"), number_of(window, "label")
    expect(window.get_by_label(f"Type of row {points}")).to_have_value("number")
    expect(window.get_by_label(f"Type of row {label}")).to_have_value("text")
    window.get_by_label(f"Value of row {points}").fill("12.50")
    window.get_by_label(f"Value of row {label}").fill("53")
    sent = save(page, window)
    assert '"points":12.50' in sent
    assert '"label":"53"' in sent


def test_every_type_of_value_can_be_entered(page: Page, edit: OpenWindow) -> None:
    window = edit("{}")

    def write(row: int, key: str, kind: str) -> Locator:
        if row > 1:
            window.get_by_role("button", name=f"Actions for row {row - 1}", exact=True).click()
            page.get_by_role("menuitem", name="Insert row below").click()
        window.get_by_label(f"Key of row {row}").fill(key)
        window.get_by_label(f"Type of row {row}").select_option(kind)
        return window.get_by_label(f"Value of row {row}")

    write(1, "text", "Text").fill("007")
    write(2, "number", "Number").fill("9007199254740993")
    write(3, "yes", "Yes/No").select_option("Yes")
    write(4, "none", "Nothing")
    write(5, "json", "JSON").fill('{"a": [1, 2.0]}')
    assert save(page, window) == (
        '{"metadata":{"text":"007","number":9007199254740993,"yes":true,"none":null,"json":{"a":[1,2.0]}}}'
    )


def test_a_repeated_key_shows_an_error_while_typing(page: Page, edit: OpenWindow) -> None:
    window = edit('{"color":"blue"}')
    window.get_by_role("button", name="Actions for row 1").click()
    page.get_by_role("menuitem", name="Insert row below").click()
    second = window.get_by_label("Key of row 2")
    second.fill("color")
    expect(second).to_have_attribute("aria-invalid", "true")
    expect(window.get_by_text("This key is already in the table.")).to_be_visible()
    window.get_by_role("button", name="Save").click()
    expect(window).to_be_visible()
    second.fill("size")
    expect(window.get_by_text("This key is already in the table.")).to_be_hidden()


@pytest.mark.parametrize(
    ("kind", "text", "problem"), [("Number", "ten", "not a number"), ("JSON", "{a}", "not valid JSON")]
)
def test_a_value_of_the_wrong_type_shows_an_error(edit: OpenWindow, kind: str, text: str, problem: str) -> None:
    window = edit('{"color":"blue"}')
    window.get_by_label("Type of row 1").select_option(kind)
    window.get_by_label("Value of row 1").fill(text)
    window.get_by_role("button", name="Save").click()
    expect(window.get_by_text(problem)).to_be_visible()
    expect(window.get_by_label("Value of row 1")).to_have_value(text)


def test_refused_values_are_kept_in_the_form(edit: OpenWindow) -> None:
    window = edit('{"n":1}')
    window.get_by_label("Value of row 1").fill("1" * 60)
    window.get_by_role("button", name="Save").click()
    expect(window.get_by_role("alert")).to_be_visible()
    expect(window.get_by_label("Value of row 1")).to_have_value("1" * 60)


def test_the_menu_of_a_row_is_shown_on_hover(edit: OpenWindow) -> None:
    window = edit('{"color":"blue","size":"L"}')
    # The first row has the focus, so its menu is shown too.
    second = window.get_by_role("button", name="Actions for row 2")
    window.get_by_label("Key of row 1").hover()
    expect(second).to_have_css("opacity", "0")
    window.get_by_label("Key of row 2").hover()
    expect(second).to_have_css("opacity", "1")


def test_enter_moves_to_the_next_row_and_adds_one_at_the_end(page: Page, edit: OpenWindow) -> None:
    window = edit('{"color":"blue"}')
    window.get_by_label("Key of row 1").press("Enter")
    expect(window.get_by_label("Key of row 2")).to_be_focused()
    page.keyboard.type("size")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("L")
    page.keyboard.press("Enter")
    expect(window.get_by_label("Key of row 3")).to_be_focused()
    assert save(page, window) == '{"metadata":{"color":"blue","size":"L"}}'


def test_a_row_can_be_added_without_a_menu(window_of_two: Locator) -> None:
    window_of_two.get_by_role("button", name="Add row").click()
    expect(window_of_two.get_by_label("Key of row 3")).to_be_focused()


@pytest.fixture
def window_of_two(edit: OpenWindow) -> Locator:
    return edit('{"color":"blue","points":10}')


def test_pasted_columns_fill_rows_and_keep_the_types_of_known_keys(page: Page, window_of_two: Locator) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    cells = 'points\t12.50\ntier\tgold\nnote\t"two\nlines, ""quoted"""\n'
    page.evaluate("text => navigator.clipboard.writeText(text)", cells)
    window_of_two.get_by_role("button", name="Add row").click()
    page.keyboard.press("Control+v")
    sent = save(page, window_of_two)
    assert sent == ('{"metadata":{"color":"blue","points":12.50,"tier":"gold","note":"two\\nlines, \\"quoted\\""}}')


def test_json_is_validated_while_typing(window_of_two: Locator) -> None:
    window_of_two.get_by_label("Type of row 1").select_option("JSON")
    field = window_of_two.get_by_label("Value of row 1")
    field.fill('{"a": 1')
    expect(window_of_two.get_by_text("not valid JSON")).to_be_visible()
    field.press("End")
    field.press("Enter")
    field.press_sequentially("}")
    expect(window_of_two.get_by_text("not valid JSON")).to_be_hidden()


def test_the_first_error_gets_the_focus_after_save(page: Page, window_of_two: Locator) -> None:
    window_of_two.get_by_label("Type of row 2").select_option("Number")
    window_of_two.get_by_label("Value of row 2").fill("ten")
    window_of_two.get_by_role("button", name="Add row").click()
    window_of_two.get_by_role("button", name="Save").click()
    expect(window_of_two.get_by_label("Value of row 2")).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("10")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(window_of_two).to_be_hidden()


def test_the_field_of_a_long_text_grows(window_of_two: Locator) -> None:
    field = window_of_two.get_by_label("Value of row 1")
    low = field.evaluate("field => field.offsetHeight")
    field.fill("a long text that goes on and on " * 8)
    assert field.evaluate("field => field.offsetHeight") > 2 * low
