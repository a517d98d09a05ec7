"""The decision table of lists, row by row."""

from typing import Any

import pytest

from shared.domain.filters import Filters, Span
from shared.storage.kinds import CUSTOMER, GROUP
from shared.storage.lists import CREATION, Listing, Order
from shared.storage.lists.plan import FEW_RECORDS, FEW_ROWS, Found, Plan, leads, plan

SINCE = Span("2026-01-01T00:00:00.000Z", None)
BY_EMAIL, BY_UPDATE, BY_ACCOUNT = Order("email"), Order("updated_at"), Order("has_account")
ADA = CUSTOMER.search.words("ada")


def customers(order: Order = CREATION, *, members_of: str | None = None, **filters: Any) -> Listing:
    return Listing(CUSTOMER, order, Filters(**filters), members_of=members_of)


@pytest.mark.parametrize(
    ("listing", "found", "expected"),
    [
        (customers(ids=("a",), words=ADA), Found(), Plan.NAMED),
        (customers(names=("ada@mail.example",)), Found(), Plan.NAMED),
        (customers(), Found(), Plan.STRAIGHT),
        (customers(BY_EMAIL), Found(), Plan.STRAIGHT),
        (customers(created=SINCE, has_account=True), Found(), Plan.STRAIGHT),
        (customers(BY_ACCOUNT, has_account=True), Found(), Plan.STRAIGHT),
        (customers(BY_UPDATE, updated=SINCE), Found(), Plan.STRAIGHT),
        (customers(members_of="vip", created=SINCE), Found(), Plan.STRAIGHT),
        (customers(related=("vip", "gold")), Found(), Plan.STRAIGHT),
        (customers(BY_EMAIL, members_of="vip"), Found(members=FEW_ROWS), Plan.MEMBERS),
        (customers(BY_EMAIL, members_of="vip"), Found(members=FEW_ROWS + 1), Plan.WALK),
        (customers(BY_UPDATE, members_of="vip"), Found(members=FEW_RECORDS + 1), Plan.WALK),
        (customers(words=ADA), Found(words=FEW_ROWS), Plan.WORDS),
        (customers(words=ADA, members_of="vip"), Found(words=FEW_ROWS), Plan.WALK),
        (customers(words=ADA, members_of="vip"), Found(words=FEW_RECORDS // 2), Plan.WORDS),
        (customers(words=ADA, updated=SINCE), Found(words=FEW_RECORDS + 1), Plan.WALK),
        (customers(updated=SINCE), Found(updated=FEW_RECORDS), Plan.UPDATED),
        (customers(BY_EMAIL, created=SINCE), Found(created=FEW_RECORDS), Plan.CREATED),
        (customers(BY_EMAIL, has_account=False), Found(accounts=3), Plan.ACCOUNTS),
        (customers(created_by=("nobody",)), Found(), Plan.WALK),
        (Listing(GROUP, filters=Filters(related=("ada",))), Found(related=FEW_RECORDS), Plan.RELATED),
        (Listing(GROUP, filters=Filters(related=("ada",))), Found(), Plan.WALK),
    ],
)
def test_the_first_matching_row_is_the_plan(listing: Listing, found: Found, expected: Plan) -> None:
    assert plan(listing, found) is expected


@pytest.mark.parametrize(
    ("listing", "expected"),
    [
        (customers(words=ADA, updated=SINCE), [Plan.WORDS, Plan.UPDATED]),
        (customers(BY_EMAIL, words=CUSTOMER.search.words("%"), created=SINCE), [Plan.CREATED]),
        (customers(words=ADA, members_of="vip"), [Plan.MEMBERS, Plan.WORDS]),
        (customers(BY_EMAIL, has_account=True), [Plan.ACCOUNTS]),
        (customers(created_by=("x",)), []),
    ],
)
def test_only_possible_leads_are_probed(listing: Listing, expected: list[Plan]) -> None:
    assert leads(listing) == expected
