"""The page of jobs, and what starts them: export, move, duplicate, combine, all that match."""

import json
import re
import secrets
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from local.stack import Stack
from tests.browser.conftest import OpenPage, let_pass
from tests.browser.jobs import (
    count_of,
    expect_done,
    file_of,
    import_window,
    members,
    menu,
    run_import,
    total,
)
from tests.end_to_end.jobs import JOBS, ended, uploaded
from tests.stack import Post

type Group = dict[str, Any]

LIKE_MANY = 1_001


@pytest.fixture
def group(admin: httpx.Client, new_group: Post, new_customer: Post) -> Group:
    """A group of three, with metadata."""
    group = new_group(metadata={"discount": 10})
    ids = [new_customer()["id"] for _ in range(3)]
    admin.post(f"/admin/customer-groups/{group['id']}/customers", json={"add": ids})
    return group


def test_what_was_exported_brings_everything_back(
    page: Page, admin: httpx.Client, group: Group, tmp_path: Path
) -> None:
    before = members(admin, group["id"])
    page.goto(f"/customer-groups/{group['id']}")
    menu(page, "Export")
    page.get_by_role("dialog").get_by_role("button", name="Start export").click()
    expect_done(page, f"Export “{group['name']}”")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download", exact=True).click()
    download.value.save_as(tmp_path / "groups.csv")
    admin.delete(f"/admin/customer-groups/{group['id']}")

    page.goto("/customer-groups")
    menu(page, "Import")
    window = page.get_by_role("dialog", name="Import")
    window.get_by_label("File").set_input_files(tmp_path / "groups.csv")
    expect(window.get_by_text("This file brings back customer groups")).to_be_visible()
    run_import(window)
    found = admin.get("/admin/customer-groups", params={"name": group["name"]}).json()["customer_groups"]
    assert [one["metadata"] for one in found] == [{"discount": 10}]
    assert members(admin, found[0]["id"]) == before


def test_all_groups_and_some_can_be_exported(page: Page, admin: httpx.Client, group: Group) -> None:
    page.goto("/customer-groups")
    menu(page, "Export")
    window = page.get_by_role("dialog", name="Export customer groups")
    window.get_by_label("Some").check()
    window.get_by_label("Search customer groups").fill(group["name"])
    window.get_by_role("checkbox", name=group["name"]).check()
    window.get_by_label("JSON Lines").check()
    window.get_by_role("button", name="Start export").click()
    expect_done(page, f"Export “{group['name']}”")
    job = admin.get(f"{JOBS}/{page.url.rpartition('/')[2]}").json()["job"]
    assert (job["request"]["format"], job["request"]["customer_group_ids"]) == ("jsonl", [group["id"]])

    page.goto("/customer-groups")
    menu(page, "Export")
    page.get_by_role("dialog").get_by_role("button", name="Start export").click()
    expect_done(page, "Export all customer groups")


def test_checked_customers_move_to_another_group_and_then_all_the_others(
    page: Page, admin: httpx.Client, group: Group, new_group: Post, unique: str
) -> None:
    target = new_group(name=f"Target {unique}")
    everybody = members(admin, group["id"])
    page.goto(f"/customer-groups/{group['id']}")
    page.get_by_role("checkbox", name="@mail.example").first.check()
    page.get_by_role("button", name="Move to…").click()
    window = page.get_by_role("dialog", name="Move customers")
    expect(window.get_by_label("Search customer groups")).to_be_focused()
    window.get_by_label("Search customer groups").fill(target["name"])
    window.get_by_role("radio", name=target["name"]).check()
    window.get_by_role("button", name="Move", exact=True).click()
    expect_done(page, f"Move customers from “{group['name']}” to “{target['name']}”")
    assert (count_of(admin, group), count_of(admin, target)) == (2, 1)

    page.get_by_role("link", name="Go to the customer group").click()
    expect(page.get_by_text("1 customer", exact=True)).to_be_visible()
    page.goto(f"/customer-groups/{group['id']}")
    menu(page, "Move all to…")
    window = page.get_by_role("dialog", name="Move customers")
    expect(window.get_by_text(f"All 2 customers of “{group['name']}”")).to_be_visible()
    window.get_by_label("Search customer groups").fill(target["name"])
    window.get_by_role("radio", name=target["name"]).check()
    window.get_by_role("button", name="Move", exact=True).click()
    expect_done(page, f"Move customers from “{group['name']}” to “{target['name']}”")
    assert members(admin, target["id"]) == everybody
    assert count_of(admin, group) == 0


