"""The rule of an automatic group is built, previewed, shown in words and removed in the page; so are its exceptions."""

import re
from collections.abc import Callable
from typing import Any, Final

import httpx
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.axe import findings
from tests.browser.conftest import NARROW, WIDE, OpenPage
from tests.browser.history import history_of
from tests.browser.jobs import applied, members, menu
from tests.browser.layout import faults
from tests.end_to_end.jobs import ended
from tests.stack import Post

ACTIONS: Final = "Customer group actions"
NOBODY: Final = re.compile("No customer matches|At least 0 customers match")
"""The preview of a rule that nobody meets. Other tests may have created more customers than one request reads."""


@pytest.fixture
def wholesale(new_group: Post, unique: str) -> dict[str, Any]:
    return new_group(name=f"Wholesale {unique}")


@pytest.fixture
def ada(new_customer: Post, unique: str) -> dict[str, Any]:
    """Has spent enough for VIP. What was spent has a key of its own, so that no customer of another test has it."""
    return new_customer(email=f"ada.{unique}@rule.example", metadata={f"spent_{unique}": 1500})


@pytest.fixture
def grace(new_customer: Post, unique: str) -> dict[str, Any]:
    return new_customer(email=f"grace.{unique}@rule.example", metadata={f"spent_{unique}": 900})


def vip_rule(spent: str, wholesale: dict[str, Any]) -> dict[str, Any]:
    """Spent more than 1,000, or in Wholesale and a customer for two years."""
    loyal = [
        {"field": "groups", "operator": "in", "value": [wholesale["id"]]},
        {"field": "created_at", "operator": "notInLast", "value": 730},
    ]
    return {
        "combinator": "or",
        "not": False,
        "rules": [
            {"field": f"metadata.{spent}", "operator": ">", "value": 1000},
            {"combinator": "and", "not": False, "rules": loyal},
        ],
    }


def condition(window: Locator, number: str) -> Callable[[str], Locator]:
    """The fields of a condition, by their names."""
    return lambda name: window.get_by_label(f"{name} condition {number}", exact=True)


def rule_window(page: Page, group: dict[str, Any], entry: str, title: str) -> Locator:
    page.goto(f"/customer-groups/{group['id']}")
    menu(page, entry, of=ACTIONS)
    window = page.get_by_role("dialog", name=title)
    window.get_by_label("Field of condition 1", exact=True).wait_for()
    return window


def spent_more(window: Locator, key: str) -> None:
    """Fill in the first condition: spent more than 1,000."""
    field = condition(window, "1")
    field("Field of").select_option("Metadata: number")
    field("Key in the metadata of").fill(key)
    field("Comparison of").select_option("is more than …")
    field("Value of").fill("1000")


def choose_group(window: Locator, group: dict[str, Any], number: str) -> None:
    condition(window, number)("Field of").select_option("Customer group")
    window.get_by_role("button", name=f"Choose groups for condition {number}").click()
    picker = window.get_by_role("group", name=f"Customer groups of condition {number}")
    picker.get_by_label("Search customer groups").fill(group["name"])
    picker.get_by_role("checkbox", name=group["name"]).check()
    window.get_by_role("button", name=f"Done with the groups of condition {number}").click()


