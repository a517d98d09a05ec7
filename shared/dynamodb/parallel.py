"""Runs calls in parallel threads."""

from collections.abc import Callable
from contextvars import copy_context
from threading import Thread
from typing import Any


def run_both[A, B](first: Callable[[], A], second: Callable[[], B]) -> tuple[A, B]:
    """Run two calls in parallel and return both results. Raises the error of either."""
    one, other = run_all([first, second])
    return one, other


def run_all(calls: list[Callable[[], Any]]) -> list[Any]:
    """Run a few calls in parallel and return their results. Raises the first error after all have ended."""
    results: list[Any] = [None] * len(calls)
    raised: list[BaseException] = []

    def run(index: int) -> None:
        try:
            results[index] = calls[index]()
        except BaseException as error:  # noqa: BLE001 - raised again after join
            raised.append(error)

    # The context has the request's time limit and meter.
    threads = [Thread(target=copy_context().run, args=(run, index)) for index in range(1, len(calls))]
    for thread in threads:
        thread.start()
    if calls:
        run(0)
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]
    return results
