"""What relies on a group is shown on its page, and before it is deleted."""

from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.history import history_of
from tests.stack import Post


@pytest.fixture
def group(admin: httpx.Client, new_group: Post) -> dict[str, Any]:
    group = new_group()
    rule = {"label": "VIP: 10 % off", "url": "https://pricing.example.com/rules/7"}
    admin.put(f"/admin/customer-groups/{group['id']}/references/pricing/rule-7", json=rule).raise_for_status()
    return group


def test_a_groups_page_shows_what_uses_it(page: Page, group: dict[str, Any]) -> None:
    page.goto(f"/customer-groups/{group['id']}")
    history_of(page)
    section = page.get_by_role("region", name="Used by")
    link = section.get_by_role("link", name="VIP: 10 % off")
    expect(link).to_have_attribute("href", "https://pricing.example.com/rules/7")
    expect(section.get_by_text("pricing", exact=True)).to_be_visible()


def test_a_group_that_nothing_uses_has_no_such_section(page: Page, new_group: Post) -> None:
    group = new_group()
    page.goto(f"/customer-groups/{group['id']}")
    expect(history_of(page)).to_contain_text("Created")
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("heading", name="Used by")).to_have_count(0)


def test_the_deletion_of_a_group_in_use_names_what_uses_it(
    page: Page, admin: httpx.Client, group: dict[str, Any]
) -> None:
    page.goto(f"/customer-groups/{group['id']}")
    page.get_by_role("button", name="Customer group actions").click()
    page.get_by_role("menuitem", name="Delete").click()
    question = page.get_by_role("dialog", name="Delete customer group?")
    expect(question.get_by_text("in use in 1 place")).to_be_visible()
    expect(question.get_by_role("link", name="VIP: 10 % off")).to_be_visible()
    question.get_by_role("button", name="Delete anyway").click()
    page.get_by_role("heading", name="Customer Groups").wait_for()
    assert admin.get(f"/admin/customer-groups/{group['id']}").status_code == httpx.codes.NOT_FOUND


def test_what_comes_into_use_meanwhile_is_shown_before_anything_is_deleted(
    page: Page, admin: httpx.Client, new_group: Post
) -> None:
    group = new_group()
    page.goto(f"/customer-groups/{group['id']}")
    page.get_by_role("button", name="Customer group actions").click()
    page.get_by_role("menuitem", name="Delete").click()
    question = page.get_by_role("dialog", name="Delete customer group?")
    question.get_by_role("button", name="Delete", exact=True).wait_for()
    page.wait_for_load_state("networkidle")
    path = f"/admin/customer-groups/{group['id']}/references/pricing/rule-7"
    admin.put(path, json={"label": "A new rule"}).raise_for_status()
    question.get_by_role("button", name="Delete", exact=True).click()
    expect(question.get_by_role("button", name="Delete anyway")).to_be_visible()
    expect(question.get_by_role("listitem").filter(has_text="A new rule")).to_be_visible()
    assert admin.get(f"/admin/customer-groups/{group['id']}").status_code == httpx.codes.OK
