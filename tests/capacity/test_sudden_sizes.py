"""Lists that begin with small records and go on with the largest: what a request read says nothing about the rest."""

import hashlib
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import pytest

from benchmarks.engine import Filled, filled_table
from benchmarks.population import Population
from tests import database
from tests.capacity.paging import all_ids, all_pages, shown

pytestmark = pytest.mark.skipif(database.IS_MOTO, reason="moto counts no capacity")

LONGEST: Final = "\U00020000" * 255
MEDIUM: Final = "\U00010000" * 90
"""Sorts before LONGEST."""
INLINE: Final = {"long": "y" * 3_980}
"""As much as a record itself contains."""
SMALL, MEDIUM_SIZED, LARGE, FINAL = 100, 2_150, 650, 24
NAMED_SMALL, NAMED_LARGE = 85, 115
PAGES: Final = 2


def _fill(population: Population) -> None:
    """A hundred small customers, then very many that grow, and a few small ones again at the end."""
    _add(population, SMALL, company="Shop")
    _add(population, MEDIUM_SIZED, text=MEDIUM, company="Shop")
    _add(population, LARGE, text=LONGEST, company=LONGEST, metadata=INLINE)
    _add(population, FINAL)


def _add(population: Population, number: int, *, text: str | None = None, **more: Any) -> None:
    company = more.get("company", text)
    for _ in range(number):
        population.add_customer(
            {
                "email": f"{len(population.customers):05}@mail.shop",
                "first_name": text,
                "last_name": None if text == MEDIUM else text,
                "company_name": company,
                "phone": None,
                "has_account": True,
                "metadata": more.get("metadata"),
            }
        )


@pytest.fixture(scope="module")
def shop() -> Iterator[Filled]:
    with filled_table(_fill) as filled:
        yield filled


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("words", ["mail", "mail.shop"])
def test_a_search_whose_matches_become_the_largest_is_cut(shop: Filled, words: str, sign: str) -> None:
    """`mail.shop` is looked up in two lists. In descending order, a page has small records before the largest."""
    query = f"q={words}&has_account=true&order={sign}created_at"
    found = [one["id"] for page in _first_pages(query) for one in shown(page)]
    assert found
    assert found == shop.customers[:: -1 if sign else 1][: len(found)]


def _first_pages(query: str) -> Iterator[dict[str, Any]]:
    return islice(all_pages(f"/admin/customers?{query}&limit=50"), PAGES)


def test_named_records_are_read_by_several_requests_if_those_read_last_can_be_the_largest(shop: Filled) -> None:
    """They are read in the order of their digests, which a client can calculate."""
    small = sorted(shop.customers[: SMALL + MEDIUM_SIZED], key=_digest)[:NAMED_SMALL]
    large = sorted(shop.customers[SMALL + MEDIUM_SIZED :][:LARGE], key=_digest)[-NAMED_LARGE:]
    ids = "&".join(f"id={one}" for one in (*small, *large))
    assert all_ids(f"/admin/customers?limit=50&fields=id&{ids}") == sorted((*small, *large))


def _digest(customer_id: str) -> str:
    return hashlib.blake2b(customer_id.encode(), digest_size=4).hexdigest()
