"""Lists of large records: a page is cut where the budget ends, and its cursor continues after its last record."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest

from benchmarks.engine import Filled, filled_table, measured, request, send
from benchmarks.population import Population
from shared.domain.metadata import LARGEST_BYTES
from shared.dynamodb import actions, reads, transactions
from shared.http.queries.lists import MAX_IDS, MAX_PAIRS
from shared.jobs import sources
from shared.storage import keys, large_metadata
from shared.storage.kinds import CUSTOMER
from shared.storage.lists import Listing, Order
from tests import database
from tests.capacity.paging import all_ids, all_pages, one_page, shown

pytestmark = pytest.mark.skipif(database.IS_MOTO, reason="moto counts no capacity")

GROUPS: Final = "/admin/customer-groups"
CUSTOMERS: Final = "/admin/customers"
SINCE: Final = "updated_at[$gte]=2020-01-01"
NUMBER: Final = 64
SOME: Final = 24
INLINE: Final = {"long": "y" * 3_980}
"""As much as a record itself contains."""
LONG: Final = "\U00020000" * 250


@contextmanager
def shop(number: int, metadata: Any, *, text: str | None = None) -> Iterator[Filled]:
    """As many groups as customers. The first group has all customers, and the first customer is in all groups."""
    texts = dict.fromkeys(("first_name", "last_name", "company_name"), text)

    def fill(population: Population) -> None:
        for one in range(number):
            profile = {"email": f"{one:03}@mail.example", "phone": None, "has_account": True, **texts}
            population.add_customer(profile | {"metadata": metadata})
            population.add_group(f"Segment {one:03}", metadata=metadata)
        population.join(population.groups[0], population.customers)
        for group in population.groups[1:]:
            population.join(group, population.customers[:1])

    with filled_table(fill) as filled:
        yield filled


def named(ids: list[str]) -> str:
    return "&".join(f"id={one}" for one in ids)


def lists_of(filled: Filled) -> Iterator[tuple[str, list[str]]]:
    """Every kind of list with more than one way to read it, and the ids of its matches in order."""
    groups, customers = filled
    members = f"{GROUPS}/{groups[0]}/customers"
    of_some = named(customers[:MAX_PAIRS])
    for query in (
        "order=created_at",
        "order=email",
        "order=updated_at",
        "order=has_account",
        "q=mail",
        "created_by=benchmark",
        f"{SINCE}&order=email",
        f"created_at[$gte]=2020-01-01&{SINCE}",
        named(customers[:MAX_IDS]),
        f"{named(customers[:MAX_IDS])}&order=email",
        f"{named(customers[:MAX_IDS])}&order=last_name",
    ):
        yield f"{CUSTOMERS}?{query}", customers
    for query in ("order=created_at", "order=email", "q=mail", SINCE, of_some, f"fields=%2Bmembership&{of_some}"):
        yield f"{members}?{query}", customers[:MAX_PAIRS] if of_some in query else customers
    yield f"{CUSTOMERS}?groups={groups[0]}&groups={groups[1]}", customers
    yield f"{CUSTOMERS}?groups={groups[0]}&order=email&created_by=benchmark", customers
    for query in ("order=created_at", "order=name", "q=segment", f"customers={customers[0]}", SINCE, named(groups)):
        yield f"{GROUPS}?{query}", groups
    yield f"{GROUPS}?{'&'.join(f'name=Segment {one:03}' for one in range(50))}", groups[:50]


@pytest.mark.parametrize("size", [30_000, 99_000])
def test_every_kind_of_list_returns_each_record_with_large_metadata_once_and_in_order(size: int) -> None:
    metadata = {"long": "y" * size}
    with shop(NUMBER, metadata) as filled:
        for url, expected in lists_of(filled):
            found = []
            for answer in all_pages(f"{url}&limit=50".replace(" ", "%20")):
                assert shown(answer), url
                assert all(one["metadata"] == metadata for one in shown(answer)), url
                found += [one["id"] for one in shown(answer)]
            assert found == expected, url
            descending = url.replace("order=", "order=-") + ("" if "order=" in url else "&order=-created_at")
            assert all_ids(f"{descending}&limit=50".replace(" ", "%20")) == expected[::-1], descending


def test_a_page_has_as_many_large_records_as_the_budget_suffices_for() -> None:
    with shop(NUMBER, {"long": "y" * 30_000}) as filled:
        for url in (CUSTOMERS, f"{CUSTOMERS}?order=email", f"{GROUPS}/{filled.groups[0]}/customers", GROUPS):
            answer = one_page(url)
            assert 35 <= len(shown(answer)) < answer["limit"] == 50, url
            assert (answer["count"], "count_is_exact" in answer) == (NUMBER, False), url


def test_a_client_that_pages_by_offset_goes_on_after_the_records_that_it_got() -> None:
    with shop(NUMBER, {"long": "y" * 99_000}) as filled:
        met: list[str] = []
        while len(met) < NUMBER:
            answer = one_page(f"{CUSTOMERS}?order=email&limit=50&offset={len(met)}")
            assert answer["count"] == NUMBER
            met += [one["id"] for one in shown(answer)]
        assert met == filled.customers


def test_pages_are_not_cut_if_the_answer_does_not_contain_metadata() -> None:
    with shop(NUMBER, {"long": "y" * 99_000}) as filled:
        for url in (f"{CUSTOMERS}?fields=id", f"{GROUPS}/{filled.groups[0]}/customers?fields=-metadata"):
            assert [len(shown(answer)) for answer in all_pages(f"{url}&limit=50")] == [50, NUMBER - 50], url


@pytest.mark.parametrize("text", [None, "Ada Lovelace, Countess of the Analytical Engine", LONG])
def test_many_records_of_more_than_four_kilobytes_are_found_once_and_in_order(text: str | None) -> None:
    """Filters that name 200 records of 5 to 20 kB: one request cannot read all of them."""
    with shop(MAX_IDS, INLINE, text=text) as filled:
        for url, expected in lists_of(filled):
            counts = []
            found = []
            for answer in all_pages(f"{url}&limit=50".replace(" ", "%20")):
                counts.append(answer["count"])
                found += [one["id"] for one in shown(answer)]
                assert answer["count"] == len(expected) or answer["count_is_exact"] is False, url
            assert found == expected, url
            assert counts[-1] == len(expected), url


def test_candidates_of_different_sizes_are_found_once_and_in_order() -> None:
    """Half of them are several times as large as the others, so samples do not show exactly what the rest will cost."""

    def fill(population: Population) -> None:
        for one in range(MAX_IDS):
            is_large = one >= MAX_IDS // 2
            texts = dict.fromkeys(("first_name", "last_name", "company_name"), LONG if is_large else None)
            profile = {"email": f"{one:03}@mail.example", "phone": None, "has_account": True, **texts}
            population.add_customer(profile | {"metadata": INLINE if is_large else None})
        population.add_groups(1)
        population.join(population.groups[0], population.customers)

    with filled_table(fill) as filled:
        ids, some = named(filled.customers), named(filled.customers[-MAX_PAIRS:])
        for url in ("order=email", f"{ids}&order=email", f"{ids}&order=last_name", f"{SINCE}&order=email"):
            assert all_ids(f"{CUSTOMERS}?limit=50&{url}") == filled.customers, url
        members = f"{GROUPS}/{filled.groups[0]}/customers?limit=50&fields=%2Bmembership&{some}"
        assert all_ids(members) == filled.customers[-MAX_PAIRS:]


def test_an_offset_among_named_records_is_reached_over_several_pages() -> None:
    with shop(MAX_IDS, INLINE, text=LONG) as filled:
        url = f"{CUSTOMERS}?{named(filled.customers)}&limit=20&order=-email"
        assert all_ids(url, "&offset=130") == filled.customers[::-1][130:]
        answer = one_page(f"{url.replace('limit=20', 'limit=0')}")
        assert (shown(answer), answer["next_cursor"], answer["count_is_exact"]) == ([], None, False)


def test_large_metadata_whose_size_was_not_stored_is_assumed_to_be_the_largest() -> None:
    """An earlier version did not store it."""
    with shop(SOME, {"long": "y" * 99_000}) as filled:
        for one in filled.customers:
            transactions.commit([actions.update(keys.customer(one), remove=[large_metadata.SIZE])])
        answers = list(all_pages(f"{CUSTOMERS}?limit=50"))
    assert [one["id"] for answer in answers for one in shown(answer)] == filled.customers
    assert max(len(shown(answer)) for answer in answers) <= 10


@pytest.mark.parametrize(
    "metadata",
    [
        {"digits": [1] * 49_000},
        {"negative": [-12345678901234567890.5] * 3_000},
        {"lists": [[]] * 33_000},
        {"maps": [{}] * 33_000},
        {"nothing": [None, True, False, ""] * 5_000},
        {"long": "\u00e4\U00020000" * 16_000},
        {f"{'k' * 250}{number}": number for number in range(300)},
    ],
    ids=["digits", "negative", "lists", "maps", "nothing", "long", "names"],
)
def test_the_cost_of_large_metadata_is_known_before_it_is_read(metadata: dict[str, Any]) -> None:
    """The budget depends on it. Numbers, lists and maps are stored in another size than their JSON has."""
    assert len(json.dumps(metadata, ensure_ascii=False, separators=(",", ":")).encode()) <= LARGEST_BYTES
    with filled_table(lambda population: population.add_groups(1)) as filled:
        (group,) = filled.groups
        send(request("PUT", f"{GROUPS}/{group}/metadata", {"metadata": metadata}))
        record = reads.get(keys.group(group))
        assert record
        with measured() as cost:
            assert reads.get(keys.metadata(keys.group(group), record[large_metadata.REFERENCE]))
    assert cost.reads <= large_metadata.units(record) <= min(cost.reads + 1, large_metadata.LARGEST_UNITS)


def test_a_job_that_works_on_a_filter_reads_no_metadata() -> None:
    with shop(NUMBER, {"long": "y" * 99_000}) as filled, measured() as cost:
        found = [row.value for row in sources.matches(Listing(CUSTOMER, Order("email")), None)]
    assert found == filled.customers
    assert cost.reads < NUMBER
