"""Large metadata is stored in separate items, which only affects the cost."""

import json
from typing import Any

import pytest

from shared.dynamodb import reads
from shared.storage import keys, large_metadata, memberships
from shared.storage.large_metadata import MAX_INLINE_BYTES
from tests.afterwards import Surroundings
from tests.api import Client, Context, handler
from tests.storage.test_budgets import measured

GROUPS, CUSTOMERS = "/admin/customer-groups", "/admin/customers"
LARGE = {"terms": "x" * 90_000, "nested": {"numbers": [1, -17, 10**30]}}
SMALL = {"discount": 10}


def apart(api: Client) -> list[tuple[str, str]]:
    """The separate metadata items: the record and the version of each."""
    found = ((item["PK"].partition("#")[2], item["SK"]) for item in api.table.items())
    return sorted((owner, place) for owner, place in found if place.startswith("METADATA#"))


def test_large_metadata_is_returned_unchanged_everywhere(api: Client) -> None:
    group = api.create_group("VIP", LARGE)
    ada = api.create_customer("ada@example.com", metadata=LARGE)
    assert group["metadata"] == ada["metadata"] == LARGE
    assert apart(api) == sorted([(group["id"], "METADATA#1"), (ada["id"], "METADATA#1")])
    api.add(group, ada)
    assert api.get(f"{GROUPS}/{group['id']}?fields=*customers").group["customers"][0]["metadata"] == LARGE
    for url in (GROUPS, f"{GROUPS}?q=vip", f"{GROUPS}?id={group['id']}", f"{GROUPS}?order=name&limit=1", CUSTOMERS):
        assert api.get(url).shown("metadata") == [LARGE]
    for url in (f"{CUSTOMERS}?groups={group['id']}", f"{GROUPS}/{group['id']}/customers", f"{CUSTOMERS}?q=ada"):
        assert api.get(url).shown("metadata") == [LARGE]
    answer = handler("resolve_customer_groups")({"customer_id": ada["id"]}, Context("resolve_customer_groups"))
    assert answer["groups"][0]["metadata"] == LARGE
    assert api.get(f"{GROUPS}?fields=name").body["customer_groups"] == [{"id": group["id"], "name": "VIP"}]


def test_refuses_an_answer_that_is_too_large_only_as_the_gateway_gets_it(api: Client) -> None:
    """A function returns its answer as a text in JSON, in which each quote is one byte longer."""
    client = Client(api.table, watches_table=False)
    for number in range(32):
        client.create_group(f"VIP {number}", {"terms": '"' * 49_000})
    assert client.get(f"{GROUPS}?limit=70").body["code"] == "answer_too_large"
    answer = client.get(f"{GROUPS}?limit=70&offset=2")
    assert len(answer.body["customer_groups"]) == 30
    assert 5_500_000 < len(json.dumps(answer.text, ensure_ascii=False).encode()) < 6_000_000


def test_metadata_moves_in_and_out_when_its_size_changes(api: Client) -> None:
    group = api.create_group("VIP", SMALL)
    url = f"{GROUPS}/{group['id']}"
    assert apart(api) == []
    assert api.post(url, {"metadata": LARGE}).group["metadata"] == SMALL | LARGE
    assert apart(api) == [(group["id"], "METADATA#2")]
    assert api.post(url, {"name": "Very VIP"}).group["metadata"] == SMALL | LARGE
    assert apart(api) == [(group["id"], "METADATA#2")]
    assert api.post(url, {"metadata": {"discount": 12}}).group["metadata"] == {"discount": 12} | LARGE
    assert apart(api) == [(group["id"], "METADATA#4")]
    assert api.post(url, {"metadata": {"discount": 12}}).group["version"] == 4
    assert api.put(f"{url}/metadata", {"metadata": SMALL}).group["metadata"] == SMALL
    assert apart(api) == []
    assert "metadata_at" not in api.table.item(keys.group(group["id"]))
    api.put(f"{url}/metadata", {"metadata": LARGE})
    assert api.post(url, {"metadata": None}).group["metadata"] is None
    assert apart(api) == []
    assert [one["version"] for one in api.table.changes(group["id"])] == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(("length", "is_apart"), [(MAX_INLINE_BYTES, False), (MAX_INLINE_BYTES + 1, True)])
