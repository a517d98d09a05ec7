"""GET /admin/customer-groups/{id}/history."""

from typing import Any

import pytest

from shared.runtime import clock
from shared.storage import history as storage
from tests.afterwards import Surroundings
from tests.api import ADMIN, Client, invoke

GROUPS = "/admin/customer-groups"

type Newsletter = tuple[dict[str, Any], list[str]]


def history(api: Client, group: dict[str, Any], query: str = "") -> list[dict[str, Any]]:
    answer = api.get(f"{GROUPS}/{group['id']}/history{query}")
    assert answer.status == 200, answer.text
    changes: list[dict[str, Any]] = answer.body["changes"]
    return changes


def test_lists_changes_newest_first_with_actor_and_time(api: Client) -> None:
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
        "action_id": changes[0]["id"],
        "type": "updated",
        "at": changes[0]["at"],
        "actor": editor.claims["sub"],
        "actor_name": None,
        "reason": None,
        "version": 2,
        "before": {"name": "VIP", "metadata": {"discount_percent": 10}},
        "after": {"name": "Very VIP", "metadata": {"discount_percent": 12}},
        "added": [],
        "removed": [],
        "terms": [],
    }
    assert changes[0]["at"] >= renamed["updated_at"]
    assert (changes[1]["removed"], changes[1]["added"], changes[1]["version"]) == ([ada["id"]], [], None)
    assert set(changes[2]["added"]) == {ada["id"], grace["id"]}
    assert (changes[3]["after"]["name"], changes[3]["actor"]) == ("VIP", ADMIN["sub"])


def test_contains_only_the_metadata_keys_that_changed(api: Client) -> None:
    group = api.create_group("VIP", {"discount_percent": 10, "badge": "gold", "note": "old"})
    api.post(f"{GROUPS}/{group['id']}", {"metadata": {"badge": "silver", "note": "", "since": 2026}})
    (change, _) = history(api, group)
    assert change["before"] == {"metadata": {"badge": "gold", "note": "old"}}
    assert change["after"] == {"metadata": {"badge": "silver", "since": 2026}}


def test_contains_no_entry_if_nothing_changed(api: Client) -> None:
    group = api.create_group("VIP")
    api.post(f"{GROUPS}/{group['id']}", {"name": "VIP"})
    api.post(f"{GROUPS}/{group['id']}/customers", {"remove": [api.create_customer(None)["id"]]})
    assert [change["type"] for change in history(api, group)] == ["created"]


def test_contains_a_deleted_customer_as_a_removal(api: Client) -> None:
    group, ada = api.create_group("VIP"), api.create_customer("ada@mail.example")
    api.add(group, ada)
    api.delete(f"/admin/customers/{ada['id']}")
    assert history(api, group)[0]["removed"] == [ada["id"]]


def test_has_up_to_48_members_per_change(api: Client, newsletter: Newsletter) -> None:
    group, ids = newsletter
    *additions, _ = history(api, group)
    assert [len(change["added"]) for change in additions] == [2, 48]
    assert {one for change in additions for one in change["added"]} == set(ids)


@pytest.fixture
def newsletter(api: Client) -> Newsletter:
    """A group and its customers, added in one request: more than fit into one transaction."""
    group = api.create_group("Newsletter")
    quiet = Client(api.table, watches_table=False)
    ids = [quiet.create_customer(f"reader{number}@mail.example")["id"] for number in range(50)]
    quiet.post(f"{GROUPS}/{group['id']}/customers", {"add": ids})
    return group, ids


def test_group_by_action_returns_one_entry_per_request(api: Client, newsletter: Newsletter) -> None:
    group, ids = newsletter
    addition, created = history(api, group, "?group_by=action")
    assert (addition["type"], created["type"]) == ("customers_added", "created")
    assert sorted(addition["added"]) == sorted(ids)
    changes = history(api, group)
    assert [change["action_id"] for change in changes[:2]] == [addition["action_id"]] * 2
    assert created == changes[2]


def test_group_by_action_combines_additions_and_removals(api: Client) -> None:
    group, ada, grace = (
        api.create_group("VIP"),
        api.create_customer("ada@x.example"),
        api.create_customer("g@x.example"),
    )
    api.add(group, ada)
    api.post(f"{GROUPS}/{group['id']}/customers", {"add": [grace["id"]], "remove": [ada["id"]]})
    entry = history(api, group, "?group_by=action")[0]
    assert (entry["type"], entry["added"], entry["removed"]) == ("customers_changed", [grace["id"]], [ada["id"]])


