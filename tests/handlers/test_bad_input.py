"""Whatever is sent, the answer is a refusal in the one shape, and nothing is written (`tests.api` sees to both)."""

import json
from typing import Any

import pytest
import simplejson

from tests import template
from tests.api import Answer, Client, Context, event, handler, operation_at

WITH_BODY = [route for route in template.routes() if route.method in ("POST", "PUT")]
BODIES: dict[str, dict[str, Any]] = {
    "create_customer_group": {"name": "VIP"},
    "create_customer": {"email": "ada@example.com"},
    "replace_customer_group_metadata": {"metadata": {}},
}
operations_with_body = pytest.mark.parametrize("route", WITH_BODY, ids=lambda route: route.operation)
operations_on_one = pytest.mark.parametrize(
    "route", [route for route in template.routes() if "{id}" in route.path], ids=lambda route: route.operation
)
operations = pytest.mark.parametrize("route", template.routes(), ids=lambda route: route.operation)


def send(api: Client, route: template.Route, body: Any, headers: dict[str, str] | None = None, **more: Any) -> Answer:
    return api.request(route.method, route.path.replace("{id}", _id_for(route)), body, headers, **more)


def _id_for(route: template.Route) -> str:
    return "cus_01JD9Z0000000000000000000A" if "customers/{" in route.path else "cusgroup_01JD9Z0000000000000000000A"


@operations_with_body
@pytest.mark.parametrize(
    "body",
    [
        None,
        "",
        "  \n ",
        "{",
        '{"name": "VIP"',
        '{"name": "VIP"}}',
        "{'name': 'VIP'}",
        "name=VIP",
        "null",
        "[]",
        '"VIP"',
        "42",
        "true",
        "NaN",
        "1e999999999999999999999",
        "\0",
        "\ud800",
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"name": 1e999999999999999999999}',
        f'{{"name": {"9" * 10_000}}}',
        '{"name": Infinity}',
        '{"name": undefined}',
    ],
    ids=lambda body: repr(body)[:24],
)
def test_refuses_a_body_that_is_no_json_object(api: Client, route: template.Route, body: str | None) -> None:
    answer = send(api, route, body)
    assert (answer.status, answer.body["type"]) == (400, "invalid_data")


@operations_with_body
@pytest.mark.parametrize(
    "media_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "json"],
)
def test_refuses_another_content_type(api: Client, route: template.Route, media_type: str) -> None:
    answer = send(api, route, '{"name":"VIP"}', {"Content-Type": media_type})
    assert (answer.status, answer.faults) == (400, {"Content-Type"})


@pytest.mark.parametrize("media_type", ["application/json", "application/json; charset=utf-8", "Application/JSON"])
def test_takes_json_however_it_is_called(api: Client, media_type: str) -> None:
    headers = {"content-type": media_type}
    request = event("POST", "/admin/customer-groups", body={"name": "VIP"})
    del request["headers"]["Content-Type"], request["multiValueHeaders"]["Content-Type"]
    request["headers"] |= headers
    request["multiValueHeaders"] |= {name: [value] for name, value in headers.items()}
    assert api.send(request).group["name"] == "VIP"


@operations_with_body
def test_refuses_a_body_of_more_than_a_megabyte(api: Client, route: template.Route) -> None:
    answer = send(api, route, json.dumps({"name": "x" * 1_000_000}))
    assert (answer.status, answer.body["type"], answer.body["code"]) == (413, "payload_too_large", "payload_too_large")
    assert send(api, route, json.dumps({"name": "ü" * 500_000}, ensure_ascii=False)).status == 413


@operations_with_body
def test_reads_a_base64_body(api: Client, route: template.Route) -> None:
    body = BODIES.get(route.operation, {})
    assert send(api, route, body, as_base64=True).status == send(Client(api.table), route, body).status or body
    assert send(api, route, '{"nickname": "Größe 🦄"}', as_base64=True).message == "Unrecognized fields: 'nickname'"


