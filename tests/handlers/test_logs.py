"""What the functions log: enough to find a request, and nothing that belongs to a person."""

import json
from io import StringIO

import pytest

from shared.api import logger
from shared.errors import CustomerGroupNotFound
from shared.storage import table as storage_table
from tests.api import ADMIN, Client, Context, event, handler

PERSONAL = ("ada@example.com", "Lovelace", "7946", "grace.hopper@example.com", "203.0.113.7", "Secret plan")


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    """What is logged from now on."""
    written = StringIO()
    for handler_ in logger.handlers:
        monkeypatch.setattr(handler_, "stream", written)
    return written


def lines(log: StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_tells_of_a_refusal_its_request_id_and_its_code(api: Client, log: StringIO) -> None:
    request = event("GET", "/admin/customer-groups/nobody")
    api.send(request)
    (line,) = lines(log)
    assert line["correlation_id"] == request["requestContext"]["requestId"]
    assert (line["status"], line["code"]) == (404, "customer_group_not_found")


@pytest.mark.usefixtures("api")
def test_tells_of_the_refusal_of_another_service(log: StringIO) -> None:
    context = Context("get_customer_group")
    with pytest.raises(CustomerGroupNotFound):
        handler("get_customer_group")({"path": {"id": "nobody"}}, context)
    (line,) = lines(log)
    assert (line["correlation_id"], line["code"]) == (context.aws_request_id, "customer_group_not_found")


def test_leaves_what_succeeds_to_the_access_log(api: Client, log: StringIO) -> None:
    api.create_group("VIP")
    assert lines(log) == []


def test_says_nothing_personal(api: Client, log: StringIO) -> None:
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


def test_carries_nothing_over_into_the_next_request(api: Client, log: StringIO) -> None:
    api.post("/admin/customer-groups", {"name": "\n"})
    api.get("/admin/customer-groups/nobody")
    first, second = lines(log)
    assert first["correlation_id"] != second["correlation_id"]
    assert (first["status"], second["status"]) == (400, 404)
    assert ADMIN["sub"] not in json.dumps(second)


def test_tells_the_cause_of_a_fault_to_the_log_alone(
    api: Client, log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("the table is on fire")

    monkeypatch.setattr(storage_table, "query", fail)
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
