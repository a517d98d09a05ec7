"""When a request to DynamoDB is repeated.

A call that times out or fails inside DynamoDB is repeated once by the client itself. This is safe for reads, and for
transactions, which have a token. A call that is throttled, or that conflicts with another transaction, is repeated
here. A function that reads, decides, and writes under the condition that nothing changed meanwhile is repeated when
something did. Pauses between attempts double from 20 to 500 ms, with jitter. Attempts end after ten seconds, or earlier
if the request's time limit requires it: with 429 if nothing was written, and with 503 if DynamoDB did not respond, so
that a write may have been committed.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from http import HTTPStatus
from itertools import count
from typing import Any, Final

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as BotoConnectionError

from shared.domain.errors import TooManyRequests, Unavailable

ALLOWANCE_SECONDS: Final = 10.0
LONGEST_CALL_SECONDS: Final = 9.0
"""Two attempts, each with 1 s to connect and 3 s to respond, and the pause between them."""

TRANSIENT: Final = frozenset(
    {
        "TransactionConflict",
        "ThrottlingError",
        "ProvisionedThroughputExceeded",
        "TransactionInProgressException",
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "LimitExceededException",
    }
)
"""Error codes and cancellation reasons that are temporary."""

_FIRST_PAUSE_SECONDS: Final = 0.02
_LONGEST_PAUSE_SECONDS: Final = 0.5

_deadline: ContextVar[float] = ContextVar("deadline", default=float("inf"))


class Stale(Exception):
    """An item changed between the read and the write. The function is run again (`when_stale`)."""


class Contended(Exception):
    """A transaction conflicted with another one on the same items. Nothing was written."""


@contextmanager
def time_limit(seconds: float, *, calls_after: int = 0) -> Iterator[None]:
    """Limit the retries of the current request: no attempt is started that could end after `seconds`.

    `calls_after` reserves time for calls that are made after the work, such as storing its response.
    """
    previous = _deadline.set(time.monotonic() + seconds - (1 + calls_after) * LONGEST_CALL_SECONDS)
    try:
        yield
    finally:
        _deadline.reset(previous)


def attempts(most: int | None = None) -> Iterator[None]:
    """Attempts with pauses between them. Raises TooManyRequests when their time or number is used up."""
    deadline = min(time.monotonic() + ALLOWANCE_SECONDS, _deadline.get())
    pause = _FIRST_PAUSE_SECONDS
    for number in count():
        if number == most or time.monotonic() >= deadline:
            break
        yield
        time.sleep(random.uniform(0, pause))
        pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
    raise TooManyRequests("Too much is being written to the same items right now. Repeating the request is safe.")


def call(make: Callable[[], Any], most_attempts: int | None = None) -> Any:
    """Make a call to DynamoDB. Repeats it if it is throttled or contended. Raises TooManyRequests, Unavailable."""
    for _ in attempts(most_attempts):
        try:
            return make()
        except Contended:
            continue
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise Unavailable from error
            if error.response["Error"]["Code"] not in TRANSIENT:
                raise
        except (HTTPClientError, BotoConnectionError) as error:
            raise Unavailable from error
    raise AssertionError("attempts() ends by raising")


def when_stale[**P, T](attempt: Callable[P, T]) -> Callable[P, T]:
    """Run the function again when it raises Stale."""

    @wraps(attempt)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        for _ in attempts():
            try:
                return attempt(*args, **kwargs)
            except Stale:
                continue
        raise AssertionError("attempts() ends by raising")

    return run