def test_a_group_is_duplicated(page: Page, admin: httpx.Client, group: Group) -> None:
    page.goto(f"/customer-groups/{group['id']}")
    menu(page, "Duplicate", "Customer group actions")
    window = page.get_by_role("dialog", name="Duplicate customer group")
    expect(window.get_by_label("Name")).to_have_value(f"{group['name']} (copy)")
    window.get_by_label("Name").fill(group["name"])
    window.get_by_role("button", name="Duplicate").click()
    expect(window.get_by_role("alert")).to_contain_text("already exists")
    window.get_by_label("Name").fill(f"{group['name']} again")
    window.get_by_role("button", name="Duplicate").click()
    expect_done(page, f"Duplicate “{group['name']}” as “{group['name']} again”")
    page.get_by_role("link", name="Go to the customer group").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{group['name']} again")
    expect(page.get_by_text("3 customers", exact=True)).to_be_visible()
    copy = page.url.rpartition("/")[2]
    assert members(admin, copy) == members(admin, group["id"])
    assert admin.get(f"/admin/customer-groups/{copy}").json()["customer_group"]["metadata"] == {"discount": 10}


def test_a_group_is_duplicated_without_its_customers(page: Page, admin: httpx.Client, group: Group) -> None:
    page.goto(f"/customer-groups/{group['id']}")
    menu(page, "Duplicate", "Customer group actions")
    window = page.get_by_role("dialog", name="Duplicate customer group")
    window.get_by_label("With its 3 customers").uncheck()
    window.get_by_role("button", name="Duplicate").click()
    expect_done(page, f"Duplicate “{group['name']}” as “{group['name']} (copy)”")
    page.get_by_role("link", name="Go to the customer group").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{group['name']} (copy)")
    copy = page.url.rpartition("/")[2]
    assert members(admin, copy) == set()
    assert admin.get(f"/admin/customer-groups/{copy}").json()["customer_group"]["metadata"] == {"discount": 10}


def test_groups_are_combined_into_one_that_exists(
    page: Page, admin: httpx.Client, group: Group, new_group: Post, new_customer: Post, unique: str
) -> None:
    """Who is in it so far and in none of the others is removed."""
    other, target = new_group(name=f"Other {unique}"), new_group(name=f"Target {unique}")
    ada, grace = new_customer(), new_customer()
    admin.post(f"/admin/customer-groups/{other['id']}/customers", json={"add": [ada["id"]]})
    admin.post(f"/admin/customer-groups/{target['id']}/customers", json={"add": [ada["id"], grace["id"]]})
    page.goto("/customer-groups")
    menu(page, "Combine")
    window = page.get_by_role("dialog", name="Combine customer groups")
    for each in (group, other):
        window.get_by_label("Search customer groups").fill(each["name"])
        window.get_by_role("checkbox", name=each["name"]).check()
    window.get_by_label("A customer group that exists").check()
    choice = window.get_by_role("group", name="Which customer group")
    choice.get_by_label("Search customer groups").fill(target["name"])
    choice.get_by_role("radio", name=target["name"]).check()
    window.get_by_role("button", name="Check").click()
    would = window.get_by_role("region", name="What would happen")
    for name, number in (("Added", "3"), ("Removed", "1"), ("Unchanged", "1")):
        expect(total(would, name)).to_have_text(number)
    window.get_by_role("button", name="Combine").click()
    expect_done(page, f"Combine 2 groups into “{target['name']}”")
    assert members(admin, target["id"]) == members(admin, group["id"]) | {ada["id"]}


def test_groups_are_combined_and_looked_at_before(
    page: Page, admin: httpx.Client, group: Group, new_group: Post, unique: str
) -> None:
    some = sorted(members(admin, group["id"]))[:2]
    other = new_group(name=f"Other {unique}")
    admin.post(f"/admin/customer-groups/{other['id']}/customers", json={"add": some})
    page.goto("/customer-groups")
    menu(page, "Combine")
    window = page.get_by_role("dialog", name="Combine customer groups")
    for each in (group, other):
        window.get_by_label("Search customer groups").fill(each["name"])
        window.get_by_role("checkbox", name=each["name"]).check()
    window.get_by_label("Difference").check()
    window.get_by_label("Name of the new customer group").fill(f"Rest {unique}")
    window.get_by_role("button", name="Check").click()
    expect(total(window.get_by_role("region", name="What would happen"), "Added")).to_have_text("1")
    window.get_by_role("button", name="Combine").click()
    expect_done(page, f"Combine 2 groups into “Rest {unique}”")
    [rest] = admin.get("/admin/customer-groups", params={"name": f"Rest {unique}"}).json()["customer_groups"]
    assert members(admin, rest["id"]) == members(admin, group["id"]) - set(some)


