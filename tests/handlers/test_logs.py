"""Logs contain what is needed to find a request, but no personal data."""

import json
from io import StringIO
from typing import Any

import pytest

from shared.domain.errors import ApiError, CustomerGroupNotFound
from shared.dynamodb import retries
from shared.runtime.log import logger
from tests import template
from tests.afterwards import Surroundings
from tests.api import ADMIN, Client, Context, event, handler, invoke

PERSONAL = ("ada@example.com", "Lovelace", "7946", "grace.hopper@example.com", "203.0.113.7", "Secret plan")


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    """The log lines from now on."""
    written = StringIO()
    for handler_ in logger.handlers:
        monkeypatch.setattr(handler_, "stream", written)
    return written


def lines(log: StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_logs_the_request_id_and_code_of_an_error(api: Client, log: StringIO) -> None:
    request = event("GET", "/admin/customer-groups/nobody")
    api.send(request)
    (line,) = lines(log)
    assert line["correlation_id"] == request["requestContext"]["requestId"]
    assert (line["status"], line["code"]) == (404, "customer_group_not_found")


@pytest.mark.usefixtures("api")
def test_logs_errors_of_direct_invocations(log: StringIO) -> None:
    context = Context("get_customer_group")
    with pytest.raises(CustomerGroupNotFound):
        handler("get_customer_group")({"path": {"id": "nobody"}}, context)
    (line,) = lines(log)
    assert (line["correlation_id"], line["code"]) == (context.aws_request_id, "customer_group_not_found")


def test_does_not_log_successful_requests(api: Client, log: StringIO) -> None:
    api.create_group("VIP")
    assert lines(log) == []


def test_logs_no_personal_data(api: Client, log: StringIO) -> None:
    ada = api.create_customer("ada@example.com", last_name="Lovelace", phone="+44 20 7946 0000")
    api.post("/admin/customers", {"email": "ada@example.com", "last_name": "Lovelace"})
    api.post(f"/admin/customers/{ada['id']}", {"email": "ada@example.com", "phone": 7946})
    api.get("/admin/customers?q=Lovelace&email=ada@example.com")
    api.create_group("Secret plan")
    api.post("/admin/customer-groups", {"name": "Secret plan"})
    api.delete(f"/admin/customers/{ada['id']}")
    assert [line["code"] for line in lines(log)] == [
        "customer_email_taken",
        "invalid_data",
        "customer_group_name_taken",
    ]
    for word in PERSONAL:
        assert word not in log.getvalue()


def test_carries_no_log_keys_over_to_the_next_request(api: Client, log: StringIO) -> None:
    api.post("/admin/customer-groups", {"name": "\n"})
    api.get("/admin/customer-groups/nobody")
    first, second = lines(log)
    assert first["correlation_id"] != second["correlation_id"]
    assert (first["status"], second["status"]) == (400, 404)
    assert str(ADMIN["sub"]) not in json.dumps(second)


def test_logs_the_cause_of_an_unexpected_error_but_does_not_return_it(
    api: Client, log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("the table is on fire")

    monkeypatch.setattr(retries, "call", fail)
    request = event("GET", "/admin/customer-groups")
    raw = handler("list_customer_groups")(request, Context("list_customer_groups"))
    body = json.loads(raw["body"])
    assert raw["statusCode"] == 500
    assert body == {
        "type": "unexpected_state",
        "code": "unexpected",
        "message": "An unexpected error occurred. Quote the request id when you report it.",
        "request_id": request["requestContext"]["requestId"],
    }
    assert "the table is on fire" in log.getvalue()
    assert api.table.items() == []


ADDRESS = "ada@example.com"


def questions(route: template.Route) -> list[dict[str, Any]]:
    """Direct invocations with an e-mail address in every text field."""
    path = {"id": "cus_1" if "customers/{" in route.path else "cusgroup_1"} if "{id}" in route.path else {}
    fields = ("email", "first_name", "last_name", "company_name", "phone", "has_account", "name", "metadata", ADDRESS)
    bodies: list[Any] = [{name: ADDRESS} for name in fields] + [
        ADDRESS,
        {"add": [ADDRESS], "remove": ADDRESS},
        {"name": "VIP", "email": "x@example.com", "metadata": {ADDRESS: {"a": float("inf")}}},
        {"metadata": {ADDRESS: 10**60}},
        {"email": f"{ADDRESS} {ADDRESS}"},
        {"email": f"{'x' * 300}{ADDRESS}"},
        {"name": f"{ADDRESS}\n"},
    ]
    parameters = ("q", "id", "order", "limit", "cursor", "created_at", "fields", "has_account", "email", ADDRESS)
    queries: list[Any] = [{name: ADDRESS} for name in parameters] + [{"created_at": {ADDRESS: ADDRESS}}]
    headers = [{name: ADDRESS} for name in ("If-Match", "If-None-Match", "Idempotency-Key", "Content-Type", ADDRESS)]
    body = {"name": "Another", "email": "another@x.example"}
    return [
        {"path": {"id": ADDRESS}, "body": {}},
        {"path": {"id": f"{'x' * 900}{ADDRESS}"}, "body": {}},
        {"path": {ADDRESS: 5}},
        {ADDRESS: ADDRESS},
        {"path": path, "actor": ADDRESS, "body": body},
        *({"path": path, "body": one} for one in bodies),
        *({"path": path, "query": one} for one in queries),
        *({"path": path, "headers": one, "body": body} for one in headers),
    ]


@pytest.mark.parametrize("route", template.routes(), ids=lambda route: route.operation)
def test_direct_callers_get_the_field_but_never_its_value(
    api: Client, log: StringIO, capsys: pytest.CaptureFixture[str], route: template.Route
) -> None:
    api.create_customer(ADDRESS)
    api.create_group(ADDRESS)
    raised = []
    for question in questions(route):
        try:
            invoke(route.operation, **question)
        except ApiError as error:
            raised.append(str(error))
    assert len(raised) > 10
    assert ADDRESS not in "".join([*raised, log.getvalue(), *capsys.readouterr()])


def test_sends_invalid_events_to_the_dead_letter_queue_without_their_values_in_the_reason(
    api: Client, surroundings: Surroundings, log: StringIO
) -> None:
    api.create_customer(ADDRESS)
    event = {"source": "liqnic.storefront", "time": "2026-11-24T09:00:00Z", "detail-type": "customer.created"}
    for detail in ({"email": ADDRESS, "version": 1, "id": "shop-1"}, {"id": ADDRESS, "version": ADDRESS}):
        handler("sync_customer")({**event, "detail": detail}, Context("sync_customer"))
    reasons = [letter["reason"] for letter in surroundings.dead_letters()]
    assert reasons[0] == "CustomerEmailTaken: email: another customer has it"
    assert ADDRESS not in "".join([*reasons, log.getvalue()])


def test_removes_addresses_from_unexpected_exceptions(
    api: Client, log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError(f"cannot divide {ADDRESS} or 'grace.hopper+x@mail.example'")

    monkeypatch.setattr(retries, "call", fail)
    handler("list_customer_groups")(event("GET", "/admin/customer-groups"), Context("list_customer_groups"))
    assert "cannot divide <address> or '<address>'" in log.getvalue()
    assert "@" not in log.getvalue()
    assert api.table.items() == []
