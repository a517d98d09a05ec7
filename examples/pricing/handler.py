"""The pricing function of a shop: the price of a product for a customer.

It does not store memberships. It calls `ResolveCustomerGroups` of the customer groups service, which returns the
customer's groups with their metadata. The metadata contains the offers of a group:

- `{"discount_percent": 10}` (in the group VIP): a discount on every product.
- `{"bulk_price": {"from_quantity": 50, "discount_percent": 25}}` (in the group Wholesale): a discount on bulk orders.

A customer in several groups gets the best offer, not the sum. So discounts are managed in the admin: a new group with
`discount_percent` takes effect with the next price, without a change of this code.

Try it on the local stack with `make pricing`. The `template.yaml` next to this file deploys it to AWS.

    {"customer_id": "cus_01…", "unit_price": "80.00", "quantity": 1}
    → {"customer_id": "cus_01…", "quantity": 1, "unit_price": "72.00", "total": "72.00", "offer": "VIP: 10 % off"}
"""

import json
import os
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, NamedTuple

import boto3

CENT: Final = Decimal("0.01")

customer_groups = boto3.client("lambda")
resolve_customer_groups = os.environ["RESOLVE_CUSTOMER_GROUPS_ARN"]


class Offer(NamedTuple):
    """The offer of a group for an order. Offers are compared by their discount."""

    percent: Decimal
    text: str


def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Return the price of an order."""
    quantity = int(event["quantity"])
    offer = max(offers(groups_of(event["customer_id"]), quantity), default=None)
    unit_price = discounted(Decimal(event["unit_price"]), offer.percent if offer else Decimal(0))
    return {
        "customer_id": event["customer_id"],
        "quantity": quantity,
        "unit_price": str(unit_price),
        "total": str(unit_price * quantity),
        "offer": offer.text if offer else None,
    }


def groups_of(customer_id: str) -> list[dict[str, Any]]:
    """The customer's groups with their metadata. An unknown customer has none."""
    question = json.dumps({"customer_id": customer_id})
    answer = customer_groups.invoke(FunctionName=resolve_customer_groups, Payload=question)
    body = json.loads(answer["Payload"].read(), parse_float=Decimal)
    if answer.get("FunctionError"):
        raise RuntimeError(body["errorMessage"])
    groups: list[dict[str, Any]] = body["groups"]
    return groups


def offers(groups: list[dict[str, Any]], quantity: int) -> Iterator[Offer]:
    """The offers in the groups' metadata for an order of this size."""
    for group in groups:
        metadata: Mapping[str, Any] = group["metadata"] or {}
        if "discount_percent" in metadata:
            percent = Decimal(metadata["discount_percent"])
            yield Offer(percent, f"{group['name']}: {percent} % off")
        bulk = metadata.get("bulk_price")
        if bulk and quantity >= bulk["from_quantity"]:
            percent = Decimal(bulk["discount_percent"])
            yield Offer(percent, f"{group['name']}: {percent} % off from {bulk['from_quantity']} pieces")


def discounted(price: Decimal, percent: Decimal) -> Decimal:
    return (price * (100 - percent) / 100).quantize(CENT, ROUND_HALF_UP)
