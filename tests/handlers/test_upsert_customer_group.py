"""PUT /admin/customer-groups/key:{key}."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from shared.dynamodb import retries
from shared.storage import groups
from tests import database
from tests.api import Answer, Client
from tests.meddling import meddle_once

GROUPS = "/admin/customer-groups"
RETAIL = f"{GROUPS}/key:retail-de"


def ids(api: Client) -> list[str]:
    return [str(one) for one in api.get(f"{GROUPS}?limit=1000").shown("id")]


def result_of(answer: Answer) -> str:
    assert answer.status == 200, answer.text
    return str(answer.body["result"])


def test_creates_the_group_of_an_unknown_key(api: Client) -> None:
    answer = api.put(RETAIL, {"name": " Retail Germany ", "metadata": {"discount_percent": 5}})
    assert result_of(answer) == "created"
    assert answer.group["name"] == "Retail Germany"
    assert answer.group["key"] == "retail-de"
    assert answer.group["metadata"] == {"discount_percent": 5}
    assert (answer.group["version"], answer.group["customer_count"], answer.etag) == (1, 0, '"1-0"')
    assert api.get(f"{GROUPS}/{answer.group['id']}").group == answer.group
    (change,) = api.table.changes(answer.group["id"])
    assert change["type"] == "created"


def test_changes_nothing_if_nothing_differs(api: Client) -> None:
    body = {"name": "Retail Germany", "metadata": {"discount_percent": 5, "tags": ["a", {"b": None}]}}
    first = api.put(RETAIL, body)
    again = api.put(RETAIL, body)
    assert result_of(again) == "unchanged"
    assert again.group == first.group
    assert len(api.table.changes(first.group["id"])) == 1


def test_changes_only_what_differs_in_a_group(api: Client) -> None:
    first = api.put(RETAIL, {"name": "Retail Germany", "metadata": {"discount_percent": 5}}).group
    renamed = api.put(RETAIL, {"name": "Retail D"})
    assert result_of(renamed) == "updated"
    assert (renamed.group["id"], renamed.group["name"], renamed.group["version"]) == (first["id"], "Retail D", 2)
    assert renamed.group["metadata"] == {"discount_percent": 5}


def test_stores_metadata_as_sent(api: Client) -> None:
    api.put(RETAIL, {"name": "Retail", "metadata": {"a": 1, "b": 2}})
    assert api.put(RETAIL, {"metadata": {"b": ""}}).group["metadata"] == {"b": ""}
    assert api.put(RETAIL, {"metadata": None}).group["metadata"] is None


def test_a_new_group_needs_a_name(api: Client) -> None:
    answer = api.put(RETAIL, {"metadata": {"a": 1}})
    assert (answer.status, answer.faults) == (400, {"name"})
    api.put(RETAIL, {"name": "Retail"})
    assert result_of(api.put(RETAIL, {"metadata": {"a": 1}})) == "updated"


def test_the_name_of_another_group_is_refused(api: Client) -> None:
    api.create_group("Retail")
    for body in ({"name": "retail"}, {"name": "RETAIL", "metadata": {}}):
        assert api.put(RETAIL, body).body["code"] == "customer_group_name_taken"
    api.put(RETAIL, {"name": "Retail Germany"})
    assert api.put(RETAIL, {"name": "retail"}).body["code"] == "customer_group_name_taken"


@pytest.mark.parametrize(
    "place", ["cusgroup_01KASXKZ4V8S6T1W7Q2M3N5P9R", "retail", "key:", "key:ä", f"key:{'x' * 129}"]
)
def test_only_accepts_keys(api: Client, place: str) -> None:
    answer = api.put(f"{GROUPS}/{place}", {"name": "Retail"})
    assert (answer.status, answer.faults) == (400, {"id"})


@pytest.mark.parametrize("key", ["a", "x" * 128, "A-Z_a.z~0", "..", "-"])
def test_accepts_every_valid_key(api: Client, key: str) -> None:
    created = api.put(f"{GROUPS}/key:{key}", {"name": "Retail"}).group
    assert created["key"] == key
    assert api.get(f"{GROUPS}/key:{key}").group == created


def test_the_colon_can_be_escaped(api: Client) -> None:
    created = api.put(f"{GROUPS}/key%3Aretail-de", {"name": "Retail"}).group
    assert api.get(f"{GROUPS}/key%3Aretail-de").group == api.get(RETAIL).group == created


@pytest.mark.parametrize("body", [{}, {"key": "other"}, {"id": "mine"}, {"name": None}, {"metadata": 5}], ids=str)
def test_refuses_invalid_bodies_and_names_the_field(api: Client, body: dict[str, Any]) -> None:
    answer = api.put(RETAIL, body)
    assert answer.status == 400
    assert answer.faults == (set(body) or {"name"})


def test_if_match_requires_a_version(api: Client) -> None:
    first = api.put(RETAIL, {"name": "Retail"})
    assert result_of(api.put(RETAIL, {"name": "Retail D"}, If_Match=first.etag)) == "updated"
    assert api.put(RETAIL, {"name": "Retail E"}, If_Match=first.etag).status == 412
    assert api.put(f"{GROUPS}/key:none", {"name": "None"}, If_Match=first.etag).status == 412
    assert api.put(f"{GROUPS}/key:none", {"name": "None"}, If_Match="*").status == 412, "it changes what is there only"
    assert result_of(api.put(RETAIL, {"name": "Retail F"}, If_Match="*")) == "updated"


def test_a_repeated_request_returns_the_first_result(api: Client) -> None:
    for _ in range(2):
        assert result_of(api.put(RETAIL, {"name": "Retail"}, Idempotency_Key="k1")) == "created"
    assert len(ids(api)) == 1


def test_of_two_concurrent_creations_the_second_becomes_an_update(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    meddle_once(monkeypatch, lambda: groups.upsert("retail-de", {"name": "Retail", "metadata": {"a": 1}}, "other"))
    answer = api.put(RETAIL, {"name": "Retail", "metadata": {"b": 2}})
    assert result_of(answer) == "updated"
    assert answer.group["metadata"] == {"b": 2}
    assert answer.group["created_by"] == "other"
    assert len(ids(api)) == 1


def test_a_key_that_moves_meanwhile_is_read_again(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = api.put(RETAIL, {"name": "Retail"}).group
    meddle_once(monkeypatch, lambda: groups.update(moved["id"], {"key": "elsewhere"}, "other"))
    answer = api.put(RETAIL, {"name": "Retail Germany"})
    assert result_of(answer) == "created"
    assert answer.group["id"] != moved["id"]
    assert api.get(f"{GROUPS}/{moved['id']}").group["name"] == "Retail"


def test_the_key_of_a_deleted_group_is_free(api: Client) -> None:
    first = api.put(RETAIL, {"name": "Retail"}).group
    assert api.delete(RETAIL).status == 200
    answer = api.put(RETAIL, {"name": "Retail"})
    assert result_of(answer) == "created"
    assert answer.group["id"] != first["id"]


@pytest.mark.skipif(database.IS_MOTO, reason="moto cannot be used by several threads at once")
def test_concurrent_requests_create_one_group(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "ALLOWANCE_SECONDS", 600.0)  # nobody gives up on a slow machine
    bodies = [{"name": "Retail", "metadata": {"from": number % 2}} for number in range(8)]

    def put(body: dict[str, Any]) -> str:
        _, result = groups.upsert("retail-de", body, "service")
        return result

    with ThreadPoolExecutor(8) as pool:
        results = sorted(pool.map(put, bodies))
    assert results.count("created") == 1
    (group_id,) = ids(api)
    versions = [change["version"] for change in api.table.changes(group_id)]
    assert versions == list(range(1, 2 + results.count("updated")))
    api.table.check()


def test_is_for_editors(api: Client) -> None:
    assert api.signed_in_as("viewer").put(RETAIL, {"name": "Retail"}).status == 403
    assert result_of(api.signed_in_as("editor").put(RETAIL, {"name": "Retail"})) == "created"
