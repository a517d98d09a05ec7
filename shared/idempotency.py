"""`Idempotency-Key`: a repeated request is answered with the first answer, for 24 hours.

Only what succeeded is kept: a refused request wrote nothing, so its key stays free. A key belongs to the caller who
used it; with another request it is refused.
"""

import hashlib
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.middlewares import BaseMiddlewareHandler, NextMiddleware
from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, IdempotencyConfig, idempotent_function
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyAlreadyInProgressError,
    IdempotencyInconsistentStateError,
    IdempotencyPersistenceLayerError,
    IdempotencyValidationError,
)
from aws_lambda_powertools.utilities.idempotency.persistence.datarecord import DataRecord

from shared import keys, wire
from shared.config import config
from shared.errors import IdempotencyKeyInUse, IdempotencyKeyReused, InvalidData, Unavailable
from shared.storage import table

if TYPE_CHECKING:
    from shared.api import Api

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
KEPT_SECONDS: Final = 24 * 3600
LONGEST_KEY: Final = 255

logger = Logger()

type Kept = dict[str, Any]


class Idempotency(BaseMiddlewareHandler["Api"]):
    """Runs the operation once for each key. Stands after the checks, so that only what can succeed costs a record."""

    def handler(self, app: "Api", next_middleware: NextMiddleware) -> Response[Any]:
        key = app.current_event.headers.get(HEADER)
        if key is None:
            return next_middleware(app)
        _check(key, app.current_event.multi_value_query_string_parameters.get("fields", []))
        _settings.register_lambda_context(app.lambda_context)
        call = _call(key, app)
        app.once = hashlib.sha256(wire.dumps(call).encode()).hexdigest()
        try:
            with table.done_within(app.lambda_context.get_remaining_time_in_millis() / 1_000, calls_after=1):
                kept = _run_once(call=call, run=lambda: next_middleware(app))
        except (IdempotencyAlreadyInProgressError, IdempotencyInconsistentStateError):
            raise IdempotencyKeyInUse(f"The first request with this {HEADER} is still under way.") from None
        except IdempotencyValidationError:
            raise IdempotencyKeyReused(f"This {HEADER} was used with another request.") from None
        except IdempotencyPersistenceLayerError as error:
            logger.exception("the answer could not be kept")
            raise Unavailable from error
        return Response(kept["status"], "application/json", kept["body"], kept["headers"])


class _Records(DynamoDBPersistenceLayer):
    """Powertools' records in our table, each in a partition of its own."""

    def _get_key(self, idempotency_key: str) -> dict[str, Any]:
        return table.to_wire(keys.idempotency(idempotency_key)._asdict())


def _mark_as_replayed(response: Kept, idempotent_data: DataRecord) -> Kept:  # noqa: ARG001 - the hook's signature
    return {**response, "headers": {**response["headers"], REPLAYED: "true"}}


_settings: Final = IdempotencyConfig(
    event_key_jmespath="[actor, key]",
    payload_validation_jmespath="request",
    expires_after_seconds=KEPT_SECONDS,
    response_hook=_mark_as_replayed,
)


@idempotent_function(  # type: ignore[untyped-decorator]
    data_keyword_argument="call",
    persistence_store=_Records(config.table_name, key_attr="PK", expiry_attr="expires_at", boto3_client=table.client),
    config=_settings,
    key_prefix="http",
)
def _run_once(*, call: dict[str, Any], run: Callable[[], Response[Any]]) -> Kept:  # noqa: ARG001 - Powertools reads it
    response = run()
    return {"status": response.status_code, "body": response.body, "headers": dict(response.headers)}


def _call(key: str, app: "Api") -> dict[str, Any]:
    event = app.current_event
    request = [event.http_method, event.path, event.multi_value_query_string_parameters, event.decoded_body]
    return {"actor": app.actor, "key": key, "request": [*request, event.headers.get("If-Match")]}


def _check(key: str, fields: list[str]) -> None:
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise InvalidData.at(HEADER, f"must be 1 to {LONGEST_KEY} printable ASCII characters")
    if any(re.search(r"[*.]|customers|groups", text) for text in fields):
        # An answer with relations can outgrow the 400 kB that an item may have.
        raise InvalidData.at("fields", f"relations cannot be asked for together with an {HEADER}")
