"""A second stack is deployed with `make deploy`, changed with a parameter, and deleted."""

import re
from typing import Final

import pytest

from local import deployment
from local.stack import Stack
from operations.deploy import Deploying, parameters_of
from operations.deployment import Deployment
from tests.end_to_end.documents import attempt, blocks, run, section

LOCAL: Final = deployment.local_parameters()
TEMPLATE: Final = ["--template-file", str(deployment.BUILD / "artifacts" / "template.yaml"), "--resolve-s3"]
ALLOWED: Final = ["--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND", "--no-progressbar"]


@pytest.fixture
def second(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    for name, value in stack.cloud.environment().items():
        monkeypatch.setenv(name, value)
    return Deployment(stack.cloud.session(), "second", stack.endpoint_url)


def deploy(to: Deployment, **parameters: str) -> None:
    Deploying(to, LOCAL | parameters, asks=False, more=[*TEMPLATE, *ALLOWED]).run()


def variables(of: Deployment, function: str) -> dict[str, str]:
    """The environment of a function after the last deployment.

    Not that of its alias: the local cloud does not pass parameters to SAM, so there is no new version.
    tests/drift/test_transform.py shows that CloudFormation does.
    """
    configuration = of.client("lambda").get_function_configuration(FunctionName=of.resources[function])
    found: dict[str, str] = configuration["Environment"]["Variables"]
    return found


def test_a_second_stack_can_be_deployed_and_deleted(second: Deployment, stack: Stack) -> None:
    first = Deployment(stack.cloud.session(), deployment.STACK, stack.endpoint_url)
    assert parameters_of(second) is None

    deploy(second)
    given = parameters_of(second)
    assert given is not None
    assert (given["DeletionProtection"], given["ServeAdminPage"]) == ("true", "false")
    table = second.outputs["TableName"]
    assert table != first.outputs["TableName"]
    assert variables(second, "GetCustomer")["RELEASE"] == given["Release"]

    deploy(second, AppClientIds="another-client")
    changed = variables(second, "GetCustomer")
    assert "another-client" in changed["APP_CLIENT_IDS"]
    assert changed["RELEASE"] != given["Release"]

    deploy(second)
    kept = parameters_of(second)
    assert kept is not None
    assert kept["AppClientIds"] == "another-client", "other parameters are not changed"

    keep, _ = blocks(section("docs/deployment.md", "Delete a stack"))[0].splitlines()
    named = {"customer-groups-staging": second.stack_name}
    unconfirmed = attempt(stack, keep, typed="another\n", placeholders=named)
    assert "Nothing was deleted" in unconfirmed.stdout
    printed = run(stack, keep, typed=f"{second.stack_name}\n", placeholders=named)
    assert re.findall(r"The (table|user pool) \S+ was kept", printed) == ["table", "user pool"]
    assert parameters_of(second) is None
    assert second.client("dynamodb").describe_table(TableName=table)["Table"]["TableStatus"] == "ACTIVE"
    assert first.client("dynamodb").describe_table(TableName=first.outputs["TableName"])
