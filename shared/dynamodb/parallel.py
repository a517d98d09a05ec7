"""Runs calls in parallel threads."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from threading import Thread
from typing import Any, Final

MOST_AT_ONCE: Final = 16
"""How many calls run in parallel: as many as the client of DynamoDB has connections."""


def run_both[A, B](first: Callable[[], A], second: Callable[[], B]) -> tuple[A, B]:
    """Run two calls in parallel and return both results. Raises the error of either."""
    one, other = run_all([first, second])
    return one, other


def run_all(calls: list[Callable[[], Any]]) -> list[Any]:
    """Run calls in parallel, at most 16 at a time, and return their results.

    Raises the first error after all that had begun have ended. Those that wait for their turn then are not made.
    """
    results: list[Any] = [None] * len(calls)
    raised: list[BaseException] = []

    def run(first: int) -> None:
        try:
            for index in range(first, len(calls), MOST_AT_ONCE):
                results[index] = calls[index]()
                if raised:
                    return
        except BaseException as error:  # noqa: BLE001 - raised again after join
            raised.append(error)

    # The context has the request's time limit and meter.
    others = range(1, min(len(calls), MOST_AT_ONCE))
    threads = [Thread(target=copy_context().run, args=(run, first)) for first in others]
    for thread in threads:
        thread.start()
    if calls:
        run(0)
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]
    return results


@contextmanager
def read_ahead[A, B](
    read: Callable[[A], B], items: Iterable[A], between: Callable[[], None] = lambda: None
) -> Iterator[Iterator[tuple[A, B]]]:
    """Read something for each item, while what was read for the one before is in use.

    `between` is called for each item when it has been read and the next one is not being read yet.
    An error of an item is raised when the item is reached. After the block, nothing is read any more.
    """
    with ThreadPoolExecutor(max_workers=1) as executor:
        coming = iter(items)

        def start() -> Future[tuple[A, B] | None]:
            return executor.submit(copy_context().run, follow)

        def follow() -> tuple[A, B] | None:
            for item in coming:
                return item, read(item)
            return None

        def each() -> Iterator[tuple[A, B]]:
            future = start()
            while found := future.result():
                between()
                future = start()
                yield found

        yield each()
