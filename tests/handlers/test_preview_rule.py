"""A preview shows who meets a rule, within the read budget, and stores nothing."""

import pytest

from shared.storage.rules import preview
from tests.api import Client
from tests.rules import BIG_SPENDERS, GROUPS, every, some, where

PATH = f"{GROUPS}/preview"


def test_counts_the_customers_that_meet_a_rule_and_shows_the_newest(api: Client) -> None:
    found = [api.create_customer(f"c{n}@mail.example", metadata={"total_spent": n * 500}) for n in range(15)]
    answer = api.post(PATH, {"rule": BIG_SPENDERS}).body
    assert (answer["count"], answer["count_is_exact"]) == (12, True)
    assert [one["id"] for one in answer["customers"]] == [one["id"] for one in reversed(found[5:])]
    assert "metadata" not in answer["customers"][0]


def test_knows_groups(api: Client) -> None:
    wholesale = api.create_group("Wholesale", key="wholesale")
    ada, bela = (api.create_customer(f"{name}@mail.example") for name in ("ada", "bela"))
    api.add(wholesale, ada)
    inside = api.post(PATH, {"rule": every(where("groups", "=", "key:wholesale"))}).body
    outside = api.post(PATH, {"rule": some(where("groups", "!=", "key:wholesale"))}).body
    assert [[one["id"] for one in answer["customers"]] for answer in (inside, outside)] == [[ada["id"]], [bela["id"]]]


def test_counts_a_lower_bound_where_not_all_can_be_judged(api: Client) -> None:
    for name, notes in (("ada", "x"), ("bela", "x" * 9_000)):
        api.create_customer(f"{name}@mail.example", metadata={"total_spent": 2000, "notes": notes})
    answer = api.post(PATH, {"rule": BIG_SPENDERS}).body
    assert (answer["count"], answer["count_is_exact"]) == (1, False)
    by_name = api.post(PATH, {"rule": every(where("email", "endsWith", "mail.example"))}).body
    assert (by_name["count"], by_name["count_is_exact"]) == (2, True)


def test_more_candidates_than_can_be_judged_make_a_lower_bound(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    quiet = Client(api.table, watches_table=False)
    for number in range(4):
        quiet.create_customer(f"c{number}@mail.example")
    monkeypatch.setattr(preview, "MAX_CANDIDATES", 3)
    answer = api.post(PATH, {"rule": every(where("email", "notNull"))}).body
    assert (answer["count"], answer["count_is_exact"]) == (3, False)


def test_nobody_is_there(api: Client) -> None:
    assert api.post(PATH, {"rule": BIG_SPENDERS}).body == {"count": 0, "count_is_exact": True, "customers": []}
