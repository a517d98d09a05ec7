"""The environment, read and checked once at cold start: what lacks a setting fails before its first request."""

import os
from typing import Final, NamedTuple


class Config(NamedTuple):
    table_name: str
    allowed_origin: str
    app_client_ids: frozenset[str]
    runs_under_sam_local: bool


def _read() -> Config:
    if "TABLE_NAME" not in os.environ:
        raise RuntimeError("The environment variable TABLE_NAME is not set")
    return Config(
        table_name=os.environ["TABLE_NAME"],
        allowed_origin=os.environ.get("ALLOWED_ORIGIN", ""),
        app_client_ids=frozenset(filter(None, map(str.strip, os.environ.get("APP_CLIENT_IDS", "").split(",")))),
        # Set by `sam local` itself, which has no authorizer to say who calls.
        runs_under_sam_local=os.environ.get("AWS_SAM_LOCAL") == "true",
    )


config: Final = _read()
