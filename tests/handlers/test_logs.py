"""What the functions log: enough to find a request, and nothing that belongs to a person."""

import json
from io import StringIO

import pytest

from shared.api import logger
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


def test_tells_the_request_id_and_the_status(api: Client, log: StringIO) -> None:
    request = event("GET", "/admin/customer-groups")
    api.send(request)
    (line,) = lines(log)
    assert (line["correlation_id"], line["status"]) == (request["requestContext"]["requestId"], 200)


def test_says_nothing_personal(api: Client, log: StringIO) -> None:
    ada = api.create_customer("ada@example.com", last_name="Lovelace", phone="+44 20 7946 0000")
    api.post("/admin/customers", {"email": "ada@example.com", "last_name": "Lovelace"})
    api.post(f"/admin/customers/{ada['id']}", {"email": "ada@example.com", "phone": 7946})
    api.get("/admin/customers?q=Lovelace&email=ada@example.com")
    api.create_group("Secret plan")
    api.post("/admin/customer-groups", {"name": "Secret plan"})
    api.delete(f"/admin/customers/{ada['id']}")
    assert len(lines(log)) == 7
    for word in PERSONAL:
        assert word not in log.getvalue()


def test_carries_nothing_over_into_the_next_request(api: Client, log: StringIO) -> None:
    api.get("/admin/customer-groups/nobody")
    first = lines(log)[-1]
    api.create_group("VIP")
    second = lines(log)[-1]
    assert first["correlation_id"] != second["correlation_id"]
    assert second["status"] == 200
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
