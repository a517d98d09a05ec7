"""AWS clients, made with botocore. boto3 would only add import time and features that are not used."""

from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from typing import Any, Final

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as BotoConnectionError

from shared.domain.errors import Unavailable

_THROTTLED: Final = frozenset({"ThrottlingException", "TooManyRequestsException", "ExecutionLimitExceeded"})
"""Errors of Step Functions and other services with status 400 that are temporary."""


def client(service: str, config: Config | None = None) -> Any:
    """Create a client. Functions do this in the init phase, before the first request."""
    return _session().create_client(service, config=config)


def ask(call: Callable[[], Any]) -> Any:
    """Make a call to a service. Raises Unavailable if it times out, is throttled, or fails inside the service."""
    try:
        return call()
    except ClientError as error:
        failed = error.response["ResponseMetadata"]["HTTPStatusCode"] >= HTTPStatus.INTERNAL_SERVER_ERROR
        if failed or error.response["Error"]["Code"] in _THROTTLED:
            raise Unavailable from error
        raise
    except (HTTPClientError, BotoConnectionError) as error:
        raise Unavailable from error


@cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()