@pytest.fixture(scope="module")
def crowd(admin: httpx.Client, stack: Stack) -> tuple[Group, str]:
    """A group of 1,001, more than are selected one by one, and what finds them. It stays as it is."""
    word = f"crowd{secrets.token_hex(4)}"
    emails = [f"{word}.{number}@mail.example" for number in range(LIKE_MANY)]
    group = admin.post("/admin/customer-groups", json={"name": f"Crowd {word}"}).json()["customer_group"]
    body = {"type": "change_members", "customer_group_id": group["id"], "action": "add", "create_missing": True}
    ended(admin, **body, source={"upload_id": uploaded(admin, stack, "\n".join(["email", *emails]))})
    return group, word


def test_all_that_match_are_added_moved_and_removed_by_a_job(
    page: Page, admin: httpx.Client, crowd: tuple[Group, str], new_group: Post, new_customer: Post, unique: str
) -> None:
    _, word = crowd
    target, next_one, other = new_group(name=f"Target {unique}"), new_group(name=f"Next {unique}"), new_customer()
    for each in (target, next_one):
        admin.post(f"/admin/customer-groups/{each['id']}/customers", json={"add": [other["id"]]})
    page.goto(f"/customer-groups/{target['id']}")
    page.get_by_role("button", name="Add", exact=True).click()
    window = page.get_by_role("dialog", name="Add Customers")
    window.get_by_label("Search customers").fill(word)
    window.get_by_role("button", name="Select all 1,001 that match").click()
    expect(window.get_by_text("All that match are selected: 1,001")).to_be_visible()
    window.get_by_role("button", name="Save").click()
    expect_done(page, f"Add customers to “{target['name']}”")
    assert count_of(admin, target) == LIKE_MANY + 1

    page.get_by_role("link", name="Go to the customer group").click()
    _select_all_that_match(page, word)
    page.get_by_role("region", name="Selection").get_by_role("button", name="Move to…").click()
    window = page.get_by_role("dialog", name="Move customers")
    expect(window).to_contain_text(f"All customers of “{target['name']}” that match (1,001)")
    window.get_by_label("Search customer groups").fill(next_one["name"])
    window.get_by_role("radio", name=next_one["name"]).check()
    window.get_by_role("button", name="Move", exact=True).click()
    expect_done(page, f"Move customers from “{target['name']}” to “{next_one['name']}”")
    assert members(admin, target["id"]) == {other["id"]}
    assert count_of(admin, next_one) == LIKE_MANY + 1

    page.get_by_role("link", name="Go to the customer group").click()
    _select_all_that_match(page, word)
    page.keyboard.press("r")
    question = page.get_by_role("dialog", name="Remove customers?")
    expect(question).to_contain_text("all customers that match (1,001)")
    question.get_by_role("button", name="Continue").click()
    expect_done(page, f"Remove customers from “{next_one['name']}”")
    assert members(admin, next_one["id"]) == {other["id"]}


def _select_all_that_match(page: Page, word: str) -> None:
    page.get_by_label("Search customers").fill(word)
    page.get_by_text("of 1,001").wait_for()
    page.get_by_role("checkbox", name="Select all on this page").check()
    page.get_by_role("region", name="Selection").get_by_role("button", name="Select all 1,001").click()


