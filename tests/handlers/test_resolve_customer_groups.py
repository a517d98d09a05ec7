"""`resolve_customer_groups`, invoked by other services such as pricing."""

from typing import Any

import pytest

from shared.domain.errors import InvalidData
from shared.dynamodb import retries
from tests.api import Client, invoke

GROUPS = "/admin/customer-groups"


def resolve(**question: Any) -> Any:
    return invoke("resolve_customer_groups", **question)


def test_returns_a_customers_groups_with_their_metadata(api: Client) -> None:
    metadata = {"discount_percent": 12.5, "bulk_price": {"from_quantity": 50}, "codes": ["52", None, True]}
    vip, wholesale = api.create_group("VIP", metadata), api.create_group("Wholesale")
    ada = api.create_customer("ada@mail.example")
    api.add(vip, ada)
    api.add(wholesale, ada)

    answer = resolve(customer_id=ada["id"])

    assert answer["customer_id"] == ada["id"]
    assert sorted(answer["groups"], key=lambda group: str(group["name"])) == [
        {"id": vip["id"], "key": None, "name": "VIP", "metadata": metadata},
        {"id": wholesale["id"], "key": None, "name": "Wholesale", "metadata": None},
    ]


def test_refuses_more_than_lambda_can_return(api: Client) -> None:
    vip, ada = api.create_group("VIP", {"terms": "x" * 95_000}), api.create_customer("ada@mail.example")
    api.add(vip, ada)
    assert len(resolve(customer_ids=[ada["id"]] * 60)["customers"]) == 60
    with pytest.raises(InvalidData, match="ask for fewer"):
        resolve(customer_ids=[ada["id"]] * 64)


def test_returns_several_customers_in_the_requested_order(api: Client) -> None:
    vip = api.create_group("VIP")
    ada, grace = api.create_customer("ada@mail.example"), api.create_customer("grace@mail.example")
    api.add(vip, grace)
    asked = [grace["id"], "nobody", ada["id"], grace["id"]]
    answers = resolve(customer_ids=asked)["customers"]
    assert [one["customer_id"] for one in answers] == asked
    assert [[group["name"] for group in one["groups"]] for one in answers] == [["VIP"], [], [], ["VIP"]]


@pytest.mark.parametrize("unknown", ["cus_01ARZ3NDEKTSV4RRFFQ69G5FAV", "", "a b", "#", "x" * 5_000])
def test_an_unknown_customer_has_no_groups(api: Client, unknown: str) -> None:
    assert resolve(customer_id=unknown) == {"customer_id": unknown, "groups": []}
    assert api.table.items() == []


def test_a_deleted_group_is_not_returned_even_before_its_purge(api: Client) -> None:
    vip, ada = api.create_group("VIP"), api.create_customer("ada@mail.example")
    api.add(vip, ada)
    api.delete(f"{GROUPS}/{vip['id']}")
    assert api.table.memberships() == {(vip["id"], ada["id"])}
    assert resolve(customer_id=ada["id"])["groups"] == []


def test_a_deleted_customer_has_no_groups(api: Client) -> None:
    vip, ada = api.create_group("VIP"), api.create_customer("ada@mail.example")
    api.add(vip, ada)
    api.delete(f"/admin/customers/{ada['id']}")
    assert resolve(customer_id=ada["id"])["groups"] == []


@pytest.mark.parametrize(
    "question", [{"customer_ids": ["a"] * 101}, {"customer_ids": "cus_1"}, {"customer_id": 7}, {"customer": "cus_1"}]
)
def test_refuses_other_requests(api: Client, question: dict[str, Any]) -> None:
    with pytest.raises(InvalidData):
        resolve(**question)
    assert api.table.items() == []


def test_costs_one_query_for_each_customer_and_one_batch_read(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    groups = [api.create_group(f"Group {number}") for number in range(3)]
    customers = [api.create_customer(f"{number}@mail.example") for number in range(5)]
    for group in groups:
        api.add(group, *customers)
    calls: list[str] = []
    make_call = retries.call

    def counted(call: Any) -> Any:
        calls.append(call.func.__name__)
        return make_call(call)

    monkeypatch.setattr(retries, "call", counted)
    answers = resolve(customer_ids=[customer["id"] for customer in customers])["customers"]
    assert [len(one["groups"]) for one in answers] == [3] * 5
    assert sorted(calls) == ["batch_get_item"] + ["query"] * 5
