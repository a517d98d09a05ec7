"""The border between the gateway and an operation: one `Api` per function.

It checks who calls, reads and checks the request, answers with JSON in one shape, replays repeated requests, and turns
every error into the one error shape. Other AWS services invoke the same functions directly, without HTTP:
`{"path": {…}, "query": {…}, "body": {…}, "actor": "…"}` returns the plain object and raises the error itself.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, CORSConfig, Response
from aws_lambda_powertools.event_handler.api_gateway import Route
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import ConfigDict, Field, ValidationError

from shared import fields, snapshot, wire
from shared.access import Caller, Role, caller_of
from shared.config import config
from shared.errors import ApiError, InvalidData, RouteNotFound, Unexpected
from shared.models import Model
from shared.refusals import as_refusal
from shared.request import RequestCheck, query_models
from shared.storage import table
from shared.storage.records import Precondition

if TYPE_CHECKING:
    from shared.idempotency import Idempotency

__all__ = ["Api", "Response"]

type Event = dict[str, Any]

LARGEST_ANSWER_BYTES: Final = 5_500_000
"""Lambda carries 6 MB; what is larger would become a 502 of the gateway."""
JSON: Final = "application/json"

logger = Logger()


class AnswerTooLarge(InvalidData):
    """400: the answer would not fit into one response."""


class Invocation(Model):
    """The event of a direct invocation."""

    model_config = ConfigDict(extra="forbid")

    path: dict[str, str] = Field(default={})
    query: dict[str, Any] = Field(default={})
    body: Any = None
    headers: dict[str, str] = Field(default={})
    actor: str = "service"


class Api(APIGatewayRestResolver):
    """The resolver of one function: a single operation, with all that surrounds it."""

    def __init__(self, needs: Role) -> None:
        super().__init__(
            cors=CORSConfig(config.allowed_origin, expose_headers=["ETag"]) if config.allowed_origin else None,
            json_body_deserializer=wire.loads,
        )
        self.handler: Callable[[Any, LambdaContext], Any] = logger.inject_lambda_context(self._handle, clear_state=True)
        """The Lambda handler: for an HTTP request from API Gateway, or a direct invocation."""
        self.caller = Caller("nobody", None)
        self.once: str | None = None
        """What tells this request from all others, where the client gave an `Idempotency-Key`."""
        self.needs = needs
        self.is_direct = False
        """Whether another service invokes the function, without HTTP."""
        self.use([_authorize, RequestCheck()])  # type: ignore[no-untyped-call]
        self.exception_handler(ApiError)(self._refuse)
        self.exception_handler(NotFoundError)(self._refuse_route)
        self.exception_handler(Exception)(self._fail)

    def operation(self, method: str, path: str, answer: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Register the function's one operation; its docstring becomes its description in the OpenAPI document.

        `answer` is the name of the model in `shared.answers` that describes its answer there.
        """
        self._method, self._path, self.answer = method, path, answer
        if method != "GET":
            self.use([_idempotently])
            snapshot.prepare(_idempotency)

        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            summary, _, description = (function.__doc__ or "").strip().partition("\n")
            self.route(
                path.replace("{", "<").replace("}", ">"),
                method=[method],
                cors=bool(config.allowed_origin),
                operation_id=function.__name__,
                summary=summary.rstrip("."),
                description=re.sub(r"\s+", " ", description).strip() or summary,
                tags=["Customers" if path.startswith("/admin/customers") else "Customer groups"],
            )(function)
            return function

        return register

    def _handle(self, event: Any, context: LambdaContext) -> Any:
        self.is_direct = not (isinstance(event, dict) and "requestContext" in event)
        logger.set_correlation_id(_request_id(event, context))
        with table.done_within(context.get_remaining_time_in_millis() / 1_000):
            if self.is_direct:
                answer = self.resolve(self._as_request(event), context)
                return wire.plain(answer["body"] or "null")
            return self.resolve(event, context)

    def done(self, answer: Mapping[str, Any], version: object = None) -> Response[str]:
        """Answer 200 with a JSON object; `version` gives the ETag. A reader who has that version already is told so."""
        headers: dict[str, str | list[str]] = {
            "Cache-Control": "private, no-cache",
            "X-Content-Type-Options": "nosniff",
        }
        if version is not None:
            headers["ETag"] = etag = f'"{version}"'
            if self._is_known(etag):
                return Response(HTTPStatus.NOT_MODIFIED, body="", headers=headers)
        body = wire.dumps(answer)
        if len(body.encode()) > LARGEST_ANSWER_BYTES:
            raise AnswerTooLarge(
                "The answer is too large: ask for fewer records with `limit`, or less of them with `fields`."
            )
        return Response(HTTPStatus.OK, JSON, body, headers)

    @property
    def only_route(self) -> Route:
        """The route of the operation."""
        (route,) = self._dynamic_routes + self._static_routes
        return route

    def query_schema(self) -> dict[str, Any]:
        """The JSON schemas of the query parameters that the operation takes, by name."""
        return {
            name: one
            for model in query_models(self.only_route)
            for name, one in model.model_json_schema()["properties"].items()
        }

    @property
    def actor(self) -> str:
        return self.caller.actor

    @property
    def precondition(self) -> Precondition:
        """What `If-Match` demands of the resource's version. An ETag that we never gave matches nothing."""
        etags = self._etags("If-Match")
        if not etags or "*" in etags:
            return Precondition()
        if len(etags) > table.MOST_COMPARED:
            raise InvalidData.at("If-Match", f"names more than {table.MOST_COMPARED} versions")
        return Precondition(frozenset(int(etag[1:-1]) for etag in etags if re.fullmatch(r'"[0-9]{1,18}"', etag)))

    def _is_known(self, etag: str) -> bool:
        """Whether a reader has this very answer. The version says nothing of relations, so those are always sent."""
        asked = self.current_event.multi_value_query_string_parameters.get("fields", [])
        if self._method != "GET" or any(map(fields.expand, asked)):
            return False
        return not {"*", etag}.isdisjoint(self._etags("If-None-Match"))

    def _etags(self, header: str) -> list[str]:
        """The ETags in a header. Proxies that compress mark ours as weak (`W/`); they stand for the same version."""
        written = self.current_event.headers.get(header) or ""
        return [etag.strip().removeprefix("W/") for etag in written.split(",") if etag.strip()]

    def _as_request(self, event: Event) -> Event:
        """A direct invocation in the form of the HTTP request that asks the same."""
        try:
            asked = Invocation.model_validate(event)
            path = re.sub(r"{(\w+)}", lambda name: asked.path[name[1]], self._path)
            body = None if asked.body is None else wire.dumps(asked.body)
        except ValidationError as error:
            raise as_refusal(error.errors()) from None
        except ValueError:
            raise InvalidData.at("body", "is not JSON") from None
        except KeyError as missing:
            raise InvalidData.at(f"path.{missing.args[0]}", "Field required") from None
        return {
            "httpMethod": self._method,
            "path": path,
            "multiValueQueryStringParameters": _flat(asked.query),
            "headers": asked.headers,
            "multiValueHeaders": {name: [value] for name, value in asked.headers.items()},
            "body": body,
            "isBase64Encoded": False,
            "actor": asked.actor,
        }

    def _refuse(self, error: ApiError) -> Response[str]:
        # What succeeds is in the gateway's access log, under the same request id, or told to the service that invoked.
        logger.info("refused", status=error.status, code=error.code)
        if self.is_direct:
            raise error
        headers: dict[str, str | list[str]] = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        if error.retry_after_seconds is not None:
            headers["Retry-After"] = str(error.retry_after_seconds)
        request_id = _request_id(self.current_event.raw_event, self.lambda_context)
        return Response(error.status, JSON, wire.dumps(error.body(request_id)), headers)

    def _refuse_route(self, _: NotFoundError) -> Response[str]:
        return self._refuse(RouteNotFound("There is no such route."))

    def _fail(self, error: Exception) -> Response[str]:
        """Log what went wrong, whole; tell nothing of it."""
        logger.error("unexpected", exc_info=error)
        return self._refuse(Unexpected())


