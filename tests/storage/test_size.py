"""Requests and groups larger than a transaction."""

import pytest

from shared.dynamodb import transactions
from shared.storage import membership_transactions
from tests.api import Client
from tests.crowd import crowd

GROUPS = "/admin/customer-groups"


@pytest.fixture
def quiet(api: Client) -> Client:
    return Client(api.table, watches_table=False)


def test_a_thousand_customers_are_added_and_removed_in_one_request(quiet: Client) -> None:
    vip, ids = quiet.create_group("VIP"), list(crowd(1_000))
    joined = quiet.post(f"{GROUPS}/{vip['id']}/customers", {"add": ids})
    assert joined.group["customer_count"] == 1_000
    assert joined.body["added"] == ids
    assert len(quiet.member_ids(vip)) == 1_000
    assert len(quiet.get(f"{GROUPS}/{vip['id']}?fields=customers.id").group["customers"]) == 1_000
    quiet.table.check()

    left = quiet.post(f"{GROUPS}/{vip['id']}/customers", {"remove": ids[:999], "add": ids[999:]})
    assert (left.body["removed"], left.body["unchanged"]) == (ids[:999], ids[999:])
    assert quiet.member_ids(vip) == ids[999:]


def test_ten_groups_with_more_than_a_thousand_members_fit_into_one_answer(quiet: Client) -> None:
    people = {one: quiet.get(f"/admin/customers/{one}").customer for one in list(crowd(110))}
    for number in range(10):
        quiet.post(f"{GROUPS}/{quiet.create_group(f'Group {number}')['id']}/customers", {"add": list(people)})
    shown = quiet.get(f"{GROUPS}?fields=*customers&limit=10").body["customer_groups"]
    assert [len(group["customers"]) for group in shown] == [110] * 10
    assert all(member == people[member["id"]] for group in shown for member in group["customers"])


def test_a_thousand_removals_of_non_members_change_nothing(quiet: Client) -> None:
    vip = quiet.create_group("VIP")
    before = quiet.table.contents()
    absent = [f"absent-{number}" for number in range(1_000)]
    assert quiet.post(f"{GROUPS}/{vip['id']}/customers", {"remove": absent}).body["unchanged"] == absent
    assert quiet.table.contents() == before


def test_if_one_of_a_thousand_customers_is_unknown_none_is_added(quiet: Client) -> None:
    vip, ids = quiet.create_group("VIP"), list(crowd(150))
    answer = quiet.post(f"{GROUPS}/{vip['id']}/customers", {"add": [*ids, "crm-unknown"]})
    assert (answer.status, answer.message) == (404, "Customer with id: crm-unknown not found")
    assert quiet.table.memberships() == set()


@pytest.mark.parametrize("size", [48, 49, 99, 100, 101])
def test_every_number_of_members_around_the_limit_of_a_transaction_is_added(quiet: Client, size: int) -> None:
    vip, ids = quiet.create_group("VIP"), list(crowd(size))
    answer = quiet.post(f"{GROUPS}/{vip['id']}/customers", {"add": [*ids, *ids[:5]]})
    assert answer.group["customer_count"] == len(quiet.table.memberships()) == size


def test_deleting_a_customer_of_seventy_groups_removes_all_memberships(quiet: Client) -> None:
    made = [quiet.create_group(f"Campaign {number}")["id"] for number in range(70)]
    ada = quiet.create_customer("ada@example.com")
    answer = quiet.post(f"/admin/customers/{ada['id']}/customer-groups?fields=groups.id", {"add": made})
    assert len(answer.customer["groups"]) == 70
    assert quiet.delete(f"/admin/customers/{ada['id']}").status == 200
    assert quiet.table.memberships() == set()


def test_the_largest_requests_fit_into_a_transaction() -> None:
    assert 2 * membership_transactions.MEMBERS_PER_WRITE + 3 <= transactions.MAX_ACTIONS
    assert 3 * membership_transactions.GROUPS_PER_WRITE + 1 <= transactions.MAX_ACTIONS
    assert 4 * membership_transactions.MEMBERS_WITH_TERMS_PER_WRITE + 5 <= transactions.MAX_ACTIONS
    assert 6 * membership_transactions.MOVES_WITH_TERMS_PER_WRITE + 7 <= transactions.MAX_ACTIONS
    # Also before a deletion: the customer, its summary, and its old and new due item.
    assert 5 * membership_transactions.TERMS_PER_WRITE + 4 <= transactions.MAX_ACTIONS


def test_paging_a_filtered_list_returns_every_match_once(quiet: Client) -> None:
    ids, seen, cursor = list(crowd(60)), [], ""
    for page in range(3):
        answer = quiet.get(f"/admin/customers?created_by=import&limit=25{cursor}")
        assert (answer.body["count"], answer.body["next_cursor"] is None) == (60, page == 2)
        seen += answer.shown("id")
        cursor = f"&cursor={answer.body['next_cursor']}"
    assert seen == ids
