"""The checks of a request before its operation sees it, where Powertools' own validation is too lenient."""

import re
from binascii import Error as Base64Error
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Route
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from aws_lambda_powertools.event_handler.middlewares.openapi_validation import OpenAPIRequestValidationMiddleware
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from pydantic import BaseModel

from shared.errors import InvalidData, PayloadTooLarge, UnrecognizedFields
from shared.refusals import as_refusal

if TYPE_CHECKING:
    from shared.api import Api

LARGEST_BODY_BYTES: Final = 1_000_000
_INDEXED = re.compile(r"(?P<name>[^\[\]]+)\[\d*\]\Z")

type Parameters = dict[str, list[str]]


class RequestCheck(OpenAPIRequestValidationMiddleware):
    """Powertools' validation, after what it would let pass: unknown and repeated parameters, other media types."""

    def handler(self, app: "Api", next_middleware: NextMiddleware) -> Response[Any]:  # type: ignore[override]
        event = app.current_event
        route: Route = app.context["_route"]
        known = _known_parameters(*query_models(route))
        parameters = _canonical(event.multi_value_query_string_parameters, known)
        _check_parameters(parameters, known)
        event.raw_event["multiValueQueryStringParameters"] = parameters
        if route.dependant.body_params:
            _check_body(app)
        try:
            return super().handler(app, next_middleware)
        except RequestValidationError as error:
            raise as_refusal(error.errors()) from None

    def _get_body(self, app: "Api") -> dict[str, Any]:  # type: ignore[override]
        """The body that `_check_body` has seen. Powertools would look at its media type once more, minding its case."""
        body: dict[str, Any] = app.current_event.json_body
        return body


def query_models(route: Route) -> list[type[BaseModel]]:
    """The models of the query parameters that a route takes."""
    annotations = [param.field_info.annotation for param in route.dependant.query_params]
    return [model for model in annotations if isinstance(model, type) and issubclass(model, BaseModel)]


@cache
def _known_parameters(*models: type[BaseModel]) -> dict[str, bool]:
    """The query parameters that the operation knows, and whether each takes several values."""
    return {
        info.alias or name: "list[" in str(info.annotation)
        for model in models
        for name, info in model.model_fields.items()
    }


def _canonical(parameters: Mapping[str, list[str]], known: Mapping[str, bool]) -> Parameters:
    """Parameters with lists in one form: `id[]=a`, `id[0]=a` and `id=a` are the same."""
    gathered: Parameters = defaultdict(list)
    for name, values in sorted(parameters.items()):
        indexed = _INDEXED.match(name)
        takes_several = indexed is not None and known.get(indexed["name"], False)
        gathered[indexed["name"] if indexed and takes_several else name] += values
    return dict(gathered)


def _check_parameters(parameters: Parameters, known: Mapping[str, bool]) -> None:
    if unknown := [name for name in parameters if name not in known]:
        raise UnrecognizedFields(unknown)
    for name, values in parameters.items():
        if len(values) > 1 and not known[name]:
            raise InvalidData.at(name, "is given more than once")


def _check_body(app: "Api") -> None:
    """Make sure that the body can be read as JSON. Its text is parsed here once; Powertools keeps the result."""
    event = app.current_event
    media_type = (event.headers.get("Content-Type") or "application/json").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise InvalidData.at("Content-Type", f"must be application/json, not {media_type[:100]}")
    try:
        text = event.decoded_body or ""
    except (Base64Error, UnicodeDecodeError):
        raise InvalidData("The body is not UTF-8 text") from None
    if len(text.encode(errors="replace")) > LARGEST_BODY_BYTES:
        raise PayloadTooLarge(f"The body is larger than {LARGEST_BODY_BYTES:,} bytes")
    if not text.strip():
        raise InvalidData("A JSON body is required")
    if not isinstance(event.json_body, dict):
        raise InvalidData("The body must be a JSON object")
