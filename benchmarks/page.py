"""The size of the admin web app's first loads, the API calls of each view, and the findings of axe.

Run it against a stack that is up (`make up`), or name one: STACK_FILE=…/stack.json python -m benchmarks.page
"""

import json
import os
import secrets
from pathlib import Path
from typing import Any, Final

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from local import stack as stacks
from local.stack import HOME, Stack
from tests.browser import chromium
from tests.browser.conftest import sign_in
from tests.browser.transferred import transferred
from tests.browser.walk import every_view

RESULTS: Final = Path(__file__).parent / "results" / "page.json"
AXE: Final = Path(__file__).parents[1] / "admin" / "node_modules" / "axe-core" / "axe.min.js"
# The same measurements of the Medusa dashboard's production build, in the same browser.
PEER: Final = {"sign_in_kb": 1918, "group_list_calls": 9, "axe": {"list": 14, "details": 4, "add window": 13}}


def main() -> None:
    """Measure, print and store the results."""
    stack = stacks.running(Path(os.environ["STACK_FILE"]).parent if "STACK_FILE" in os.environ else HOME)
    group, customer = _prepare(stack)
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        results = {
            "sign_in_kb": _sign_in_kb(browser, stack),
            "signed_in_kb": _signed_in_kb(browser, stack),
            "calls": _calls(browser, stack, group, customer),
            "axe": _axe(browser, stack, group, customer),
            "peer": PEER,
        }
        browser.close()
    RESULTS.write_text(json.dumps(results, indent=2) + "\n")
    print(json.dumps(results, indent=2))


def _prepare(stack: Stack) -> tuple[dict[str, Any], dict[str, Any]]:
    """A group with one member."""
    headers = {"Authorization": f"Bearer {stack.token()}"}
    with httpx.Client(base_url=stack.api_url, headers=headers, timeout=60, trust_env=False) as api:
        word = secrets.token_hex(4)
        customer = api.post("/admin/customers", json={"email": f"{word}@mail.example"}).json()["customer"]
        body = {"name": f"Measured {word}", "metadata": {"color": "blue"}}
        group = api.post("/admin/customer-groups", json=body).json()["customer_group"]
        api.post(f"/admin/customer-groups/{group['id']}/customers", json={"add": [customer["id"]]})
    return group, customer


def _sign_in_kb(browser: Browser, stack: Stack) -> float:
    """Until the sign-in form is complete, with an empty cache."""
    page = browser.new_context(base_url=stack.api_url).new_page()
    kilobytes = transferred(page)
    page.goto("/")
    page.get_by_label("Email").wait_for()
    page.wait_for_load_state("networkidle")
    return round(kilobytes(), 1)


def _signed_in_kb(browser: Browser, stack: Stack) -> float:
    """Until the first list with its data is complete, with an empty cache and an existing session."""
    state = _signed_in(browser, stack).context.storage_state()
    page = browser.new_context(base_url=stack.api_url, storage_state=state).new_page()
    kilobytes = transferred(page)
    page.goto("/customer-groups")
    page.get_by_role("table", name="Customer Groups").get_by_role("link").first.wait_for()
    page.wait_for_load_state("networkidle")
    return round(kilobytes(), 1)


def _calls(browser: Browser, stack: Stack, group: dict[str, Any], customer: dict[str, Any]) -> dict[str, int]:
    page = _signed_in(browser, stack)
    calls: list[str] = []
    page.on("request", lambda request: calls.append(request.url) if "/admin/" in request.url else None)
    counts = {}
    for view, address in (
        ("group list", "/customer-groups"),
        ("group details", f"/customer-groups/{group['id']}"),
        ("customer list", "/customers"),
        ("customer details", f"/customers/{customer['id']}"),
    ):
        calls.clear()
        page.goto(address)
        page.get_by_role("table").first.wait_for()
        page.wait_for_load_state("networkidle")
        counts[view] = len(calls)
    return counts


def _axe(browser: Browser, stack: Stack, group: dict[str, Any], customer: dict[str, Any]) -> dict[str, dict[str, int]]:
    """The number of elements with findings of axe, by view and impact."""
    page = _signed_in(browser, stack)
    found: dict[str, dict[str, int]] = {}
    for view in every_view(page, group, customer):
        page.evaluate(AXE.read_text())
        for violation in page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]:
            of_view = found.setdefault(view, {})
            of_view[violation["impact"]] = of_view.get(violation["impact"], 0) + len(violation["nodes"])
        found.setdefault(view, {})
    return found


def _signed_in(browser: Browser, stack: Stack) -> Page:
    page = browser.new_context(base_url=stack.api_url, reduced_motion="reduce").new_page()
    page.goto("/")
    sign_in(page, (stack.username, stack.password))
    page.get_by_role("heading", name="Customer Groups").wait_for()
    return page


if __name__ == "__main__":
    main()
