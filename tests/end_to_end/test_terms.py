"""A trial membership ends on the running stack, under its IAM policies."""

from datetime import UTC, datetime, timedelta

import httpx

from local.stack import Stack
from operations.deployment import on_this_machine
from tests.end_to_end.test_invocation import invoke
from tests.stack import Post, eventually

GROUPS = "/admin/customer-groups"


def test_a_trial_ends(stack: Stack, admin: httpx.Client, new_customer: Post, unique: str) -> None:
    functions = on_this_machine(stack).resources
    ada, grace = new_customer(), new_customer()
    path = f"{GROUPS}/{admin.post(GROUPS, json={'name': f'Trial {unique}'}).json()['customer_group']['id']}"
    admin.post(f"{path}/customers", json={"add": [grace["id"]]}).raise_for_status()  # the function's cold start
    end = (datetime.now(UTC) + timedelta(seconds=30)).isoformat()
    answer = admin.post(f"{path}/customers", json={"add": [{"id": ada["id"], "ends_at": end}]}).json()
    assert answer["customer_group"]["customer_count"] == 2

    def seen() -> tuple[int, list[str]]:
        members = admin.get(f"{path}/customers").json()
        assert members["count"] == len(members["customers"])
        return admin.get(path).json()["customer_group"]["customer_count"], [one["id"] for one in members["customers"]]

    assert eventually(lambda: seen() == (1, [grace["id"]]))
    priced, _ = invoke(stack, functions["ResolveCustomerGroups"], {"customer_id": ada["id"]})
    assert priced["groups"] == []
    invoke(stack, functions["ApplyTerms"], {})
    change = eventually(lambda: [one for one in admin.get(f"{path}/history").json()["changes"] if one["removed"]])[0]
    assert (change["removed"], change["reason"]) == ([ada["id"]], {"type": "term", "id": "expired"})
    assert seen() == (1, [grace["id"]])