def test_vip_is_built_with_a_live_preview_and_becomes_automatic(
    page: Page,
    admin: httpx.Client,
    new_group: Post,
    wholesale: dict[str, Any],
    ada: dict[str, Any],
    grace: dict[str, Any],
) -> None:
    (spent,) = ada["metadata"]
    vip = new_group()
    window = rule_window(page, vip, "Make automatic", "Make the Group Automatic")
    spent_more(window, spent)
    expect(window.get_by_role("status")).to_contain_text("1 customer matches")
    expect(window.get_by_role("group", name="The newest customers who match")).to_contain_text(ada["email"])

    window.get_by_label("Customers are in this group if they meet").select_option("any of these conditions")
    window.get_by_role("button", name="Add group of conditions").click()
    expect(condition(window, "2.1")("Field of")).to_be_focused()
    choose_group(window, wholesale, "2.1")
    inner = window.get_by_role("group", name="Group of conditions 2")
    inner.get_by_role("button", name="Add condition").click()
    loyal = condition(window, "2.2")
    loyal("Field of").select_option("Created")
    loyal("Comparison of").select_option("is not in the last … days")
    loyal("Days of").fill("730")
    expect(window.get_by_role("status")).to_contain_text("1 customer matches")
    assert findings(page) + faults(page) == []
    window.get_by_role("button", name="Save").click()
    expect(window).to_be_hidden()

    rule = page.get_by_role("region", name="Rule", exact=True)
    expect(rule.get_by_role("listitem").first).to_have_text(f"{spent} is more than 1,000")
    expect(rule).to_contain_text(f"Customer group is “{wholesale['name']}”")
    expect(rule).to_contain_text("Created is not in the last 730 days")
    listed = page.get_by_role("region", name="Customers", exact=True)
    expect(listed.get_by_role("row").filter(has_text=ada["email"])).to_be_visible()
    expect(rule.get_by_role("status")).to_have_count(0)
    expect(page.get_by_role("region", name=vip["name"])).to_contain_text("1 customer")
    expect(listed).to_contain_text("The rule of this group selects its customers.")
    expect(listed.get_by_text(grace["email"])).to_have_count(0)
    saved = admin.get(f"/admin/customer-groups/{vip['id']}").json()["customer_group"]
    assert (saved["rule"], saved["rule_status"]) == (vip_rule(spent, wholesale), "current")


def test_a_fault_that_the_service_finds_is_shown_at_its_value(page: Page, new_group: Post, unique: str) -> None:
    window = rule_window(page, new_group(), "Make automatic", "Make the Group Automatic")
    spent_more(window, f"spent_{unique}")
    field = condition(window, "1")
    field("Comparison of").select_option("is between …")
    field("Lower value of").fill("1000")
    field("Upper value of").fill("10")
    expect(field("Upper value of")).to_have_attribute("aria-invalid", "true")
    first = window.get_by_role("group", name="Condition 1", exact=True)
    expect(first.get_by_text("must have the lower value first")).to_be_visible()
    window.get_by_role("button", name="Save").click()
    expect(field("Lower value of")).to_be_focused()
    field("Upper value of").fill("2000")
    expect(field("Upper value of")).not_to_have_attribute("aria-invalid", "true")
    expect(window.get_by_role("status")).to_contain_text(NOBODY)


def test_a_fault_of_the_whole_rule_is_shown_with_it(page: Page, new_group: Post, unique: str) -> None:
    """A circle of groups is only found when the rule is saved."""
    group = new_group(name=f"First {unique}")
    mentions = {"field": "groups", "operator": "in", "value": [group["id"]]}
    second = new_group(name=f"Second {unique}", rule={"combinator": "and", "rules": [mentions]})
    window = rule_window(page, group, "Make automatic", "Make the Group Automatic")
    choose_group(window, second, "1")
    window.get_by_role("button", name="Save").click()
    conditions = window.get_by_role("group", name="Rule", exact=True)
    expect(conditions.get_by_role("alert")).to_contain_text("the group would depend on itself")


def test_a_condition_without_a_value_is_only_a_mistake_when_it_is_saved(page: Page, new_group: Post) -> None:
    window = rule_window(page, new_group(), "Make automatic", "Make the Group Automatic")
    value = condition(window, "1")("Value of")
    expect(window.get_by_text("Complete the conditions to see which customers match.")).to_be_visible()
    expect(value).not_to_have_attribute("aria-invalid", "true")
    window.get_by_role("button", name="Save").click()
    expect(window.get_by_text("Enter a value.")).to_be_visible()
    expect(value).to_be_focused()
    value.fill("grace@rule.example")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Discard what you changed?")).to_be_visible()


@pytest.fixture
def vip(admin: httpx.Client, new_group: Post, wholesale: dict[str, Any], unique: str, ada: dict[str, Any]) -> Any:
    """The group VIP with its rule, which has been applied: Ada is in it."""
    group = applied(admin, new_group(name=f"VIP {unique}", rule=vip_rule(f"spent_{unique}", wholesale)))
    assert members(admin, group["id"]) == {ada["id"]}
    return group


