"""Customers from a file: what stands in it, what would happen, the job, the refused rows, and those repaired.

IMPORT_ROWS=10000 (make import-at-scale) imports as many rows as a merchant might bring.
"""

import csv
import io
import os
import re
from pathlib import Path
from typing import Final

import httpx
import pytest
from playwright.sync_api import Page, expect

from local.stack import Stack
from tests.browser.conftest import OpenPage, held
from tests.browser.jobs import count_of, expect_done, file_of, import_window, members, menu, run_import, total
from tests.end_to_end.jobs import ended, uploaded
from tests.stack import Post

ROWS: Final = int(os.environ.get("IMPORT_ROWS", "300"))
UNKNOWN, MALFORMED = 50, 20
PORTION: Final = 2_000
"""So many customers are created by one job, which then ends in time on a slow machine too."""


@pytest.fixture
def known(admin: httpx.Client, stack: Stack, new_group: Post, unique: str) -> list[str]:
    """The e-mail addresses of all customers that the file names rightly."""
    emails = [f"row{number}.{unique}@mail.example" for number in range(ROWS - UNKNOWN - MALFORMED)]
    scratch = new_group(name=f"Where they come from {unique}")
    body = {"type": "change_members", "customer_group_id": scratch["id"], "action": "add", "create_missing": True}
    for start in range(0, len(emails), PORTION):
        some = emails[start : start + PORTION]
        source = {"upload_id": uploaded(admin, stack, "\n".join(["email", *some]))}
        assert ended(admin, **body, source=source)["totals"]["created"] == len(some)
    return emails


def test_a_file_with_mistakes_is_imported_repaired_and_imported_again(
    page: Page, admin: httpx.Client, new_group: Post, known: list[str], unique: str, tmp_path: Path
) -> None:
    group = new_group()
    unknown = [f"nobody{number}.{unique}@mail.example" for number in range(UNKNOWN)]
    malformed = [f"broken{number}@" for number in range(MALFORMED)]
    window = import_window(page, group)
    window.get_by_label("File").set_input_files(
        file_of(["E-Mail,First name", *(f"{one},Ada" for one in known + unknown + malformed)])
    )
    preview = window.get_by_role("table", name="First rows")
    expect(preview.get_by_role("columnheader", name="E-Mail")).to_contain_text("names the customer")
    expect(preview.get_by_role("row")).to_have_count(6)

    # What would happen, before anything does.
    window.get_by_role("button", name="Check").click()
    would = window.get_by_role("region", name="What would happen")
    expect(total(would, "Refused")).to_have_text(str(UNKNOWN + MALFORMED))
    expect(total(would, "Added")).to_have_text(f"{len(known):,}")
    expect(window.get_by_text("Nothing has been changed yet.")).to_be_visible()
    assert count_of(admin, group) == 0

    # Start, leave, and come back.
    window.get_by_role("button", name="Start import").click()
    page.wait_for_url("**/jobs/job_*")
    title = f"Add customers to “{group['name']}”"
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.get_by_role("link", name="Customers", exact=True).first.click()
    page.get_by_role("heading", name="Customers", level=1).wait_for()
    page.get_by_role("link", name="Jobs").click()
    page.get_by_role("link", name=title, exact=True).click()
    expect_done(page, title)
    expect(total(page, "Added")).to_have_text(f"{len(known):,}")
    assert count_of(admin, group) == len(known)

    # The refused rows, to look at and as a file.
    rows = page.get_by_role("table", name="Refused rows").get_by_role("row")
    expect(rows).to_have_count(1 + UNKNOWN + MALFORMED)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the refused rows").click()
    download.value.save_as(tmp_path / "refused.csv")
    refused = list(csv.DictReader(io.StringIO((tmp_path / "refused.csv").read_text("utf-8-sig"), newline="")))
    assert [row["value"] for row in refused] == unknown + malformed
    assert {row["outcome"] for row in refused} == {"refused"}

    # Repaired: the malformed are written as they should have been, and with the unknown they are created.
    for row in refused:
        row["value"] = re.sub("@$", f".{unique}@mail.example", row["value"])
    written = io.StringIO()
    writer = csv.DictWriter(written, list(refused[0]))
    writer.writeheader()
    writer.writerows(refused)
    window = import_window(page, group)
    window.get_by_label("File").set_input_files(file_of([written.getvalue()], "refused.csv"))
    window.get_by_label("Create customers who do not exist yet").check()
    run_import(window)
    expect(total(page, "Created and added")).to_have_text(str(UNKNOWN + MALFORMED))
    expect(total(page, "Refused")).to_have_text("0")

    # The group is exact, and its page says so.
    page.get_by_role("link", name="Go to the customer group").click()
    expect(page.get_by_text(f"{ROWS:,} customers", exact=True)).to_be_visible()
    assert len(members(admin, group["id"])) == ROWS
    found = admin.get("/admin/customers", params={"email": unknown[0]}).json()["customers"]
    assert [one["first_name"] for one in found] == ["Ada"], "the refused rows kept their other columns"


