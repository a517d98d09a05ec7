"""POST /admin/customer-groups/{id}."""

import json
from typing import Any

import pytest

from shared.domain import exact_json
from shared.storage import groups
from tests.api import ADMIN, Answer, Client
from tests.meddling import meddle_once

GROUPS = "/admin/customer-groups"


def update(api: Client, group: dict[str, Any], body: Any, **headers: str) -> Answer:
    return api.post(f"{GROUPS}/{group['id']}", body, **headers)


def test_renames_the_group(api: Client) -> None:
    group = api.create_group("VIP", {"discount_percent": 10})
    answer = update(api, group, {"name": "  Very important people "})
    assert answer.group == {
        **group,
        "name": "Very important people",
        "version": 2,
        "updated_at": answer.group["updated_at"],
    }
    assert answer.group["updated_at"] >= group["updated_at"]
    assert answer.etag == '"2-0"'
    assert api.get(f"{GROUPS}/{group['id']}").group == answer.group


def test_appends_a_change_with_what_differs(api: Client) -> None:
    group = api.create_group("VIP", {"discount_percent": 10, "since": "2024", "old": True})
    update(
        api.signed_in_as("editor", sub="e1"),
        group,
        {"name": "Very VIP", "metadata": {"discount_percent": "10", "old": ""}},
    )
    change = api.table.changes(group["id"])[-1]
    assert (change["type"], change["actor"], change["version"]) == ("updated", "e1", 2)
    assert json.loads(change["before"]) == {"name": "VIP", "metadata": {"discount_percent": 10, "old": True}}
    assert json.loads(change["after"]) == {"name": "Very VIP", "metadata": {"discount_percent": "10"}}


def test_is_only_found_by_its_new_name(api: Client) -> None:
    group = api.create_group("Wholesale")
    update(api, group, {"name": "Resellers"})
    assert api.get(f"{GROUPS}?q=resell").shown("id") == [group["id"]]
    assert api.get(f"{GROUPS}?q=whole").shown("id") == []
    assert api.get(f"{GROUPS}?name=Resellers").shown("id") == [group["id"]]
    assert api.get(f"{GROUPS}?name=Wholesale").shown("id") == []


def test_releases_the_old_name_immediately(api: Client) -> None:
    first, second = api.create_group("VIP"), api.create_group("Wholesale")
    update(api, first, {"name": "Resellers"})
    assert update(api, second, {"name": "vip"}).group["name"] == "vip"


def test_can_change_the_case_of_its_own_name(api: Client) -> None:
    group = api.create_group("vip")
    assert update(api, group, {"name": "VIP"}).group["name"] == "VIP"
    assert api.post(GROUPS, {"name": "Vip"}).body["code"] == "customer_group_name_taken"


@pytest.mark.parametrize("name", ["WHOLESALE", " Wholesale "])
def test_refuses_the_name_of_another_group(api: Client, name: str) -> None:
    group, _ = api.create_group("VIP"), api.create_group("Wholesale")
    answer = update(api, group, {"name": name, "metadata": {"a": 1}})
    assert (answer.status, answer.body["code"]) == (400, "customer_group_name_taken")
    assert answer.message == f"Customer group with name: {name.strip()}, already exists."


@pytest.mark.parametrize("name", [None, "", " ", "x" * 256, "a\0b", "a\nb", 5], ids=repr)
def test_refuses_invalid_names(api: Client, name: object) -> None:
    group = api.create_group("VIP")
    assert (answer := update(api, group, {"name": name})).status == 400
    assert answer.faults == {"name"}


@pytest.mark.parametrize(
    ("present", "sent", "merged"),
    [
        (None, {"a": 1}, {"a": 1}),
        ({"a": 1}, {"b": 2}, {"a": 1, "b": 2}),
        ({"a": 1, "b": 2}, {"a": ""}, {"b": 2}),
        ({"a": 1}, {"a": ""}, {}),
        ({"a": 1}, {"b": ""}, {"a": 1}),
        ({"a": 1}, {"a": None}, {"a": None}),
        ({"a": ""}, {"b": 1}, {"a": "", "b": 1}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 3}}, {"a": {"b": 3}}),
        ({"a": 1}, {"a": {"b": ""}}, {"a": {"b": ""}}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": 52}, {"a": "52"}, {"a": "52"}),
        ({"a": 1}, {"a": True}, {"a": True}),
        ({"a": 1}, {}, {"a": 1}),
        (None, {}, {}),
        (None, {"a": ""}, {}),
        ({"a": 1}, None, None),
        ({}, None, None),
    ],
)
def test_merges_metadata(api: Client, present: Any, sent: Any, merged: Any) -> None:
    group = api.post(GROUPS, {"name": "VIP", "metadata": present}).group
    for shown in (update(api, group, {"metadata": sent}), api.get(f"{GROUPS}/{group['id']}")):
        assert exact_json.same(shown.group["metadata"], merged)


