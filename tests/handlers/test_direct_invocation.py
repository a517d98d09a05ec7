"""Direct invocation by other AWS services, without HTTP."""

import json
from typing import Any

import pytest
from botocore.client import BaseClient

from shared.domain import errors
from shared.domain.errors import ApiError
from tests import template
from tests.api import Client, invoke


def test_returns_the_plain_object(api: Client) -> None:
    answer = invoke("create_customer_group", body={"name": "VIP", "metadata": {"points": 52, "rate": -0.1}})
    group = answer["customer_group"]
    assert (group["name"], group["metadata"], group["version"]) == ("VIP", {"points": 52, "rate": -0.1}, 1)
    assert api.get(f"/admin/customer-groups/{group['id']}").group["name"] == "VIP"


def test_accepts_path_query_and_body(api: Client) -> None:
    group, ada = api.create_group("VIP"), api.create_customer("ada@example.com")
    managed = invoke("manage_group_customers", path={"id": group["id"]}, body={"add": [ada["id"]]})
    assert managed["added"] == [ada["id"]]
    listed = invoke(
        "list_customers",
        query={"groups": [group["id"]], "created_at": {"$gte": "2020-01-01"}, "limit": 5, "has_account": False},
    )
    assert [one["id"] for one in listed["customers"]] == [ada["id"]]
    for customers in (ada["id"], [ada["id"]], {"id": ada["id"]}, {"id": [ada["id"]]}):
        found = invoke("list_customer_groups", query={"customers": customers})
        assert [one["id"] for one in found["customer_groups"]] == [group["id"]]
    shown = invoke("get_customer_group", path={"id": group["id"]}, query={"fields": "name,customers.id"})
    assert shown == {"customer_group": {"id": group["id"], "name": "VIP", "customers": [{"id": ada["id"]}]}}
    assert invoke("delete_customer_group", path={"id": group["id"]})["deleted"] is True


def test_stores_the_actor(api: Client) -> None:
    named = invoke("create_customer_group", body={"name": "VIP"}, actor="order-service")["customer_group"]
    unnamed = invoke("create_customer_group", body={"name": "Wholesale"})["customer_group"]
    assert (named["created_by"], unnamed["created_by"]) == ("order-service", "service")
    assert api.table.changes(named["id"])[0]["actor"] == "order-service"


@pytest.mark.parametrize(
    ("operation", "request_", "error"),
    [
        ("get_customer_group", {"path": {"id": "nobody"}}, errors.CustomerGroupNotFound),
        ("get_customer", {"path": {"id": "nobody"}}, errors.CustomerNotFound),
        ("delete_customer_group", {"path": {"id": "nobody"}}, errors.CustomerGroupNotFound),
        ("create_customer_group", {"body": {"name": ""}}, errors.InvalidData),
        ("create_customer_group", {"body": {"nickname": "V"}}, errors.UnrecognizedFields),
        ("create_customer_group", {"body": None}, errors.InvalidData),
        ("create_customer_group", {"body": {"name": "Taken"}}, errors.CustomerGroupNameTaken),
        ("create_customer_group", {"boby": {"name": "V"}}, errors.UnrecognizedFields),
        ("create_customer_group", {"body": {"name": "V"}, "actor": 5}, errors.InvalidData),
        ("create_customer_group", {"body": {"name": "V"}, "actor": ""}, errors.InvalidData),
        ("create_customer_group", {"body": {"name": "V"}, "actor": "x" * 256}, errors.InvalidData),
        ("create_customer_group", {"body": {"name": "V"}, "actor": "ada@example.com"}, errors.InvalidData),
        ("create_customer_group", {"body": {"name": "V", "metadata": {"a": float("nan")}}}, errors.InvalidData),
        ("get_customer_group", {}, errors.InvalidData),
        ("get_customer_group", {"path": {"id": 5}}, errors.InvalidData),
        ("list_customer_groups", {"query": {"limit": 5_000}}, errors.InvalidData),
        ("list_customer_groups", {"query": {"created_at": {"$foo": "2026-01-01"}}}, errors.UnrecognizedFields),
        ("list_customer_groups", {"query": []}, errors.InvalidData),
    ],
)
def test_raises_errors_by_name(api: Client, operation: str, request_: dict[str, Any], error: type[ApiError]) -> None:
    api.create_group("Taken")
    before = api.table.contents()
    with pytest.raises(ApiError) as raised:
        invoke(operation, **request_)
    assert type(raised.value) is error
    assert raised.value.message
    assert api.table.contents() == before


def counted(written: str) -> list[dict[str, Any]]:
    """The metrics in the log output."""
    return [json.loads(line) for line in written.splitlines() if '"_aws"' in line]


def test_counts_errors_of_callers_so_that_the_alarm_can_subtract_them(
    api: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    api.create_group("Taken")
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("create_customer_group", {"body": {"name": "Taken"}}),
        ("get_customer", {"path": {"id": "nobody"}}),
        ("create_customer_group", {"boby": {"name": "V"}}),
        ("resolve_customer_groups", {"customer": "nobody"}),
    ]
    for operation, request in wrong:
        capsys.readouterr()
        with pytest.raises(ApiError):
            invoke(operation, **request)
        (metric,) = counted(capsys.readouterr().out)
        assert (metric["DirectRefusals"], metric["service"]) == ([1.0], "customer-groups")
        assert metric["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "CustomerGroups"


def test_does_not_count_unexpected_errors_and_http_errors(
    api: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert api.get("/admin/customers/nobody").status == 404
    monkeypatch.setattr(BaseClient, "_make_api_call", lambda *_: 1 / 0)
    with pytest.raises(errors.Unexpected):
        invoke("get_customer", path={"id": "nobody"})
    assert counted(capsys.readouterr().out) == []


def test_checks_preconditions(api: Client) -> None:
    group = api.create_group("VIP")
    with pytest.raises(errors.PreconditionFailed):
        invoke("update_customer_group", path={"id": group["id"]}, body={"name": "X"}, headers={"If-Match": '"7"'})


def test_runs_once_for_an_idempotency_key(api: Client) -> None:
    request = {"body": {"name": "VIP"}, "headers": {"Idempotency-Key": "run-1"}}
    first = invoke("create_customer_group", **request)
    assert invoke("create_customer_group", **request) == first
    assert api.get("/admin/customer-groups").body["count"] == 1


def test_an_actor_in_a_gateway_event_is_ignored(api: Client) -> None:
    """`actor` is only used in direct invocations, not in events that look like HTTP requests."""
    with pytest.raises(errors.UnrecognizedFields):
        invoke("create_customer_group", httpMethod="POST", body={"name": "VIP"}, actor="admin")
    assert api.table.items() == []


@pytest.mark.parametrize(
    "route", [route for route in template.routes() if "{id}" in route.path], ids=lambda route: route.operation
)
@pytest.mark.parametrize("path", ["../x", "a/b", "%zz", "", " ", "ü", "x" * 129, "x" * 2_100])
def test_finds_nothing_with_an_invalid_id(api: Client, route: template.Route, path: str) -> None:
    bodies: dict[str, dict[str, Any]] = {"replace_customer_group_metadata": {"metadata": {}}}
    with pytest.raises((errors.NotFound, errors.InvalidData)):
        invoke(route.operation, path={"id": path}, body=bodies.get(route.operation, {}))
    assert api.table.items() == []