def test_a_pasted_list_can_be_removed_and_set(
    page: Page, admin: httpx.Client, new_group: Post, new_customer: Post
) -> None:
    group = new_group()
    ada, grace, mary = new_customer(), new_customer(), new_customer()
    admin.post(f"/admin/customer-groups/{group['id']}/customers", json={"add": [ada["id"], grace["id"]]})
    window = import_window(page, group)
    window.get_by_label("Or paste a list").fill(f"{grace['email']}, {mary['id']}")
    window.get_by_role("button", name="Use this list").click()
    window.get_by_label("Make the group exactly this list").check()
    run_import(window)
    assert [total(page, name).inner_text() for name in ("Added", "Removed", "Unchanged")] == ["1", "1", "1"]

    window = import_window(page, group)
    window.get_by_label("Or paste a list").fill(f"{mary['id']}\n{grace['email']}")
    window.get_by_role("button", name="Use this list").click()
    window.get_by_label("Remove these customers").check()
    run_import(window)
    assert count_of(admin, group) == 0


def test_a_column_that_is_not_recognized_can_be_named(
    page: Page, admin: httpx.Client, new_group: Post, new_customer: Post
) -> None:
    group, ada = new_group(), new_customer()
    window = import_window(page, group)
    window.get_by_label("File").set_input_files(file_of(["Kontakt;Ort", f"{ada['email']};London"]))
    expect(window.get_by_text("No column is recognized")).to_be_visible()
    expect(window.get_by_role("button", name="Check")).to_be_disabled()
    window.get_by_label("Which column names the customer?").select_option("Kontakt")
    run_import(window)
    assert count_of(admin, group) == 1


def test_a_file_can_be_dropped(page: Page, admin: httpx.Client, new_group: Post, new_customer: Post) -> None:
    group, ada = new_group(), new_customer()
    window = import_window(page, group)
    dropped = page.evaluate_handle(
        """content => {
            const transfer = new DataTransfer()
            transfer.items.add(new File([content], 'dropped.csv', { type: 'text/csv' }))
            return transfer
        }""",
        f"email\n{ada['email']}\n",
    )
    window.get_by_text("Drop a file here").dispatch_event("drop", {"dataTransfer": dropped})
    expect(window.get_by_text("dropped.csv")).to_be_visible()
    expect(window.get_by_role("table", name="First rows")).to_contain_text(ada["email"])
    run_import(window)
    assert members(admin, group["id"]) == {ada["id"]}


