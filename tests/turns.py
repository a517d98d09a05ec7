"""Conflicts at a group while a job writes to it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from shared.dynamodb import reads
from shared.dynamodb.expressions import Key
from shared.storage import keys
from tests import trouble
from tests.conflicts import WRITE, item_of
from tests.trouble import Send, Trouble


@contextmanager
def one_conflict_at(group: Mapping[str, Any], then: Trouble | None = None, *, after: int = 0) -> Iterator[None]:
    """A transaction that writes to a group conflicts at its item: the first, or a later one (`after` so many).

    `then` happens to all writes to its lease.
    """
    written: list[AWSPreparedRequest] = []

    def conflicting(request: AWSPreparedRequest, send: Send) -> AWSResponse | None:
        items = list(map(item_of, trouble.body(request)["TransactItems"]))
        if then and keys.lease(group["id"]) in items:
            return then(request, send)
        if keys.group(group["id"]) not in items:
            return None
        written.append(request)
        if len(written) != after + 1:
            return None
        return trouble.cancelled(
            request, ["TransactionConflict" if one == keys.group(group["id"]) else "None" for one in items]
        )

    with trouble.trouble(lambda action, _: conflicting if action == WRITE else None):
        yield
    assert len(written) > after


@contextmanager
def as_sent(job_id: str, act: Callable[[], None]) -> Iterator[list[AWSPreparedRequest]]:
    """Do something whenever a job sends a transaction of its rows. Yields those that it has sent."""
    sent: list[AWSPreparedRequest] = []

    def note(request: AWSPreparedRequest, _: Send) -> None:
        if is_of(job_id, map(item_of, trouble.body(request)["TransactItems"])):
            sent.append(request)
            act()

    with trouble.trouble(lambda action, _: note if action == WRITE else None):
        yield sent


@contextmanager
def questions() -> Iterator[list[str]]:
    """The actions by which writers ask for a turn."""
    asked: list[str] = []

    def note(request: AWSPreparedRequest, _: Send) -> None:
        asked.extend(one for one in map(str, trouble.body(request)["TransactItems"]) if "turn_asked_at" in one)

    with trouble.trouble(lambda action, _: note if action == WRITE else None):
        yield asked


def is_of(job_id: str, items: Iterable[Key]) -> bool:
    """Whether a transaction is one of a job's, with some of its rows."""
    return any(item.PK == keys.job(job_id).PK and item.SK.startswith("DONE#") for item in items)


def lease(group: Mapping[str, Any]) -> dict[str, Any]:
    return dict(reads.get(keys.lease(group["id"]), consistent=True) or {})
