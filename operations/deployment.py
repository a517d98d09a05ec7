"""A deployed stack, on this machine or in the cloud, as the tools here need it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import boto3

from local import cloud
from local import stack as stacks
from local.deployment import STACK
from local.stack import Stack

ALIAS: Final = "live"


@dataclass(frozen=True)
class Deployment:
    """A stack, and clients that reach it."""

    session: boto3.Session
    stack_name: str
    endpoint_url: str | None = None

    def client(self, service: str) -> Any:
        return self.session.client(service, endpoint_url=self.endpoint_url)  # type: ignore[call-overload]

    @cached_property
    def resources(self) -> dict[str, str]:
        """What the stack's resources are really called, by their names in the template."""
        pages = self.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=self.stack_name)
        found = (one for page in pages for one in page["StackResourceSummaries"])
        return {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in found if "PhysicalResourceId" in one}

    @cached_property
    def outputs(self) -> dict[str, str]:
        stack = self.client("cloudformation").describe_stacks(StackName=self.stack_name)["Stacks"][0]
        return {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}


def in_the_cloud(stack_name: str) -> Deployment:
    """A stack in the account and region that the environment is signed in to."""
    return Deployment(boto3.Session(), stack_name)


def on_this_machine(stack: Stack | None = None) -> Deployment:
    """The local stack. Raises LocalProblem when none runs."""
    return Deployment(cloud.session(), STACK, (stack or stacks.running()).endpoint_url)
