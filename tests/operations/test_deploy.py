"""Deployments have a release, only deployed pages are published, and a first deployment can be rolled back."""

import json
import sys
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from operations.deploy import Deploying, NotDeployedError, release_of
from operations.deployment import Deployment

STACK = "customer-groups"


class CloudFormation:
    """An account without a stack, or with one that has these parameters."""

    def __init__(self) -> None:
        self.parameters: dict[str, str] | None = None

    def answer(self, action: str, request: dict[str, Any]) -> Any:
        assert (action, request) == ("DescribeStacks", {"StackName": STACK})
        if self.parameters is None:
            raise ClientError({"Error": {"Code": "ValidationError", "Message": f"{STACK} does not exist"}}, action)
        pairs = [{"ParameterKey": name, "ParameterValue": value} for name, value in self.parameters.items()]
        return {"Stacks": [{"StackStatus": "UPDATE_COMPLETE", "Parameters": pairs}]}


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> CloudFormation:
    answering = CloudFormation()
    monkeypatch.setattr(BaseClient, "_make_api_call", answering.answer)
    return answering


@pytest.fixture
def to() -> Deployment:
    return Deployment(boto3.Session(region_name="eu-central-1"), STACK)


class Sam:
    """A replacement for sam that records its arguments. The test changes the stack."""

    def __init__(self, folder: Path, exit_code: int = 0) -> None:
        self._noted = folder / "calls"
        self._noted.touch()
        program = folder / "sam.py"
        program.write_text(
            f"import json, sys\nopen({str(self._noted)!r}, 'a').write(json.dumps(sys.argv[1:]) + '\\n')\n"
            f"sys.exit({exit_code})\n"
        )
        self.command = [sys.executable, str(program)]

    def calls(self) -> list[dict[str, str]]:
        """The parameters of each call."""
        found = [json.loads(line) for line in self._noted.read_text().splitlines()]
        return [dict(one.split("=", 1) for one in call[call.index("--parameter-overrides") + 1 :]) for call in found]


def test_if_the_changes_are_not_confirmed_nothing_is_published(
    account: CloudFormation, to: Deployment, tmp_path: Path
) -> None:
    """The command exits with 0 if the user does not confirm the changes."""
    account.parameters = {"Release": "yesterday"}
    sam = Sam(tmp_path)
    with pytest.raises(NotDeployedError, match="Nothing was deployed"):
        Deploying(to, {"MemorySize": "2048"}, sam=sam.command).run()
    (parameters,) = sam.calls()
    assert parameters["MemorySize"] == "2048"
    assert parameters["Release"] not in ("", "yesterday")


@pytest.mark.usefixtures("account")
def test_a_first_deployment_enables_protection_in_a_second_step(to: Deployment, tmp_path: Path) -> None:
    sam = Sam(tmp_path)
    with pytest.raises(NotDeployedError):
        Deploying(to, {}, sam=sam.command).run()
    assert [call["DeletionProtection"] for call in sam.calls()] == ["false"]


@pytest.mark.usefixtures("account")
def test_failures_of_sam_are_reported(to: Deployment, tmp_path: Path) -> None:
    with pytest.raises(NotDeployedError, match="could not deploy"):
        Deploying(to, {}, sam=Sam(tmp_path, exit_code=1).command).run()


def test_existing_parameters_are_part_of_the_release(account: CloudFormation, to: Deployment, tmp_path: Path) -> None:
    account.parameters = {"Release": "yesterday", "MemorySize": "512"}
    sam = Sam(tmp_path)
    with pytest.raises(NotDeployedError):
        Deploying(to, {}, sam=sam.command).run()
    (parameters,) = sam.calls()
    assert parameters["Release"] == release_of({"MemorySize": "512"})
    assert parameters["Release"] != release_of({"MemorySize": "1024"})
    assert "MemorySize" not in parameters, "CloudFormation keeps it"
