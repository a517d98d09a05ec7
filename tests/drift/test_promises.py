"""Every documented status and header of every operation is tested.

The requests are those of the sample events, so a new operation is tested as soon as it has one.
"""

import importlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from shared.dynamodb import retries
from tests import database, samples, template, trouble
from tests.afterwards import Surroundings
from tests.api import ADMIN, Answer, Client, Context, event, handler, operation_at
from tests.samples import ADA, AUTOMATIC, HTTP_OPERATIONS, JOB, RETAIL, VIP, Request

type Trigger = Callable[[Client, str], Answer]

DOCUMENT: Final = json.loads((template.ROOT / "docs" / "openapi.json").read_text())
ENOUGH_FOR_TIMEOUT: Final = 0.2

every_operation = pytest.mark.parametrize("operation", HTTP_OPERATIONS)
pytestmark = pytest.mark.skipif(database.IS_MOTO, reason="trouble is made on the way to dynoxide")


def described(operation: str) -> Mapping[str, Any]:
    """The description of an operation in the OpenAPI document."""
    (found,) = (
        one for methods in DOCUMENT["paths"].values() for one in methods.values() if one["operationId"] == operation
    )
    return found  # type: ignore[no-any-return] # JSON


def headers(operation: str) -> set[str]:
    return {one["name"] for one in described(operation)["parameters"] if one["in"] == "header"}


def statuses(operation: str) -> list[str]:
    return sorted(described(operation)["responses"])


def ask(api: Client, request: Request, context: Context | None = None, **sent: str) -> Answer:
    """Send a request and return any response, even a 5xx."""
    written = {name.replace("_", "-"): value for name, value in sent.items()}
    operation = operation_at(request.method, request.path)
    claims = api.claims or None
    raw = handler(operation)(
        event(request.method, request.path, request.query, request.body, written, claims), context or Context(operation)
    )
    shown = {name: ", ".join(values) for name, values in raw["multiValueHeaders"].items()}
    return Answer(raw["statusCode"], json.loads(raw["body"] or "null"), shown, raw["body"] or "")


def elsewhere(request: Request) -> Request:
    """The same request for something that does not exist."""
    missing = {
        VIP: "cusgroup_01KASXKZ4V8S6T1W7Q2M3N5P00",
        RETAIL: "cusgroup_01KASXKZ4V8S6T1W7Q2M3N5P01",
        AUTOMATIC: "cusgroup_01KASXKZ4V8S6T1W7Q2M3N5P02",
        ADA: "cus_01KASXM6H2Y4Z8B3D5F7G9J100",
        JOB: "job_01KASXN4V8S6T1W7Q2M3N5P900",
    }
    path, body = request.path, json.dumps(request.body)
    for present, absent in missing.items():
        path = path.replace(present, absent)
        if path == request.path and request.path.endswith("jobs"):
            body = body.replace(present, absent)  # a job names its group there
    return request._replace(path=path, body=json.loads(body))


def without_relations(request: Request) -> Request:
    """A request without relations, because answers with relations have no 304 and are not stored."""
    return request._replace(query="")


def not_modified(api: Client, operation: str) -> Answer:
    request = without_relations(samples.request(operation))
    return ask(api, request, If_None_Match=ask(api, request).headers["ETag"])


def refused_for_a_parameter(api: Client, operation: str) -> Answer:
    return ask(api, samples.request(operation)._replace(query="no_such_parameter=1"))


def refused_without_token(api: Client, operation: str) -> Answer:
    return ask(Client(api.table, {}), samples.request(operation))


def refused_without_role(api: Client, operation: str) -> Answer:
    claims = {name: value for name, value in ADMIN.items() if name != "cognito:groups"}
    return ask(Client(api.table, claims), samples.request(operation))


def not_found(api: Client, operation: str) -> Answer:
    """A request for an unknown record, or the repetition of a creation whose record was deleted."""
    request = samples.request(operation)
    if elsewhere(request) != request:
        return ask(api, elsewhere(request))
    with trouble.trouble(after_the_write), suppress(trouble.Killed):
        ask(api, request, _OutOfTime(operation), Idempotency_Key="lost")
    (created,) = {
        one["id"]
        for one in api.table.items()
        if one.get("LIST") in ("GROUPS", "CUSTOMERS") and one["id"] not in samples.FILLED
    }
    of_list = "/".join(request.path.split("/")[:3])
    assert api.delete(f"{of_list}/{created}").status == HTTPStatus.OK
    return ask(api, request, Idempotency_Key="lost")


