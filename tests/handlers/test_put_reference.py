"""PUT /admin/customer-groups/{id}/references/{system}/{reference_id}."""

from typing import Any

import pytest

from shared.domain.ids import GroupId
from shared.storage import groups, references
from shared.storage.references import Use
from tests.api import ADMIN, Answer, Client
from tests.meddling import meddle_once

GROUPS = "/admin/customer-groups"
SALE = {"label": "Summer sale: 10 % off", "url": "https://pricing.example.com/rules/7"}


@pytest.fixture
def vip(api: Client) -> dict[str, Any]:
    return api.create_group("VIP")


def put(api: Client, group: dict[str, Any], body: Any, use: str = "pricing/sale", **headers: str) -> Answer:
    return api.put(f"{GROUPS}/{group['id']}/references/{use}", body, **headers)


def listed(api: Client, group: dict[str, Any]) -> list[str]:
    answer = api.get(f"{GROUPS}/{group['id']}/references").body
    assert answer["count"] == len(answer["references"])
    return [f"{one['system']}/{one['id']}: {one['label']}" for one in answer["references"]]


def test_the_colon_of_an_id_can_be_escaped(api: Client, vip: dict[str, Any]) -> None:
    assert put(api, vip, SALE, "pricing/sale%3Asummer").body["reference"]["id"] == "sale:summer"
    assert listed(api, vip) == ["pricing/sale:summer: Summer sale: 10 % off"]
    assert api.delete(f"{GROUPS}/{vip['id']}/references/pricing/sale%3Asummer").status == 200
    assert listed(api, vip) == []


def test_registers_what_relies_on_the_group(api: Client, vip: dict[str, Any]) -> None:
    reference = put(api, vip, SALE).body["reference"]
    assert reference == {
        "system": "pricing",
        "id": "sale",
        **SALE,
        "created_by": ADMIN["sub"],
        "created_at": reference["created_at"],
    }
    assert listed(api, vip) == ["pricing/sale: Summer sale: 10 % off"]


def test_a_repetition_returns_the_same_and_writes_nothing(api: Client, vip: dict[str, Any]) -> None:
    first = put(api, vip, SALE).body
    before = api.table.contents()
    assert put(api, vip, SALE).body == first
    assert api.table.contents() == before


def test_changes_label_and_address_and_keeps_who_registered_it(api: Client, vip: dict[str, Any]) -> None:
    first = put(api, vip, SALE).body["reference"]
    changed = put(api.signed_in_as("editor"), vip, {"label": "Winter sale"}).body["reference"]
    assert changed == {**first, "label": "Winter sale", "url": None}
    assert listed(api, vip) == ["pricing/sale: Winter sale"]


def test_does_not_change_the_groups_version_or_history(api: Client, vip: dict[str, Any]) -> None:
    put(api, vip, SALE)
    assert api.get(f"{GROUPS}/{vip['id']}").group == vip
    assert len(api.table.changes(vip["id"])) == 1


def test_takes_the_groups_own_key(api: Client) -> None:
    gold = api.create_group("Gold", key="gold")
    assert api.put(f"{GROUPS}/key:gold/references/pricing/sale", SALE).status == 200
    assert listed(api, gold) == ["pricing/sale: Summer sale: 10 % off"]


def test_an_unknown_or_deleted_group_is_not_found(api: Client, vip: dict[str, Any]) -> None:
    api.delete(f"{GROUPS}/{vip['id']}")
    for group in (vip, {"id": "cusgroup_none"}):
        assert put(api, group, SALE).body["code"] == "customer_group_not_found"


def test_a_reference_during_the_deletion_is_refused(
    api: Client, vip: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    meddle_once(monkeypatch, lambda: groups.delete(vip["id"], "other"))
    assert api_without_watch(api).put(f"{GROUPS}/{vip['id']}/references/pricing/sale", SALE).status == 404
    assert not [item for item in api.table.items() if item["SK"].startswith("REFERENCE#")]


def api_without_watch(api: Client) -> Client:
    return Client(api.table, watches_table=False)


def test_two_at_once_are_both_counted(api: Client, vip: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    meddle_once(
        monkeypatch, lambda: references.put(GroupId(vip["id"]), Use("promotions", "a"), "A", None, "promotions")
    )
    assert put(api, vip, SALE).status == 200
    assert listed(api, vip) == ["pricing/sale: Summer sale: 10 % off", "promotions/a: A"]


def test_no_group_has_more_references_than_fit_into_its_deletion(
    api: Client, vip: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(references, "MAX_REFERENCES", 2)
    assert [put(api, vip, SALE, f"pricing/{one}").status for one in "aabb"] == [200] * 4
    assert put(api, vip, SALE, "pricing/c").body["code"] == "too_many_references"
    assert put(api, vip, {"label": "Changed"}, "pricing/b").status == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "label"),
        ({"label": ""}, "label"),
        ({"label": "x" * 256}, "label"),
        ({"label": "a\nb"}, "label"),
        ({"label": 5}, "label"),
        ({"label": "x", "url": "javascript:alert(1)"}, "url"),
        ({"label": "x", "url": "pricing.example.com"}, "url"),
        ({"label": "x", "url": "https://"}, "url"),
        ({"label": "x", "url": "https://a b"}, "url"),
        ({"label": "x", "url": f"https://{'x' * 1_024}"}, "url"),
        ({"label": "x", "nickname": "y"}, "nickname"),
    ],
    ids=str,
)
def test_refuses_invalid_bodies_and_names_the_field(
    api: Client, vip: dict[str, Any], body: dict[str, Any], field: str
) -> None:
    answer = put(api, vip, body)
    assert (answer.status, answer.faults) == (400, {field})


@pytest.mark.parametrize(
    ("use", "field"),
    [
        ("a b/x", "system"),
        (f"{'x' * 65}/x", "system"),
        ("a:b/x", "system"),
        ("a/ä", "reference_id"),
        ("a/b%", "reference_id"),
    ],
)
def test_bad_paths_are_refused_by_name(api: Client, vip: dict[str, Any], use: str, field: str) -> None:
    answer = put(api, vip, SALE, use)
    assert (answer.status, answer.faults) == (400, {field})


def test_a_repeated_request_is_answered_as_the_first(api: Client, vip: dict[str, Any]) -> None:
    first, second = (put(api, vip, SALE, Idempotency_Key="k1") for _ in range(2))
    assert first.body == second.body
    assert second.headers["Idempotency-Replayed"] == "true"
