"""An automatic group's page shows its members, and offers no changes that the service would refuse."""

import httpx
from playwright.sync_api import Page, expect

from tests.browser.jobs import applied
from tests.stack import Post


def test_members_that_a_rule_has_selected_are_shown_but_cannot_be_changed(
    page: Page, admin: httpx.Client, new_group: Post, new_customer: Post, unique: str
) -> None:
    new_customer(email=f"{unique}@rule.example")
    rule = {
        "combinator": "and",
        "not": False,
        "rules": [{"field": "email", "operator": "beginsWith", "value": unique}],
    }
    group = applied(admin, new_group(rule=rule))
    page.goto(f"/customer-groups/{group['id']}")
    section = page.get_by_role("region", name="Customers", exact=True)
    expect(section.get_by_text(f"{unique}@rule.example")).to_be_visible()
    expect(section).to_contain_text("The rule of this group selects its customers.")
    expect(section.get_by_role("button", name="Add", exact=True)).to_have_count(0)
    expect(section.get_by_role("checkbox")).to_have_count(0)
    section.get_by_role("button", name="Import, export and more").click()
    expect(page.get_by_role("menuitem")).to_have_text(["Export"])
