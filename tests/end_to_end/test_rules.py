"""The example of docs/rules.md on the running stack: a customer becomes a VIP within seconds."""

# ruff: noqa: T201 - prints measured times, with pytest -s

import time
from typing import Any

import httpx

from examples.pricing import __main__ as pricing
from local.stack import Stack
from operations.deployment import on_this_machine
from tests.end_to_end.test_afterwards import send_event
from tests.stack import Post, eventually

GROUPS = "/admin/customer-groups"


def test_an_order_in_the_shop_makes_a_customer_a_vip_who_pays_less(
    admin: httpx.Client, stack: Stack, unique: str
) -> None:
    """The shop sends events about the customer and its orders. There is no call of the API in between."""
    function = pricing.deploy(stack)
    deployment = on_this_machine(stack)
    grace, rule = f"shop-{unique}", pricing.BIG_SPENDERS
    vip = admin.post(GROUPS, json={"name": f"VIP {unique}", "metadata": {"discount_percent": 10}, "rule": rule}).json()[
        "customer_group"
    ]
    send_event(deployment, "created", id=grace, version=1, first_name="Grace", metadata={"total_spent": 900})
    assert eventually(lambda: admin.get(f"/admin/customers/{grace}").status_code == 200)
    assert pricing.price(stack, function, grace, 1)["total"] == "80.00"

    started = time.monotonic()
    send_event(deployment, "updated", id=grace, version=2, metadata={"total_spent": 1200})
    assert eventually(lambda: pricing.price(stack, function, grace, 1)["offer"] == f"VIP {unique}: 10 % off")
    print(f"priced as a VIP {time.monotonic() - started:.1f} s after the event of the shop")
    assert pricing.price(stack, function, grace, 1)["total"] == "72.00"

    reason = {"type": "rule", "id": vip["id"]}
    changes = admin.get(f"{GROUPS}/{vip['id']}/history").json()["changes"]
    assert [one["reason"] for one in changes if one["added"] == [grace]] == [reason]

    def joined() -> list[dict[str, Any]]:
        own = admin.get(f"/admin/customers/{grace}/history").json()["changes"]
        return [one for one in own if one["type"] == "joined"]

    assert [one["reason"] for one in eventually(joined)] == [reason]
    assert admin.delete(f"{GROUPS}/{vip['id']}").status_code == 200

    assert list(pricing.show_automatic(stack, admin, function)) == [
        "Katherine Johnson, who has spent 900: 1 x 80.00 = 80.00 (no offer)",
        "Katherine Johnson, who has spent 1200: 1 x 80.00 = 72.00 (Big spenders: 10 % off)",
    ]
    assert admin.delete(f"{GROUPS}/key:big-spenders").status_code == 200


def vip_rule(wholesale: dict[str, Any]) -> dict[str, Any]:
    """Spent more than 1,000, or in Wholesale and a customer for two years."""
    loyal = [
        {"field": "groups", "operator": "in", "value": [wholesale["id"]]},
        {"field": "created_at", "operator": "notInLast", "value": 730},
    ]
    return {
        "combinator": "or",
        "not": False,
        "rules": [
            {"field": "metadata.total_spent", "operator": ">", "value": 1000},
            {"combinator": "and", "not": False, "rules": loyal},
        ],
    }


def test_a_customer_becomes_a_vip_within_seconds(admin: httpx.Client, new_customer: Post, unique: str) -> None:
    ada, grace = new_customer(metadata={"total_spent": 1500}), new_customer(metadata={"total_spent": 900})
    wholesale = admin.post(GROUPS, json={"name": f"Wholesale {unique}"}).json()["customer_group"]
    rule = vip_rule(wholesale)
    preview = admin.post(f"{GROUPS}/preview", json={"rule": rule}).json()
    assert ada["id"] in [one["id"] for one in preview["customers"]]
    vip = admin.post(GROUPS, json={"name": f"VIP {unique}", "rule": rule}).json()["customer_group"]
    assert (vip["rule"], vip["rule_status"]) == (rule, "applying")

    def members() -> set[str]:
        found = admin.get(f"{GROUPS}/{vip['id']}/customers", params={"limit": 1000}).json()["customers"]
        return {one["id"] for one in found} & {ada["id"], grace["id"]}

    def is_current() -> bool:
        return bool(admin.get(f"{GROUPS}/{vip['id']}").json()["customer_group"]["rule_status"] == "current")

    assert eventually(is_current)
    assert members() == {ada["id"]}

    started = time.monotonic()
    admin.post(f"/admin/customers/{grace['id']}", json={"metadata": {"total_spent": 1200}}).raise_for_status()
    assert eventually(lambda: grace["id"] in members())
    print(f"joined after {time.monotonic() - started:.1f} s")

    reason = {"type": "rule", "id": vip["id"]}
    history = admin.get(f"{GROUPS}/{vip['id']}/history").json()["changes"]
    assert [one["reason"] for one in history if one["added"] == [grace["id"]]] == [reason]

    def own() -> list[dict[str, Any]]:
        path = f"/admin/customers/{grace['id']}/history"
        return [one for one in admin.get(path).json()["changes"] if one["type"] == "joined"]

    (joined,) = eventually(own)
    assert (joined["reason"], joined["joined"]) == (reason, [{"id": vip["id"], "name": f"VIP {unique}"}])

    refused = admin.post(f"{GROUPS}/{vip['id']}/customers", json={"remove": [grace["id"]]})
    assert (refused.status_code, refused.json()["code"]) == (400, "customer_group_is_automatic")
    admin.put(f"{GROUPS}/{vip['id']}/exceptions", json={"never": [grace["id"]]}).raise_for_status()
    assert members() == {ada["id"]}
    assert admin.delete(f"{GROUPS}/{wholesale['id']}").status_code == 409
    assert admin.delete(f"{GROUPS}/{vip['id']}").status_code == 200
