"""Builds the functions and deploys the same template that is used in AWS."""

import fcntl
import hashlib
import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from local import cloud
from local.cloud import Cloud
from local.problems import LocalProblem
from local.progress import step

if TYPE_CHECKING:
    from mypy_boto3_apigateway.client import APIGatewayClient
    from mypy_boto3_cloudformation.client import CloudFormationClient

STACK: Final = "customer-groups"
SAM: Final = cloud.ENVIRONMENTS / "sam" / "bin" / "sam"
BUILD: Final = cloud.ROOT / ".local" / "build"
TEMPLATE: Final = cloud.ROOT / "template.yaml"
SOURCES: Final = (
    "template.yaml",
    "machine.asl.json",
    "functions/**/*.py",
    "shared/**/*.py",
    "shared/Makefile",
    "dependencies/*",
)

type Outputs = dict[str, str]


def deploy(to: Cloud, allowed_origin: str, log: Path) -> Outputs:
    """Deploy the current code, unless nothing has changed, and return the stack's outputs."""
    cloudformation: CloudFormationClient = to.client("cloudformation")
    parameters = {
        "AllowedOrigin": allowed_origin,
        "AllowPasswordSignIn": "true",
        "AllowPlainHttp": "true",
        "DeletionProtection": "false",
        **local_parameters(),
        "SignInDomainPrefix": "customer-groups-local",
        # Demos and tests send requests in bursts.
        "ThrottlingBurst": "5000",
        "ThrottlingRate": "5000",
    }
    with _one_at_a_time():
        code = sources_digest()
        state = hashlib.sha256(json.dumps([code, parameters]).encode()).hexdigest()
        if _deployed(cloudformation) != state:
            _build(code, log)
            _sam_deploy(to, parameters, state, log)
            _complete_api(cloudformation, to.client("apigateway"))
    described = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}


def local_parameters() -> dict[str, str]:
    """The parameters that the local cloud needs."""
    return {
        "Architecture": cloud.architecture(),
        # The local CloudFormation cannot create archives.
        "CustomerEventDays": "0",
        "EventRetentionDays": "0",
        "ServeAdminPage": "false",  # local/front.py serves it
    }


