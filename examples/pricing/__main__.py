"""`make pricing`: the guide's two examples, priced on the local stack with its demo data."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx

from local import cloud
from local import stack as stacks
from local.deployment import SAM
from local.problems import LocalProblem
from local.progress import console, step
from local.stack import Stack

STACK: Final = "customer-groups-pricing"
TEMPLATE: Final = Path(__file__).parent / "template.yaml"
UNIT_PRICE: Final = "80.00"


def deploy(stack: Stack) -> str:
    """Deploy the example beside the customer groups stack and return the name of its function."""
    cloudformation = cloud.session().client("cloudformation", endpoint_url=stack.endpoint_url)
    arn = _output(cloudformation, "customer-groups", "ResolveCustomerGroupsArn")
    command = [str(SAM), "deploy", "--template-file", str(TEMPLATE), "--stack-name", STACK, "--region", stack.region]
    command += ["--capabilities", "CAPABILITY_IAM", "--resolve-s3", "--no-confirm-changeset", "--no-progressbar"]
    command += ["--no-fail-on-empty-changeset", "--parameter-overrides", f"ResolveCustomerGroupsArn={arn}"]
    # Not in the project's folder: its samconfig.toml is about another stack.
    environment = cloud.environment(stack.endpoint_url)
    subprocess.run(command, cwd=TEMPLATE.parent, env=environment, stdout=subprocess.DEVNULL, check=True)  # noqa: S603
    return _output(cloudformation, STACK, "PriceFunction")


def price(stack: Stack, function: str, customer_id: str, quantity: int) -> dict[str, Any]:
    """What an order costs a customer."""
    order = json.dumps({"customer_id": customer_id, "unit_price": UNIT_PRICE, "quantity": quantity})
    functions = cloud.session().client("lambda", endpoint_url=stack.endpoint_url)
    answer = functions.invoke(FunctionName=function, Payload=order)
    told: dict[str, Any] = json.loads(answer["Payload"].read())
    if answer.get("FunctionError"):
        raise RuntimeError(told["errorMessage"])
    return told


def sentence(who: str, told: dict[str, Any]) -> str:
    return f"{who}: {told['quantity']} x {UNIT_PRICE} = {told['total']} ({told['offer'] or 'no offer'})"


def show(stack: Stack) -> Iterator[str]:
    """A price for the first VIP customer and a bulk price for the first Wholesale one who have no better offer."""
    with step("Deploying the pricing function beside the stack"):
        function = deploy(stack)
    headers = {"Authorization": f"Bearer {stack.token()}"}
    with httpx.Client(base_url=stack.api_url, headers=headers, timeout=60, trust_env=False) as api:
        for name, quantity in (("VIP", 1), ("Wholesale", 50)):
            groups = api.get("/admin/customer-groups", params={"name": name}).json()["customer_groups"]
            members = api.get(f"/admin/customer-groups/{groups[0]['id']}/customers").json()["customers"]
            for member in members:
                told = price(stack, function, member["id"], quantity)
                if str(told["offer"]).startswith(name):
                    yield sentence(f"{member['first_name']} {member['last_name']}", told)
                    break


def _output(cloudformation: Any, stack_name: str, output: str) -> str:
    outputs = cloudformation.describe_stacks(StackName=stack_name)["Stacks"][0]["Outputs"]
    return next(str(one["OutputValue"]) for one in outputs if one["OutputKey"] == output)


def main() -> int:
    """Print both prices, or in one sentence why not."""
    try:
        for line in show(stacks.running()):
            console.print(line)
    except LocalProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