def test_does_not_change_metadata_that_is_not_sent(api: Client) -> None:
    group = api.create_group("VIP", {"a": 1})
    assert update(api, group, {"name": "Very VIP"}).group["metadata"] == {"a": 1}


def test_keeps_the_version_when_nothing_changes(api: Client) -> None:
    group = api.create_group("VIP", {"a": 1})
    for same in ({}, {"name": "VIP"}, {"metadata": {"a": 1}}, {"name": " VIP ", "metadata": {"b": ""}}):
        assert update(api, group, same).group == group


def test_refuses_metadata_that_grows_too_large_by_merging(api: Client) -> None:
    group = api.create_group("VIP", {"a": "x" * 60_000})
    answer = update(api, group, {"metadata": {"b": "x" * 60_000}})
    assert (answer.status, answer.faults) == (400, {"metadata"})


@pytest.mark.parametrize(
    "metadata", [{"": 1}, {"a": {"": 1}}, [], "text", 5, {"x" * 256: ""}], ids=lambda one: repr(one)[:20]
)
def test_refuses_metadata_that_cannot_be_stored(api: Client, metadata: Any) -> None:
    group = api.create_group("VIP", {"a": 1})
    assert update(api, group, {"metadata": metadata}).status == 400


def test_accepts_the_current_etag_in_if_match(api: Client) -> None:
    group = api.create_group("VIP")
    assert update(api, group, {"name": "Very VIP"}, If_Match='"1"').etag == '"2-0"'
    assert update(api, group, {"name": "VIP"}, If_Match='"7", "2"').etag == '"3-0"'
    assert update(api, group, {"name": "Vip"}, If_Match="*").etag == '"4-0"'


def test_accepts_every_etag_of_its_version_even_if_members_changed(api: Client) -> None:
    group, ada = api.create_group("VIP"), api.create_customer("ada@mail.example")
    before = api.get(f"{GROUPS}/{group['id']}").etag
    api.add(group, ada)
    assert update(api, group, {"name": "Very VIP"}, If_Match=before).etag == '"2-1"'
    assert update(api, group, {"name": "VIP"}, If_Match=before).status == 412


@pytest.mark.parametrize("etag", ['"0"', '"2"', "1", "VIP", '"-1"', '"1-"', '"1-0-0"', '"1', f'"{"9" * 400}"'])
def test_returns_412_for_an_outdated_if_match(api: Client, etag: str) -> None:
    group = api.create_group("VIP")
    answer = update(api, group, {"name": "Very VIP"}, If_Match=etag)
    assert (answer.status, answer.body["type"]) == (412, "precondition_failed")


def test_accepts_a_weak_etag_in_if_match(api: Client) -> None:
    group = api.create_group("VIP")
    assert update(api, group, {"name": "Very VIP"}, If_Match='W/"1"').etag == '"2-0"'


def test_is_applied_after_a_concurrent_change(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    group = api.create_group("VIP", {"a": 1})
    meddle_once(monkeypatch, lambda: groups.update(group["id"], {"metadata": {"b": 2}}, "someone else"))
    assert update(api, group, {"metadata": {"c": 3}}).group["metadata"] == {"a": 1, "b": 2, "c": 3}


def test_returns_412_if_a_concurrent_change_makes_if_match_outdated(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = api.create_group("VIP", {"a": 1})
    meddle_once(monkeypatch, lambda: groups.update(group["id"], {"metadata": {"b": 2}}, "someone else"))
    watched = Client(api.table, watches_table=False)
    assert update(watched, group, {"metadata": {"c": 3}}, If_Match='"1"').status == 412
    assert api.get(f"{GROUPS}/{group['id']}").group["metadata"] == {"a": 1, "b": 2}


@pytest.mark.parametrize("body", [{"name": "Very VIP"}, {}])
def test_returns_404_for_an_unknown_group(api: Client, body: dict[str, str]) -> None:
    deleted = api.create_group("VIP")
    api.delete(f"{GROUPS}/{deleted['id']}")
    for missing in (deleted, {"id": "cusgroup_01JD9Z0000000000000000000A"}, {"id": "%zz"}):
        answer = update(api, missing, body)
        assert (answer.status, answer.body["code"]) == (404, "customer_group_not_found")
        assert answer.message == f"Customer group with id: {missing['id']} not found"


def test_names_unknown_fields(api: Client) -> None:
    group = api.create_group("VIP")
    answer = update(api, group, {"name": "Very VIP", "customers": []})
    assert (answer.status, answer.message) == (400, "Unrecognized fields: 'customers'")


def test_returns_what_fields_selects(api: Client) -> None:
    group = api.create_group("VIP")
    assert api.post(f"{GROUPS}/{group['id']}?fields=name", {"name": "Very VIP"}).group == {
        "id": group["id"],
        "name": "Very VIP",
    }


def test_is_for_editors(api: Client) -> None:
    group = api.create_group("VIP")
    assert update(api.signed_in_as("editor"), group, {"name": "Very VIP"}).group["created_by"] == ADMIN["sub"]
    assert update(api.signed_in_as("viewer"), group, {"name": "VIP"}).status == 403
