"""Trouble between a function and DynamoDB, made where botocore sends its requests."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError

from shared.storage import table

type Send = Callable[[AWSPreparedRequest], AWSResponse]
type Trouble = Callable[[AWSPreparedRequest, Send], AWSResponse | None]

PREFIX: Final = "com.amazonaws.dynamodb.v20120810#"


class Killed(BaseException):
    """The function is gone; nothing in it notices."""


class _Body:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> Iterator[bytes]:
        yield self._content


def _answer(request: AWSPreparedRequest, status: int, body: Mapping[str, Any]) -> AWSResponse:
    return AWSResponse(str(request.url), status, {}, _Body(json.dumps(body).encode()))  # type: ignore[arg-type]


def throttled(request: AWSPreparedRequest, _: Send) -> AWSResponse:
    return _answer(request, 400, {"__type": f"{PREFIX}ThrottlingException", "message": "Rate exceeded"})


def failing(request: AWSPreparedRequest, _: Send) -> AWSResponse:
    return _answer(request, 500, {"__type": f"{PREFIX}InternalServerError", "message": "Internal server error"})


def conflicting(request: AWSPreparedRequest, send: Send) -> AWSResponse | None:
    """Another transaction is at the same items."""
    if _action(request) != "TransactWriteItems":
        return throttled(request, send)
    reasons = [{"Code": "None"}] * (len(_body(request)["TransactItems"]) - 1)
    body = {"message": "cancelled", "CancellationReasons": [*reasons, {"Code": "TransactionConflict"}]}
    return _answer(request, 400, {"__type": f"{PREFIX}TransactionCanceledException", **body})


def unreachable(request: AWSPreparedRequest, _: Send) -> AWSResponse:
    raise ConnectTimeoutError(endpoint_url=request.url)


def unanswered(request: AWSPreparedRequest, send: Send) -> AWSResponse:
    """It took effect, and nobody hears of it."""
    send(request)
    raise ReadTimeoutError(endpoint_url=request.url)


def killed_before(_: AWSPreparedRequest, __: Send) -> AWSResponse:
    raise Killed


def killed_after(request: AWSPreparedRequest, send: Send) -> AWSResponse:
    send(request)
    raise Killed


def _body(request: AWSPreparedRequest) -> dict[str, Any]:
    body = request.body
    assert isinstance(body, str | bytes)
    written: dict[str, Any] = json.loads(body)
    return written


def _action(request: AWSPreparedRequest) -> str:
    target = request.headers["X-Amz-Target"]
    return (target if isinstance(target, str) else str(target, "utf-8")).rpartition(".")[2]


@dataclass
class Plan:
    """Which requests meet trouble: those that `choose` has a trouble for, by action and how many came before."""

    choose: Callable[[str, int], Trouble | None]
    seen: Counter[str] = field(default_factory=Counter)
    met: int = 0

    def __call__(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
        action = _action(request)
        trouble = self.choose(action, sum(self.seen.values()))
        self.seen[action] += 1
        if trouble is None:
            return None
        self.met += 1
        return trouble(request, table.client._endpoint.http_session.send)  # type: ignore[attr-defined]


@contextmanager
def trouble(choose: Callable[[str, int], Trouble | None]) -> Iterator[Plan]:
    """Send requests into trouble while the block lasts."""
    plan = Plan(choose)
    events: Any = table.client.meta.events
    events.register_first("before-send.dynamodb", plan)
    try:
        yield plan
    finally:
        events.unregister("before-send.dynamodb", plan)


@contextmanager
def partial_batches() -> Iterator[None]:
    """DynamoDB answers half of each batch, and names the other half as not processed."""

    def halve(parsed: dict[str, Any], **_: Any) -> None:
        for name, items in parsed.get("Responses", {}).items():
            kept, left = items[: (len(items) + 1) // 2], items[(len(items) + 1) // 2 :]
            parsed["Responses"][name] = kept
            if left:
                keys = [{"PK": item["PK"], "SK": item["SK"]} for item in left]
                parsed.setdefault("UnprocessedKeys", {})[name] = {"Keys": keys}

    events = table.client.meta.events
    events.register("after-call.dynamodb.BatchGetItem", halve)
    try:
        yield
    finally:
        events.unregister("after-call.dynamodb.BatchGetItem", halve)


class Clock:
    """Time that passes only when somebody waits: for an answer, or asleep."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = time.monotonic()
        monkeypatch.setattr("time.sleep", self.wait)
        monkeypatch.setattr("time.monotonic", lambda: self.now)

    def wait(self, seconds: float) -> None:
        self.now += seconds

    def slow(self, after: float, then: Trouble | None = None) -> Trouble:
        """An answer, or a trouble, that takes its time."""

        def wait(request: AWSPreparedRequest, send: Send) -> AWSResponse | None:
            self.wait(after)
            return then(request, send) if then else None

        return wait
