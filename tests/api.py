"""A client of the API. It builds the events that API Gateway sends, and invokes the functions with them.

In all tests, each response is validated with the OpenAPI document. A 5xx fails the test, and so does an error response
or a read that changes the table.
"""

import base64
import importlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final, override
from urllib.parse import parse_qsl, unquote
from uuid import uuid4

import jsonschema_rs
import simplejson
from aws_lambda_powertools.utilities.typing import LambdaContext

from shared.http.idempotency import REPLAYED
from tests import template
from tests.table import Table

type Claims = Mapping[str, str | list[str]]
type Event = dict[str, Any]

ORIGIN: Final = "https://admin.example.com"
ADMIN: Final[Claims] = {
    "sub": "3f1c1a52-9e0e-4c1e-8f0b-7d1b6f3a2c44",
    "cognito:groups": "admin",
    "scope": "aws.cognito.signin.user.admin",
    "token_use": "access",
    "jti": "0a8f7a5e-6c2f-4d53-9a55-1f0f4f0b2d11",
    "client_id": "4s2adminwebappexample",
    "username": "grace.hopper@example.com",
}


class Context(LambdaContext):
    """The context that Lambda passes to a function."""

    def __init__(self, operation: str) -> None:
        self._function_name = operation
        self._function_version = "7"
        self._invoked_function_arn = f"arn:aws:lambda:eu-central-1:123456789012:function:{operation}:live"
        self._memory_limit_in_mb = 1024
        self._aws_request_id = str(uuid4())
        self._log_group_name = "customer-groups"
        self._log_stream_name = "2026/11/23/[7]d0c1"

    @staticmethod
    @override
    def get_remaining_time_in_millis() -> int:
        return 120_000  # long enough for a slow and busy test machine


@dataclass(frozen=True)
class Answer:
    """An HTTP response."""

    status: int
    body: Any
    headers: Mapping[str, str]
    text: str

    @property
    def etag(self) -> str:
        return self.headers["ETag"]

    @property
    def group(self) -> dict[str, Any]:
        assert self.status == 200, self.text
        group: dict[str, Any] = self.body["customer_group"]
        return group

    @property
    def customer(self) -> dict[str, Any]:
        assert self.status == 200, self.text
        customer: dict[str, Any] = self.body["customer"]
        return customer

    @property
    def message(self) -> str:
        assert self.status >= 400, self.text
        return str(self.body["message"])

    @property
    def faults(self) -> set[str]:
        """The paths of the fields in an error."""
        return {problem["path"] for problem in self.body.get("errors", [])}

    def shown(self, attribute: str) -> list[Any]:
        """One attribute of all records in a list, in order."""
        assert self.status == 200, self.text
        (name,) = {"customer_groups", "customers"} & set(self.body)
        return [one[attribute] for one in self.body[name]]


@dataclass(frozen=True)
class Client:
    """A client with an access token. Paths include the query string."""

    table: Table
    claims: Claims = field(default_factory=lambda: ADMIN)
    watches_table: bool = True
    """Whether error responses and reads are checked to not change the table, which needs two scans."""

    def signed_in_as(self, role: str, sub: str = "7a0d2c1e-5b7f-4f0e-9d3a-2f64d1c0b9e1") -> "Client":
        return replace(self, claims={**ADMIN, "sub": sub, "cognito:groups": role})

    def get(self, url: str, **headers: str) -> Answer:
        return self.request("GET", url, headers=headers)

    def post(self, url: str, body: Any = None, **headers: str) -> Answer:
        return self.request("POST", url, body, headers)

    def put(self, url: str, body: Any = None, **headers: str) -> Answer:
        return self.request("PUT", url, body, headers)

    def delete(self, url: str, **headers: str) -> Answer:
        return self.request("DELETE", url, headers=headers)

    def request(
        self,
        method: str,
        url: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        *,
        as_base64: bool = False,
    ) -> Answer:
        """Send a request. `body` is JSON or a text. Header names can be written with `_` instead of `-`."""
        path, _, query = url.partition("?")
        written = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        return self.send(event(method, path, query, body, written, self.claims, as_base64=as_base64))

    def send(self, request: Event) -> Answer:
        """Invoke the function for the route of a proxy event."""
        before = self.table.state() if self.watches_table else {}
        raw = handler(operation_at(request["httpMethod"], request["path"]))(request, _context(request))
        answer = _answer(raw)
        assert answer.status < 500, answer.text
        _check_described(request["httpMethod"], request["path"], answer)
        if self.watches_table and (answer.status >= 400 or request["httpMethod"] == "GET"):
            assert self.table.state() == before, f"{answer.status}, but something was written"
        return answer

    def create_group(self, name: str, metadata: Any = None, **more: Any) -> dict[str, Any]:
        body = {"name": name, **({} if metadata is None else {"metadata": metadata}), **more}
        return self.post("/admin/customer-groups", body).group

    def create_customer(self, email: str | None, **profile: Any) -> dict[str, Any]:
        return self.post("/admin/customers", {"email": email, **profile}).customer

    def add(self, group: Mapping[str, Any], *customers: Mapping[str, Any]) -> Answer:
        ids = [customer["id"] for customer in customers]
        answer = self.post(f"/admin/customer-groups/{group['id']}/customers", {"add": ids})
        assert answer.status == 200, answer.text
        return answer

    def member_ids(self, group: Mapping[str, Any]) -> list[str]:
        return self.get(f"/admin/customer-groups/{group['id']}/customers?limit=1000").shown("id")

    def count_of(self, group: Mapping[str, Any]) -> int:
        count: int = self.get(f"/admin/customer-groups/{group['id']}").group["customer_count"]
        return count

    def groups_of(self, customer: Mapping[str, Any]) -> set[str]:
        answer = self.get(f"/admin/customers/{customer['id']}?fields=groups.name")
        return {group["name"] for group in answer.customer["groups"]}


