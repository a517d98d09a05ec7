"""Direct invocation: `{"path": {…}, "query": {…}, "body": {…}, "actor": "…"}` from another AWS service."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ConfigDict, Field, ValidationError

from shared.domain import exact_json
from shared.domain.errors import InvalidData
from shared.domain.validation import as_refusal
from shared.domain.values import Actor, Model
from shared.runtime import environment

type Event = dict[str, Any]


class Invocation(Model):
    """The event of a direct invocation."""

    model_config = ConfigDict(extra="forbid")

    path: dict[str, str] = Field(default={})
    query: dict[str, Any] = Field(default={})
    body: Any = None
    headers: dict[str, str] = Field(default={})
    actor: Actor = "service"


def is_direct(event: object) -> bool:
    """Whether an event comes from another service rather than from API Gateway."""
    return not (isinstance(event, dict) and "requestContext" in event)


def as_request(event: Event, method: str, path: str) -> Event:
    """The equivalent HTTP request to the operation at `method` and `path`. Raises InvalidData."""
    try:
        invocation = Invocation.model_validate(event)
        filled = re.sub(r"{(\w+)}", lambda name: invocation.path[name[1]], path)
        body = None if invocation.body is None else exact_json.dumps(invocation.body)
    except ValidationError as error:
        raise as_refusal(error.errors()) from None
    except ValueError:
        raise InvalidData.at("body", "is not JSON") from None
    except KeyError as missing:
        raise InvalidData.at(f"path.{missing.args[0]}", "Field required") from None
    return {
        "httpMethod": method,
        "path": filled,
        "multiValueQueryStringParameters": _flat(invocation.query),
        "headers": invocation.headers,
        "multiValueHeaders": {name: [value] for name, value in invocation.headers.items()},
        "body": body,
        "isBase64Encoded": False,
        "actor": invocation.actor,
    }


def count_refusal() -> None:
    """Count an error caused by the caller. Lambda counts it as a function error, so the alarm must subtract it."""
    from aws_lambda_powertools.metrics import MetricUnit, single_metric  # noqa: PLC0415 - few invocations need it

    with single_metric(name="DirectRefusals", unit=MetricUnit.Count, value=1) as metric:
        metric.add_dimension("service", environment.service_name())


def _flat(query: Mapping[str, Any]) -> dict[str, list[str]]:
    """`{"created_at": {"$gte": "2026"}, "id": ["a", "b"]}` as the parameters of a URL."""
    flat: dict[str, list[str]] = {}
    for name, value in query.items():
        if isinstance(value, Mapping):
            flat |= {f"{name}[{inner}]": _texts(one) for inner, one in value.items()}
        else:
            flat[name] = _texts(value)
    return flat


def _texts(value: object) -> list[str]:
    return [_text(one) for one in (value if isinstance(value, list) else [value])]


def _text(value: object) -> str:
    return value if isinstance(value, str) else exact_json.dumps(value)
