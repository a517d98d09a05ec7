"""Connects API Gateway to an operation. Each function has one `Api`.

It authorizes the caller, validates the request, replays repeated requests, and turns results and errors into JSON
responses. Other AWS services can invoke the same functions directly, without HTTP. They get the plain object, and
errors are raised.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import CORSConfig, Response
from aws_lambda_powertools.event_handler.api_gateway import Route
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from aws_lambda_powertools.utilities.typing import LambdaContext

from shared.domain import exact_json
from shared.domain.errors import ApiError, RouteNotFound, Unexpected
from shared.dynamodb import client, retries
from shared.http import conditions, direct, fields, own_keys, responses
from shared.http.access import Caller, Role, caller_of
from shared.http.operation import Operation
from shared.http.request import RequestCheck, query_models
from shared.http.resolver import Resolver
from shared.runtime import environment, initialization, snapshot
from shared.runtime.log import logger
from shared.storage.preconditions import Precondition

if TYPE_CHECKING:
    from shared.http.idempotency import Idempotency

__all__ = ["Api", "Response"]

type Event = dict[str, Any]


class Api(Resolver):
    """The resolver of a function with a single operation."""

    declared: Operation
    """The declaration of the operation."""

    def __init__(self) -> None:
        origin = environment.allowed_origin()
        super().__init__(
            cors=CORSConfig(origin, expose_headers=["ETag"]) if origin else None,
            json_body_deserializer=exact_json.loads,
        )
        self.handler: Callable[[Any, LambdaContext], Any] = logger.inject_lambda_context(self._handle, clear_state=True)
        """The Lambda handler: for an HTTP request from API Gateway, or a direct invocation."""
        self.use([_authorize, RequestCheck()])  # type: ignore[no-untyped-call] # untyped in Powertools
        self.exception_handler(ApiError)(self._refuse)
        self.exception_handler(NotFoundError)(self._refuse_route)
        self.exception_handler(Exception)(self._fail)
        initialization.prepare(client.dynamodb, environment.table_name, environment.app_client_ids)

    def operation(
        self,
        method: str,
        path: str,
        *,
        needs: Role,
        answer: str,
        etag: bool = False,
        if_match: bool = False,
        idempotency_key: bool = False,
        refusals: tuple[type[ApiError], ...] = (),
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Register the operation of the function, with its declaration (see `Operation`).

        The docstring becomes its description in the OpenAPI document.
        """
        if idempotency_key:
            self.use([_idempotently])
            snapshot.prepare(_idempotency)
        self.use([own_keys.resolve])

        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            self.declared = Operation(
                function.__name__, method, path, needs, answer, etag, if_match, idempotency_key, refusals
            )
            summary, _, description = (function.__doc__ or "").strip().partition("\n")
            self.route(
                path.replace("{", "<").replace("}", ">"),
                method=[method],
                cors=bool(environment.allowed_origin()),
                operation_id=function.__name__,
                summary=summary.rstrip("."),
                description=re.sub(r"\s+", " ", description).strip() or summary,
                tags=["Customers" if path.startswith("/admin/customers") else "Customer groups"],
            )(function)
            return function

        return register

    @staticmethod
    def _compile_regex(rule: str, base_regex: str = "") -> re.Pattern[str]:  # noqa: ARG004 - Powertools' signature
        """Allow any text as an id in a path. A text that cannot be an id is answered with 404, like an unknown id."""
        return re.compile(re.sub(r"<(\w+)>", r"(?P<\1>[^/]+)", rule) + r"/*\Z")

    def ok(self, answer: Mapping[str, Any], etag: str | None = None) -> Response[str]:
        """Return 200 with a JSON object, or 304 if the client has the state of this ETag already."""
        return responses.not_modified(etag) if etag and self._is_known(etag) else responses.ok(answer, etag)

    @property
    def precondition(self) -> Precondition:
        """The versions that `If-Match` accepts."""
        return conditions.precondition(self.current_event.headers.get("If-Match"))

    @property
    def only_route(self) -> Route:
        """The route of the operation."""
        (route,) = self._dynamic_routes + self._static_routes
        return route

    def query_schema(self) -> dict[str, Any]:
        """The JSON schemas of the operation's query parameters, by name."""
        return {
            name: one
            for model in query_models(self.only_route)
            for name, one in model.model_json_schema()["properties"].items()
        }

    def _handle(self, event: Any, context: LambdaContext) -> Any:
        self.is_direct = direct.is_direct(event)
        logger.set_correlation_id(_request_id(event, context))
        with retries.time_limit(context.get_remaining_time_in_millis() / 1_000):
            return self._answer_directly(event, context) if self.is_direct else self.resolve(event, context)

    def _answer_directly(self, event: Any, context: LambdaContext) -> Any:
        try:
            answer = self.resolve(direct.as_request(event, self.declared.method, self.declared.path), context)
        except ApiError as refusal:
            if refusal.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                direct.count_refusal()
            raise
        return exact_json.plain(answer["body"] or "null")

    def _is_known(self, etag: str) -> bool:
        """Whether the client has this answer already. Relations are not part of the ETag, so they are always sent."""
        selections = self.current_event.multi_value_query_string_parameters.get("fields", [])
        if self.declared.method != "GET" or any(map(fields.expands, selections)):
            return False
        return conditions.is_known(etag, self.current_event.headers.get("If-None-Match"))

    def _refuse(self, error: ApiError) -> Response[str]:
        # Successful requests are in the gateway's access log, with the same request id.
        logger.info("refused", status=error.status, code=error.code)
        if self.is_direct:
            raise error
        return responses.refusal(error, _request_id(self.current_event.raw_event, self.lambda_context))

    def _refuse_route(self, _: NotFoundError) -> Response[str]:
        return self._refuse(RouteNotFound("There is no such route."))

    def _fail(self, error: Exception) -> Response[str]:
        """Log the exception. The response contains no details of it."""
        logger.error("unexpected", exc_info=error)
        return self._refuse(Unexpected())


# Functions, not methods: Powertools caches the signature of a middleware function, but inspects bound methods on each
# request.
def _authorize(app: Api, next_middleware: NextMiddleware) -> Response[Any]:
    event = app.current_event.raw_event
    app.caller = Caller(event["actor"], Role.ADMIN) if app.is_direct else caller_of(event)
    app.caller.must_be(app.declared.needs)
    return next_middleware(app)


def _idempotently(app: Api, next_middleware: NextMiddleware) -> Response[Any]:
    app.request_key = None
    if "Idempotency-Key" not in app.current_event.headers:
        return next_middleware(app)
    return _idempotency().handler(app, next_middleware)


@cache
def _idempotency() -> "Idempotency":
    """Imported by the first request with a key, because it loads boto3, which other requests do not need."""
    from shared.http.idempotency import Idempotency  # noqa: PLC0415 - see above

    return Idempotency()


def _request_id(event: Event, context: LambdaContext) -> str:
    return str((event.get("requestContext") or {}).get("requestId") or context.aws_request_id)
