"""`make pricing`: the two prices of the guide, on the local stack with its demo data. Registers the groups it uses.

Then an order in the shop makes a customer a member of an automatic group, with a discount.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import httpx

from examples import stacks
from local.problems import LocalProblem
from local.progress import console, step
from local.stack import Stack, running

STACK: Final = "customer-groups-pricing"
SYSTEM: Final = "pricing"
TEMPLATE: Final = Path(__file__).parent / "template.yaml"
UNIT_PRICE: Final = "80.00"
BIG_SPENDERS: Final = {
    "combinator": "and",
    "not": False,
    "rules": [{"field": "metadata.total_spent", "operator": ">", "value": 1000}],
}
"""The rule of an automatic group, whose members get its discount."""
SHOP: Final = "liqnic.storefront"
SECONDS_TO_JOIN: Final = 180
"""It takes about two seconds, and longer if the machine is busy."""


def deploy(stack: Stack) -> str:
    """Deploy the example next to the customer groups stack, and return the name of its function."""
    names = ("ResolveCustomerGroupsArn", "EventBusName")
    stacks.deploy(stack, TEMPLATE, STACK, **{name: stacks.output(stack, "customer-groups", name) for name in names})
    return stacks.output(stack, STACK, "PriceFunction")


def register(api: httpx.Client) -> Iterator[str]:
    """Register a reference for each offer in the metadata of groups. Can be repeated."""
    groups = api.get("/admin/customer-groups", params={"limit": 1_000}).raise_for_status().json()["customer_groups"]
    for group in groups:
        for use, label in offers(group["metadata"] or {}):
            path = f"/admin/customer-groups/{group['id']}/references/{SYSTEM}/{use}"
            api.put(path, json={"label": label}).raise_for_status()
            yield f"{group['name']} is in use by pricing: {label}"


def offers(metadata: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The offers of a group, each with its id and a label for people."""
    if "discount_percent" in metadata:
        yield "discount", f"{metadata['discount_percent']} % off every product"
    if bulk := metadata.get("bulk_price"):
        yield "bulk-price", f"{bulk['discount_percent']} % off from {bulk['from_quantity']} pieces"


def price(stack: Stack, function: str, customer_id: str, quantity: int) -> dict[str, Any]:
    """The price of an order for a customer."""
    order = json.dumps({"customer_id": customer_id, "unit_price": UNIT_PRICE, "quantity": quantity})
    functions = stack.cloud.client("lambda")
    answer = functions.invoke(FunctionName=function, Payload=order)
    priced: dict[str, Any] = json.loads(answer["Payload"].read())
    if answer.get("FunctionError"):
        raise RuntimeError(priced["errorMessage"])
    return priced


def sentence(who: str, priced: dict[str, Any]) -> str:
    return f"{who}: {priced['quantity']} x {UNIT_PRICE} = {priced['total']} ({priced['offer'] or 'no offer'})"


def show(stack: Stack) -> Iterator[str]:
    """The price of a VIP, the bulk price of a Wholesale customer, and that of a customer who joins by a rule."""
    with step("Deploying the pricing function"):
        function = deploy(stack)
    headers = {"Authorization": f"Bearer {stack.token()}"}
    with httpx.Client(base_url=stack.api_url, headers=headers, timeout=60, trust_env=False) as api:
        yield from register(api)
        for name, quantity in (("VIP", 1), ("Wholesale", 50)):
            groups = api.get("/admin/customer-groups", params={"name": name}).json()["customer_groups"]
            members = api.get(f"/admin/customer-groups/{groups[0]['id']}/customers").json()["customers"]
            for member in members:
                priced = price(stack, function, member["id"], quantity)
                if str(priced["offer"]).startswith(name):
                    yield sentence(f"{member['first_name']} {member['last_name']}", priced)
                    break
        yield from show_automatic(stack, api, function)


def order(stack: Stack, customer_id: str, **values: Any) -> None:
    """Send an event of the shop about a customer. Its `version` increases with each one."""
    detail = {"id": customer_id, "version": time.time_ns() // 1_000_000, **values}
    bus = stacks.output(stack, "customer-groups", "EventBusName")
    entry = {"Source": SHOP, "DetailType": "customer.updated", "Detail": json.dumps(detail), "EventBusName": bus}
    stack.cloud.client("events").put_events(Entries=[entry])


def show_automatic(stack: Stack, api: httpx.Client, function: str) -> Iterator[str]:
    """A customer of the shop becomes a member of an automatic group, and pays less."""
    values = {"name": "Big spenders", "metadata": {"discount_percent": 10}, "rule": BIG_SPENDERS}
    group = api.put("/admin/customer-groups/key:big-spenders", json=values).raise_for_status().json()["customer_group"]
    for spent, is_member in ((900, False), (1200, True)):
        order(stack, "shop-katherine", first_name="Katherine", last_name="Johnson", metadata={"total_spent": spent})
        _wait_until(lambda: _is_member(api, group["id"], "shop-katherine", spent) == is_member)  # noqa: B023 - called at once
        yield sentence(f"Katherine Johnson, who has spent {spent}", price(stack, function, "shop-katherine", 1))


def _is_member(api: httpx.Client, group_id: str, customer_id: str, spent: int) -> bool | None:
    """Whether the customer is in the group. None until the event of the shop has arrived."""
    fields = {"fields": "metadata,groups.id"}
    answer = api.get(f"/admin/customers/{customer_id}", params=fields)
    customer = answer.json().get("customer")
    if customer is None or (customer["metadata"] or {}).get("total_spent") != spent:
        return None
    return group_id in [one["id"] for one in customer["groups"]]


def _wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS_TO_JOIN
    while not is_so():
        if time.monotonic() > deadline:
            raise LocalProblem("The customer's groups have not followed the event of the shop.")
        time.sleep(0.2)


def main() -> int:
    """Print the prices."""
    try:
        for line in show(running()):
            console.print(line)
    except LocalProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