def test_what_is_no_list_of_customers_is_refused_in_words(page: Page, new_group: Post) -> None:
    window = import_window(page, new_group())
    for name, content, complaint in (
        ("book.xlsx", b"PK\x03\x04\x00", "This is a spreadsheet or an archive."),
        ("latin.csv", "email\nG\xf6the@mail.example".encode("latin-1"), "The file is not UTF-8 text."),
        ("empty.csv", b"", "The file is empty."),
    ):
        window.get_by_label("File").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
        expect(window.get_by_role("alert")).to_contain_text(complaint)
    # What only the service sees, beyond the beginning of the file.
    lines = ["email,name", *[f"ada{number}@mail.example,Ada" for number in range(8_000)], "one,two,three"]
    window.get_by_label("File").set_input_files(file_of(lines))
    window.get_by_role("button", name="Check").click()
    expect(window.get_by_role("alert")).to_contain_text("line 8002 has 3 cells")
    expect(window.get_by_role("button", name="Check")).to_be_enabled()


def test_a_different_choice_needs_another_check(page: Page, new_group: Post, new_customer: Post) -> None:
    window = import_window(page, new_group())
    window.get_by_label("File").set_input_files(file_of(["email", new_customer()["email"]]))
    window.get_by_role("button", name="Check").click()
    expect(window.get_by_role("button", name="Start import")).to_be_enabled()
    window.get_by_label("Remove these customers").check()
    expect(window.get_by_role("region", name="What would happen")).to_be_hidden()
    expect(window.get_by_role("button", name="Check")).to_be_enabled()


def test_offline_the_file_and_the_choices_stay(
    page: Page, admin: httpx.Client, new_group: Post, new_customer: Post
) -> None:
    group = new_group()
    window = import_window(page, group)
    window.get_by_label("File").set_input_files(file_of(["email", new_customer()["email"]]))
    window.get_by_label("Make the group exactly this list").check()
    page.context.set_offline(True)
    window.get_by_role("button", name="Check").click()
    expect(window.get_by_role("alert")).to_contain_text("You are offline")
    expect(window.get_by_label("Make the group exactly this list")).to_be_checked()
    page.context.set_offline(False)
    run_import(window)
    assert count_of(admin, group) == 1


def test_editors_import_but_only_admins_create_customers(
    open_page: OpenPage, new_group: Post, new_customer: Post
) -> None:
    page = open_page("editor")
    window = import_window(page, new_group())
    window.get_by_label("File").set_input_files(file_of(["email", new_customer()["email"]]))
    expect(window.get_by_label("Add these customers")).to_be_visible()
    expect(window.get_by_label("Create customers who do not exist yet")).to_be_hidden()
    run_import(window)
    expect(total(page, "Added")).to_have_text("1")


def test_on_the_list_the_group_is_chosen(page: Page, admin: httpx.Client, new_group: Post, new_customer: Post) -> None:
    group = new_group()
    page.goto("/customer-groups")
    menu(page, "Import")
    window = page.get_by_role("dialog", name="Import")
    window.get_by_label("File").set_input_files(file_of(["email", new_customer()["email"]]))
    expect(window.get_by_role("button", name="Check")).to_be_disabled()
    window.get_by_label("Search customer groups").fill(group["name"])
    window.get_by_role("radio", name=group["name"]).check()
    run_import(window)
    assert count_of(admin, group) == 1


def test_the_group_cannot_be_changed_while_the_file_is_checked(
    page: Page, new_group: Post, new_customer: Post, unique: str
) -> None:
    """The result of a check must not allow to start something else."""
    group, other = new_group(name=f"First {unique}"), new_group(name=f"Second {unique}")
    page.goto("/customer-groups")
    menu(page, "Import")
    window = page.get_by_role("dialog", name="Import")
    window.get_by_label("File").set_input_files(file_of(["email", new_customer()["email"]]))
    window.get_by_label("Search customer groups").fill(unique)
    window.get_by_role("radio", name=group["name"]).check()
    with held(page, "**/admin/customer-group-uploads"):
        window.get_by_role("button", name="Check").click()
        expect(window.get_by_role("radio", name=other["name"])).to_be_disabled()
        expect(window.get_by_role("button", name=f"Take “{group['name']}” away")).to_be_disabled()
    expect(window.get_by_role("button", name="Start import")).to_be_enabled()
    window.get_by_role("radio", name=other["name"]).check()
    expect(window.get_by_role("button", name="Check")).to_be_enabled()
