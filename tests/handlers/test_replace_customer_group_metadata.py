"""PUT /admin/customer-groups/{id}/metadata."""

import json
from typing import Any

import pytest

from shared.domain import exact_json
from tests.api import Client

GROUPS = "/admin/customer-groups"


@pytest.mark.parametrize("metadata", [{"b": [1, {"c": None}]}, {"a": ""}, {"a": "52"}, {"a": 1.5}, {}, None], ids=repr)
def test_replaces_the_metadata_with_what_was_sent(api: Client, metadata: Any) -> None:
    group = api.create_group("VIP", {"a": 1, "z": {"deep": True}})
    answer = api.put(f"{GROUPS}/{group['id']}/metadata", {"metadata": metadata})
    assert (answer.status, answer.etag) == (200, '"2-0"')
    for shown in (answer, api.get(f"{GROUPS}/{group['id']}")):
        assert exact_json.same(shown.group["metadata"], metadata)


def test_appends_its_change(api: Client) -> None:
    group = api.create_group("VIP", {"a": 1, "b": 2})
    api.put(f"{GROUPS}/{group['id']}/metadata", {"metadata": {"b": 2, "c": 3}})
    change = api.table.changes(group["id"])[-1]
    assert (change["type"], change["version"]) == ("updated", 2)
    assert json.loads(change["before"]) == {"metadata": {"a": 1}}
    assert json.loads(change["after"]) == {"metadata": {"c": 3}}


def test_keeps_the_version_when_nothing_changes(api: Client) -> None:
    group = api.create_group("VIP", {"a": 1})
    assert api.put(f"{GROUPS}/{group['id']}/metadata", {"metadata": {"a": 1}}).group == group


@pytest.mark.parametrize(
    "body", [{}, {"metadata": 5}, {"metadata": {"": 1}}, {"a": 1}, {"metadata": {}, "name": "VIP"}]
)
def test_refuses_invalid_metadata(api: Client, body: Any) -> None:
    group = api.create_group("VIP", {"a": 1})
    assert api.put(f"{GROUPS}/{group['id']}/metadata", body).status == 400


def test_checks_if_match(api: Client) -> None:
    group = api.create_group("VIP", {"a": 1})
    url = f"{GROUPS}/{group['id']}/metadata"
    assert api.put(url, {"metadata": {"b": 2}}, If_Match='"2"').status == 412
    assert api.put(url, {"metadata": {"b": 2}}, If_Match='"1"').group["metadata"] == {"b": 2}


def test_returns_404_for_an_unknown_group(api: Client) -> None:
    group = api.create_group("VIP")
    api.delete(f"{GROUPS}/{group['id']}")
    answer = api.put(f"{GROUPS}/{group['id']}/metadata", {"metadata": {}})
    assert (answer.status, answer.message) == (404, f"Customer group with id: {group['id']} not found")


def test_is_for_editors(api: Client) -> None:
    url = f"{GROUPS}/{api.create_group('VIP')['id']}/metadata"
    assert api.signed_in_as("editor").put(url, {"metadata": {"a": 1}}).status == 200
    assert api.signed_in_as("viewer").put(url, {"metadata": {}}).status == 403
