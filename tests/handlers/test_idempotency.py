"""`Idempotency-Key`."""

from typing import Any

import pytest
from aws_lambda_powertools.utilities.idempotency.persistence.datarecord import STATUS_CONSTANTS

from shared.runtime import environment
from tests.api import Client
from tests.meddling import meddle_once

GROUPS = "/admin/customer-groups"
KEY = "order-4711"


def test_replays_the_first_response(api: Client) -> None:
    first = api.post(GROUPS, {"name": "VIP", "metadata": {"points": 5}}, Idempotency_Key=KEY)
    before = api.table.contents()
    again = api.post(GROUPS, {"name": "VIP", "metadata": {"points": 5}}, Idempotency_Key=KEY)
    assert (again.status, again.text, again.etag) == (200, first.text, '"1-0"')
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert api.table.contents() == before


def test_replays_even_after_the_group_changed(api: Client) -> None:
    group = api.post(GROUPS, {"name": "VIP"}, Idempotency_Key=KEY).group
    api.post(f"{GROUPS}/{group['id']}", {"name": "Very VIP"})
    assert api.post(GROUPS, {"name": "VIP"}, Idempotency_Key=KEY).group == group


def test_works_for_every_write_operation(api: Client) -> None:
    group, ada = api.create_group("VIP"), api.create_customer("ada@example.com")
    calls: list[tuple[str, str, Any]] = [
        ("POST", f"{GROUPS}/{group['id']}/customers", {"add": [ada["id"]]}),
        ("POST", f"{GROUPS}/{group['id']}", {"name": "Very VIP"}),
        ("PUT", f"{GROUPS}/{group['id']}/metadata", {"metadata": {"a": 1}}),
        ("POST", f"/admin/customers/{ada['id']}/customer-groups", {"remove": [group["id"]]}),
        ("POST", f"/admin/customers/{ada['id']}", {"first_name": "Ada"}),
        ("DELETE", f"{GROUPS}/{group['id']}", None),
        ("DELETE", f"/admin/customers/{ada['id']}", None),
    ]
    for number, (method, url, body) in enumerate(calls):
        first = api.request(method, url, body, {"Idempotency-Key": f"call-{number}"})
        again = api.request(method, url, body, {"Idempotency-Key": f"call-{number}"})
        assert (first.status, again.status, again.text) == (200, 200, first.text)
        assert again.headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize(
    ("url", "body", "headers"),
    [
        (GROUPS, {"name": "Wholesale"}, {}),
        (GROUPS, {"name": "VIP", "metadata": {}}, {}),
        (f"{GROUPS}?fields=name", {"name": "VIP"}, {}),
        (GROUPS, {"name": "VIP"}, {"If-Match": '"1"'}),
        ("/admin/customers", {"email": "ada@example.com"}, {}),
    ],
)
def test_refuses_the_key_with_a_different_request(api: Client, url: str, body: Any, headers: dict[str, str]) -> None:
    api.post(GROUPS, {"name": "VIP"}, Idempotency_Key=KEY)
    answer = api.request("POST", url, body, {"Idempotency-Key": KEY, **headers})
    assert (answer.status, answer.body["type"], answer.body["code"]) == (422, "unprocessable", "idempotency_key_reused")


def test_a_refused_request_does_not_use_up_the_key(api: Client) -> None:
    taken = api.create_group("VIP")
    assert api.post(GROUPS, {"name": "VIP"}, Idempotency_Key=KEY).status == 400
    assert api.post(GROUPS, {"nickname": "V"}, Idempotency_Key=KEY).status == 400
    assert api.delete(f"{GROUPS}/nobody", Idempotency_Key=KEY).status == 404
    assert api.signed_in_as("viewer").post(GROUPS, {"name": "X"}, Idempotency_Key=KEY).status == 403
    api.delete(f"{GROUPS}/{taken['id']}")
    assert api.post(GROUPS, {"name": "VIP"}, Idempotency_Key=KEY).group["id"] != taken["id"]


def test_the_keys_of_different_callers_are_independent(api: Client) -> None:
    mine = api.post(GROUPS, {"name": "Mine"}, Idempotency_Key=KEY)
    yours = api.signed_in_as("editor").post(GROUPS, {"name": "Yours"}, Idempotency_Key=KEY)
    assert (mine.group["name"], yours.group["name"]) == ("Mine", "Yours")


def test_refuses_the_key_while_the_first_request_is_running(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = Client(api.table, watches_table=False)
    answers = []
    meddle_once(monkeypatch, lambda: answers.append(waiting.post(GROUPS, {"name": "VIP"}, Idempotency_Key=KEY)))
    first = api.post(GROUPS, {"name": "VIP"}, Idempotency_Key=KEY)
    (second,) = answers
    assert first.status == 200
    assert (second.status, second.body["type"], second.body["code"]) == (409, "conflict", "idempotency_key_in_use")
    assert second.headers["Retry-After"] == "1"


@pytest.mark.parametrize("key", ["", "x" * 256, "Schlüssel", "a\0b", "a\nb", "🔑"])
def test_refuses_invalid_keys(api: Client, key: str) -> None:
    answer = api.post(GROUPS, {"name": "VIP"}, Idempotency_Key=key)
    assert (answer.status, answer.faults) == (400, {"Idempotency-Key"})


def test_refuses_relations_together_with_a_key(api: Client) -> None:
    group = api.create_group("VIP")
    answer = api.post(f"{GROUPS}/{group['id']}/customers?fields=customers.id", {"add": []}, Idempotency_Key=KEY)
    assert (answer.status, answer.faults) == (400, {"fields"})


def test_stores_responses_for_a_day_in_the_same_table(api: Client) -> None:
    api.post(GROUPS, {"name": "VIP"}, Idempotency_Key="x" * 255)
    (record,) = (item for item in api.table.items() if item["PK"].startswith("IDEMPOTENCY#"))
    assert record["status"] == STATUS_CONSTANTS["COMPLETED"]
    (change,) = (item for item in api.table.items() if item["SK"].startswith("CHANGE#"))
    assert change["at"] < "2999"
    assert environment.table_name() == api.table.name
    assert "expires_at" in record


@pytest.mark.parametrize("value", ["\u00e9" * 48_000, '"' * 49_000, "\U0001f511" * 24_000], ids=["é", "quotes", "keys"])
def test_stores_the_largest_responses(api: Client, value: str) -> None:
    group = api.create_group("VIP", {"terms": value})
    body = {"remove": [f"{number:0128}" for number in range(1_000)]}
    first = api.post(f"{GROUPS}/{group['id']}/customers", body, Idempotency_Key=KEY)
    again = api.post(f"{GROUPS}/{group['id']}/customers", body, Idempotency_Key=KEY)
    assert (first.status, again.text, again.headers["Idempotency-Replayed"]) == (200, first.text, "true")


def test_reads_ignore_the_key(api: Client) -> None:
    assert api.get(GROUPS, Idempotency_Key=KEY).status == 200
