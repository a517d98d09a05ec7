"""Two users edit the same group and customer in two browsers: no saved change is lost or wrong.

Each changes own and shared keys, names and fields, and adds and removes customers, in random order. All
saved changes are recorded. At the end, the service and both pages must show the recorded state.
`make two-people` runs for ten minutes and chooses other steps each time; `PEOPLE_SEED` repeats a run.
"""

import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import rows
from tests.browser.conftest import PATIENCE, OpenPage
from tests.stack import Post

SECONDS = int(os.environ.get("PEOPLE_SECONDS", "20"))
SEED = os.environ.get("PEOPLE_SEED", "1")
SHARED = "shared"
FEWEST_ROUNDS = 4


@dataclass
class Book:
    """The expected state of the group and the customer, from all saved changes."""

    metadata: dict[str, str] = field(default_factory=dict)
    profile: dict[str, str] = field(default_factory=dict)
    members: set[str] = field(default_factory=set)
    name: str = ""


@dataclass
class Person:
    """A user in a browser."""

    who: str
    page: Page
    group: dict[str, Any]
    customer: dict[str, Any]
    book: Book
    emails: list[str]
    others: random.Random
    turn: int = 0

    def begin(self) -> Callable[[], None]:
        """Open a window and type. Returns a function that saves, possibly after the other user has saved."""
        self.turn += 1
        word = f"{self.who}{self.turn}"
        return self.others.choice([self._rename, self._metadata, self._profile, self._members])(word)

    def _rename(self, word: str) -> Callable[[], None]:
        self._open_group()
        self.page.get_by_role("button", name="Customer group actions").click()
        self.page.get_by_role("menuitem", name="Edit").click()
        window = self.page.get_by_role("dialog", name="Edit Customer Group")
        name = f"{word} {self.group['id'][-6:]}"
        window.get_by_label("Name").fill(name)

        def save() -> None:
            self._save(window)
            self.book.name = name

        return save

    def _metadata(self, word: str) -> Callable[[], None]:
        self._open_group()
        self.page.get_by_role("button", name="Edit metadata").click()
        window = self.page.get_by_role("dialog", name="Edit Metadata")
        key = self.others.choice([SHARED, self.who, f"{self.who} also"])
        keys = rows.keys(window)
        if key in keys:
            row = keys.index(key) + 1
        else:
            window.get_by_role("button", name="Add row").click()
            row = len(keys) + 1
            window.get_by_label(f"Key of row {row}", exact=True).fill(key)
        window.get_by_label(f"Value of row {row}", exact=True).fill(word)

        def save() -> None:
            self._save(window)
            self.book.metadata[key] = word

        return save

    def _profile(self, word: str) -> Callable[[], None]:
        self._open(f"/customers/{self.customer['id']}", self.customer["email"])
        self.page.get_by_role("button", name="Customer actions").click()
        self.page.get_by_role("menuitem", name="Edit").click()
        window = self.page.get_by_role("dialog", name="Edit Customer")
        mine = "First name" if self.who == "ada" else "Last name"
        label = self.others.choice([mine, "Company"])
        window.get_by_label(label).fill(word)

        def save() -> None:
            self._save(window)
            self.book.profile[label] = word

        return save

    def _members(self, _: str) -> Callable[[], None]:
        """Each user adds and removes one half of the customers."""
        self._open_group()
        inside = [email for email in self.emails if email in self.book.members]
        outside = [email for email in self.emails if email not in self.book.members]
        if not outside or (inside and self.others.random() < 0.5):
            email = self.others.choice(inside)
            search = self.page.get_by_label("Search customers")
            search.fill(email)
            self.page.get_by_role("checkbox", name=f"Select {email}").check()

            def remove() -> None:
                self.page.keyboard.press("r")
                pop_up = self.page.get_by_role("dialog", name="Remove customers?")
                pop_up.get_by_role("button", name="Continue").click()
                expect(pop_up).to_be_hidden()
                self.book.members.discard(email)

            return remove
        email = self.others.choice(outside)
        self.page.get_by_role("button", name="Add", exact=True).click()
        window = self.page.get_by_role("dialog", name="Add Customers")
        window.get_by_label("Search customers").fill(email)
        window.get_by_role("checkbox", name=f"Select {email}").check()

        def save() -> None:
            self._save(window)
            self.book.members.add(email)

        return save

    def _open_group(self) -> None:
        self._open(f"/customer-groups/{self.group['id']}", None)

    def _open(self, path: str, heading: str | None) -> None:
        self.page.goto(path)
        self.page.get_by_role("heading", name=heading or self.book.name, level=1).wait_for()

    def _save(self, window: Locator) -> None:
        """Save. In a conflict, keep this user's version."""
        window.get_by_role("button", name="Save", exact=True).click()
        question = window.get_by_role("alert", name="Someone changed this")
        deadline = time.monotonic() + PATIENCE / 1_000
        while window.is_visible():
            if question.is_visible():
                question.get_by_role("button", name="Save what I chose").click()
                expect(question).to_be_hidden()
            assert time.monotonic() < deadline, "the window does not close"
            self.page.wait_for_timeout(50)


