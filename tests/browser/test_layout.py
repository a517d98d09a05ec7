"""The layout and accessibility of every view and window: wide and narrow, long names, two languages, right to left."""

from typing import Any

import httpx
import pytest

from tests.browser.axe import COLORS, dark, findings
from tests.browser.conftest import NARROW, WIDE, OpenPage
from tests.browser.layout import faults
from tests.browser.walk import every_view
from tests.browser.words import in_language
from tests.stack import Post

LONG_KEY = "a-key-that-" + "goes-on-" * 8
UNBROKEN = "Donaudampfschifffahrtsgesellschaftskapitaenskajuetenschluessel"


@pytest.fixture
def member(new_customer: Post, unique: str) -> dict[str, Any]:
    return new_customer(
        email=f"{'wolfeschlegel' * 4}.{unique}@{'steinhausen' * 5}.example",
        first_name=UNBROKEN,
        last_name="Hubert Blaine " * 6,
        company_name=f"{UNBROKEN} & Sons",
    )


@pytest.fixture
def group(admin: httpx.Client, new_group: Post, member: dict[str, Any], unique: str) -> dict[str, Any]:
    new_group()  # for the windows that offer other groups
    metadata = {LONG_KEY: "word " * 60, "unbroken": UNBROKEN * 4, "points": 10, "active": True, "note": None}
    metadata |= {"rules": {"min": [1, 2]}}
    group = new_group(name=f"{UNBROKEN} {'and so on ' * 15}{unique}", metadata=metadata)
    path, until = f"/admin/customer-groups/{group['id']}", "2999-01-01T00:00:00Z"
    admin.post(f"{path}/customers", json={"add": [{"id": member["id"], "ends_at": until}]}).raise_for_status()
    reference = {"label": f"{UNBROKEN} and a rule with a long name", "url": "https://pricing.example.com/rules/7"}
    admin.put(f"{path}/references/pricing/rule-7", json=reference).raise_for_status()
    return group


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "360 px"])
def test_nothing_is_truncated_covered_misaligned_or_inaccessible(
    open_page: OpenPage,
    group: dict[str, Any],
    member: dict[str, Any],
    language: str,
    size: tuple[int, int],
) -> None:
    page = open_page(size=size, locale=language)
    found = {}
    for view in every_view(page, group, member, in_language(language)):
        problems = faults(page) + findings(page)
        if language == "en":  # colors are the same in all languages
            with dark(page):
                problems += [f"dark: {each}" for each in faults(page) + findings(page, COLORS)]
        if problems:
            found[view] = problems
    assert found == {}


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "360 px"])
def test_right_to_left_nothing_is_truncated_covered_or_misaligned(
    open_page: OpenPage, group: dict[str, Any], member: dict[str, Any], size: tuple[int, int]
) -> None:
    page = open_page(size=size, locale="ar-XB")
    for address in (
        "/customer-groups",
        f"/customer-groups/{group['id']}",
        "/customers",
        f"/customers/{member['id']}",
        "/nowhere",
    ):
        page.goto(address)
        page.locator("h1").wait_for()
        page.locator("[aria-busy=true]").wait_for(state="detached")
        assert page.evaluate("document.documentElement.dir") == "rtl"
        assert faults(page) + findings(page) == []
        if size == WIDE:
            side = page.locator("aside").first.bounding_box()
            assert side is not None
            assert side["x"] > size[0] / 2