def test_pages_by_action_without_gaps_or_duplicates(api: Client, newsletter: Newsletter) -> None:
    group, ids = newsletter
    api.post(f"{GROUPS}/{group['id']}/customers", {"remove": ids[:49]})
    seen, cursor = [], ""
    while True:
        answer = api.get(f"{GROUPS}/{group['id']}/history?group_by=action&limit=1{cursor}").body
        seen += [(entry["type"], len(entry["added"]), len(entry["removed"])) for entry in answer["changes"]]
        if answer["next_cursor"] is None:
            break
        cursor = f"&cursor={answer['next_cursor']}"
    assert seen == [("customers_removed", 0, 49), ("customers_added", 50, 0), ("created", 0, 0)]


def test_a_very_large_action_continues_on_the_next_page(
    api: Client, newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "MAX_READ", 1)
    group, ids = newsletter
    first = api.get(f"{GROUPS}/{group['id']}/history?group_by=action").body
    second = api.get(f"{GROUPS}/{group['id']}/history?group_by=action&cursor={first['next_cursor']}").body
    (one,), (other,) = first["changes"], second["changes"]
    assert one["action_id"] == other["action_id"]
    assert sorted(one["added"] + other["added"]) == sorted(ids)


def test_pages_by_cursor_without_gaps_or_duplicates(api: Client) -> None:
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


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=x",
        "cursor=x",
        "offset=1",
        "limit=1&limit=2",
        "group_by=actor",
        "actor_names=maybe",
    ],
)
def test_refuses_unknown_parameters_and_values(api: Client, query: str) -> None:
    group = api.create_group("VIP")
    assert api.get(f"{GROUPS}/{group['id']}/history?{query}").status == 400


def test_returns_404_for_a_deleted_or_unknown_group(api: Client) -> None:
    group = api.create_group("VIP")
    api.delete(f"{GROUPS}/{group['id']}")
    assert api.get(f"{GROUPS}/{group['id']}/history").status == 404
    assert api.get(f"{GROUPS}/cusgroup_01ARZ3NDEKTSV4RRFFQ69G5FAV/history").status == 404


def test_is_for_viewers_and_other_services(api: Client) -> None:
    group = api.create_group("VIP")
    seen = history(api.signed_in_as("viewer"), group)
    assert invoke("list_customer_group_history", path={"id": group["id"]})["changes"] == seen


def test_includes_the_names_of_people_if_requested(api: Client, colleagues: dict[str, str]) -> None:
    quiet = Client(api.table, watches_table=False)
    group = quiet.create_group("VIP")
    for number, who in enumerate(colleagues.values()):
        quiet.signed_in_as("editor", who).post(f"{GROUPS}/{group['id']}", {"name": f"VIP {number}"})
    invoke("update_customer_group", path={"id": group["id"]}, body={"name": "Very VIP"}, actor="nightly-import")

    named = history(api, group, "?actor_names=true")
    # The one who created the group is not in the pool, and the import is no person.
    assert [change["actor_name"] for change in named] == [None, "grace@liqnic.example", "Ada Lovelace", None]
    assert [change["actor_name"] for change in history(api, group)] == [None] * 4


def test_returns_the_history_without_names_if_the_user_pool_fails(
    api: Client,
    surroundings: Surroundings,  # noqa: ARG001 - moto has no pool of that name
) -> None:
    group = api.create_group("VIP")
    assert history(api, group, "?actor_names=true")[0]["actor_name"] is None


def test_is_filtered_by_kind_person_and_time(api: Client) -> None:
    vip, ada = api.create_group("VIP"), api.create_customer("ada@mail.example")
    api.signed_in_as("editor", sub="e1").post(f"{GROUPS}/{vip['id']}/customers", {"add": [ada["id"]]})
    middle = clock.now()
    api.post(f"{GROUPS}/{vip['id']}", {"name": "Gold"})
    for query, expected in (
        ("type=customers_added", ["customers_added"]),
        ("type=created&type=updated", ["updated", "created"]),
        ("actor=e1", ["customers_added"]),
        (f"at[$gte]={middle}", ["updated"]),
        (f"at[$lt]={middle}", ["customers_added", "created"]),
        (f"at[$lt]={middle}&type=created", ["created"]),
        ("actor=nobody", []),
    ):
        changes = api.get(f"{GROUPS}/{vip['id']}/history?{query}").body["changes"]
        assert [one["type"] for one in changes] == expected, query


def test_reads_only_the_requested_time_span(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    vip = api.create_group("VIP")
    for number in range(4):
        api.post(f"{GROUPS}/{vip['id']}", {"name": f"VIP {number}"})
    monkeypatch.setattr(storage, "MAX_READ", 2)
    answer = api.get(f"{GROUPS}/{vip['id']}/history?at[$gte]=2999-01-01").body
    assert answer == {"changes": [], "next_cursor": None}
    page = api.get(f"{GROUPS}/{vip['id']}/history?type=created").body
    found = list(page["changes"])
    while page["next_cursor"]:
        page = api.get(f"{GROUPS}/{vip['id']}/history?type=created&cursor={page['next_cursor']}").body
        found += page["changes"]
    assert [one["type"] for one in found] == ["created"]
