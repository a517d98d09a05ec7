"""What the template promises to an auditor: who gets in, what is kept secret and for how long, what is fenced off."""

import importlib
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

from tests import template

RESOURCES: Final = template.resources()
PEOPLE: Final = "aws.cognito.signin.user.admin"
SCOPES: Final = {1: ("read", "write", "admin"), 2: ("write", "admin"), 3: ("admin",)}
"""The machines' scopes that each role's operations take, by the role."""


def of_type(kind: str) -> dict[str, dict[str, Any]]:
    """The properties of all resources of a type, by their names."""
    found = {name: one.get("Properties", {}) for name, one in RESOURCES.items() if one["Type"] == kind}
    assert found, f"there is no {kind}"
    return found


def statements(value: Any) -> Iterator[dict[str, Any]]:
    """Every policy statement, wherever it stands."""
    if isinstance(value, dict):
        if "Effect" in value:
            yield value
        for inner in value.values():
            yield from statements(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from statements(inner)


def several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_the_table_is_encrypted_backed_up_and_hard_to_delete() -> None:
    (table,) = of_type("AWS::DynamoDB::Table").values()
    assert table["SSESpecification"] | {"KMSMasterKeyId": None} == {
        "SSEEnabled": True,
        "SSEType": "KMS",
        "KMSMasterKeyId": None,
    }
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert RESOURCES["Table"]["DeletionPolicy"] == RESOURCES["Table"]["UpdateReplacePolicy"] == "Retain"
    assert template.document()["Parameters"]["DeletionProtection"]["Default"] == "true"


def test_every_queue_is_encrypted() -> None:
    for name, queue in of_type("AWS::SQS::Queue").items():
        assert queue.get("SqsManagedSseEnabled") is True, name


def test_no_bucket_can_be_public() -> None:
    for name, bucket in of_type("AWS::S3::Bucket").items():
        assert bucket["BucketEncryption"], name
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}, name
        assert len(bucket["PublicAccessBlockConfiguration"]) == 4, name


def test_every_log_is_forgotten_in_time() -> None:
    for name, log in of_type("AWS::Logs::LogGroup").items():
        assert log.get("RetentionInDays"), name
    assert template.document()["Globals"]["Function"]["LoggingConfig"]["LogGroup"] == {"Ref": "FunctionLogs"}


def test_nothing_is_allowed_to_everybody_or_in_general() -> None:
    for name, resource in RESOURCES.items():
        for statement in statements(resource):
            if statement["Effect"] == "Deny":
                continue
            actions, principal = several(statement.get("Action")), statement.get("Principal")
            assert not any("*" in str(action) for action in actions), f"{name} allows {actions}"
            assert "*" not in several(statement.get("Resource", "")), f"{name} allows it of everything"
            assert principal != "*", f"{name} allows it to everybody"
            if principal and name != "ApiGatewayLogRole":
                assert statement.get("Condition"), f"{name} allows {principal} of any account"


def test_no_function_has_a_ready_made_policy_or_a_role_from_outside() -> None:
    for name, function in of_type("AWS::Serverless::Function").items():
        assert "Role" not in function, name
        assert all(isinstance(policy, dict) and set(policy) == {"Statement"} for policy in function["Policies"]), name


def test_only_who_tells_of_changes_may_put_events() -> None:
    putting = {
        name
        for name, function in of_type("AWS::Serverless::Function").items()
        for statement in statements(function["Policies"])
        if "events:PutEvents" in several(statement["Action"])
    }
    assert putting == {"PublishChanges"}


@pytest.mark.parametrize("route", template.routes(), ids=lambda route: route.operation)
def test_the_gateway_lets_in_the_scopes_that_the_function_takes_and_no_others(route: template.Route) -> None:
    needed = importlib.import_module(f"functions.{route.operation}.handler").api.needs
    auth = RESOURCES["Api"]["Properties"]["Auth"]
    (event,) = RESOURCES[template.logical_id(route.operation)]["Properties"]["Events"].values()
    own = event["Properties"].get("Auth", {})
    assert own.get("Authorizer", auth["DefaultAuthorizer"]) == "UserPoolTokens"
    scopes = own.get("AuthorizationScopes", auth["Authorizers"]["UserPoolTokens"]["AuthorizationScopes"])
    assert scopes == [PEOPLE, *(f"customer-groups/{scope}" for scope in SCOPES[needed])]


def test_strangers_cannot_sign_themselves_up() -> None:
    (pool,) = of_type("AWS::Cognito::UserPool").values()
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] >= 14
    assert pool["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]
    for name, client in of_type("AWS::Cognito::UserPoolClient").items():
        assert client["EnableTokenRevocation"] is True, name
        assert client["AccessTokenValidity"] <= 60, name
        assert client.get("AllowedOAuthFlows", ["client_credentials"]) == ["client_credentials"], name


def test_machines_have_no_scope_to_delete_unless_someone_gives_it_to_them() -> None:
    assert of_type("AWS::Cognito::UserPoolClient")["MachineClient"]["AllowedOAuthScopes"] == [
        "customer-groups/read",
        "customer-groups/write",
    ]


def test_passwords_are_proved_and_not_sent_unless_a_local_run_asks() -> None:
    assert template.document()["Parameters"]["AllowPasswordSignIn"]["Default"] == "false"


def test_only_one_origin_is_welcome() -> None:
    cors = RESOURCES["Api"]["Properties"]["Cors"]
    assert cors["AllowOrigin"] == {"Fn::Sub": "'${AllowedOrigin}'"}
    assert "AllowCredentials" not in cors
    pattern = template.document()["Parameters"]["AllowedOrigin"]["AllowedPattern"]
    assert not re.fullmatch(pattern, "*")
    assert not re.fullmatch(pattern, "https://*.example.com")


def test_a_web_acl_can_stand_in_front() -> None:
    (association,) = of_type("AWS::WAFv2::WebACLAssociation").values()
    assert association["WebACLArn"] == {"Ref": "WebAclArn"}
    assert RESOURCES["WebAclOfApi"]["Condition"] == "HasWebAcl"


def test_requests_are_throttled_and_the_access_log_names_nobody() -> None:
    (settings,) = RESOURCES["Api"]["Properties"]["MethodSettings"]
    assert {"ThrottlingRateLimit", "ThrottlingBurstLimit"} <= set(settings)
    assert "DataTraceEnabled" not in settings, "it logs whole bodies"
    log = RESOURCES["Api"]["Properties"]["AccessLogSetting"]["Format"]
    for telling in ("sourceIp", "userAgent", "claims", "$context.path", "querystring", "identity"):
        assert telling not in log
