"""Calls in parallel, and reading ahead: one item is read while the one before is in use."""

import time
from contextvars import ContextVar
from functools import partial
from threading import Barrier, Event, current_thread

import pytest

from shared.dynamodb.parallel import MOST_AT_ONCE, read_ahead, run_all

MANY = 3 * MOST_AT_ONCE + 5


def test_results_are_in_the_order_of_the_calls() -> None:
    assert run_all([partial(str, number) for number in range(MANY)]) == [str(number) for number in range(MANY)]
    assert run_all([]) == []


def test_sixteen_calls_run_at_the_same_time() -> None:
    meet = Barrier(MOST_AT_ONCE, timeout=60)
    assert sorted(run_all([meet.wait] * MOST_AT_ONCE)) == list(range(MOST_AT_ONCE))


def test_many_calls_take_no_more_than_sixteen_threads() -> None:
    assert len(set(run_all([current_thread] * MANY))) == MOST_AT_ONCE


def test_every_call_has_the_context_of_the_caller() -> None:
    asked_by = ContextVar("asked_by", default="nobody")
    asked_by.set("ada")
    assert run_all([asked_by.get] * MANY) == ["ada"] * MANY


def test_an_error_is_raised_after_the_calls_that_had_begun_and_before_those_that_wait() -> None:
    made: list[int] = []

    def call(number: int) -> None:
        if number == 0:
            raise ZeroDivisionError
        made.append(number)

    with pytest.raises(ZeroDivisionError):
        run_all([partial(call, number) for number in range(MOST_AT_ONCE + 1)])
    assert sorted(made) == list(range(1, MOST_AT_ONCE))


def test_every_item_is_read_once_in_order() -> None:
    read: list[int] = []
    with read_ahead(read.append, range(5)) as reading:
        assert [item for item, _ in reading] == [0, 1, 2, 3, 4]
    assert read == [0, 1, 2, 3, 4]


def test_nothing_is_read_between_two_items() -> None:
    begun: list[int] = []
    seen: list[list[int]] = []

    def note() -> None:
        time.sleep(0.01)  # for a read that is too early
        seen.append(list(begun))

    with read_ahead(begun.append, range(3), between=note) as reading:
        list(reading)
    assert seen == [[0], [0, 1], [0, 1, 2]]


def test_only_the_next_item_is_read_ahead() -> None:
    begun = [Event() for _ in range(4)]
    with read_ahead(lambda number: begun[number].set(), range(4)) as reading:
        next(reading)
        assert begun[1].wait(60)
        next(reading)
        assert begun[2].wait(60)
        assert not begun[3].is_set()


def test_an_error_is_raised_when_its_item_is_reached() -> None:
    with read_ahead(lambda number: 6 // number, [2, 3, 0, 1]) as reading:
        assert [next(reading), next(reading)] == [(2, 3), (3, 2)]
        with pytest.raises(ZeroDivisionError):
            next(reading)


def test_nothing_is_read_after_the_block() -> None:
    """A read that has begun ends before the block does, and no other begins."""
    begun, ended = list[int](), list[int]()
    second_began, block_ended = Event(), Event()

    def read(number: int) -> None:
        begun.append(number)
        if number == 1:
            second_began.set()
            block_ended.wait(0.3)  # as long as this, the block waits
        ended.append(number)

    with read_ahead(read, range(5)) as reading:
        next(reading)
        assert second_began.wait(60)
    read_by_then = list(ended)
    block_ended.set()
    assert begun == read_by_then == [0, 1]
