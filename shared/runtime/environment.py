"""The environment variables of functions. Each is read on first use."""

import os
from functools import cache
from typing import Final

IN_LAMBDA: Final = "AWS_LAMBDA_FUNCTION_NAME" in os.environ


class MissingSettingError(Exception):
    """A required environment variable is not set."""


@cache
def table_name() -> str:
    return _required("TABLE_NAME")


@cache
def event_bus_name() -> str:
    return _required("EVENT_BUS_NAME")


@cache
def dead_letter_queue_url() -> str:
    return _required("DEAD_LETTER_QUEUE_URL")


@cache
def purge_queue_url() -> str:
    return _required("PURGE_QUEUE_URL")


@cache
def user_pool_arn() -> str:
    return _required("USER_POOL_ARN")


@cache
def jobs_bucket() -> str:
    return _required("JOBS_BUCKET")


@cache
def job_machine_arn() -> str:
    return _required("JOB_MACHINE_ARN")


@cache
def allowed_origin() -> str:
    """The origin that can call the API from a browser, or an empty string."""
    return os.environ.get("ALLOWED_ORIGIN", "")


@cache
def app_client_ids() -> frozenset[str]:
    """The app clients of the user pool whose tokens are accepted."""
    return frozenset(filter(None, map(str.strip, os.environ.get("APP_CLIENT_IDS", "").split(","))))


@cache
def role_prefix() -> str:
    """The prefix of the role names in the user pool's groups."""
    return os.environ.get("ROLE_PREFIX", "")


@cache
def service_name() -> str:
    """The name of the stack, used in logs and as a dimension of metrics."""
    return _required("POWERTOOLS_SERVICE_NAME")


@cache
def function_name() -> str:
    return os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "")


def is_snap_start() -> bool:
    """Whether this function is restored from a snapshot of its init phase."""
    return os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start"


def runs_under_sam_local() -> bool:
    """Whether the function runs in `sam local`, which has no authorizer."""
    return os.environ.get("AWS_SAM_LOCAL") == "true"


def _required(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise MissingSettingError(f"The environment variable {name} is not set")
    return value
