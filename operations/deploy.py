"""Deploy a stack to your AWS account and publish its page. `make deploy` runs this after the build.

Parameters come from `samconfig.toml` and the command line. Other parameters of an existing stack are not changed. The
`Release` parameter is a digest of the sources and the parameters, so that SAM publishes new versions when they change.
"""

import argparse
import hashlib
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import botocore.exceptions

from local import cloud
from local.deployment import SAM, sources_digest
from operations import publish_page, settings
from operations.deployment import Deployment
from operations.settings import Parameters, SettingsError


class NotDeployedError(Exception):
    """Nothing was deployed. The message is the reason."""


PROBLEMS: Final = (
    *(NotDeployedError, SettingsError),
    *(botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError),
)
"""Errors that are printed without a traceback."""


@dataclass(frozen=True)
class Deploying:
    """One deployment: the target, the parameters, and the options of sam."""

    to: Deployment
    given: Parameters
    """The parameters from the settings and the command line."""
    asks: bool = True
    """Whether sam shows the changes and asks for confirmation."""
    sam: Sequence[str | Path] = (SAM,)
    more: Sequence[str] = field(default=())
    """Further arguments of `sam deploy`."""

    def run(self) -> None:
        """Deploy. Raises NotDeployedError if the stack does not have the new release afterwards."""
        before = parameters_of(self.to)
        release = release_of({**(before or {}), **self.given})
        wanted = {**self.given, "Release": release}
        if before is None and wanted.get("DeletionProtection", "true") == "true":
            # A failed first deployment is rolled back, which is not possible with protected resources.
            self._deploy({**wanted, "DeletionProtection": "false"}, asks=self.asks)
            self._deploy({**wanted, "DeletionProtection": "true"}, asks=False)
        else:
            self._deploy(wanted, asks=self.asks)

    def _deploy(self, parameters: Parameters, *, asks: bool) -> None:
        command = [*self.sam, "deploy", "--stack-name", self.to.stack_name, *self.more]
        command += [] if asks else ["--no-confirm-changeset"]
        command += ["--region", self.to.session.region_name]
        command += ["--parameter-overrides", *(f"{name}={value}" for name, value in parameters.items())]
        done = subprocess.run(command, cwd=cloud.ROOT, check=False)  # noqa: S603 - runs sam with arguments from the terminal
        if done.returncode:
            raise NotDeployedError("sam could not deploy. See its last lines.")
        if (parameters_of(self.to) or {}).get("Release") != parameters["Release"]:
            raise NotDeployedError("Nothing was deployed, so nothing is published.")


def parameters_of(deployment: Deployment) -> Parameters | None:
    """The parameters of a stack. None if the stack does not exist or was never completed."""
    cloudformation = deployment.client("cloudformation")
    try:
        (stack,) = cloudformation.describe_stacks(StackName=deployment.stack_name)["Stacks"]
    except cloudformation.exceptions.ClientError as error:
        if "does not exist" in str(error):
            return None
        raise
    if stack["StackStatus"] == "REVIEW_IN_PROGRESS":
        return None
    return {one["ParameterKey"]: one["ParameterValue"] for one in stack.get("Parameters", [])}


def release_of(parameters: Parameters) -> str:
    """A digest of the sources and the parameters."""
    named = {name: value for name, value in sorted(parameters.items()) if name != "Release"}
    return hashlib.sha256(json.dumps([sources_digest(), named]).encode()).hexdigest()[:16]


def main() -> int:
    """Deploy the build and publish the page. Returns 1 if nothing was deployed."""
    parser = argparse.ArgumentParser(prog="make deploy", description=__doc__)
    settings.add_arguments(parser)
    parser.add_argument("--yes", action="store_true", help="make the changes without asking")
    arguments = parser.parse_args()
    try:
        to, given = settings.target(arguments)
        account = to.client("sts").get_caller_identity()["Account"]
        print(f"Stack {to.stack_name} in {to.session.region_name}, account {account}")
        Deploying(to, given, asks=not arguments.yes, more=["--config-env", arguments.environment]).run()
        publish_page.publish_if_served(to)
    except PROBLEMS as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
