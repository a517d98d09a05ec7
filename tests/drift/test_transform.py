"""template.yaml after AWS's own transforms, as CloudFormation deploys it."""

import json
import re
from collections.abc import Iterator
from typing import Any

from tests import template, transformed

NOTHING_GIVEN = transformed.resources()
OPTIONS = {
    "EncryptionKeyArn": "arn:aws:kms:eu-central-1:000000000000:key/example",
    "RequestsPerCaller": "1000",
    "PricingConcurrency": "50",
    "AlarmTopicArn": "arn:aws:sns:eu-central-1:000000000000:alarms",
    "CreateDashboard": "true",
}
OTHER_VALUES = {
    "AppClientIds": "another-client",
    "MemorySize": "2048",
    "SnapStart": "PublishedVersions",
    "DynamoDBEndpoint": "https://vpce-1.dynamodb.eu-central-1.vpce.amazonaws.com",
    "AllowedOrigin": "https://shop.example",
    "ExistingUserPoolArn": "arn:aws:cognito-idp:eu-central-1:000000000000:userpool/eu-central-1_Other",
}
"""Parameters that affect functions or the API, each with a value other than the default."""


def versions(resources: dict[str, Any]) -> dict[str, set[str]]:
    """The logical ids of the versions. A new id publishes a new version."""
    return {
        function: {
            name for name, one in resources.items() if one["Properties"].get("FunctionName") == {"Ref": function}
        }
        & set(transformed.of_type("AWS::Lambda::Version", resources))
        for function in template.functions()
    }