@operations_with_body
@pytest.mark.parametrize("body", ["not base64!", "/w==", "e30", "=", "4pi"])
def test_refuses_what_is_no_base64_of_text(api: Client, route: template.Route, body: str) -> None:
    request = event(route.method, route.path.replace("{id}", _id_for(route)), body=body) | {"isBase64Encoded": True}
    assert api.send(request).status in (400, 404)


@operations_with_body
def test_names_every_unknown_field(api: Client, route: template.Route) -> None:
    answer = send(api, route, BODIES.get(route.operation, {}) | {"nickname": "V", "__proto__": {}})
    assert (answer.status, answer.body["code"]) == (400, "unrecognized_fields")
    assert answer.message == "Unrecognized fields: 'nickname', '__proto__'"
    assert answer.faults == {"nickname", "__proto__"}


@operations_with_body
def test_tells_twenty_faults_at_most(api: Client, route: template.Route) -> None:
    answer = send(api, route, BODIES.get(route.operation, {}) | {f"field_{number}": number for number in range(500)})
    assert (answer.status, len(answer.faults)) == (400, 20)


@operations
def test_refuses_unknown_query_parameters(api: Client, route: template.Route) -> None:
    url = f"{route.path.replace('{id}', _id_for(route))}?nickname=V"
    answer = api.request(route.method, url, BODIES.get(route.operation) if route in WITH_BODY else None)
    assert (answer.status, answer.message) == (400, "Unrecognized fields: 'nickname'")


@operations_on_one
@pytest.mark.parametrize("bad", ["%zz", "%00", "%", "..", "%2e%2e", "💥", "x" * 2_000, "a;b", "{id}", "cus_' OR 1=1"])
def test_answers_404_for_a_path_with_an_id_that_cannot_be(api: Client, route: template.Route, bad: str) -> None:
    body = BODIES.get(route.operation, {}) if route in WITH_BODY else None
    answer = api.request(route.method, route.path.replace("{id}", bad), body)
    assert (answer.status, answer.body["type"]) == (404, "not_found")


@operations
def test_bears_an_event_with_nothing_optional_in_it(api: Client, route: template.Route) -> None:
    request = event(route.method, route.path.replace("{id}", _id_for(route)))
    for name in ("headers", "multiValueHeaders", "queryStringParameters", "multiValueQueryStringParameters", "body"):
        request[name] = None
    answer = api.send(request)
    assert answer.status == (400 if route in WITH_BODY else 404 if "{id}" in route.path else 200)


@operations
def test_refuses_a_route_that_is_not_its_own(api: Client, route: template.Route) -> None:
    request = event("PATCH", "/admin/nothing")
    raw = handler(route.operation)(request, Context(route.operation))
    assert raw["statusCode"] == 404
    assert json.loads(raw["body"]).items() >= {"type": "not_found", "code": "route_not_found"}.items()
    assert api.table.items() == []


@operations
def test_gives_every_refusal_the_request_id(api: Client, route: template.Route) -> None:
    request = event(route.method, f"{route.path.replace('{id}', _id_for(route))}", "nickname=V")
    body = api.send(request).body
    assert body["request_id"] == request["requestContext"]["requestId"]
    assert set(body) == {"type", "code", "message", "request_id", "errors"}
    assert all(set(problem) == {"path", "message"} for problem in body["errors"])


@operations
def test_says_no_more_than_needed_in_headers(api: Client, route: template.Route) -> None:
    answer = api.request(route.method, route.path.replace("{id}", _id_for(route)), {} if route in WITH_BODY else None)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] in ("no-store", "private, no-cache")
    assert operation_at(route.method, route.path.replace("{id}", "x")) == route.operation


def test_reads_the_last_of_a_repeated_json_key(api: Client) -> None:
    assert api.post("/admin/customer-groups", '{"name":"First","name":"Last"}').group["name"] == "Last"


def test_keeps_what_is_no_float_exactly(api: Client) -> None:
    text = api.post("/admin/customer-groups", '{"name":"Exact","metadata":{"a":0.1,"b":1e2,"c":-0,"d":1.10}}').text
    assert simplejson.loads(text, use_decimal=True)["customer_group"]["metadata"] == simplejson.loads(
        '{"a":0.1,"b":100,"c":0,"d":1.1}', use_decimal=True
    )