def test_a_list_that_is_too_long_to_be_counted_is_paged_through_by_cursor(page: Page, crowd: tuple[Group, str]) -> None:
    """The service counts a few matches exactly. The answer is replaced here by the one for very many."""
    _, word = crowd

    def uncounted(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json=answer.json() | {"count": 1_000, "count_is_exact": False})

    page.route("**/admin/customers?*", uncounted)
    page.goto(f"/customers?q={word}&size=100")
    table = page.get_by_role("table", name="Customers")
    expect(page.get_by_text("more than 1,000 results")).to_be_visible()
    seen: list[str] = []
    pages = 1
    onward = page.get_by_role("navigation", name="More pages")
    while True:
        expect(table).to_have_attribute("aria-busy", "false")
        shown = table.locator("a[data-row]").all_inner_texts()
        seen += shown
        if onward.get_by_role("button", name="Next page").count() == 0:
            break
        onward.get_by_role("button", name="Next page").click()
        pages += 1
        expect(table.locator("a[data-row]").first).not_to_have_text(shown[0])
    assert len(seen) == len(set(seen)) == LIKE_MANY
    onward.get_by_role("button", name="Previous page").click()
    page.wait_for_url(re.compile(f"page={pages - 1}"))
    page.reload()
    expect(table.locator("a[data-row]").first).to_be_visible()
    page.get_by_role("button", name="First page").click()
    expect(table.locator("a[data-row]").first).to_have_text(seen[0])


def test_the_page_of_jobs_lists_all_jobs(page: Page, new_group: Post, unique: str) -> None:
    target = new_group(name=f"Filled {unique}")
    window = import_window(page, target)
    window.get_by_label("File").set_input_files(file_of(["email", f"nobody.{unique}@mail.example"]))
    run_import(window)
    page.get_by_role("link", name="Jobs").first.click()
    jobs = page.get_by_role("table", name="Jobs")
    row = jobs.get_by_role("row").filter(
        has=page.get_by_role("link", name=f"Add customers to “{target['name']}”", exact=True)
    )
    for text in ("Done", "1 refused", "You", re.compile(r"minute")):
        expect(row).to_contain_text(text)
    expect(jobs.get_by_role("link", name=f"Check: Add customers to “{target['name']}”")).to_be_visible()
    with page.expect_download() as download:
        row.get_by_role("button", name="Download the result").click()
    assert f"nobody.{unique}@mail.example" in download.value.path().read_text()


def test_a_job_can_be_stopped(page: Page, stack: Stack, admin: httpx.Client, new_group: Post, unique: str) -> None:
    group = new_group()
    lines = ["email", *[f"nobody{number}.{unique}@mail.example" for number in range(20_000)]]
    body = {"type": "change_members", "customer_group_id": group["id"], "action": "add"}
    source = {"upload_id": uploaded(admin, stack, "\n".join(lines))}
    job = admin.post(JOBS, json=body | {"source": source}).json()["job"]
    page.goto(f"/jobs/{job['id']}")
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_role("dialog", name="Stop this job?").get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_text("Cancelled", exact=True)).to_be_visible()
    expect(page.get_by_text("It was stopped after")).to_be_visible()
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_hidden()
    assert admin.get(f"{JOBS}/{job['id']}").json()["job"]["status"] == "cancelled"


def test_a_running_job_shows_its_progress_until_it_ends(page: Page, admin: httpx.Client, group: Group) -> None:
    """The answers are replaced by those for a job that is running, until it is let go."""
    job = ended(admin, type="export", customer_group_ids=[group["id"]])
    running = {"done": 1}

    def as_running(route: Route) -> None:
        totals = job["totals"] | {"rows": 4, **running}
        shown = {"status": "running", "finished_at": None, "result": None, "totals": totals} if running else {}
        route.fulfill(json={"job": job | shown})

    page.route(f"**/admin/customer-group-jobs/{job['id']}*", as_running)
    page.goto(f"/jobs/{job['id']}")
    bar = page.get_by_role("progressbar", name="Progress")
    expect(bar).to_have_attribute("aria-valuenow", "25")
    expect(page.get_by_role("status").filter(has_text="1 of 4 rows")).to_be_visible()
    running["done"] = 3
    expect(bar).to_have_attribute("aria-valuenow", "75")
    running.clear()
    expect_done(page, f"Export “{group['name']}”")
    expect(bar).to_be_hidden()


