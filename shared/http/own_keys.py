"""Own keys in paths. They are resolved before the operation runs, so operations only receive ids."""

from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any, Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware

from shared.domain import ids
from shared.dynamodb.metering import metered
from shared.http.resolver import Resolver
from shared.storage import own_keys
from shared.storage.kind import Kind
from shared.storage.kinds import CUSTOMER, GROUP

NAMED: Final[Mapping[str, Kind]] = {"group_id": GROUP, "customer_id": CUSTOMER}
"""The parameters of operations that are ids of records, by their names in the handlers."""


def resolve(app: Resolver, next_middleware: NextMiddleware) -> Response[Any]:
    """Runs after the idempotency check, so that a repeated deletion by key returns its first response.

    The look-up counts towards the read budget of a list.
    """
    given = app.context["_route_args"]
    keyed = [name for name in NAMED.keys() & given.keys() if ids.own_key(given[name])]
    with metered() if keyed else nullcontext():
        for name in keyed:
            given[name] = own_keys.id_of(NAMED[name], given[name])
        return next_middleware(app)
