"""Reading ahead: one item is read while the one before is in use."""

from threading import Event

import pytest

from shared.dynamodb.parallel import read_ahead


def test_every_item_is_read_once_in_order() -> None:
    read: list[int] = []
    with read_ahead(read.append, range(5)) as reading:
        assert [item for item, _ in reading] == [0, 1, 2, 3, 4]
    assert read == [0, 1, 2, 3, 4]


def test_only_the_next_item_is_read_ahead() -> None:
    begun = [Event() for _ in range(4)]
    with read_ahead(lambda number: begun[number].set(), range(4)) as reading:
        next(reading)
        assert begun[1].wait(10)
        next(reading)
        assert begun[2].wait(10)
        assert not begun[3].is_set()


def test_an_error_is_raised_when_its_item_is_reached() -> None:
    with read_ahead(lambda number: 6 // number, [2, 3, 0, 1]) as reading:
        assert [next(reading), next(reading)] == [(2, 3), (3, 2)]
        with pytest.raises(ZeroDivisionError):
            next(reading)


def test_nothing_is_read_after_the_block() -> None:
    read: list[int] = []
    with read_ahead(read.append, range(5)) as reading:
        next(reading)
    assert len(read) <= 2
