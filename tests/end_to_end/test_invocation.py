"""Direct invocation: each sample event through the Lambda API."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from local.deployment import STACK
from local.stack import Stack

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient

EVENTS: Final = sorted((Path(__file__).parents[2] / "events").glob("*.json"))


@pytest.fixture(scope="module")
def functions(stack: Stack) -> dict[str, str]:
    """Names of the deployed functions by their logical id."""
    cloudformation = stack.cloud.client("cloudformation")
    resources = cloudformation.describe_stack_resources(StackName=STACK)["StackResources"]
    names = {
        each["LogicalResourceId"]: each["PhysicalResourceId"]
        for each in resources
        if each["ResourceType"] == "AWS::Lambda::Function"
    }
    snapshots_are_made = stack.cloud.client("lambda").get_waiter("published_version_active")
    for name in names.values():
        snapshots_are_made.wait(FunctionName=name, Qualifier="live")
    return names


def invoke(stack: Stack, function: str, event: Any) -> tuple[Any, str | None]:
    """The result of the function's live alias, and the type of its error."""
    client: LambdaClient = stack.cloud.client("lambda")
    answer = client.invoke(FunctionName=function, Qualifier="live", Payload=json.dumps(event))
    return json.loads(answer["Payload"].read()), answer.get("FunctionError")


@pytest.mark.parametrize("event", EVENTS, ids=lambda path: path.stem)
def test_every_sample_event_can_be_invoked(stack: Stack, functions: dict[str, str], event: Path) -> None:
    """A sample can refer to unknown records, and is then refused with a documented error."""
    logical_id = "".join(word.capitalize() for word in event.stem.split("_"))
    sample = json.loads(event.read_text())
    if "requestContext" in sample:
        sample["requestContext"]["authorizer"]["claims"]["client_id"] = stack.client_id
    answer, failure = invoke(stack, functions[logical_id], sample)
    if failure:
        assert "not found" in answer["errorMessage"], answer
    elif isinstance(answer, dict) and "statusCode" in answer:
        assert answer["statusCode"] in (200, 404) or "taken" in answer["body"], answer


def test_a_service_gets_the_plain_object(stack: Stack, functions: dict[str, str], unique: str) -> None:
    created, failure = invoke(stack, functions["CreateCustomerGroup"], {"body": {"name": f"Direct {unique}"}})
    assert failure is None, created
    shown, _ = invoke(stack, functions["GetCustomerGroup"], {"path": {"id": created["customer_group"]["id"]}})
    assert shown == created


def test_a_failure_is_raised(stack: Stack, functions: dict[str, str]) -> None:
    answer, failure = invoke(
        stack, functions["GetCustomerGroup"], {"path": {"id": "cusgroup_01ARZ3NDEKTSV4RRFFQ69G5FAV"}}
    )
    assert failure == "Unhandled"
    assert "cusgroup_01ARZ3NDEKTSV4RRFFQ69G5FAV not found" in answer["errorMessage"]
