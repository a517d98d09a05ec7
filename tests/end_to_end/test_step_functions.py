"""The state machines of docs/deployment.md, run unchanged by the local cloud."""

import json
import time
from typing import Any

import httpx

from examples import stacks
from local.stack import Stack
from tests.drift.test_step_functions_docs import MACHINES, tasks
from tests.stack import Post

ENOUGH_SECONDS = 600


def run(stack: Stack, machine: dict[str, Any], name: str, **given: str) -> dict[str, Any]:
    """Run a state machine under a role that can only invoke its functions, and return its finished execution."""
    functions = [state["Parameters"]["FunctionName"].strip("${}") for _, state in tasks(machine)]
    arns = {one: stacks.output(stack, "customer-groups", one) for one in functions}
    definition = json.dumps(machine)
    for output, arn in arns.items():
        definition = definition.replace(f"${{{output}}}", arn)
    allowed = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": list(arns.values())}
    trusted = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "states.amazonaws.com"}}
    iam, machines = stack.cloud.client("iam"), stack.cloud.client("stepfunctions")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Statement": [trusted]}))["Role"]
    iam.put_role_policy(RoleName=name, PolicyName="invoke", PolicyDocument=json.dumps({"Statement": [allowed]}))
    made = machines.create_state_machine(name=name, definition=definition, roleArn=role["Arn"])
    started = machines.start_execution(stateMachineArn=made["stateMachineArn"], input=json.dumps(given))
    deadline = time.monotonic() + ENOUGH_SECONDS
    while True:
        execution: dict[str, Any] = machines.describe_execution(executionArn=started["executionArn"])
        if execution["status"] != "RUNNING" or time.monotonic() > deadline:
            return execution
        time.sleep(0.3)


def test_a_customer_joins_a_group(
    stack: Stack, admin: httpx.Client, new_group: Post, new_customer: Post, unique: str
) -> None:
    group, ada = new_group(), new_customer()
    execution = run(stack, MACHINES[0], f"add-{unique}", customer_group_id=group["id"], customer_id=ada["id"])
    assert execution["status"] == "SUCCEEDED", execution
    assert json.loads(execution["output"])["added"] == [ada["id"]]
    (change,) = admin.get(f"/admin/customer-groups/{group['id']}/history?limit=1").json()["changes"]
    assert change["actor"] == "orders"


def test_a_job_is_started_and_waited_for(
    stack: Stack, admin: httpx.Client, new_group: Post, new_customer: Post, unique: str
) -> None:
    group, ada = new_group(), new_customer(company_name=f"Owls {unique}")
    execution = run(stack, MACHINES[1], f"job-{unique}", customer_group_id=group["id"], q=unique)
    assert execution["status"] == "SUCCEEDED", execution
    assert json.loads(execution["output"])["job"]["totals"]["added"] == 1
    members = admin.get(f"/admin/customer-groups/{group['id']}/customers").json()["customers"]
    assert [one["id"] for one in members] == [ada["id"]]
