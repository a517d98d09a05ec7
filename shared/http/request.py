"""Checks of requests where Powertools' own validation is too lenient."""

import re
from binascii import Error as Base64Error
from collections import defaultdict
from collections.abc import Mapping
from enum import Enum, auto
from functools import cache
from typing import Any, Final, get_args, get_origin

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Route
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from aws_lambda_powertools.event_handler.middlewares.openapi_validation import OpenAPIRequestValidationMiddleware
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from shared.domain.errors import InvalidData, PayloadTooLarge, UnrecognizedFields
from shared.domain.validation import as_refusal
from shared.http.resolver import Resolver

LARGEST_BODY_BYTES: Final = 1_000_000
_IN_A_LIST = re.compile(r"(?P<name>[^\[\]]+)\[\d*\]\Z")
_BY_ID = re.compile(r"(?P<name>[^\[\]]+)\[id\](?:\[\d*\])?\Z")

type Parameters = dict[str, list[str]]


class Takes(Enum):
    """Which values a query parameter takes."""

    ONE = auto()
    SEVERAL = auto()
    """One or more values: `id=a`, `id[]=a`, `id[0]=a`."""
    RELATED = auto()
    """The ids of a relation: as above, or as an object: `groups[id]=a`, `groups[id][]=a`."""


class RequestCheck(OpenAPIRequestValidationMiddleware):
    """Powertools' validation, preceded by checks for unknown and repeated parameters and for other media types."""

    def handler(self, app: Resolver, next_middleware: NextMiddleware) -> Response[Any]:  # type: ignore[override] # narrowed to our resolver
        event = app.current_event
        route: Route = app.context["_route"]
        known = known_parameters(*query_models(route))
        parameters = _canonical(event.multi_value_query_string_parameters, known)
        _check_parameters(parameters, known)
        event.raw_event["multiValueQueryStringParameters"] = parameters
        if route.dependant.body_params:
            _check_body(app)
        try:
            return super().handler(app, next_middleware)
        except RequestValidationError as error:
            raise as_refusal(error.errors()) from None

    def _get_body(self, app: Resolver) -> dict[str, Any]:  # type: ignore[override] # narrowed to our resolver
        """The body that `_check_body` has checked. Powertools would check the media type again, case-sensitively."""
        body: dict[str, Any] = app.current_event.json_body
        return body


def query_models(route: Route) -> list[type[BaseModel]]:
    """The models of the query parameters that a route takes."""
    annotations = [param.field_info.annotation for param in route.dependant.query_params]
    return [model for model in annotations if isinstance(model, type) and issubclass(model, BaseModel)]


@cache
def known_parameters(*models: type[BaseModel]) -> dict[str, Takes]:
    """The query parameters of the operation, and which values each takes."""
    return {
        info.alias or name: _takes(info, related=name in getattr(model, "relations", ()))
        for model in models
        for name, info in model.model_fields.items()
    }


def _takes(info: FieldInfo, *, related: bool) -> Takes:
    if related:
        return Takes.RELATED
    return Takes.SEVERAL if holds_list(info.annotation) else Takes.ONE


def holds_list(annotation: object) -> bool:
    """Whether a type is a list, or a union with one."""
    return get_origin(annotation) is list or any(map(holds_list, get_args(annotation)))


def _canonical(parameters: Mapping[str, list[str]], known: Mapping[str, Takes]) -> Parameters:
    """Parameters with all lists in one form: `id[]=a` and `id[0]=a` become `id=a`."""
    gathered: Parameters = defaultdict(list)
    for name, values in sorted(parameters.items()):
        gathered[plain_name(name, known)] += values
    return dict(gathered)


def plain_name(written: str, known: Mapping[str, Takes]) -> str:
    """The parameter's name without the brackets of a list or an object."""
    for form, understood in ((_IN_A_LIST, {Takes.SEVERAL, Takes.RELATED}), (_BY_ID, {Takes.RELATED})):
        match = form.match(written)
        if match and known.get(match["name"]) in understood:
            return match["name"]
    return written


def _check_parameters(parameters: Parameters, known: Mapping[str, Takes]) -> None:
    if unknown := [name for name in parameters if name not in known]:
        raise UnrecognizedFields(unknown)
    for name, values in parameters.items():
        if len(values) > 1 and known[name] is Takes.ONE:
            raise InvalidData.at(name, "is given more than once")


def _check_body(app: Resolver) -> None:
    """Check that the body is a JSON object. It is parsed here once, and Powertools caches the result."""
    event = app.current_event
    media_type = (event.headers.get("Content-Type") or "application/json").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise InvalidData.at(
            "Content-Type", f"must be application/json, not {media_type[:100]}", log_message="must be application/json"
        )
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
