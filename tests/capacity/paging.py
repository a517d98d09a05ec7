"""Follows the cursors of a list, and checks that each page is within the budget."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks.engine import measured, request, send
from shared.storage.lists.budget import CALLS, UNITS

MOST_PAGES = 150


def answer_of(url: str) -> dict[str, Any]:
    """The answer to a request for a list."""
    answer: dict[str, Any] = json.loads(send(request("GET", url))["body"])
    return answer


def one_page(url: str) -> dict[str, Any]:
    """A page, which is within the budget."""
    with measured() as cost:
        answer = answer_of(url)
    assert len(cost.calls) <= CALLS, url
    assert cost.reads <= UNITS, url
    return answer


def all_pages(url: str, start: str = "") -> Iterator[dict[str, Any]]:
    """All pages. Each is within the budget and different from the one before. `start` is only for the first one."""
    cursor = start
    for _ in range(MOST_PAGES):
        answer = one_page(url + cursor)
        yield answer
        if answer["next_cursor"] is None:
            return
        following = f"&cursor={answer['next_cursor']}"
        assert following != cursor, url
        cursor = following
    pytest.fail(f"more than {MOST_PAGES} pages: {url}")


def shown(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """The records of a page of any list."""
    return list(answer["customers"] if "customers" in answer else answer["customer_groups"])


def all_ids(url: str, start: str = "") -> list[str]:
    """The ids of all records, page after page."""
    return [one["id"] for answer in all_pages(url, start) for one in shown(answer)]