# No methods of the class: Powertools remembers what it learns of a middleware on the function, and looks at a bound
# method afresh in each request.
def _authorize(app: Api, next_middleware: NextMiddleware) -> Response[Any]:
    event = app.current_event.raw_event
    app.caller = Caller(event["actor"], Role.ADMIN) if app.is_direct else caller_of(event)
    app.caller.must_be(app.needs)
    return next_middleware(app)


def _idempotently(app: Api, next_middleware: NextMiddleware) -> Response[Any]:
    app.once = None
    if "Idempotency-Key" not in app.current_event.headers:
        return next_middleware(app)
    return _idempotency().handler(app, next_middleware)


@cache
def _idempotency() -> "Idempotency":
    """Imported by the first request with a key: it brings boto3, and no other request needs that."""
    from shared.idempotency import Idempotency  # noqa: PLC0415

    return Idempotency()


def _request_id(event: Event, context: LambdaContext) -> str:
    return str((event.get("requestContext") or {}).get("requestId") or context.aws_request_id)


def _flat(query: Mapping[str, Any]) -> dict[str, list[str]]:
    """`{"created_at": {"$gte": "2026"}, "id": ["a", "b"]}` as the parameters of a URL."""
    flat: dict[str, list[str]] = {}
    for name, value in query.items():
        if isinstance(value, Mapping):
            flat |= {f"{name}[{operator}]": [_text(bound)] for operator, bound in value.items()}
        else:
            flat[name] = [_text(one) for one in (value if isinstance(value, list) else [value])]
    return flat


def _text(value: object) -> str:
    return value if isinstance(value, str) else wire.dumps(value)
