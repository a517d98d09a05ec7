"""`make pricing`: the two prices of the guide, on the local stack with its demo data. Registers the groups it uses."""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import httpx

from examples import beside
from local import stack as stacks
from local.problems import LocalProblem
from local.progress import console, step
from local.stack import Stack

STACK: Final = "customer-groups-pricing"
SYSTEM: Final = "pricing"
TEMPLATE: Final = Path(__file__).parent / "template.yaml"
UNIT_PRICE: Final = "80.00"


def deploy(stack: Stack) -> str:
    """Deploy the example next to the customer groups stack, and return the name of its function."""
    names = ("ResolveCustomerGroupsArn", "EventBusName")
    beside.deploy(stack, TEMPLATE, STACK, **{name: beside.output(stack, "customer-groups", name) for name in names})
    return beside.output(stack, STACK, "PriceFunction")


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
    """The price of a VIP customer and the bulk price of a Wholesale customer who have no better offer."""
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


def main() -> int:
    """Print both prices."""
    try:
        for line in show(stacks.running()):
            console.print(line)
    except LocalProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