def dimensions(part: Any) -> Iterator[dict[str, Any]]:
    """All dimensions of metrics in the template."""
    if isinstance(part, dict):
        yield from part.get("Dimensions", [])
        for inner in part.values():
            yield from dimensions(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from dimensions(inner)


def references(value: Any) -> Iterator[str]:
    """The names that a value refers to, by `Ref`, `Fn::GetAtt` or `Fn::Sub`."""
    text = json.dumps(value)
    yield from (name for name in template.resources() if f'"{name}"' in text or f"${{{name}" in text)


def test_loops_are_expanded_like_by_sam() -> None:
    ours = {name: one for name, one in template.resources().items() if one["Type"] == "AWS::CloudWatch::Alarm"}
    theirs = transformed.of_type("AWS::CloudWatch::Alarm", NOTHING_GIVEN)
    assert ours.keys() == theirs.keys()
    for name, one in ours.items():
        for attribute in ("MetricName", "Namespace", "Threshold", "TreatMissingData"):
            assert one["Properties"].get(attribute) == theirs[name].get(attribute), f"{name}: {attribute}"


def test_a_release_publishes_a_new_version_of_every_function() -> None:
    """SAM does not notice changed parameters, so without a release the alias would not change."""
    before, after = versions(transformed.resources(Release="one")), versions(transformed.resources(Release="two"))
    for function in template.functions():
        assert len(before[function]) == len(after[function]) == 1
        assert before[function] != after[function], f"{function}: AutoPublishCodeSha256 is missing"


def test_without_a_new_release_nothing_changes() -> None:
    assert versions(transformed.resources(Release="one")) == versions(transformed.resources(Release="one", build="two"))


def test_sam_does_not_notice_other_parameters_itself() -> None:
    """The reason for the release. If this fails, SAM has changed and the release is no longer needed."""
    before, after = versions(NOTHING_GIVEN), versions(transformed.resources(**OTHER_VALUES))
    # `Fn::If` in a single function is resolved before SAM's comparison, but not in `Globals`.
    assert [function for function in before if before[function] == after[function]]


def test_a_release_changes_every_function() -> None:
    """Lambda does not publish a version of an unchanged function."""
    for name, one in transformed.of_type("AWS::Lambda::Function", NOTHING_GIVEN).items():
        assert one["Environment"]["Variables"]["RELEASE"] == {"Ref": "Release"}, name


def test_the_api_is_deployed_with_every_deployment() -> None:
    assert template.resources()["Api"]["Properties"]["AlwaysDeploy"] is True


def test_resources_and_the_template_are_within_the_limits_in_the_document() -> None:
    text = (template.ROOT / "docs" / "cloud.md").read_text()
    ((resources, kilobytes),) = re.findall(r"fewer than (\d+) of at most 500; .* fewer than (\d+) kB", text)
    assert len(transformed.resources(**OPTIONS)) < int(resources)
    assert (template.ROOT / "template.yaml").stat().st_size < int(kilobytes) * 1_000


def test_old_versions_are_deleted() -> None:
    for name in transformed.of_type("AWS::Lambda::Version", NOTHING_GIVEN):
        assert NOTHING_GIVEN[name]["DeletionPolicy"] == "Delete", name
    for name in transformed.of_type("AWS::Lambda::LayerVersion", NOTHING_GIVEN):
        assert NOTHING_GIVEN[name]["DeletionPolicy"] == "Delete", name


def test_idle_functions_cost_nothing() -> None:
    parameters = template.document()["Parameters"]
    assert parameters["SnapStart"]["Default"] == "None"
    assert parameters["PricingConcurrency"]["Default"] == parameters["RequestsPerCaller"]["Default"] == 0
    for name, one in transformed.of_type("AWS::Lambda::Alias", NOTHING_GIVEN).items():
        assert "ProvisionedConcurrencyConfig" not in one, name


def test_the_api_has_no_metrics_for_each_method() -> None:
    """They are billed, and no alarm or dashboard reads them."""
    for name, stage in transformed.of_type("AWS::ApiGateway::Stage", NOTHING_GIVEN).items():
        assert [one["MetricsEnabled"] for one in stage["MethodSettings"]] == [False], name


def test_only_cached_responses_are_compressed() -> None:
    """CloudFront only compresses what it can cache."""
    (distribution,) = transformed.of_type("AWS::CloudFront::Distribution", NOTHING_GIVEN).values()
    settings = distribution["DistributionConfig"]
    caching_disabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    behaviors = [settings["DefaultCacheBehavior"], *settings["CacheBehaviors"]]
    assert {one["CachePolicyId"] != caching_disabled for one in behaviors} == {True, False}
    for one in behaviors:
        assert one.get("Compress", False) is (one["CachePolicyId"] != caching_disabled), one["TargetOriginId"]


def test_every_queue_has_a_policy_for_only_that_queue() -> None:
    for name, policy in transformed.of_type("AWS::SQS::QueuePolicy", NOTHING_GIVEN).items():
        (queue,) = policy["Queues"]
        for statement in policy["PolicyDocument"]["Statement"]:
            assert statement["Resource"] == {"Fn::GetAtt": [queue["Ref"], "Arn"]}, name


def test_every_queue_accepts_messages_of_its_rules() -> None:
    policies = transformed.of_type("AWS::SQS::QueuePolicy", NOTHING_GIVEN).values()
    open_queues = {policy["Queues"][0]["Ref"] for policy in policies}
    queues = transformed.of_type("AWS::SQS::Queue", NOTHING_GIVEN)
    for name, rule in transformed.of_type("AWS::Events::Rule", NOTHING_GIVEN).items():
        assert {one for one in references(rule["Targets"]) if one in queues} <= open_queues, name


def test_names_that_are_global_to_the_account_contain_stack_and_region() -> None:
    page = template.resources()
    named = [
        page["PageAccess"]["Properties"]["OriginAccessControlConfig"]["Name"],
        page["PageAddresses"]["Properties"]["Name"],
        page["PageHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]["Name"],
        page["Dashboard"]["Properties"]["DashboardName"],
    ]
    for name in named:
        assert "${AWS::StackName}" in name["Fn::Sub"]
        assert "${AWS::Region}" in name["Fn::Sub"]


def test_no_other_resource_has_a_fixed_name() -> None:
    for name, resource in template.resources().items():
        for key in ("Name", "FunctionName", "TableName", "QueueName", "BucketName", "UserPoolName", "AlarmName"):
            value = resource.get("Properties", {}).get(key)
            if resource["Type"].startswith("AWS::Cognito::UserPoolResource") or value is None:
                continue
            assert "Ref" in value or "AWS::StackName" in str(value), f"{name}: {key}"


def test_metrics_of_two_stacks_are_separate() -> None:
    variables = template.document()["Globals"]["Function"]["Environment"]["Variables"]
    assert variables["POWERTOOLS_SERVICE_NAME"] == {"Ref": "AWS::StackName"}
    for name, resource in template.resources().items():
        for dimension in dimensions(resource) if resource["Type"] == "AWS::CloudWatch::Alarm" else ():
            assert isinstance(dimension["Value"], dict), f"{name} watches {dimension}"


def test_errors_of_the_api_are_not_cached() -> None:
    distribution = template.resources()["PageDistribution"]["Properties"]["DistributionConfig"]
    kept = {one["ErrorCode"]: one["ErrorCachingMinTTL"] for one in distribution["CustomErrorResponses"]}
    assert kept == dict.fromkeys((400, 403, 404, 405, 414, 500, 501, 502, 503, 504), 0)


def test_functions_on_the_stream_have_the_permissions_that_lambda_requires() -> None:
    for name, mapping in transformed.of_type("AWS::Lambda::EventSourceMapping", NOTHING_GIVEN).items():
        if mapping["EventSourceArn"] != {"Fn::GetAtt": ["Table", "StreamArn"]}:
            continue
        function = mapping["FunctionName"]["Ref"].removesuffix("Aliaslive")
        allowed = json.dumps(NOTHING_GIVEN[f"{function}Role"]["Properties"]["Policies"])
        for action in ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"):
            assert f'"dynamodb:{action}"' in allowed, f"{name} lacks {action}"


def test_with_a_customer_managed_key_every_function_can_use_it() -> None:
    resources = transformed.resources(**OPTIONS)
    roles = {name for name, one in resources.items() if one["Type"] == "AWS::IAM::Role"} - {
        "ApiGatewayLogRole",
        "JobMachineRole",
    }
    assert {one["Ref"] for one in resources["UseOfTableKey"]["Properties"]["Roles"]} == roles


def test_metrics_are_not_filtered_by_the_log_level() -> None:
    """Metrics are log lines without a level, which Lambda treats as INFO."""
    for name, one in transformed.of_type("AWS::Lambda::Function", NOTHING_GIVEN).items():
        assert one["LoggingConfig"]["ApplicationLogLevel"] == "INFO", name


def test_resources_kept_after_deletion_are_complete() -> None:
    for name, resource in template.resources().items():
        if resource["Type"] in ("AWS::DynamoDB::Table", "AWS::Cognito::UserPool") or (
            resource["Type"].startswith("AWS::Cognito::") and resource["Condition"]
        ):
            assert resource["DeletionPolicy"] == "RetainExceptOnCreate", name


def test_the_purge_has_limited_concurrency() -> None:
    mapping = template.resources()["GroupsToPurge"]["Properties"]
    assert mapping["ScalingConfig"]["MaximumConcurrency"] == 2


def test_concurrency_can_be_reserved_for_pricing() -> None:
    reserved = {
        name: one["ReservedConcurrentExecutions"]
        for name, one in transformed.of_type("AWS::Lambda::Function", transformed.resources(**OPTIONS)).items()
        if "ReservedConcurrentExecutions" in one
    }
    assert reserved == {"ResolveCustomerGroups": OPTIONS["PricingConcurrency"]}
    by_default = transformed.of_type("AWS::Lambda::Function", NOTHING_GIVEN).values()
    assert not any("ReservedConcurrentExecutions" in one for one in by_default)
