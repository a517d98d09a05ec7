"""The DynamoDB client."""

from functools import cache
from typing import TYPE_CHECKING

from botocore.config import Config

from shared.dynamodb import parallel
from shared.runtime import aws

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@cache
def dynamodb() -> "DynamoDBClient":
    """The shared client. `retries` describes when it repeats a call."""
    client: DynamoDBClient = aws.client(
        "dynamodb",
        config=Config(
            connect_timeout=1,
            read_timeout=3,
            retries={"mode": "standard", "total_max_attempts": 2},
            tcp_keepalive=True,
            max_pool_connections=parallel.MOST_AT_ONCE,
            # All requests are built in this package. Validating them against DynamoDB's model would double the CPU time
            # of large ones.
            parameter_validation=False,
        ),
    )
    return client