@pytest.fixture
def people(open_page: OpenPage, new_group: Post, new_customer: Post, unique: str, seed: str) -> tuple[Person, Person]:
    emails = {who: [f"{who}{number}.{unique}@mail.example" for number in range(4)] for who in ("ada", "grace")}
    for email in [*emails["ada"], *emails["grace"]]:
        new_customer(email=email)
    group, customer = new_group(), new_customer(email=f"both.{unique}@mail.example")
    book = Book(name=group["name"])

    def person(who: str) -> Person:
        chance = random.Random(f"{seed} {who}")
        return Person(who, open_page(), group, customer, book, emails[who], chance)

    return person("ada"), person("grace")


@pytest.mark.parametrize("seed", [SEED])
def test_two_users_of_the_same_group_and_customer_lose_no_changes(
    people: tuple[Person, Person], admin: httpx.Client
) -> None:
    ends, rounds = time.monotonic() + SECONDS, 0
    while time.monotonic() < ends or rounds < FEWEST_ROUNDS:
        # Both have a window open before either saves.
        for save in [person.begin() for person in people]:
            save()
        rounds += 1
        _is_stored(people[0], admin)
        for person in people:
            _is_shown(person)


def _is_stored(person: Person, admin: httpx.Client) -> None:
    """Assert that the service has the recorded state."""
    group, customer, book = person.group, person.customer, person.book
    stored = admin.get(f"/admin/customer-groups/{group['id']}").json()["customer_group"]
    profile = admin.get(f"/admin/customers/{customer['id']}").json()["customer"]
    members = admin.get(f"/admin/customer-groups/{group['id']}/customers").json()["customers"]
    assert (stored["name"], stored["metadata"] or {}) == (book.name, book.metadata)
    assert stored["customer_count"] == len(book.members)
    assert {each["email"] for each in members} == book.members
    attributes = {"First name": "first_name", "Last name": "last_name", "Company": "company_name"}
    assert {label: profile[attributes[label]] for label in book.profile} == book.profile


def _is_shown(person: Person) -> None:
    """Assert that the page shows the recorded state, including all counts."""
    page, book, count = person.page, person.book, len(person.book.members)
    page.goto(f"/customer-groups/{person.group['id']}")
    expect(page.get_by_role("heading", level=1)).to_have_text(book.name)
    expect(page.get_by_text("1 customer" if count == 1 else f"{count} customers", exact=True)).to_be_visible()
    if count:
        expect(page.get_by_role("table", name="Customers").get_by_role("row")).to_have_count(count + 1)
    for key, value in book.metadata.items():
        # By the whole key: the value of another one can contain it.
        of_key = page.get_by_role("rowheader", name=key, exact=True)
        row = page.get_by_role("region", name="Metadata").get_by_role("row").filter(has=of_key)
        expect(row.get_by_role("cell")).to_have_text([value])