def event(
    method: str,
    path: str,
    query: str = "",
    body: Any = None,
    headers: Mapping[str, str] | None = None,
    claims: Claims | None = ADMIN,
    *,
    as_base64: bool = False,
) -> Event:
    """A proxy event as the REST API sends it."""
    route, ids = _route(method, path)
    pairs = parse_qsl(query, keep_blank_values=True)
    all_headers = {"Accept": "application/json", "Host": "api.example.com", "Origin": ORIGIN}
    if claims is not None:
        all_headers["Authorization"] = f"Bearer {token(claims)}"
    all_headers |= dict(headers or {})
    text = body if isinstance(body, str) or body is None else simplejson.dumps(body, use_decimal=True)
    if text is not None and "Content-Type" not in all_headers:
        all_headers["Content-Type"] = "application/json"
    if text is not None and as_base64:
        text = base64.b64encode(text.encode()).decode()
    return {
        "resource": route,
        "path": path,
        "httpMethod": method,
        "headers": all_headers,
        "multiValueHeaders": {name: [value] for name, value in all_headers.items()},
        "queryStringParameters": dict(pairs) or None,
        "multiValueQueryStringParameters": {name: [v for n, v in pairs if n == name] for name, _ in pairs} or None,
        "pathParameters": ids or None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": route,
            "httpMethod": method,
            "path": f"/live{path}",
            "stage": "live",
            "accountId": "123456789012",
            "apiId": "a1b2c3d4e5",
            "requestId": str(uuid4()),
            "requestTimeEpoch": 1795406400000,
            "protocol": "HTTP/1.1",
            "identity": {"sourceIp": "203.0.113.7", "userAgent": "Mozilla/5.0"},
            **({"authorizer": {"claims": _as_texts(claims)}} if claims is not None else {}),
        },
        "body": text,
        "isBase64Encoded": as_base64,
    }


def token(claims: Claims) -> str:
    """An access token with these claims. Its signature is not checked, because the gateway has verified it."""
    head, content = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({}, claims))
    return f"{head}.{content}.signature"


def _as_texts(claims: Claims) -> dict[str, str]:
    """Claims as a REST API passes them on: lists are joined with commas."""
    return {name: value if isinstance(value, str) else ",".join(value) for name, value in claims.items()}


def invoke(operation: str, **request: Any) -> Any:
    """Invoke a function directly, as Step Functions or another Lambda does."""
    return handler(operation)(json.loads(json.dumps(request)), Context(operation))


@cache
def handler(operation: str) -> Callable[[Event, LambdaContext], Any]:
    """The function's handler, loaded once, like in a warm container."""
    found: Callable[[Event, LambdaContext], Any] = importlib.import_module(f"functions.{operation}.handler").handler
    return found


def operation_at(method: str, path: str) -> str:
    for route in template.routes():
        if route.method == method and template.path_pattern(route.path).fullmatch(path):
            return route.operation
    raise LookupError(f"API Gateway has no route {method} {path}")


def _route(method: str, path: str) -> tuple[str, dict[str, str]]:
    for route in template.routes():
        if route.method == method and (match := template.path_pattern(route.path).fullmatch(path)):
            return route.path, {name: unquote(value) for name, value in match.groupdict().items()}
    return path, {}


def _context(request: Event) -> Context:
    return Context(operation_at(request["httpMethod"], request["path"]))


def _answer(raw: Mapping[str, Any]) -> Answer:
    headers = {name: ", ".join(values) for name, values in raw.get("multiValueHeaders", {}).items()}
    text = raw.get("body") or ""
    return Answer(raw["statusCode"], simplejson.loads(text, use_decimal=True) if text else None, headers, text)


def _check_described(method: str, path: str, answer: Answer) -> None:
    """Assert that the OpenAPI document describes the response."""
    if answer.status == 304:
        assert answer.text == ""
        return
    assert answer.headers["Content-Type"].startswith("application/json")
    route, _ = _route(method, path)
    described = _document()["paths"][route][method.lower()]["responses"]
    assert str(answer.status) in described, f"{method} {route} is not documented to return {answer.status}"
    _check_headers(answer, described[str(answer.status)].get("headers", {}))
    _validator(route, method, str(answer.status)).validate(simplejson.loads(answer.text))
    if REPLAYED in answer.headers:
        assert answer.headers[REPLAYED] == "true"


def _check_headers(answer: Answer, described: Mapping[str, Any]) -> None:
    """Assert that the response headers are documented and valid."""
    for name in {"ETag", "Retry-After", REPLAYED} & set(answer.headers):
        text = answer.headers[name]
        schema = described[name]["schema"]
        jsonschema_rs.validate(schema, int(text) if schema["type"] == "integer" else text)


@cache
def _document() -> dict[str, Any]:
    """The committed OpenAPI document, in which undocumented properties are not allowed."""
    document: dict[str, Any] = json.loads((template.ROOT / "docs" / "openapi.json").read_text())
    for schema in document["components"]["schemas"].values():
        if schema.get("type") == "object":
            schema["additionalProperties"] = False
    return document


@cache
def _validator(route: str, method: str, status: str) -> jsonschema_rs.Draft202012Validator:
    answer = _document()["paths"][route][method.lower()]["responses"][status]["content"]["application/json"]["schema"]
    return jsonschema_rs.Draft202012Validator({**answer, "components": _document()["components"]})
