"""Simulates failures between a function and DynamoDB, where botocore sends its requests."""

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Thread, get_ident
from typing import Any, Final

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError

from shared.dynamodb import client

type Send = Callable[[AWSPreparedRequest], AWSResponse]
type Trouble = Callable[[AWSPreparedRequest, Send], AWSResponse | None]

LONGEST_DELAY_SECONDS: Final = 0.3
PREFIX: Final = "com.amazonaws.dynamodb.v20120810#"


class Killed(BaseException):
    """The function is killed, without a chance to react."""


class _Body:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> Iterator[bytes]:
        yield self._content


def answer(request: AWSPreparedRequest, status: int, content: Mapping[str, Any]) -> AWSResponse:
    return AWSResponse(str(request.url), status, {}, _Body(json.dumps(content).encode()))  # type: ignore[arg-type] # the body only needs to be readable


def throttled(request: AWSPreparedRequest, _: Send) -> AWSResponse:
    return answer(request, 400, {"__type": f"{PREFIX}ThrottlingException", "message": "Rate exceeded"})


def failing(request: AWSPreparedRequest, _: Send) -> AWSResponse:
    return answer(request, 500, {"__type": f"{PREFIX}InternalServerError", "message": "Internal server error"})


def conflicting(request: AWSPreparedRequest, send: Send) -> AWSResponse | None:
    """Another transaction conflicts on the same items."""
    if action(request) != "TransactWriteItems":
        return throttled(request, send)
    return cancelled(request, ["TransactionConflict"] * len(body(request)["TransactItems"]))


def cancelled(request: AWSPreparedRequest, reasons: list[str]) -> AWSResponse:
    """A transaction is cancelled, with a reason for each of its actions."""
    content = {"message": "cancelled", "CancellationReasons": [{"Code": reason} for reason in reasons]}
    return answer(request, 400, {"__type": f"{PREFIX}TransactionCanceledException", **content})


def delayed(_: AWSPreparedRequest, __: Send) -> AWSResponse | None:
    """The request is late, so that others overtake it."""
    time.sleep(random.uniform(0, LONGEST_DELAY_SECONDS))
    return None


def unreachable(request: AWSPreparedRequest, _: Send) -> AWSResponse:
    raise ConnectTimeoutError(endpoint_url=request.url)


def unanswered(request: AWSPreparedRequest, send: Send) -> AWSResponse:
    """The request takes effect, but the response is lost."""
    send(request)
    raise ReadTimeoutError(endpoint_url=request.url)


def killed_before(_: AWSPreparedRequest, __: Send) -> AWSResponse:
    raise Killed


def killed_after(request: AWSPreparedRequest, send: Send) -> AWSResponse:
    send(request)
    raise Killed


def body(request: AWSPreparedRequest) -> dict[str, Any]:
    content = request.body
    assert isinstance(content, str | bytes)
    written: dict[str, Any] = json.loads(content)
    return written


def action(request: AWSPreparedRequest) -> str:
    target = request.headers["X-Amz-Target"]
    return (target if isinstance(target, str) else str(target, "utf-8")).rpartition(".")[2]


@dataclass
class Plan:
    """Which requests fail: `choose` returns the failure for an action and the number of requests before it."""

    choose: Callable[[str, int], Trouble | None]
    seen: Counter[str] = field(default_factory=Counter)
    met: int = 0

    def __call__(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
        name = action(request)
        trouble = self.choose(name, sum(self.seen.values()))
        self.seen[name] += 1
        if trouble is None:
            return None
        self.met += 1
        return trouble(request, send)


def send(request: AWSPreparedRequest) -> AWSResponse:
    """Send a request to the engine."""
    sent: AWSResponse = client.dynamodb()._endpoint.http_session.send(request)  # type: ignore[attr-defined] # botocore has no public access to the session
    return sent


@contextmanager
def trouble(choose: Callable[[str, int], Trouble | None]) -> Iterator[Plan]:
    """Make requests fail during the block."""
    with intercepted(Plan(choose)) as plan:
        yield plan


@contextmanager
def intercepted[T: Callable[..., AWSResponse | None]](before_sending: T) -> Iterator[T]:
    """Call something before each request to DynamoDB is sent during the block. Its response replaces the real one."""
    events: Any = client.dynamodb().meta.events
    events.register_first("before-send.dynamodb", before_sending)
    try:
        yield before_sending
    finally:
        events.unregister("before-send.dynamodb", before_sending)


@contextmanager
def partial_batches() -> Iterator[None]:
    """DynamoDB processes half of each batch and returns the other half as unprocessed."""

    def halve(parsed: dict[str, Any], **_: Any) -> None:
        for name, items in parsed.get("Responses", {}).items():
            kept, left = items[: (len(items) + 1) // 2], items[(len(items) + 1) // 2 :]
            parsed["Responses"][name] = kept
            if left:
                keys = [{"PK": item["PK"], "SK": item["SK"]} for item in left]
                parsed.setdefault("UnprocessedKeys", {})[name] = {"Keys": keys}

    events = client.dynamodb().meta.events
    events.register("after-call.dynamodb.BatchGetItem", halve)
    try:
        yield
    finally:
        events.unregister("after-call.dynamodb.BatchGetItem", halve)


class Clock:
    """A clock that only advances while the code sleeps or waits for a response. Parallel threads wait in parallel."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._began = time.monotonic()
        self._now: ContextVar[float] = ContextVar("now")
        self._ends: dict[int | None, float] = {}
        join = Thread.join

        def join_later(thread: Thread, timeout: float | None = None) -> None:
            join(thread, timeout)
            self._now.set(max(self.now, self._ends.pop(thread.ident, 0)))

        monkeypatch.setattr(Thread, "join", join_later)
        monkeypatch.setattr("time.sleep", self.wait)
        monkeypatch.setattr("time.monotonic", lambda: self.now)

    @property
    def now(self) -> float:
        """The time of the current thread, which begins with that of the thread that started it."""
        return self._now.get(self._began)

    def wait(self, seconds: float) -> None:
        self._now.set(self.now + seconds)
        self._ends[get_ident()] = self.now

    def slow(self, after: float, then: Trouble | None = None) -> Trouble:
        """A response or a failure after a delay."""

        def wait(request: AWSPreparedRequest, send: Send) -> AWSResponse | None:
            self.wait(after)
            return then(request, send) if then else None

        return wait
