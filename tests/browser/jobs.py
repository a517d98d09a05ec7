"""Imports and other jobs as somebody at the page starts and watches them."""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.end_to_end.jobs import ENOUGH_SECONDS
from tests.stack import eventually

type Group = Mapping[str, Any]


def menu(page: Page, entry: str, of: str = "Import, export and more") -> None:
    page.get_by_role("button", name=of).click()
    page.get_by_role("menuitem", name=entry, exact=True).click()


def file_of(lines: Sequence[str], name: str = "spring.csv") -> FilePayload:
    return {"name": name, "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}


def import_window(page: Page, group: Group) -> Locator:
    """The window that Import opens on a group's page."""
    page.goto(f"/customer-groups/{group['id']}")
    menu(page, "Import")
    return page.get_by_role("dialog", name=f"Import customers into “{group['name']}”")


def run_import(window: Locator) -> None:
    """Check, start, and stay until the job is done."""
    window.get_by_role("button", name="Check").click()
    window.get_by_role("button", name="Start import").click()
    window.page.wait_for_url("**/jobs/job_*")
    expect(window.page.get_by_text("Done", exact=True)).to_be_visible()


def expect_done(page: Page, title: str) -> None:
    """The page of a job that is over."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_text("Done", exact=True)).to_be_visible()


def applied(admin: httpx.Client, group: dict[str, Any]) -> dict[str, Any]:
    """The group, once its rule has been applied to all customers."""

    def shown() -> dict[str, Any] | None:
        found: dict[str, Any] = admin.get(f"/admin/customer-groups/{group['id']}").json()["customer_group"]
        return found if found["rule_status"] == "current" else None

    current = eventually(shown, ENOUGH_SECONDS)
    assert current, "the rule was not applied"
    return current


def total(place: Page | Locator, name: str) -> Locator:
    """A number among what became of a job's rows."""
    return place.locator(f"dl > div:has(dt:text-is('{name}')) dd")


def count_of(admin: httpx.Client, group: Group) -> int:
    return int(admin.get(f"/admin/customer-groups/{group['id']}").json()["customer_group"]["customer_count"])


def members(admin: httpx.Client, group_id: str) -> set[str]:
    found = admin.get(f"/admin/customer-groups/{group_id}", params={"fields": "customers.id"}).json()
    return {member["id"] for member in found["customer_group"]["customers"]}