def test_exceptions_take_precedence_over_the_rule(
    page: Page, admin: httpx.Client, vip: dict[str, Any], ada: dict[str, Any], grace: dict[str, Any]
) -> None:
    page.goto(f"/customer-groups/{vip['id']}")
    rule = page.get_by_role("region", name="Rule", exact=True)
    rule.get_by_role("button", name="Exceptions").click()
    window = page.get_by_role("dialog", name="Exceptions from the rule")
    window.get_by_role("button", name="Paste ids or emails").click()
    window.get_by_label("Ids and email addresses").fill(grace["email"])
    window.get_by_role("button", name="Find and select 1").click()
    always = window.get_by_role("list", name="Always in this group")
    expect(always.get_by_role("listitem")).to_have_text([grace["email"]])
    window.get_by_role("radio", name="Never in this group").check()
    window.get_by_label("Search customers").fill(ada["email"])
    window.get_by_role("checkbox", name=ada["email"]).check()
    expect(window.get_by_role("list", name="Never in this group").get_by_role("listitem")).to_have_text([ada["email"]])
    assert findings(page) == []
    window.get_by_role("button", name="Save").click()
    expect(window).to_be_hidden()
    listed = page.get_by_role("region", name="Customers", exact=True)
    expect(listed.get_by_text(grace["email"])).to_be_visible()
    expect(listed.get_by_text(ada["email"])).to_have_count(0)
    expect(rule.get_by_role("definition")).to_have_text(["1 customer", "1 customer"])
    exceptions = admin.get(f"/admin/customer-groups/{vip['id']}/exceptions").json()["exceptions"]
    assert exceptions == {"always": [grace["id"]], "never": [ada["id"]]}


def test_a_group_is_made_manual_after_a_question_and_keeps_its_customers(
    page: Page, admin: httpx.Client, vip: dict[str, Any], ada: dict[str, Any]
) -> None:
    page.goto(f"/customer-groups/{vip['id']}")
    menu(page, "Make manual", of=ACTIONS)
    question = page.get_by_role("dialog", name="Make the group manual?")
    expect(question.get_by_role("button", name="Cancel")).to_be_focused()
    question.get_by_role("button", name="Make manual").click()
    expect(page.get_by_role("region", name="Rule", exact=True)).to_have_count(0)
    listed = page.get_by_role("region", name="Customers", exact=True)
    expect(listed.get_by_role("checkbox", name=ada["email"])).to_be_visible()
    expect(listed.get_by_role("button", name="Add", exact=True)).to_be_visible()
    assert admin.get(f"/admin/customer-groups/{vip['id']}").json()["customer_group"]["rule"] is None


def test_a_rule_that_someone_else_changed_meanwhile_is_a_choice(
    page: Page, admin: httpx.Client, vip: dict[str, Any], unique: str
) -> None:
    window = rule_window(page, vip, "Edit rule", "Edit Rule")
    condition(window, "1")("Value of").fill("2000")
    rule = vip["rule"] | {"rules": [vip["rule"]["rules"][0] | {"value": 3000}]}
    path = f"/admin/customer-groups/{vip['id']}"
    admin.post(path, json={"rule": rule, "name": f"Best {unique}"}).raise_for_status()
    window.get_by_role("button", name="Save").click()
    choice = window.get_by_role("alert").filter(has_text="Someone changed this")
    expect(choice.get_by_role("row").nth(1)).to_contain_text(f"spent_{unique} is more than 3,000")
    choice.get_by_role("radio", name="Rule: take theirs").check()
    choice.get_by_role("button", name="Save what I chose").click()
    expect(window).to_be_hidden()
    saved = admin.get(path).json()["customer_group"]
    assert (saved["name"], saved["rule"]) == (f"Best {unique}", rule)


def show_as_applying(page: Page, admin: httpx.Client, group: dict[str, Any], job_id: str) -> Callable[[], None]:
    """The group's page shows that its rule is being applied by a job, until the function that is returned is called."""
    held = {"applying": True}

    def as_applying(route: Route) -> None:
        if route.request.method != "GET":
            return route.fallback()
        # Asked for here and not with route.fetch(), which the end of the test would cut off.
        shown = admin.get(f"/admin/customer-groups/{group['id']}").json()["customer_group"]
        if held["applying"]:
            shown |= {"rule_status": "applying", "rule_job_id": job_id}
        return route.fulfill(json={"customer_group": shown})

    page.route(f"**/admin/customer-groups/{group['id']}", as_applying)
    return lambda: held.update(applying=False)


