"""A deployed stack, local or in AWS."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import boto3

from local import stack as stacks
from local.deployment import STACK
from local.stack import Stack

ALIAS: Final = "live"


@dataclass(frozen=True)
class Deployment:
    """A stack, and AWS clients for it."""

    session: boto3.Session
    stack_name: str
    endpoint_url: str | None = None

    def client(self, service: str) -> Any:
        return self.session.client(service, endpoint_url=self.endpoint_url)  # type: ignore[call-overload] # boto3's types only accept literal names of services

    @cached_property
    def resources(self) -> dict[str, str]:
        """The physical names of the stack's resources, by their names in the template."""
        pages = self.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=self.stack_name)
        found = (one for page in pages for one in page["StackResourceSummaries"])
        return {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in found if "PhysicalResourceId" in one}

    @cached_property
    def outputs(self) -> dict[str, str]:
        stack = self.client("cloudformation").describe_stacks(StackName=self.stack_name)["Stacks"][0]
        return {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}

    @cached_property
    def parameters(self) -> dict[str, str]:
        """The stack's parameters, including default values."""
        stack = self.client("cloudformation").describe_stacks(StackName=self.stack_name)["Stacks"][0]
        return {one["ParameterKey"]: one["ParameterValue"] for one in stack["Parameters"]}


def in_the_cloud(stack_name: str) -> Deployment:
    """A stack in the current AWS account and region."""
    return Deployment(boto3.Session(), stack_name)


def on_this_machine(stack: Stack | None = None) -> Deployment:
    """The local stack. Raises LocalProblem if it is not running."""
    local = (stack or stacks.running()).cloud
    return Deployment(local.session(), STACK, local.endpoint_url)