def sources_digest() -> str:
    """A digest of all sources of the build."""
    digest = hashlib.sha256()
    for pattern in SOURCES:
        for path in sorted(cloud.ROOT.glob(pattern)):
            digest.update(str(path.relative_to(cloud.ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Lock the build folder, which local runs and end-to-end tests share."""
    BUILD.mkdir(parents=True, exist_ok=True)
    with (BUILD.parent / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _deployed(cloudformation: "CloudFormationClient") -> str | None:
    """The digest that was deployed last, unless the deployment failed."""
    try:
        described = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
    except cloudformation.exceptions.ClientError:
        return None
    tags = {tag["Key"]: tag["Value"] for tag in described["Tags"]}
    return tags.get("state") if described["StackStatus"] in {"CREATE_COMPLETE", "UPDATE_COMPLETE"} else None


def _build(code: str, log: Path) -> None:
    """Run `sam build`, unless the build is up to date."""
    stamp = BUILD / "sources.sha256"
    if stamp.exists() and stamp.read_text() == code:
        return
    with step("Building the functions and their layers"):
        stamp.unlink(missing_ok=True)
        arguments = ["build", "--cached", "--parallel", "--template-file", str(TEMPLATE)]
        arguments += ["--build-dir", str(BUILD / "artifacts"), "--cache-dir", str(BUILD / "cache")]
        # The functions run on this machine, so their layer must have its architecture.
        _sam(arguments, cloud.isolated_environment(LAYER_ARCHITECTURE="native"), log, "The build")
        stamp.write_text(code)


def _sam_deploy(to: Cloud, parameters: Mapping[str, str], state: str, log: Path) -> None:
    with step("Deploying template.yaml"):
        arguments = ["deploy", "--template-file", str(_released(state)), "--stack-name", STACK]
        arguments += ["--region", cloud.REGION, "--capabilities", "CAPABILITY_IAM", "--resolve-s3"]
        arguments += ["--no-confirm-changeset", "--no-fail-on-empty-changeset", "--no-progressbar"]
        arguments += ["--tags", f"state={state}"]
        given = {**parameters, "Release": state}
        arguments += ["--parameter-overrides", *(f"{name}={value}" for name, value in given.items())]
        _sam(arguments, to.environment(), log, "The deployment")


def _released(state: str) -> Path:
    """The built template with the release as a default value, because the local cloud only uses defaults in SAM."""
    built = BUILD / "artifacts" / "template.yaml"
    released = built.with_name("released.yaml")
    text, replaced = re.subn(
        r"(?m)^(  Release:\n    Type: String\n    Default:) ''$", rf"\1 '{state}'", built.read_text()
    )
    if replaced != 1:
        raise LocalProblem(f"{built} has no parameter Release")
    released.write_text(text)
    return released


def _sam(arguments: list[str], environment: Mapping[str, str], log: Path, what: str) -> None:
    with log.open("w") as output:
        process = subprocess.run(
            [SAM, *arguments], cwd=cloud.ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT, check=False
        )
    if process.returncode:
        lines = [line.strip() for line in log.read_text().splitlines() if line.strip()]
        reason = next((line for line in reversed(lines) if "Error" in line or "failed" in line), lines[-1:] or "")
        raise LocalProblem(f"{what} failed: {reason} (see {log})")


def _complete_api(cloudformation: "CloudFormationClient", apigateway: "APIGatewayClient") -> None:
    """Add what the local API Gateway does not import from the template's OpenAPI document.

    These are the gateway responses and the responses to CORS preflight requests. AWS imports them itself.
    """
    template: Any = cloudformation.get_template(StackName=STACK, TemplateStage="Processed")["TemplateBody"]
    document = (template if isinstance(template, dict) else json.loads(template))["Resources"]["Api"]["Properties"]
    body = _resolved(document["Body"], cloudformation)
    resources = cloudformation.describe_stack_resources(StackName=STACK)["StackResources"]
    physical = {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in resources}
    api_id = physical["Api"]
    for kind, response in body["x-amazon-apigateway-gateway-responses"].items():
        more = {"statusCode": str(response["statusCode"])} if "statusCode" in response else {}
        apigateway.put_gateway_response(
            restApiId=api_id,
            responseType=kind,
            responseParameters=response["responseParameters"],
            responseTemplates=response["responseTemplates"],
            **more,
        )
    paths = {item["path"]: item["id"] for item in apigateway.get_resources(restApiId=api_id, limit=500)["items"]}
    for path, operations in body["paths"].items():
        for status, answer in operations["options"]["x-amazon-apigateway-integration"]["responses"].items():
            apigateway.put_integration_response(
                restApiId=api_id,
                resourceId=paths[path],
                httpMethod="OPTIONS",
                statusCode=answer["statusCode"],
                selectionPattern="" if status == "default" else status,
                responseParameters=answer["responseParameters"],
                responseTemplates=answer["responseTemplates"],
            )
    stage = physical["ApiStage"].rpartition("|")[2]
    apigateway.create_deployment(restApiId=api_id, stageName=stage)


def _resolved(value: Any, cloudformation: "CloudFormationClient") -> Any:
    """The document with references to parameters replaced by their values."""
    described = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
    parameters = {item["ParameterKey"]: item["ParameterValue"] for item in described["Parameters"]}

    def resolve(part: Any) -> Any:
        if isinstance(part, dict):
            if isinstance(text := part.get("Fn::Sub"), str):
                for name, given in parameters.items():
                    text = text.replace(f"${{{name}}}", given)
                return text
            return {name: resolve(inner) for name, inner in part.items()}
        return [resolve(inner) for inner in part] if isinstance(part, list) else part

    return resolve(value)
