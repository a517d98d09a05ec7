"""`examples/pricing` registers references, and receives an event when their group is deleted."""

import httpx

from examples.pricing import deleted
from examples.pricing.__main__ import register
from tests.afterwards import Surroundings, on_stream, stream_record
from tests.api import Client, Context

GROUPS = "/admin/customer-groups"


def test_deleting_a_group_in_use_is_refused_and_pricing_receives_a_forced_deletion(
    api: Client, over_http: httpx.Client, surroundings: Surroundings
) -> None:
    vip = api.create_group("VIP", {"discount_percent": 10, "bulk_price": {"from_quantity": 50, "discount_percent": 25}})
    api.create_group("Plain")
    outcomes = [
        "VIP is in use by pricing: 10 % off every product",
        "VIP is in use by pricing: 25 % off from 50 pieces",
    ]
    assert list(register(over_http)) == outcomes
    assert list(register(over_http)) == outcomes
    refused = api.delete(f"{GROUPS}/{vip['id']}")
    assert refused.status == 409
    assert "pricing: 10 % off every product" in refused.message
    assert api.delete(f"{GROUPS}/{vip['id']}?force=true").status == 200
    on_stream("publish_changes", [stream_record(None, item) for item in api.table.changes(vip["id"])])
    _, detail = surroundings.events()[-1]
    assert deleted.handler({"detail": detail}, Context("end_offers")) == ["bulk-price", "discount"]
