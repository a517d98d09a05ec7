"""`Idempotency-Key`: a repeated request gets the response of the first one, for 24 hours.

Only successful responses are stored. A refused request writes nothing, so its key can be used again. A key belongs to
the caller that used it, and is refused with a different request.
"""

import hashlib
import re
from collections.abc import Callable
from functools import cache
from typing import Any, Final

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

from shared.domain import exact_json
from shared.domain.errors import IdempotencyKeyInUse, IdempotencyKeyReused, InvalidData, Unavailable
from shared.dynamodb import retries
from shared.dynamodb.client import dynamodb
from shared.dynamodb.values import serialize
from shared.http.resolver import Resolver
from shared.runtime import environment
from shared.runtime.log import logger
from shared.storage import erasures, keys

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
KEPT_SECONDS: Final = 24 * 3600
LONGEST_KEY: Final = 255


type StoredResponse = dict[str, Any]


class Idempotency(BaseMiddlewareHandler[Resolver]):
    """Runs the operation once per key. It comes after the validation, so invalid requests store nothing."""

    def handler(self, app: Resolver, next_middleware: NextMiddleware) -> Response[Any]:
        key = app.current_event.headers.get(HEADER)
        if key is None:
            return next_middleware(app)
        _check(key, app.current_event.multi_value_query_string_parameters.get("fields", []))
        _settings().register_lambda_context(app.lambda_context)
        call = _call(key, app)
        app.request_key = hashlib.sha256(exact_json.dumps(call).encode()).hexdigest()
        try:
            with retries.time_limit(app.lambda_context.get_remaining_time_in_millis() / 1_000, calls_after=1):
                stored = _idempotent_run()(call=call, run=lambda: next_middleware(app))
        except (IdempotencyAlreadyInProgressError, IdempotencyInconsistentStateError):
            raise IdempotencyKeyInUse(f"The first request with this {HEADER} is still under way.") from None
        except IdempotencyValidationError:
            raise IdempotencyKeyReused(f"This {HEADER} was used with another request.") from None
        except IdempotencyPersistenceLayerError as error:
            logger.exception("the response could not be stored")
            raise Unavailable from error
        return Response(stored["status"], "application/json", stored["body"], stored["headers"])


class _ResponseStore(DynamoDBPersistenceLayer):
    """Stores Powertools' idempotency items in the table, each in its own partition."""

    def _get_key(self, idempotency_key: str) -> dict[str, Any]:
        return serialize(keys.idempotency(idempotency_key)._asdict())

    def _update_record(self, data_record: DataRecord) -> None:
        """Store a response. If it contains a customer, it is deleted with the customer."""
        response = exact_json.loads(data_record.response_data)
        # Powertools writes six bytes for a letter like é. An item of the table would be too small for some responses.
        data_record.response_data = exact_json.dumps(response)
        customer = exact_json.loads(response["body"]).get("customer")
        if customer is None:
            super()._update_record(data_record)
            return
        answer = {
            self.data_attr: data_record.response_data,
            self.expiry_attr: data_record.expiry_timestamp,
            self.status_attr: data_record.status,
            self.validation_key_attr: data_record.payload_hash,
        }
        # The time limit of the operation may be over. It reserved time for this one call.
        with retries.time_limit(retries.LONGEST_CALL_SECONDS + 1):
            erasures.store_answer(customer["id"], keys.idempotency(data_record.idempotency_key), answer)


def _mark_as_replayed(response: StoredResponse, idempotent_data: DataRecord) -> StoredResponse:  # noqa: ARG001 - the signature of the hook
    return {**response, "headers": {**response["headers"], REPLAYED: "true"}}


@cache
def _settings() -> IdempotencyConfig:
    return IdempotencyConfig(
        event_key_jmespath="[actor, key]",
        payload_validation_jmespath="request",
        expires_after_seconds=KEPT_SECONDS,
        response_hook=_mark_as_replayed,
    )


@cache
def _idempotent_run() -> Callable[..., StoredResponse]:
    """`_run` with Powertools' idempotency around it."""
    table_name = environment.table_name()
    run: Callable[..., StoredResponse] = idempotent_function(
        _run,
        data_keyword_argument="call",
        persistence_store=_ResponseStore(table_name, key_attr="PK", expiry_attr="expires_at", boto3_client=dynamodb()),
        config=_settings(),
        key_prefix="http",
    )
    return run


def _run(*, call: dict[str, Any], run: Callable[[], Response[Any]]) -> StoredResponse:  # noqa: ARG001 - Powertools reads it
    response = run()
    return {"status": response.status_code, "body": response.body, "headers": dict(response.headers)}


def _call(key: str, app: Resolver) -> dict[str, Any]:
    event = app.current_event
    request = [event.http_method, event.path, event.multi_value_query_string_parameters, event.decoded_body]
    return {"actor": app.actor, "key": key, "request": [*request, event.headers.get("If-Match")]}


def _check(key: str, fields: list[str]) -> None:
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise InvalidData.at(HEADER, f"must be 1 to {LONGEST_KEY} printable ASCII characters")
    if any(re.search(r"[*.]|customers|groups", text) for text in fields):
        # An answer with relations can exceed the 400 kB of a DynamoDB item.
        raise InvalidData.at("fields", f"relations cannot be requested together with an {HEADER}")
