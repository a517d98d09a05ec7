"""Building the functions and deploying the very template that goes to production."""

import fcntl
import hashlib
import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from local import cloud
from local.problems import LocalProblem
from local.progress import step

if TYPE_CHECKING:
    from mypy_boto3_apigateway.client import APIGatewayClient
    from mypy_boto3_cloudformation.client import CloudFormationClient

STACK: Final = "customer-groups"
SAM: Final = cloud.ENVIRONMENTS / "sam" / "bin" / "sam"
BUILD: Final = cloud.ROOT / ".local" / "build"
TEMPLATE: Final = cloud.ROOT / "template.yaml"
SOURCES: Final = ("template.yaml", "functions/**/*.py", "shared/**/*.py", "shared/Makefile", "dependencies/*")

type Outputs = dict[str, str]


def deploy(endpoint_url: str, allowed_origin: str, log: Path) -> Outputs:
    """Bring the stack up to date with the code, and return its outputs. Does nothing where nothing has changed."""
    cloudformation: CloudFormationClient = cloud.session().client("cloudformation", endpoint_url=endpoint_url)
    parameters = {
        "AllowedOrigin": allowed_origin,
        "AllowPasswordSignIn": "true",
        "Architecture": cloud.architecture(),
        "DeletionProtection": "false",
        # The local cloud has archives, but its CloudFormation cannot make one.
        "EventRetentionDays": "0",
        "ServeAdminPage": "false",  # local/front.py does
        # Demonstrations and tests come in bursts.
        "ThrottlingBurst": "5000",
        "ThrottlingRate": "5000",
    }
    with _one_at_a_time():
        code = _digest()
        state = hashlib.sha256(json.dumps([code, parameters]).encode()).hexdigest()
        if _deployed(cloudformation) != state:
            _build(code, log)
            _sam_deploy(endpoint_url, parameters, state, log)
            _complete_api(cloudformation, cloud.session().client("apigateway", endpoint_url=endpoint_url))
    described = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}


def _digest() -> str:
    """What the build is made of, as one hash."""
    digest = hashlib.sha256()
    for pattern in SOURCES:
        for path in sorted(cloud.ROOT.glob(pattern)):
            digest.update(str(path.relative_to(cloud.ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Local runs and end-to-end tests share one build folder."""
    BUILD.mkdir(parents=True, exist_ok=True)
    with (BUILD.parent / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _deployed(cloudformation: "CloudFormationClient") -> str | None:
    """The state that was deployed last, unless that failed."""
    try:
        described = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
    except cloudformation.exceptions.ClientError:
        return None
    tags = {tag["Key"]: tag["Value"] for tag in described["Tags"]}
    return tags.get("state") if described["StackStatus"] in {"CREATE_COMPLETE", "UPDATE_COMPLETE"} else None


def _build(code: str, log: Path) -> None:
    """`sam build`, unless what lies there was built from the same sources."""
    stamp = BUILD / "sources.sha256"
    if stamp.exists() and stamp.read_text() == code:
        return
    with step("Building the functions and their layers"):
        stamp.unlink(missing_ok=True)
        arguments = ["build", "--cached", "--parallel", "--template-file", str(TEMPLATE)]
        arguments += ["--build-dir", str(BUILD / "artifacts"), "--cache-dir", str(BUILD / "cache")]
        # The functions run right here, so their layer must fit this machine whatever it is.
        _sam(arguments, cloud.environment("", LAYER_ARCHITECTURE="native"), log, "The build")
        stamp.write_text(code)


def _sam_deploy(endpoint_url: str, parameters: Mapping[str, str], state: str, log: Path) -> None:
    with step("Deploying template.yaml"):
        arguments = ["deploy", "--template-file", str(BUILD / "artifacts" / "template.yaml"), "--stack-name", STACK]
        arguments += ["--region", cloud.REGION, "--capabilities", "CAPABILITY_IAM", "--resolve-s3"]
        arguments += ["--no-confirm-changeset", "--no-fail-on-empty-changeset", "--no-progressbar"]
        arguments += ["--tags", f"state={state}"]
        arguments += ["--parameter-overrides", *(f"{name}={value}" for name, value in parameters.items())]
        _sam(arguments, cloud.environment(endpoint_url), log, "The deployment")


def _sam(arguments: list[str], environment: Mapping[str, str], log: Path, what: str) -> None:
    with log.open("w") as output:
        done = subprocess.run(
            [SAM, *arguments], cwd=cloud.ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT, check=False
        )
    if done.returncode:
        words = [line.strip() for line in log.read_text().splitlines() if line.strip()]
        reason = next((line for line in reversed(words) if "Error" in line or "failed" in line), words[-1:] or "")
        raise LocalProblem(f"{what} failed: {reason} (all of it is in {log})")


def _complete_api(cloudformation: "CloudFormationClient", apigateway: "APIGatewayClient") -> None:
    """Give the local API what its import leaves out of the template's OpenAPI document, from that very document.

    The real API Gateway reads gateway responses and the answers to CORS preflights from there by itself.
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
    """The document with its references to parameters filled in."""
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
