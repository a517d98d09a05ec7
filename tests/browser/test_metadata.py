"""The metadata editor: values keep their kind and their digits, mistakes are refused in place."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

type Post = Callable[..., dict[str, Any]]
type OpenWindow = Callable[[str], Locator]

EVERY_KIND = (
    '{"big":9007199254740993,"digits":"52","json":{"list":[1,0.10000000000000000001],"none":null},"long":'
    '12345678901234567890123456789012345678,"negative":-0.1,"no":false,"none":null,"text":"52 tests","yes":true}'
)


@pytest.fixture
def edit(page: Page, admin: httpx.Client, new_group: Post) -> OpenWindow:
    """Opens the window of a new group with this metadata, given as text so that Python cannot round it."""

    def open_window(metadata: str) -> Locator:
        path = f"/admin/customer-groups/{new_group()['id']}"
        stored = admin.put(f"{path}/metadata", content=f'{{"metadata":{metadata}}}')
        assert stored.status_code == 200, stored.text
        page.goto(path.removeprefix("/admin"))
        page.get_by_role("button", name="Edit metadata").click()
        return page.get_by_role("dialog", name="Edit Metadata")

    return open_window


def save(page: Page, window: Locator) -> str:
    """What Save sends."""
    with page.expect_request("**/metadata") as sent:
        window.get_by_role("button", name="Save").click()
    expect(window).to_be_hidden()
    assert sent.value.headers["if-match"] == '"2"'
    return sent.value.post_data or ""


def number_of(window: Locator, key: str) -> int:
    keys = window.get_by_label("Key of row").evaluate_all("fields => fields.map(one => one.value)")
    return int(keys.index(key)) + 1


def test_untouched_rows_go_back_exactly_as_they_came(page: Page, admin: httpx.Client, edit: OpenWindow) -> None:
    window = edit(EVERY_KIND)
    group = admin.get(f"/admin/customer-groups/{page.url.rpartition('/')[2]}").text
    came = group.partition('"metadata":')[2].partition(',"version"')[0]
    assert save(page, window) == f'{{"metadata":{came}}}'


def test_a_number_stays_a_number_and_text_stays_text(page: Page, edit: OpenWindow) -> None:
    window = edit('{"points":10,"label":"52 tests"}')
    points, label = number_of(window, "points"), number_of(window, "label")
    expect(window.get_by_label(f"Type of row {points}")).to_have_value("number")
    expect(window.get_by_label(f"Type of row {label}")).to_have_value("text")
    window.get_by_label(f"Value of row {points}").fill("12.50")
    window.get_by_label(f"Value of row {label}").fill("53")
    sent = save(page, window)
    assert '"points":12.50' in sent
    assert '"label":"53"' in sent


def test_every_kind_of_value_can_be_written(page: Page, edit: OpenWindow) -> None:
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


def test_a_repeated_key_is_refused_in_place_while_it_is_typed(page: Page, edit: OpenWindow) -> None:
    window = edit('{"colour":"blue"}')
    window.get_by_role("button", name="Actions for row 1").click()
    page.get_by_role("menuitem", name="Insert row below").click()
    second = window.get_by_label("Key of row 2")
    second.fill("colour")
    expect(second).to_have_attribute("aria-invalid", "true")
    expect(window.get_by_text("This key is already in the table.")).to_be_visible()
    window.get_by_role("button", name="Save").click()
    expect(window).to_be_visible()
    second.fill("size")
    expect(window.get_by_text("This key is already in the table.")).to_be_hidden()


@pytest.mark.parametrize(
    ("kind", "text", "problem"), [("Number", "ten", "not a number"), ("JSON", "{a}", "not valid JSON")]
)
def test_a_value_that_is_not_of_its_kind_is_refused_in_place(
    edit: OpenWindow, kind: str, text: str, problem: str
) -> None:
    window = edit('{"colour":"blue"}')
    window.get_by_label("Type of row 1").select_option(kind)
    window.get_by_label("Value of row 1").fill(text)
    window.get_by_role("button", name="Save").click()
    expect(window.get_by_text(problem)).to_be_visible()
    expect(window.get_by_label("Value of row 1")).to_have_value(text)


def test_what_the_server_refuses_stays_in_the_window(edit: OpenWindow) -> None:
    window = edit('{"n":1}')
    window.get_by_label("Value of row 1").fill("1" * 60)
    window.get_by_role("button", name="Save").click()
    expect(window.get_by_role("alert")).to_be_visible()
    expect(window.get_by_label("Value of row 1")).to_have_value("1" * 60)


def test_the_menu_of_a_row_shows_when_the_row_is_hovered(edit: OpenWindow) -> None:
    window = edit('{"colour":"blue","size":"L"}')
    first = window.get_by_role("button", name="Actions for row 1")
    window.get_by_label("Key of row 2").hover()
    expect(first).to_have_css("opacity", "0")
    window.get_by_label("Key of row 1").hover()
    expect(first).to_have_css("opacity", "1")