def test_metadata_is_stored_separately_above_the_limit(api: Client, length: int, is_apart: bool) -> None:  # noqa: FBT001 - a parameter of the test
    padding = len('{"a":""}')
    assert api.create_group("VIP", {"a": "x" * (length - padding)})
    assert bool(apart(api)) is is_apart


def test_large_metadata_is_deleted_with_its_record(api: Client) -> None:
    group, ada = api.create_group("VIP", LARGE), api.create_customer("ada@example.com", metadata=LARGE)
    api.delete(f"{GROUPS}/{group['id']}")
    api.delete(f"{CUSTOMERS}/{ada['id']}")
    assert apart(api) == []
    assert not any(large_metadata.REFERENCE in item for item in api.table.items())


def test_large_metadata_works_for_customers_of_other_systems(api: Client, surroundings: Surroundings) -> None:
    def send_event(kind: str, **detail: Any) -> None:
        event = {"source": "liqnic.storefront", "time": "2026-11-24T09:00:00Z", "detail-type": f"customer.{kind}"}
        handler("sync_customer")({**event, "detail": {"id": "shop-1", **detail}}, Context("sync_customer"))

    send_event("created", version=1, metadata=LARGE)
    send_event("updated", version=2, first_name="Ada", metadata=LARGE)
    assert apart(api) == [("shop-1", "METADATA#1")]
    send_event("updated", version=3, metadata={**LARGE, "more": 1})
    assert api.get(f"{CUSTOMERS}/shop-1").customer["metadata"] == {**LARGE, "more": 1}
    send_event("deleted", version=4)
    assert apart(api) == []
    send_event("created", version=5, metadata=LARGE)
    assert api.get(f"{CUSTOMERS}/shop-1").customer["metadata"] == LARGE
    assert surroundings.dead_letters() == []


@pytest.mark.parametrize("url", [f"{GROUPS}/{{id}}", GROUPS])
def test_is_complete_even_if_it_changes_between_two_reads(
    api: Client, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    group = api.create_group("VIP", LARGE)
    reader = Client(api.table, watches_table=False)
    get, batch_get = reads.get, reads.batch_get
    changes = iter([{**LARGE, "n": 1}, SMALL])

    def meddle(wanted: str) -> None:
        if wanted.startswith("METADATA#") and (new := next(changes, None)):
            api.put(f"{GROUPS}/{group['id']}/metadata", {"metadata": new})

    def get_late(key: Any, **how: Any) -> Any:
        with monkeypatch.context() as calm:
            calm.setattr(reads, "get", get)
            meddle(key.SK)
        return get(key, **how)

    def batch_get_late(asked: Any, **how: Any) -> Any:
        asked = list(asked)
        with monkeypatch.context() as calm:
            calm.setattr(reads, "get", get)
            calm.setattr(reads, "batch_get", batch_get)
            for key in asked:
                meddle(key.SK)
        return batch_get(asked, **how)

    monkeypatch.setattr(reads, "get", get_late)
    monkeypatch.setattr(reads, "batch_get", batch_get_late)
    answer = reader.get(url.replace("{id}", group["id"]))
    shown = answer.body["customer_group"] if "{id}" in url else answer.body["customer_groups"][0]
    assert (shown["metadata"], shown["version"]) == (SMALL, 3)


def test_large_metadata_does_not_increase_the_cost_of_memberships(api: Client) -> None:
    group = api.create_group("VIP", LARGE)
    everyone = [api.create_customer(f"c{number}@example.com", metadata=LARGE)["id"] for number in range(3)]
    plain = api.create_group("Plain")
    with measured() as light:
        memberships.change_members(plain["id"], everyone, [], "grace")
    with measured() as heavy:
        memberships.change_members(group["id"], everyone, [], "grace")
    assert heavy.written == light.written
