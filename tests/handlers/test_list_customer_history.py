"""GET /admin/customers/{id}/history."""

from typing import Any, Final

import pytest

from shared.runtime import clock
from tests import jobs
from tests.afterwards import Surroundings, on_queue, on_stream, stream_record
from tests.api import ADMIN, Client

GROUPS: Final = "/admin/customer-groups"
CUSTOMERS: Final = "/admin/customers"


@pytest.fixture
def ada(api: Client) -> dict[str, Any]:
    return api.create_customer("ada@mail.example", first_name="Ada")


def follow(api: Client) -> None:
    """What the stream brings about, every record of it twice."""
    changes = [stream_record(None, item) for item in api.table.items() if item["SK"].startswith("CHANGE#")]
    assert on_stream("refresh_copies", changes + changes) == []


def entries(api: Client, customer: dict[str, Any], query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get(f"{CUSTOMERS}/{customer['id']}/history?{query}").body["changes"]
    return found


def history(api: Client, customer: dict[str, Any], query: str = "") -> list[tuple[Any, ...]]:
    return [
        (one["type"], [group["name"] for group in one["joined"]], [group["name"] for group in one["left"]])
        for one in entries(api, customer, query)
    ]


def test_lists_changes_of_the_profile_and_groups_that_were_joined_and_left(api: Client, ada: dict[str, Any]) -> None:
    vip = api.create_group("VIP")
    api.add(vip, ada)
    api.post(f"{CUSTOMERS}/{ada['id']}", {"last_name": "Lovelace"})
    api.signed_in_as("editor", sub="e1").post(f"{GROUPS}/{vip['id']}/customers", {"remove": [ada["id"]]})
    follow(api)
    left, updated, joined, created = entries(api, ada)
    assert [one["type"] for one in (left, updated, joined, created)] == ["left", "updated", "joined", "created"]
    assert joined["joined"] == [{"id": vip["id"], "name": "VIP"}]
    assert (joined["actor"], joined["reason"], joined["version"]) == (ADMIN["sub"], None, None)
    assert (left["left"], left["actor"]) == ([{"id": vip["id"], "name": "VIP"}], "e1")
    assert (updated["before"], updated["after"]) == ({"last_name": None}, {"last_name": "Lovelace"})
    assert (updated["joined"], updated["left"], updated["version"]) == ([], [], 2)


def test_returns_the_name_that_a_group_had(api: Client, ada: dict[str, Any]) -> None:
    vip = api.create_group("VIP")
    api.add(vip, ada)
    follow(api)
    api.post(f"{GROUPS}/{vip['id']}", {"name": "Gold"})
    assert history(api, ada)[0] == ("joined", ["VIP"], [])


def test_returns_the_job_that_made_a_change(api: Client, ada: dict[str, Any], surroundings: Surroundings) -> None:  # noqa: ARG001 - the fixture is needed, not its value
    vip = api.create_group("VIP")
    source = {"values": [ada["id"]]}
    job = jobs.run(api, type="change_members", customer_group_id=vip["id"], action="add", source=source)
    follow(api)
    assert entries(api, ada)[0]["reason"] == {"type": "job", "id": job["id"]}


def test_a_deleted_group_was_left(api: Client, ada: dict[str, Any]) -> None:
    vip, grace = api.create_group("VIP"), api.create_customer("grace@mail.example")
    api.add(vip, ada, grace)
    api.delete(f"{GROUPS}/{vip['id']}")
    follow(api)
    for _ in range(2):
        assert on_queue("purge_deleted", [{"detail": {"customer_group_id": vip["id"]}}]) == []
    for customer in (ada, grace):
        assert history(api, customer) == [("left", [], ["VIP"]), ("joined", ["VIP"], []), ("created", [], [])]
    assert entries(api, ada)[0]["actor"] == ADMIN["sub"]


def test_one_request_is_one_entry_with_group_by_action(api: Client, ada: dict[str, Any]) -> None:
    vip, gold, retail = (api.create_group(name) for name in ("VIP", "Gold", "Retail"))
    api.add(retail, ada)
    both = {"add": [vip["id"], gold["id"]], "remove": [retail["id"]]}
    api.post(f"{CUSTOMERS}/{ada['id']}/customer-groups", both)
    follow(api)
    changed, joined, created = history(api, ada, "group_by=action")
    assert (changed[0], sorted(changed[1]), changed[2]) == ("groups_changed", ["Gold", "VIP"], ["Retail"])
    assert (joined, created) == (("joined", ["Retail"], []), ("created", [], []))
    assert len(history(api, ada)) == 5


def test_is_read_in_pages(api: Client, ada: dict[str, Any]) -> None:
    for number in range(5):
        api.add(api.create_group(f"Group {number}"), ada)
        api.post(f"{CUSTOMERS}/{ada['id']}", {"last_name": str(number)})
    follow(api)
    whole = entries(api, ada)
    url = f"{CUSTOMERS}/{ada['id']}/history?limit=3"
    page = api.get(url).body
    seen = list(page["changes"])
    while page["next_cursor"]:
        page = api.get(f"{url}&cursor={page['next_cursor']}").body
        seen += page["changes"]
    assert seen == whole
    assert len(whole) == 11


def test_is_filtered_by_kind_person_and_time(api: Client, ada: dict[str, Any]) -> None:
    vip = api.create_group("VIP")
    api.add(vip, ada)
    middle = clock.now()
    api.signed_in_as("admin", sub="a2").post(f"{CUSTOMERS}/{ada['id']}", {"last_name": "Lovelace"})
    api.signed_in_as("editor", sub="e1").post(f"{GROUPS}/{vip['id']}/customers", {"remove": [ada["id"]]})
    follow(api)
    kinds = ["left", "updated", "joined", "created"]
    for query, expected in (
        ("type=joined&type=left", ["left", "joined"]),
        ("type[]=updated", ["updated"]),
        ("actor=e1", ["left"]),
        (f"actor=e1&actor={ADMIN['sub']}", ["left", "joined", "created"]),
        (f"at[$gte]={middle}", ["left", "updated"]),
        (f"at[$lt]={middle}", ["joined", "created"]),
        ("at[$gte]=2020-01-01", kinds),
        ("at[$lt]=2020-01-01", []),
        ("at[$gte]=2999-01-01", []),
        ("at[$lt]=9999-12-31", kinds),
        ("at[$gte]=0001-01-01&at[$lt]=0001-01-02", []),
        ("type=joined&actor=e1", []),
    ):
        assert [one["type"] for one in entries(api, ada, query)] == expected, query


def test_a_filtered_history_is_read_in_pages(api: Client, ada: dict[str, Any]) -> None:
    for number in range(6):
        api.post(f"{CUSTOMERS}/{ada['id']}", {"last_name": str(number)})
    url = f"{CUSTOMERS}/{ada['id']}/history?type=updated&limit=4"
    page = api.get(url).body
    rest = api.get(f"{url}&cursor={page['next_cursor']}").body
    assert [one["version"] for one in page["changes"] + rest["changes"]] == [7, 6, 5, 4, 3, 2]
    assert rest["next_cursor"] is None
    other = api.get(f"{CUSTOMERS}/{ada['id']}/history?type=created&cursor={page['next_cursor']}")
    assert (other.status, other.faults) == (400, {"cursor"})


@pytest.mark.parametrize("query", ["type=renamed", "at[$gte]=yesterday", "at[$lte]=2026-01-01", "limit=201"])
def test_names_the_parameter_that_cannot_be(api: Client, ada: dict[str, Any], query: str) -> None:
    answer = api.get(f"{CUSTOMERS}/{ada['id']}/history?{query}")
    assert answer.status == 400
    assert {path.partition(".")[0] for path in answer.faults} == {query.partition("=")[0]}


def test_an_unknown_customer_has_no_history(api: Client, ada: dict[str, Any]) -> None:
    api.delete(f"{CUSTOMERS}/{ada['id']}")
    for customer_id in (ada["id"], "cus_none"):
        assert api.get(f"{CUSTOMERS}/{customer_id}/history").body["code"] == "customer_not_found"


def test_expires_with_the_other_changes_of_customers(api: Client, ada: dict[str, Any]) -> None:
    api.add(api.create_group("VIP"), ada)
    follow(api)
    (move,) = [item for item in api.table.items() if item["SK"].startswith("MOVE#")]
    change = api.table.changes(ada["id"])[0]
    assert abs(move["expires_at"] - change["expires_at"]) < 60


def test_is_not_published_as_an_event(api: Client, ada: dict[str, Any], surroundings: Surroundings) -> None:
    api.add(api.create_group("VIP"), ada)
    follow(api)
    moves = [stream_record(None, item) for item in api.table.items() if item["SK"].startswith("MOVE#")]
    assert on_stream("publish_changes", moves) == []
    assert surroundings.events() == []
