"""Invalid requests return an error in the documented shape and write nothing (`tests.api` checks both)."""

import json
import re
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
import simplejson

from tests import template
from tests.api import Answer, Client, Context, event, handler, operation_at
from tests.rules import BIG_SPENDERS

DOCUMENT = json.loads((template.ROOT / "docs" / "openapi.json").read_text())
WITH_BODY = [
    route
    for route in template.routes()
    if "requestBody" in DOCUMENT["paths"].get(route.path, {}).get(route.method.lower(), {})
]
BODIES: dict[str, dict[str, Any]] = {
    "create_customer_group": {"name": "VIP"},
    "create_customer": {"email": "ada@example.com"},
    "upsert_customer_group": {"name": "VIP"},
    "replace_customer_group_metadata": {"metadata": {}},
    "create_upload": {"filename": "vip.csv", "content_type": "text/csv", "size": 52},
    "put_reference": {"label": "VIP: 10 % off"},
    "put_exceptions": {"always": []},
    "preview_rule": {"rule": BIG_SPENDERS},
    "start_job": {"type": "export", "format": "csv"},
}


class Resource(NamedTuple):
    """The kind of record in a path: the prefix of its ids, its name in messages, and its not-found code."""

    prefix: str
    noun: str
    not_found: str


RESOURCES = {
    "customers": Resource("cus", "Customer", "customer_not_found"),
    "customer-groups": Resource("cusgroup", "Customer group", "customer_group_not_found"),
    "customer-group-jobs": Resource("job", "Job", "job_not_found"),
}


def _takes_keys_alone(route: template.Route) -> bool:
    return route.operation.startswith("upsert_")


operations_with_body = pytest.mark.parametrize("route", WITH_BODY, ids=lambda route: route.operation)
operations_on_one = pytest.mark.parametrize(
    "route",
    [route for route in template.routes() if "{id}" in route.path and not _takes_keys_alone(route)],
    ids=lambda route: route.operation,
)
operations = pytest.mark.parametrize("route", template.routes(), ids=lambda route: route.operation)


def send(api: Client, route: template.Route, body: Any, headers: dict[str, str] | None = None, **more: Any) -> Answer:
    return api.request(route.method, _path(route), body, headers, **more)


def _path(route: template.Route, item_id: str | None = None) -> str:
    """A path of the route, by default to a record that does not exist."""
    known = {"id": _id_for(route) if item_id is None else item_id, "system": "pricing", "reference_id": "vip"}
    return re.sub(r"{(\w+)}", lambda name: known[name[1]], route.path)


def _id_for(route: template.Route) -> str:
    if _takes_keys_alone(route):
        return "key:vip"
    return f"{RESOURCES[_resource(route)].prefix}_01JD9Z0000000000000000000A" if "{id}" in route.path else ""


def _resource(route: template.Route) -> str:
    return route.path.split("/")[2]


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
        '{"name": "VI\\ud800P"}',
        '{"VI\\udfffP": 1}',
    ],
    ids=lambda body: repr(body)[:24],
)
def test_refuses_a_body_that_is_not_a_json_object(api: Client, route: template.Route, body: str | None) -> None:
    answer = send(api, route, body)
    assert (answer.status, answer.body["type"]) == (400, "invalid_data")


@operations_with_body
@pytest.mark.parametrize(
    "media_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "json"],
)
def test_refuses_other_content_types(api: Client, route: template.Route, media_type: str) -> None:
    answer = send(api, route, '{"name":"VIP"}', {"Content-Type": media_type})
    assert (answer.status, answer.faults) == (400, {"Content-Type"})


@pytest.mark.parametrize("media_type", ["application/json", "application/json; charset=utf-8", "Application/JSON"])
def test_accepts_all_spellings_of_the_json_content_type(api: Client, media_type: str) -> None:
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
    unknown = json.dumps(BODIES.get(route.operation, {}) | {"nickname": "Größe 🦄"}, ensure_ascii=False)
    assert send(api, route, unknown, as_base64=True).message == "Unrecognized fields: 'nickname'"


@operations_with_body
@pytest.mark.parametrize("body", ["not base64!", "/w==", "e30", "=", "4pi"])
def test_refuses_invalid_base64(api: Client, route: template.Route, body: str) -> None:
    request = event(route.method, _path(route), body=body) | {"isBase64Encoded": True}
    assert api.send(request).status in (400, 404)


@operations_with_body
def test_names_every_unknown_field(api: Client, route: template.Route) -> None:
    answer = send(api, route, BODIES.get(route.operation, {}) | {"nickname": "V", "__proto__": {}})
    assert (answer.status, answer.body["code"]) == (400, "unrecognized_fields")
    assert answer.message == "Unrecognized fields: 'nickname', '__proto__'"
    assert answer.faults == {"nickname", "__proto__"}


@operations_with_body
def test_names_at_most_twenty_errors(api: Client, route: template.Route) -> None:
    answer = send(api, route, BODIES.get(route.operation, {}) | {f"field_{number}": number for number in range(500)})
    assert (answer.status, len(answer.faults)) == (400, 20)


