"""Delete a stack and the files of its page: `make delete STACK=…`. By default the table and the user pool are kept.

CloudFormation only deletes empty buckets, so the buckets are emptied first.
"""

import argparse
import sys
from collections.abc import Mapping
from typing import Any, Final

import boto3
import botocore.exceptions

from operations.deployment import Deployment

KEPT: Final = {"AWS::DynamoDB::Table": "table", "AWS::Cognito::UserPool": "user pool"}


def resources(deployment: Deployment, kinds: Mapping[str, str]) -> dict[str, str]:
    """The physical names of a stack's resources of these types, with the name of the type."""
    pages = deployment.client("cloudformation").get_paginator("list_stack_resources")
    found = (one for page in pages.paginate(StackName=deployment.stack_name) for one in page["StackResourceSummaries"])
    return {one["PhysicalResourceId"]: kinds[one["ResourceType"]] for one in found if one["ResourceType"] in kinds}


def delete(deployment: Deployment, *, with_data: bool) -> dict[str, str]:
    """Delete the stack. Returns the resources that are kept, by name."""
    stay = resources(deployment, KEPT)
    for bucket in resources(deployment, {"AWS::S3::Bucket": "bucket"}):
        _empty(deployment.client("s3"), bucket)
    cloudformation = deployment.client("cloudformation")
    cloudformation.delete_stack(StackName=deployment.stack_name)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=deployment.stack_name)
    if not with_data:
        return stay
    for name, kind in stay.items():
        _delete_table(deployment, name) if kind == "table" else _delete_pool(deployment, name)
    return {}


def _empty(s3: Any, bucket: str) -> None:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        if objects := [{"Key": one["Key"]} for one in page.get("Contents", [])]:
            s3.delete_objects(Bucket=bucket, Delete={"Objects": objects})


def _delete_table(deployment: Deployment, name: str) -> None:
    dynamodb = deployment.client("dynamodb")
    if dynamodb.describe_table(TableName=name)["Table"].get("DeletionProtectionEnabled"):
        dynamodb.update_table(TableName=name, DeletionProtectionEnabled=False)
        dynamodb.get_waiter("table_exists").wait(TableName=name)
    dynamodb.delete_table(TableName=name)


def _delete_pool(deployment: Deployment, pool_id: str) -> None:
    cognito = deployment.client("cognito-idp")
    pool = cognito.describe_user_pool(UserPoolId=pool_id)["UserPool"]
    if domain := pool.get("Domain"):
        cognito.delete_user_pool_domain(UserPoolId=pool_id, Domain=domain)
    if pool.get("DeletionProtection") == "ACTIVE":
        # An update resets settings that it does not contain, so self-registration is disabled here again.
        cognito.update_user_pool(
            UserPoolId=pool_id,
            DeletionProtection="INACTIVE",
            AdminCreateUserConfig={"AllowAdminCreateUserOnly": True},
        )
    cognito.delete_user_pool(UserPoolId=pool_id)


def _is_confirmed(stack: str, *, with_data: bool) -> bool:
    what = f"the stack {stack} and ALL ITS DATA" if with_data else f"the stack {stack}, but not its table and user pool"
    return input(f"This deletes {what}. Type the name of the stack to continue: ") == stack


def main() -> int:
    """Ask for the stack's name, then delete it."""
    parser = argparse.ArgumentParser(prog="make delete", description=__doc__)
    parser.add_argument("--stack", required=True)
    parser.add_argument("--region")
    parser.add_argument(
        "--with-data", action="store_true", help="also delete the table and the user pool, even if they are protected"
    )
    arguments = parser.parse_args()
    if not _is_confirmed(arguments.stack, with_data=arguments.with_data):
        print("Nothing was deleted.")
        return 1
    try:
        deployment = Deployment(boto3.Session(region_name=arguments.region), arguments.stack)
        stay = delete(deployment, with_data=arguments.with_data)
    except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as problem:
        print(problem, file=sys.stderr)
        return 1
    for name, kind in stay.items():
        print(f"The {kind} {name} was kept.")
    print("Deleted. The bucket of SAM (stack aws-sam-cli-managed-default) was kept, because other stacks may use it.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
