"""Deploys an example next to the customer groups stack on this machine."""

import subprocess
from pathlib import Path
from typing import Any

from local.deployment import SAM
from local.stack import Stack


def deploy(stack: Stack, template: Path, name: str, **parameters: str) -> None:
    """Deploy a template as a stack called `name`."""
    command = [str(SAM), "deploy", "--template-file", str(template), "--stack-name", name, "--region", stack.region]
    command += ["--capabilities", "CAPABILITY_IAM", "--resolve-s3", "--no-confirm-changeset", "--no-progressbar"]
    given = [f"{parameter}={value}" for parameter, value in parameters.items()]
    command += ["--no-fail-on-empty-changeset", "--parameter-overrides", *given]
    # Not in the project's folder, whose samconfig.toml is for another stack.
    subprocess.run(command, cwd=template.parent, env=stack.cloud.environment(), stdout=subprocess.DEVNULL, check=True)  # noqa: S603 - the command is built here


def output(stack: Stack, name: str, key: str) -> str:
    """An output of a stack."""
    cloudformation: Any = stack.cloud.client("cloudformation")
    outputs = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]
    return next(str(one["OutputValue"]) for one in outputs if one["OutputKey"] == key)