@operations
def test_refuses_unknown_query_parameters(api: Client, route: template.Route) -> None:
    url = f"{route.path.replace('{id}', _id_for(route))}?nickname=V"
    answer = api.request(route.method, url, BODIES.get(route.operation) if route in WITH_BODY else None)
    assert (answer.status, answer.message) == (400, "Unrecognized fields: 'nickname'")


IMPOSSIBLE = [
    "%zz",
    "%00",
    "%",
    "..",
    "%2e%2e",
    "💥",
    "a;b",
    "{id}",
    "cus_' OR 1=1",
    "a#b",
    "x" * 129,
    "x" * 2_100,
    "ü\n",
]
WORK: dict[str, dict[str, Any]] = BODIES | {
    "update_customer_group": {"name": "VIP"},
    "update_customer": {"first_name": "Ada"},
    "manage_group_customers": {"remove": ["x"]},
    "manage_customer_groups": {"remove": ["x"]},
}
"""A body for each operation with which it writes, so that the id is used in all keys."""


@operations_on_one
@pytest.mark.parametrize("bad", IMPOSSIBLE, ids=lambda bad: repr(bad)[:12])
def test_returns_404_for_an_invalid_id_in_the_path(api: Client, route: template.Route, bad: str) -> None:
    answer = api.request(route.method, _path(route, bad), WORK[route.operation] if route in WITH_BODY else None)
    resource = RESOURCES[_resource(route)]
    assert (answer.status, answer.body["code"]) == (404, resource.not_found)
    assert answer.message == f"{resource.noun} with id: {bad} not found"


@pytest.mark.parametrize(
    "route", [route for route in WITH_BODY if route.operation.startswith("manage_")], ids=lambda route: route.operation
)
@pytest.mark.parametrize("field", ["add", "remove"])
@pytest.mark.parametrize("bad", ["", " ", *IMPOSSIBLE], ids=lambda bad: repr(bad)[:12])
def test_names_the_field_of_an_invalid_id(api: Client, route: template.Route, field: str, bad: str) -> None:
    answer = send(api, route, {field: ["cus_1", bad]})
    assert (answer.status, answer.faults) == (400, {f"{field}.1"})


@pytest.mark.parametrize("bad", ["", " ", *IMPOSSIBLE], ids=lambda bad: repr(bad)[:12])
@pytest.mark.parametrize(
    "place", ["customers?id", "customers?groups", "customer-groups?id", "customer-groups?customers"]
)
def test_finds_nothing_by_an_invalid_id(api: Client, place: str, bad: str) -> None:
    api.add(api.create_group("VIP"), api.create_customer("ada@example.com"))
    answer = api.get(f"/admin/{place}={quote(bad)}")
    assert (answer.status, answer.body["count"]) == (200, 0)


@operations
def test_accepts_an_event_without_optional_fields(api: Client, route: template.Route) -> None:
    request = event(route.method, _path(route))
    for name in ("headers", "multiValueHeaders", "queryStringParameters", "multiValueQueryStringParameters", "body"):
        request[name] = None
    answer = api.send(request)
    assert answer.status == (400 if route in WITH_BODY else 404 if "{id}" in route.path else 200), answer.text


@operations
def test_refuses_unknown_routes(api: Client, route: template.Route) -> None:
    request = event("PATCH", "/admin/nothing")
    raw = handler(route.operation)(request, Context(route.operation))
    assert raw["statusCode"] == 404
    assert json.loads(raw["body"]).items() >= {"type": "not_found", "code": "route_not_found"}.items()
    assert api.table.items() == []


@operations
def test_includes_the_request_id_in_every_error(api: Client, route: template.Route) -> None:
    request = event(route.method, f"{route.path.replace('{id}', _id_for(route))}", "nickname=V")
    body = api.send(request).body
    assert body["request_id"] == request["requestContext"]["requestId"]
    assert set(body) == {"type", "code", "message", "request_id", "errors"}
    assert all(set(problem) == {"path", "message"} for problem in body["errors"])


@operations
def test_sends_only_the_expected_headers(api: Client, route: template.Route) -> None:
    answer = api.request(route.method, _path(route), {} if route in WITH_BODY else None)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] in ("no-store", "private, no-cache")
    assert operation_at(route.method, _path(route, "x")) == route.operation


def test_uses_the_last_value_of_a_repeated_json_key(api: Client) -> None:
    assert api.post("/admin/customer-groups", '{"name":"First","name":"Last"}').group["name"] == "Last"


def test_keeps_numbers_exactly(api: Client) -> None:
    text = api.post("/admin/customer-groups", '{"name":"Exact","metadata":{"a":0.1,"b":1e2,"c":-0,"d":1.10}}').text
    assert simplejson.loads(text, use_decimal=True)["customer_group"]["metadata"] == simplejson.loads(
        '{"a":0.1,"b":100,"c":0,"d":1.1}', use_decimal=True
    )