def in_use(api: Client, operation: str) -> Answer:
    """The first request with the key is still running."""
    request = without_relations(samples.request(operation))
    with trouble.trouble(after_the_write), suppress(trouble.Killed):
        ask(api, request, Idempotency_Key="in use")
    return ask(api, request, Idempotency_Key="in use")


def stale(api: Client, operation: str) -> Answer:
    return ask(api, samples.request(operation), If_Match='"999"')


def too_large(api: Client, operation: str) -> Answer:
    return ask(api, samples.request(operation)._replace(body={"padding": "x" * 1_100_000}))


def reused(api: Client, operation: str) -> Answer:
    request = without_relations(samples.request(operation))
    assert ask(api, request, Idempotency_Key="reused").status == HTTPStatus.OK
    other = elsewhere(request)
    if other == request:
        other = request._replace(body={**request.body, **_another(request.body)})
    return ask(api, other, Idempotency_Key="reused")


def _another(body: Mapping[str, Any]) -> dict[str, Any]:
    """A text of the body, changed."""
    name, value = next((name, value) for name, value in body.items() if isinstance(value, str))
    return {name: f"x{value}"}


def in_trouble(one: trouble.Trouble) -> Trigger:
    def ask_in_trouble(api: Client, operation: str) -> Answer:
        with trouble.trouble(lambda *_: one):
            return ask(api, samples.request(operation))

    return ask_in_trouble


def after_the_write(action: str, _: int) -> trouble.Trouble | None:
    return trouble.killed_after if action == "TransactWriteItems" else None


def broken(request: AWSPreparedRequest, _: trouble.Send) -> AWSResponse:
    """An unexpected error."""
    return trouble.answer(request, 400, {"__type": f"{trouble.PREFIX}ResourceNotFoundException", "message": "no table"})


class _OutOfTime(Context):
    """An invocation whose time is over when it is checked again."""

    def get_remaining_time_in_millis(self) -> int:  # type: ignore[override] # the base is static
        asked = self.__dict__.setdefault("asked", [])
        asked.append(None)
        return 60_000 if len(asked) < 3 else 0


TRIGGERS: Final[Mapping[str, Trigger]] = {
    "200": lambda api, operation: ask(api, samples.request(operation)),
    "304": not_modified,
    "400": refused_for_a_parameter,
    "401": refused_without_token,
    "403": refused_without_role,
    "404": not_found,
    "409": in_use,
    "412": stale,
    "413": too_large,
    "422": reused,
    "429": in_trouble(trouble.throttled),
    "500": in_trouble(broken),
    "503": in_trouble(trouble.unreachable),
}


@pytest.fixture
def shop(
    api: Client,
    surroundings: Surroundings,  # noqa: ARG001 - the bucket and the machine of jobs
    monkeypatch: pytest.MonkeyPatch,
) -> Client:
    """The records of the sample events, and short timeouts."""
    samples.fill()
    monkeypatch.setattr(retries, "ALLOWANCE_SECONDS", ENOUGH_FOR_TIMEOUT)
    return api


PROMISES: Final = [(operation, status) for operation in HTTP_OPERATIONS for status in statuses(operation)]


@pytest.mark.parametrize(("operation", "status"), PROMISES)
def test_an_operation_returns_every_documented_status(shop: Client, operation: str, status: str) -> None:
    assert TRIGGERS[status](shop, operation).status == int(status)


@every_operation
def test_undocumented_headers_have_no_effect(shop: Client, operation: str) -> None:
    request = without_relations(samples.request(operation))
    not_named = {"If-Match": '"999"', "If-None-Match": "*"}.items()
    sent = {name.replace("-", "_"): value for name, value in not_named if name not in headers(operation)}
    if "Idempotency-Key" in headers(operation):
        assert "Idempotency-Replayed" not in ask(shop, request, Idempotency_Key="once").headers
        assert ask(shop, request, Idempotency_Key="once").headers["Idempotency-Replayed"] == "true"
    else:
        sent["Idempotency_Key"] = "once"
    answer = ask(shop, request, None, **sent)
    repeated = request.method in ("POST", "DELETE") and "Idempotency-Key" in headers(operation)
    assert answer.status == HTTPStatus.OK or (repeated and answer.status in (400, 404))
    assert "Idempotency-Replayed" not in answer.headers


@every_operation
def test_responses_have_an_etag_if_the_operation_declares_one(shop: Client, operation: str) -> None:
    declared = importlib.import_module(f"functions.{operation}.handler").api.declared
    answer = ask(shop, samples.request(operation))
    assert ("ETag" in answer.headers) is declared.etag
