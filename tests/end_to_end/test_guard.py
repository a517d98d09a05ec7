"""The local cloud refuses requests of web pages and of programs without the key."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import botocore.exceptions
import httpx
import pytest

from local.stack import Stack

ELSEWHERE = "https://elsewhere.example"
USER_POOL = "AWSCognitoIdentityProviderService"


@pytest.mark.parametrize("key", ["test", "000000000000"])
def test_keys_that_the_local_cloud_would_accept_are_refused(stack: Stack, key: str) -> None:
    stranger = boto3.client(
        "dynamodb",
        endpoint_url=stack.endpoint_url,
        region_name=stack.region,
        aws_access_key_id=key,
        aws_secret_access_key=key,
    )
    with pytest.raises(botocore.exceptions.ClientError) as refused:
        stranger.scan(TableName=stack.table_name)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_other_origins_can_use_neither_the_cloud_nor_sign_in(stack: Stack) -> None:
    asked = {"Origin": ELSEWHERE, "Access-Control-Request-Method": "POST"}
    for address in (f"{stack.endpoint_url}/", f"{stack.api_url}/cognito/"):
        answer = httpx.options(address, headers=asked, timeout=60, trust_env=False)
        assert not answer.is_success, address
        assert "Access-Control-Allow-Origin" not in answer.headers
        sign_in = call(address, "InitiateAuth", {"ClientId": stack.client_id}, Origin=ELSEWHERE)
        assert sign_in.status_code == 403, address


def test_the_user_pool_cannot_be_administered_without_the_key(stack: Stack) -> None:
    body = {"UserPoolId": stack.user_pool_id, "Username": "mallory@elsewhere.example"}
    for address in (f"{stack.endpoint_url}/", f"{stack.api_url}/cognito/"):
        assert not call(address, "AdminCreateUser", body).is_success, address
        assert not call(address, "ListUsers", {"UserPoolId": stack.user_pool_id}).is_success, address
    users = stack.cloud.client("cognito-idp").list_users(UserPoolId=stack.user_pool_id)["Users"]
    assert "mallory@elsewhere.example" not in json.dumps(users, default=str)


def test_the_state_of_the_cloud_cannot_be_reset(stack: Stack) -> None:
    assert httpx.post(f"{stack.endpoint_url}/_ministack/reset", timeout=60, trust_env=False).status_code == 403


def test_files_with_the_key_are_only_readable_by_their_owner(stack: Stack, stack_home: Path) -> None:
    settings = stack_home / "aws-config"
    for described in (settings, stack_home / "stack.json"):
        assert described.stat().st_mode & 0o077 == 0
    names = subprocess.run(
        [sys.executable, "-c", "import boto3; print(boto3.client('dynamodb').list_tables()['TableNames'])"],
        env={"AWS_CONFIG_FILE": str(settings)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert stack.table_name in names.stdout


def call(address: str, operation: str, body: dict[str, Any], **headers: str) -> httpx.Response:
    """An unsigned call of the user pool, like from a web page."""
    content_type = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": f"{USER_POOL}.{operation}"}
    return httpx.post(address, content=json.dumps(body), headers=content_type | headers, timeout=60, trust_env=False)
