"""Data of an earlier version is usable after the steps in docs/deployment.md."""

import tests.database  # noqa: F401 - imported before `shared`

# isort: split

from pathlib import Path

import pytest

from operations.audit import audit
from shared.domain.errors import CustomerNotFound
from shared.domain.ids import CustomerId, GroupId
from shared.dynamodb import actions, transactions
from shared.storage import customers, groups, keys, membership_reads, memberships, summaries, tokens
from tests.table import Table

type Old = tuple[GroupId, list[CustomerId]]


def _customer(name: str) -> CustomerId:
    profile = {**dict.fromkeys(("last_name", "company_name", "phone", "metadata")), "has_account": False}
    return customers.create({**profile, "email": f"{name}@mail.example", "first_name": name}, "grace")["id"]


@pytest.fixture
def old_table(table: Table) -> Old:
    """A group and its customers as stored before 2026-11-24: the counts are in the customers' records."""
    group_id = groups.create("VIP", None, "grace")["id"]
    customer_ids = [_customer(name) for name in ("ada", "bela", "chiara")]
    memberships.change_members(group_id, customer_ids[:2], [], "grace")
    for customer_id in customer_ids:
        count = table.item(keys.summary(customer_id))["group_count"]
        short_token = keys.token(keys.CUSTOMERS, "m", customer_id)
        copied = tokens.copy_of(dict(customers.get(customer_id)))
        transactions.commit(
            [
                actions.update(keys.customer(customer_id), set={"group_count": count}),
                actions.delete(keys.summary(customer_id)),
                actions.put(short_token._asdict() | copied),
            ]
        )
    return group_id, customer_ids


def test_an_audit_upgrades_customers_without_summaries(table: Table, old_table: Old, tmp_path: Path) -> None:
    group_id, (ada, bela, chiara) = old_table
    with pytest.raises(CustomerNotFound):
        memberships.change_members(group_id, [chiara], [], "grace")
    assert audit(table.name, tmp_path / "state", wants_repair=False, apply=False) == 6
    assert audit(table.name, tmp_path / "state", wants_repair=True, apply=True) == 0
    assert audit(table.name, tmp_path / "state", wants_repair=False, apply=False) == 0

    assert [table.item(keys.summary(one))["group_count"] for one in (ada, bela, chiara)] == [1, 1, 0]
    memberships.change_members(group_id, [chiara], [ada], "grace")
    customers.delete(bela, "grace")
    assert list(membership_reads.customer_ids(group_id)) == [chiara]
    assert [summary and summary["group_count"] for summary in map(summaries.get, (ada, bela, chiara))] == [0, None, 1]
    assert audit(table.name, tmp_path / "state", wants_repair=False, apply=False) == 0
