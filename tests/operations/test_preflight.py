"""The preflight reports what would stop a deployment, and changes nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from operations import preflight
from operations.deployment import Deployment
from operations.preflight import Finding, Plan

GONE = ClientError({"Error": {"Code": "ValidationError", "Message": "Stack does not exist"}}, "DescribeStacks")
NEW_ACCOUNT: dict[str, Any] = {
    "GetCallerIdentity": {"Account": "000000000000", "Arn": "arn:aws:iam::000000000000:user/ada"},
    "DescribeStacks": GONE,
    "GetAccountSettings": {"AccountLimit": {"ConcurrentExecutions": 10, "UnreservedConcurrentExecutions": 10}},
    "GetAccount": {},
    "ListOriginAccessControls": {"OriginAccessControlList": {}},
    "ListDistributions": {"DistributionList": {}},
}


class Account:
    """The responses of an account, and the actions that were called."""

    def __init__(self) -> None:
        self.answers = dict(NEW_ACCOUNT)
        self.asked: list[str] = []

    def answer(self, action: str, _: dict[str, Any]) -> Any:
        self.asked.append(action)
        answer = self.answers[action]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> Account:
    answering = Account()
    monkeypatch.setattr(BaseClient, "_make_api_call", answering.answer)
    return answering


def plan(built: Path, **parameters: str) -> Plan:
    return Plan(Deployment(boto3.Session(region_name="eu-central-1"), "customer-groups"), parameters, built)


def found(check: preflight.Check, of: Plan) -> tuple[str, str]:
    (finding,) = check(of)
    return finding


def test_a_new_account_gets_warnings_and_is_not_changed(account: Account, tmp_path: Path) -> None:
    findings = list(preflight.findings(plan(tmp_path)))
    assert {one.verdict for one in findings} == {"ok", "look"}, findings
    warnings = " ".join(one.text for one in findings if one.verdict == "look")
    for missing in (
        "10 concurrent invocations",
        "AWS Support must verify",
        "SignInDomainPrefix",
        "AlarmTopicArn",
        "nothing is built",
    ):
        assert missing in warnings
    assert set(account.asked) == set(NEW_ACCOUNT), "it only reads"


def test_reserved_concurrency_must_be_available(tmp_path: Path) -> None:
    verdicts = [one.verdict for one in preflight.concurrency(plan(tmp_path, PricingConcurrency="5"))]
    assert verdicts == ["look", "stop"]


def test_an_existing_pool_must_have_groups_scopes_and_a_client_for_the_page(account: Account, tmp_path: Path) -> None:
    pool = "arn:aws:cognito-idp:eu-central-1:000000000000:userpool/eu-central-1_Shared"
    given = {"ExistingUserPoolArn": pool, "ExistingUserPoolClientId": "page", "RolePrefix": "shop-"}
    account.answers |= {
        "ListGroups": {"Groups": [{"GroupName": "admin"}]},
        "ListResourceServers": {"ResourceServers": []},
        "DescribeUserPoolClient": {"UserPoolClient": {"ClientSecret": "kept", "ExplicitAuthFlows": []}},
    }
    bare = list(preflight.sign_in(plan(tmp_path, **given)))
    assert [one.verdict for one in bare] == ["stop", "stop", "stop"]
    assert "shop-admin, shop-editor, shop-viewer" in bare[0].text

    account.answers |= {
        "ListGroups": {"Groups": [{"GroupName": f"shop-{role}"} for role in ("viewer", "editor", "admin")]},
        "ListResourceServers": {"ResourceServers": [{"Identifier": "customer-groups"}]},
        "DescribeUserPoolClient": {"UserPoolClient": {"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"]}},
    }
    assert found(preflight.sign_in, plan(tmp_path, **given))[0] == "ok"


def test_a_failed_stack_must_be_deleted_first(account: Account, tmp_path: Path) -> None:
    account.answers["DescribeStacks"] = {"Stacks": [{"StackStatus": "ROLLBACK_COMPLETE"}]}
    assert found(preflight.stack, plan(tmp_path))[0] == "stop"


def test_names_of_other_stacks_at_cloudfront_are_taken(account: Account, tmp_path: Path) -> None:
    taken = [{"Name": "customer-groups-eu-central-1-page"}]
    account.answers["ListOriginAccessControls"] = {"OriginAccessControlList": {"Items": taken}}
    assert found(preflight.page, plan(tmp_path))[0] == "stop"


@pytest.mark.parametrize(("machine", "verdict"), [(b"\xb7\x00", "ok"), (b"\x3e\x00", "look")])
def test_the_layers_must_have_the_deployed_architecture(tmp_path: Path, machine: bytes, verdict: str) -> None:
    (tmp_path / "python").mkdir()
    (tmp_path / "python" / "core.so").write_bytes(b"\x7fELF" + bytes(14) + machine)
    assert found(preflight.architecture, plan(tmp_path, Architecture="arm64"))[0] == verdict


def test_missing_permissions_are_reported_and_other_checks_continue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(_: Plan) -> Iterator[Finding]:
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "GetAccount")

    monkeypatch.setattr(preflight, "CHECKS", (denied, preflight.alarms))
    assert [one.verdict for one in preflight.findings(plan(tmp_path))] == ["look", "look"]