def test_the_end_of_a_job_is_shown_on_every_page_with_its_changes(page: Page, group: Group, new_customer: Post) -> None:
    """The job is shown as running until it is let go, so that there is time to leave it. Names of groups are late."""
    held, names = {"running": True}, list[Route]()

    def as_running(route: Route) -> None:
        answer = route.fetch()
        job = answer.json()
        if held["running"]:
            job["job"] |= {"status": "running", "finished_at": None, "result": None}
        route.fulfill(response=answer, json=job)

    def hold(route: Route) -> None:
        names.append(route)

    page.route("**/admin/customer-group-jobs/job_*", as_running)
    page.route("**/admin/customer-groups?id=*", hold)
    window = import_window(page, group)
    window.get_by_label("File").set_input_files(file_of(["email", new_customer()["email"]]))
    held["running"] = False
    window.get_by_role("button", name="Check").click()
    expect(window.get_by_role("button", name="Start import")).to_be_enabled()
    held["running"] = True
    window.get_by_role("button", name="Start import").click()
    page.get_by_text("You can leave this page").wait_for()
    page.get_by_role("link", name="Go to the customer group").click()
    page.get_by_role("heading", name=group["name"]).wait_for()
    held["running"] = False
    with page.expect_response(
        lambda answer: "/customer-group-jobs/job_" in answer.url and bool(answer.json()["job"]["finished_at"])
    ):
        pass
    let_pass(page, 500)
    expect(page.get_by_text("Done: Add customers")).to_have_count(0)
    for route in names:
        route.continue_()
    expect(page.get_by_text(f"Done: Add customers to “{group['name']}” · 1 added")).to_be_visible()
    expect(page.get_by_text("4 customers", exact=True)).to_be_visible()


def test_a_hidden_page_sends_no_requests(page: Page, admin: httpx.Client) -> None:
    job = ended(admin, type="export", customer_group_ids=None)
    asked: list[str] = []

    def as_running(route: Route) -> None:
        asked.append(route.request.url)
        answer = route.fetch()
        route.fulfill(response=answer, json={"job": answer.json()["job"] | {"status": "running", "finished_at": None}})

    page.route(f"**/admin/customer-group-jobs/{job['id']}*", as_running)
    page.goto(f"/jobs/{job['id']}")
    page.get_by_text("You can leave this page").wait_for()
    page.evaluate(
        "Object.defineProperty(document, 'visibilityState', { value: 'hidden' });"
        "document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))"
    )
    let_pass(page, 500)
    so_far = len(asked)
    page.wait_for_timeout(4_000)
    assert len(asked) == so_far


def test_viewers_see_jobs_and_start_none(open_page: OpenPage, admin: httpx.Client, group: Group) -> None:
    job = ended(admin, type="export", customer_group_ids=[group["id"]])
    page = open_page("viewer")
    page.goto(f"/jobs/{job['id']}")
    expect_done(page, f"Export “{group['name']}”")
    page.goto(f"/customer-groups/{group['id']}")
    page.get_by_role("table", name="Customers").get_by_role("link").first.wait_for()
    expect(page.get_by_role("button", name="Import, export and more")).to_be_hidden()
    page.goto("/customer-groups")
    page.get_by_role("table", name="Customer Groups").get_by_role("link").first.wait_for()
    expect(page.get_by_role("button", name="Import, export and more")).to_be_hidden()


def test_a_job_that_does_not_exist(page: Page) -> None:
    page.goto("/jobs/job_nowhere")
    expect(page.get_by_role("heading", name="This job does not exist")).to_be_visible()


def test_a_job_that_does_not_exist_is_requested_once(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/customer-group-jobs/" in request.url else None)
    page.clock.install()
    page.goto("/jobs/job_nowhere")
    expect(page.get_by_role("heading", name="This job does not exist")).to_be_visible()
    page.clock.run_for(60_000)
    assert len(asked) == 1


def test_a_lost_answer_starts_no_second_job(page: Page, admin: httpx.Client, group: Group) -> None:
    keys: list[str] = []

    def lose_the_first(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        answer = route.fetch()
        if len(keys) == 1:
            route.abort()
        else:
            route.fulfill(response=answer)

    page.route("**/admin/customer-group-jobs", lose_the_first)
    page.goto(f"/customer-groups/{group['id']}")
    menu(page, "Export")
    window = page.get_by_role("dialog")
    window.get_by_role("button", name="Start export").click()
    expect(window.get_by_role("alert")).to_contain_text("cannot be reached")
    window.get_by_role("button", name="Start export").click()
    expect_done(page, f"Export “{group['name']}”")
    assert keys[0] == keys[1]
    started = [one for one in admin.get(JOBS).json()["jobs"] if json.dumps(one["request"]).count(group["id"])]
    assert len(started) == 1
