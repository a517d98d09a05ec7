"""Clients of AWS, straight from botocore: boto3 adds to them only what no function uses, and time to their import."""

from functools import cache
from typing import Any

import botocore.session
from botocore.config import Config


def client(service: str, config: Config | None = None) -> Any:
    """Make one at import, so in the init phase and outside the first request."""
    return _session().create_client(service, config=config)


@cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()
