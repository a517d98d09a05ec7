"""The security of the template: authorization, encryption, retention and permissions."""

import importlib
import json
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

from shared.http.access import SCOPES
from tests import template

RESOURCES: Final = template.resources()
PEOPLE_SCOPE: Final = "aws.cognito.signin.user.admin"
"""The scope of people who sign in to the user pool. Their role comes from their group."""


def of_type(kind: str) -> dict[str, dict[str, Any]]:
    """The properties of all resources of a type, by their names."""
    found = {name: one.get("Properties", {}) for name, one in RESOURCES.items() if one["Type"] == kind}
    assert found, f"there is no {kind}"
    return found


def statements(value: Any) -> Iterator[dict[str, Any]]:
    """All policy statements in the template."""
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


def test_the_table_is_encrypted_backed_up_and_protected_from_deletion() -> None:
    (table,) = of_type("AWS::DynamoDB::Table").values()
    assert table["SSESpecification"] | {"KMSMasterKeyId": None} == {
        "SSEEnabled": True,
        "SSEType": "KMS",
        "KMSMasterKeyId": None,
    }
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert RESOURCES["Table"]["DeletionPolicy"] == "RetainExceptOnCreate"
    assert RESOURCES["Table"]["UpdateReplacePolicy"] == "Retain"
    assert template.document()["Parameters"]["DeletionProtection"]["Default"] == "true"


def test_every_queue_is_encrypted() -> None:
    for name, queue in of_type("AWS::SQS::Queue").items():
        assert queue.get("SqsManagedSseEnabled") is True, name


def test_no_bucket_can_be_public() -> None:
    for name, bucket in of_type("AWS::S3::Bucket").items():
        assert bucket["BucketEncryption"], name
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}, name
        assert len(bucket["PublicAccessBlockConfiguration"]) == 4, name


def test_files_of_jobs_require_tls_except_in_local_stacks() -> None:
    assert template.document()["Parameters"]["AllowPlainHttp"]["Default"] == "false"
    policy = RESOURCES["JobsBucketPolicy"]
    assert policy["Condition"] == "RequireTls"
    (statement,) = policy["Properties"]["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_every_log_expires() -> None:
    for name, log in of_type("AWS::Logs::LogGroup").items():
        assert log.get("RetentionInDays"), name
    assert template.document()["Globals"]["Function"]["LoggingConfig"]["LogGroup"] == {"Ref": "FunctionLogs"}


def test_no_policy_has_wildcards() -> None:
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


def test_no_function_has_a_managed_policy_or_an_external_role() -> None:
    for name, function in of_type("AWS::Serverless::Function").items():
        assert "Role" not in function, name
        assert all(isinstance(policy, dict) and set(policy) == {"Statement"} for policy in function["Policies"]), name


def test_only_the_publisher_can_put_events() -> None:
    putting = {
        name
        for name, function in of_type("AWS::Serverless::Function").items()
        for statement in statements(function["Policies"])
        if "events:PutEvents" in several(statement["Action"])
    }
    assert putting == {"PublishChanges"}


@pytest.mark.parametrize("route", template.routes(), ids=lambda route: route.operation)
def test_the_gateway_accepts_exactly_the_scopes_of_the_function(route: template.Route) -> None:
    needed = importlib.import_module(f"functions.{route.operation}.handler").api.declared.needs
    auth = RESOURCES["Api"]["Properties"]["Auth"]
    (event,) = RESOURCES[template.logical_id(route.operation)]["Properties"]["Events"].values()
    own = event["Properties"].get("Auth", {})
    assert set(own) <= {"Authorizer"}
    scopes = auth["Authorizers"][own.get("Authorizer", auth["DefaultAuthorizer"])]["AuthorizationScopes"]
    # The gateway requires one of these.
    assert scopes == [PEOPLE_SCOPE, *(scope for role, scope in SCOPES.items() if role >= needed)]


def test_users_cannot_register_themselves() -> None:
    (pool,) = of_type("AWS::Cognito::UserPool").values()
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] >= 14
    assert pool["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]
    for name, client in of_type("AWS::Cognito::UserPoolClient").items():
        assert client["EnableTokenRevocation"] is True, name
        assert client["AccessTokenValidity"] <= 60, name
        assert client.get("AllowedOAuthFlows", ["client_credentials"]) == ["client_credentials"], name


def test_machines_have_no_scope_to_delete_by_default() -> None:
    assert of_type("AWS::Cognito::UserPoolClient")["MachineClient"]["AllowedOAuthScopes"] == [
        "customer-groups/read",
        "customer-groups/write",
    ]


def test_passwords_are_verified_with_srp_except_in_local_stacks() -> None:
    assert template.document()["Parameters"]["AllowPasswordSignIn"]["Default"] == "false"


def test_only_one_origin_is_allowed() -> None:
    cors = RESOURCES["Api"]["Properties"]["Cors"]
    assert cors["AllowOrigin"] == {"Fn::Sub": "'${AllowedOrigin}'"}
    assert "AllowCredentials" not in cors
    pattern = template.document()["Parameters"]["AllowedOrigin"]["AllowedPattern"]
    assert not re.fullmatch(pattern, "*")
    assert not re.fullmatch(pattern, "https://*.example.com")


def test_a_web_acl_can_be_attached() -> None:
    associations = of_type("AWS::WAFv2::WebACLAssociation")
    assert associations["WebAclOfApi"]["WebACLArn"] == {"Ref": "WebAclArn"}
    assert RESOURCES["WebAclOfApi"]["Condition"] == "HasWebAcl"
    assert len({str(one["ResourceArn"]) for one in associations.values()}) == 1


def test_the_rate_of_each_token_can_be_limited() -> None:
    (limit,) = of_type("AWS::WAFv2::WebACL").values()
    (rule,) = limit["Rules"]
    by = rule["Statement"]["RateBasedStatement"]
    assert (by["Limit"], by["AggregateKeyType"]) == ({"Ref": "RequestsPerCaller"}, "CUSTOM_KEYS")
    assert [key["Header"]["Name"] for key in by["CustomKeys"]] == ["authorization"]
    assert rule["Action"]["Block"]["CustomResponse"]["ResponseCode"] == 429
    assert json.loads(limit["CustomResponseBodies"]["TooMany"]["Content"])["code"] == "too_many_requests"
    assert RESOURCES["CallerLimit"]["Condition"] == RESOURCES["CallerLimitOfApi"]["Condition"] == "LimitCallers"
    assert template.document()["Rules"]["OneWebAcl"], "an API takes one web ACL"


def test_requests_are_throttled_and_the_access_log_has_no_personal_data() -> None:
    (settings,) = RESOURCES["Api"]["Properties"]["MethodSettings"]
    assert {"ThrottlingRateLimit", "ThrottlingBurstLimit"} <= set(settings)
    assert "DataTraceEnabled" not in settings, "it logs whole bodies"
    log = RESOURCES["Api"]["Properties"]["AccessLogSetting"]["Format"]
    for telling in ("sourceIp", "userAgent", "username", "email", "$context.path", "querystring", "identity"):
        assert telling not in log
