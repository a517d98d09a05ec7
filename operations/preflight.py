"""Checks an AWS account before a first deployment: `make preflight`. It changes nothing.

Each check reports `ok`, `look` (a warning) or `stop` (the deployment would fail). A check that your credentials do not
allow is a `look`.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import botocore.exceptions
from rich.console import Console

from local import cloud
from operations import settings
from operations.deploy import PROBLEMS, parameters_of
from operations.deployment import Deployment
from operations.settings import Parameters

BUILT: Final = cloud.ROOT / ".aws-sam" / "build"
MACHINES: Final = {b"\x3e\x00": "x86_64", b"\xb7\x00": "arm64"}
"""The processors of shared objects, by their ELF header."""
UNRESERVED: Final = 100
"""The unreserved concurrency that Lambda requires in an account."""


class Finding(NamedTuple):
    """The result of a check."""

    verdict: Literal["ok", "look", "stop"]
    text: str


@dataclass(frozen=True)
class Plan:
    """What will be deployed, and where."""

    to: Deployment
    parameters: Parameters
    built: Path = BUILT

    def value(self, name: str, default: str = "") -> str:
        return self.parameters.get(name, default)


type Check = Callable[[Plan], Iterator[Finding]]


def credentials(plan: Plan) -> Iterator[Finding]:
    who = plan.to.client("sts").get_caller_identity()
    yield Finding("ok", f"signed in to account {who['Account']} as {who['Arn']}, region {plan.to.session.region_name}")


def stack(plan: Plan) -> Iterator[Finding]:
    cloudformation = plan.to.client("cloudformation")
    try:
        (found,) = cloudformation.describe_stacks(StackName=plan.to.stack_name)["Stacks"]
    except cloudformation.exceptions.ClientError as error:
        if "does not exist" not in str(error):
            raise
        yield Finding("ok", f"the name {plan.to.stack_name} is free")
        return
    status = found["StackStatus"]
    if status in ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED"):
        yield Finding("stop", f"stack {plan.to.stack_name} is {status}: delete it first (make delete STACK=…)")
    elif status.endswith("_IN_PROGRESS") and status != "REVIEW_IN_PROGRESS":
        yield Finding("stop", f"stack {plan.to.stack_name} is {status}: wait")
    else:
        yield Finding("ok", f"stack {plan.to.stack_name} is {status} and will be updated")


def concurrency(plan: Plan) -> Iterator[Finding]:
    limits = plan.to.client("lambda").get_account_settings()["AccountLimit"]
    total, free = limits["ConcurrentExecutions"], limits["UnreservedConcurrentExecutions"]
    if total < UNRESERVED:
        yield Finding(
            "look",
            f"Lambda allows {total} concurrent invocations: raise the quota (L-B99A9384) before production use",
        )
    else:
        yield Finding("ok", f"Lambda allows {total} concurrent invocations, {free} of them unreserved")
    wanted = int(plan.value("PricingConcurrency", "0"))
    if wanted and free - wanted < UNRESERVED:
        yield Finding(
            "stop", f"PricingConcurrency={wanted} leaves {free - wanted} unreserved; Lambda requires {UNRESERVED}"
        )


def gateway_logs(plan: Plan) -> Iterator[Finding]:
    role = plan.to.client("apigateway").get_account().get("cloudwatchRoleArn")
    manages = plan.value("ManageApiGatewayLogRole", "true") == "true"
    if role and manages and parameters_of(plan.to) is None:
        yield Finding("look", f"API Gateway logs with {role}: deploy with ManageApiGatewayLogRole=false to keep it")
    elif not role and not manages:
        yield Finding("stop", "API Gateway has no role to write logs with: deploy with ManageApiGatewayLogRole=true")
    else:
        yield Finding("ok", "access logs of API Gateway")


def page(plan: Plan) -> Iterator[Finding]:
    if plan.value("ServeAdminPage", "true") != "true":
        return
    cloudfront = plan.to.client("cloudfront")
    taken = {
        one["Name"] for one in cloudfront.list_origin_access_controls()["OriginAccessControlList"].get("Items", [])
    }
    name = f"{plan.to.stack_name}-{plan.to.session.region_name}-page"
    if name in taken and parameters_of(plan.to) is None:
        yield Finding("stop", f"CloudFront has an origin access control {name} already; delete it or use another STACK")
    elif not cloudfront.list_distributions()["DistributionList"].get("Items"):
        yield Finding(
            "look",
            "this account has no CloudFront distribution yet: AWS Support must verify a new account first; "
            "until then, deploy with ServeAdminPage=false",
        )
    else:
        yield Finding("ok", "names at CloudFront are free")


def sign_in(plan: Plan) -> Iterator[Finding]:
    cognito = plan.to.client("cognito-idp")
    if pool := plan.value("ExistingUserPoolArn"):
        yield from _existing_pool(plan, cognito, pool.rpartition("/")[2])
    elif not (prefix := plan.value("SignInDomainPrefix")):
        yield Finding("look", "SignInDomainPrefix is empty: machines outside AWS cannot get tokens")
    elif parameters_of(plan.to) is None and cognito.describe_user_pool_domain(Domain=prefix)["DomainDescription"]:
        yield Finding("stop", f"the sign-in domain {prefix} is taken")
    else:
        yield Finding("ok", f"the sign-in domain {prefix}")


def _existing_pool(plan: Plan, cognito: Any, pool_id: str) -> Iterator[Finding]:
    groups = {one["GroupName"] for one in cognito.list_groups(UserPoolId=pool_id)["Groups"]}
    wanted = {plan.value("RolePrefix") + role for role in ("viewer", "editor", "admin")}
    if missing := wanted - groups:
        yield Finding("stop", f"the user pool lacks the groups {', '.join(sorted(missing))}")
    servers = cognito.list_resource_servers(UserPoolId=pool_id, MaxResults=50)["ResourceServers"]
    if not any(one["Identifier"] == "customer-groups" for one in servers):
        yield Finding("stop", "the user pool lacks the resource server customer-groups: machines cannot get scopes")
    if not (client := plan.value("ExistingUserPoolClientId")):
        yield Finding("stop", "ExistingUserPoolClientId is needed with ExistingUserPoolArn")
        return
    described = cognito.describe_user_pool_client(UserPoolId=pool_id, ClientId=client)["UserPoolClient"]
    if "ClientSecret" in described or "ALLOW_USER_SRP_AUTH" not in described.get("ExplicitAuthFlows", []):
        yield Finding(
            "stop", f"the web app cannot use client {client}: it needs one without a secret, and USER_SRP_AUTH"
        )
    else:
        yield Finding("ok", f"the user pool {pool_id} and its client")


def alarms(plan: Plan) -> Iterator[Finding]:
    topic = plan.value("AlarmTopicArn")
    if not topic:
        yield Finding("look", "AlarmTopicArn is empty: alarms are shown in CloudWatch, but send no notifications")
        return
    plan.to.client("sns").get_topic_attributes(TopicArn=topic)
    yield Finding("ok", "the topic for alarms")


def architecture(plan: Plan) -> Iterator[Finding]:
    wanted = plan.value("Architecture", "arm64")
    found = {name for one in plan.built.rglob("*.so") if (name := MACHINES.get(one.read_bytes()[18:20]))}
    if not found:
        yield Finding("look", "nothing is built yet; make deploy does it")
    elif found != {wanted}:
        yield Finding("look", f"the build is for {', '.join(sorted(found))}; make deploy builds for {wanted}")
    else:
        yield Finding("ok", f"the layers are built for {wanted}")


CHECKS: Final[tuple[Check, ...]] = (
    *(credentials, stack, concurrency, gateway_logs),
    *(page, sign_in, alarms, architecture),
)


def findings(plan: Plan) -> Iterator[Finding]:
    """The findings of all checks. A check that fails reports its error, and the others continue."""
    for check in CHECKS:
        try:
            yield from check(plan)
        except botocore.exceptions.ClientError as error:
            details = error.response["Error"]
            is_denied = "Denied" in details["Code"] or "Unauthorized" in details["Code"]
            yield Finding("look" if is_denied else "stop", f"{check.__name__}: {details['Code']}: {details['Message']}")


def main() -> int:
    """Print the findings. Returns 1 if the deployment would fail."""
    parser = argparse.ArgumentParser(prog="make preflight", description=__doc__)
    settings.add_arguments(parser)
    console, verdicts = Console(highlight=False), set()
    try:
        to, given = settings.target(parser.parse_args())
        for verdict, text in findings(Plan(to, (parameters_of(to) or {}) | given)):
            verdicts.add(verdict)
            console.print(f"{verdict:>5}  {text}", markup=False)
    except PROBLEMS as problem:
        print(problem, file=sys.stderr)
        return 2
    return 1 if "stop" in verdicts else 0


if __name__ == "__main__":
    sys.exit(main())