def test_the_page_says_that_a_rule_is_being_applied_until_it_is_current(
    page: Page, admin: httpx.Client, vip: dict[str, Any], grace: dict[str, Any]
) -> None:
    """Meanwhile, a customer joins."""
    job = ended(admin, type="export", customer_group_ids=[vip["id"]])
    finish = show_as_applying(page, admin, vip, job["id"])
    page.goto(f"/customer-groups/{vip['id']}")
    state = page.get_by_role("region", name="Rule", exact=True).get_by_role("status")
    expect(state).to_contain_text("The rule is being applied to all customers.")
    expect(state.get_by_role("link", name="Show the job")).to_have_attribute("href", f"/jobs/{job['id']}")
    assert findings(page) == []
    exceptions = {"always": [grace["id"]]}
    admin.put(f"/admin/customer-groups/{vip['id']}/exceptions", json=exceptions).raise_for_status()
    finish()
    expect(state).to_have_count(0)
    expect(page.get_by_role("region", name=vip["name"])).to_contain_text("2 customers")
    expect(page.get_by_role("region", name="Customers", exact=True).get_by_text(grace["email"])).to_be_visible()


def test_a_rule_that_was_not_applied_can_be_applied_again(page: Page, admin: httpx.Client, vip: dict[str, Any]) -> None:
    """The job is shown as cancelled, because a real one would be done before it is cancelled."""
    job = {"id": "job_of_the_rule", "status": "cancelled", "finished_at": vip["updated_at"]}
    show_as_applying(page, admin, vip, job["id"])
    page.route(f"**/admin/customer-group-jobs/{job['id']}*", lambda route: route.fulfill(json={"job": job}))
    page.goto(f"/customer-groups/{vip['id']}")
    state = page.get_by_role("region", name="Rule", exact=True).get_by_role("status")
    expect(state).to_contain_text("The rule was not applied to all customers.")
    with page.expect_response(lambda response: response.request.method == "POST") as answer:
        state.get_by_role("button", name="Apply it again").click()
    assert answer.value.request.post_data_json == {"rule": vip["rule"]}
    assert answer.value.request.headers["if-match"] == f'"{vip["version"]}"'


def test_a_changed_rule_is_in_the_history_and_can_be_undone(
    page: Page, admin: httpx.Client, vip: dict[str, Any], ada: dict[str, Any]
) -> None:
    window = rule_window(page, vip, "Edit rule", "Edit Rule")
    condition(window, "1")("Value of").fill("1499.5")
    window.get_by_role("button", name="Save").click()
    expect(window).to_be_hidden()
    history = history_of(page)
    expect(history.get_by_text("Rule changed", exact=True)).to_be_visible()
    by_rule = history.locator(".mantine-Timeline-item").filter(has_text="By a rule")
    expect(by_rule).to_contain_text("1 customer added")
    expect(by_rule.get_by_role("button", name="Undo")).to_have_count(0)
    page.get_by_role("alert").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("alert").filter(has_text="Undone.")).to_be_visible()
    undone = applied(admin, vip)
    assert undone["rule"] == vip["rule"]
    assert members(admin, vip["id"]) == {ada["id"]}


def test_viewers_see_the_rule_and_cannot_change_it(open_page: OpenPage, vip: dict[str, Any]) -> None:
    page = open_page("viewer")
    page.goto(f"/customer-groups/{vip['id']}")
    rule = page.get_by_role("region", name="Rule", exact=True)
    expect(rule.get_by_role("listitem").first).to_contain_text("is more than 1,000")
    expect(rule.get_by_role("button")).to_have_count(0)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "360 px"])
def test_the_rule_and_its_windows_fit_the_screen(
    open_page: OpenPage, vip: dict[str, Any], size: tuple[int, int]
) -> None:
    page = open_page(size=size)
    window = rule_window(page, vip, "Edit rule", "Edit Rule")
    expect(window.get_by_role("status")).to_contain_text("1 customer matches")
    found = {"rule window": faults(page) + findings(page)}
    window.get_by_role("button", name="Cancel").click()
    expect(window).to_be_hidden()
    page.get_by_role("region", name="Rule", exact=True).get_by_role("listitem").first.wait_for()
    found["group"] = faults(page) + findings(page)
    page.get_by_role("button", name="Exceptions").click()
    page.get_by_role("dialog", name="Exceptions from the rule").get_by_role("checkbox").nth(1).wait_for()
    found["exceptions"] = faults(page) + findings(page)
    assert found == {"rule window": [], "group": [], "exceptions": []}
