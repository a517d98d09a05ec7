"""GET /admin/customer-groups/{id}/history."""

from typing import Any

import pytest

from tests.api import ADMIN, Client, invoke

GROUPS = "/admin/customer-groups"


def history(api: Client, group: dict[str, Any], query: str = "") -> list[dict[str, Any]]:
    answer = api.get(f"{GROUPS}/{group['id']}/history{query}")
    assert answer.status == 200, answer.text
    changes: list[dict[str, Any]] = answer.body["changes"]
    return changes


def test_tells_newest_first_who_did_what_and_when(api: Client) -> None:
    group = api.create_group("VIP", {"discount_percent": 10})
    ada, grace = api.create_customer("ada@mail.example"), api.create_customer("grace@mail.example")
    api.add(group, ada, grace)
    api.post(f"{GROUPS}/{group['id']}/customers", {"remove": [ada["id"]]})
    editor = api.signed_in_as("editor")
    renamed = editor.post(f"{GROUPS}/{group['id']}", {"name": "Very VIP", "metadata": {"discount_percent": 12}}).group

    changes = history(api, group)

    assert [change["type"] for change in changes] == ["updated", "customers_removed", "customers_added", "created"]
    assert changes[0] == {
        "id": changes[0]["id"],
        "type": "updated",
        "at": changes[0]["at"],
        "actor": editor.claims["sub"],
        "version": 2,
        "before": {"name": "VIP", "metadata": {"discount_percent": 10}},
        "after": {"name": "Very VIP", "metadata": {"discount_percent": 12}},
        "added": [],
        "removed": [],
    }
    assert changes[0]["at"] >= renamed["updated_at"]
    assert (changes[1]["removed"], changes[1]["added"], changes[1]["version"]) == ([ada["id"]], [], None)
    assert set(changes[2]["added"]) == {ada["id"], grace["id"]}
    assert (changes[3]["after"]["name"], changes[3]["actor"]) == ("VIP", ADMIN["sub"])


def test_shows_of_metadata_only_the_keys_that_changed(api: Client) -> None:
    group = api.create_group("VIP", {"discount_percent": 10, "badge": "gold", "note": "old"})
    api.post(f"{GROUPS}/{group['id']}", {"metadata": {"badge": "silver", "note": "", "since": 2026}})
    (change, _) = history(api, group)
    assert change["before"] == {"metadata": {"badge": "gold", "note": "old"}}
    assert change["after"] == {"metadata": {"badge": "silver", "since": 2026}}


def test_is_silent_about_what_changed_nothing(api: Client) -> None:
    group = api.create_group("VIP")
    api.post(f"{GROUPS}/{group['id']}", {"name": "VIP"})
    api.post(f"{GROUPS}/{group['id']}/customers", {"remove": [api.create_customer(None)["id"]]})
    assert [change["type"] for change in history(api, group)] == ["created"]


def test_tells_of_a_deleted_customer_as_a_removal(api: Client) -> None:
    group, ada = api.create_group("VIP"), api.create_customer("ada@mail.example")
    api.add(group, ada)
    api.delete(f"/admin/customers/{ada['id']}")
    assert history(api, group)[0]["removed"] == [ada["id"]]


def test_tells_of_many_members_in_changes_of_up_to_48(api: Client) -> None:
    group = api.create_group("Newsletter")
    quiet = Client(api.table, watches_table=False)
    ids = [quiet.create_customer(f"reader{number}@mail.example")["id"] for number in range(50)]
    quiet.post(f"{GROUPS}/{group['id']}/customers", {"add": ids})
    *additions, _ = history(api, group)
    assert [len(change["added"]) for change in additions] == [2, 48]
    assert {one for change in additions for one in change["added"]} == set(ids)


def test_pages_by_cursor_without_gap_or_repetition(api: Client) -> None:
    group = api.create_group("Name 0")
    for number in range(1, 8):
        api.post(f"{GROUPS}/{group['id']}", {"name": f"Name {number}"})
    pages, cursor = [], ""
    while True:
        answer = api.get(f"{GROUPS}/{group['id']}/history?limit=3{cursor}").body
        pages.append([change["version"] for change in answer["changes"]])
        if answer["next_cursor"] is None:
            break
        cursor = f"&cursor={answer['next_cursor']}"
    assert pages == [[8, 7, 6], [5, 4, 3], [2, 1]]


def test_a_change_in_between_does_not_shift_the_next_page(api: Client) -> None:
    group = api.create_group("Name 1")
    api.post(f"{GROUPS}/{group['id']}", {"name": "Name 2"})
    first = api.get(f"{GROUPS}/{group['id']}/history?limit=1").body
    api.post(f"{GROUPS}/{group['id']}", {"name": "Name 3"})
    assert [change["version"] for change in history(api, group, f"?cursor={first['next_cursor']}")] == [1]


def test_refuses_the_cursor_of_another_group(api: Client) -> None:
    vip, wholesale = api.create_group("VIP"), api.create_group("Wholesale")
    api.post(f"{GROUPS}/{vip['id']}", {"name": "Very VIP"})
    cursor = api.get(f"{GROUPS}/{vip['id']}/history?limit=1").body["next_cursor"]
    assert api.get(f"{GROUPS}/{wholesale['id']}/history?cursor={cursor}").faults == {"cursor"}


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "cursor=x", "offset=1", "limit=1&limit=2"])
def test_refuses_what_it_does_not_know(api: Client, query: str) -> None:
    group = api.create_group("VIP")
    assert api.get(f"{GROUPS}/{group['id']}/history?{query}").status == 400


def test_knows_no_deleted_or_unknown_group(api: Client) -> None:
    group = api.create_group("VIP")
    api.delete(f"{GROUPS}/{group['id']}")
    assert api.get(f"{GROUPS}/{group['id']}/history").status == 404
    assert api.get(f"{GROUPS}/cusgroup_01ARZ3NDEKTSV4RRFFQ69G5FAV/history").status == 404


def test_is_open_to_viewers_and_to_other_services(api: Client) -> None:
    group = api.create_group("VIP")
    seen = history(api.signed_in_as("viewer"), group)
    assert invoke("list_customer_group_history", path={"id": group["id"]})["changes"] == seen
