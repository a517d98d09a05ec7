"""Data of an earlier version is usable after the steps in docs/deployment.md."""

import tests.database  # noqa: F401 - imported before `shared`

# isort: split

from pathlib import Path
from urllib.parse import quote

import pytest

from operations.audit import audit
from shared.domain.errors import CustomerNotFound
from shared.domain.ids import CustomerId, GroupId
from shared.dynamodb import actions, transactions
from shared.storage import customers, groups, keys, membership_reads, memberships, summaries, tokens
from shared.storage.kinds import CUSTOMER
from tests.api import Client
from tests.table import Table

CUSTOMERS = "/admin/customers"
EARLIER_TEXT = (
    "\x1fzoe.\x1fsaldana@\x1fmail.\x1fexample\x1e\x1fzoë\x1e\x1fmuñoz\x1e\x1fharo \x1fy \x1fasociados \x1fs.\x1fl."
    "\x1e+\x1f33 (\x1f0)\x1f2 \x1f14 \x1f67 \x1f39\x1e\x1d9376412033"
)
EARLIER_TOKENS = {
    "zoe", "zoë", "saldana", "muñoz", "mail", "example", "haro", "y", "asociados", "l", "33", "0", "2", "14", "67",
    "39", "\x1d9376412033",
}  # fmt: skip

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


@pytest.fixture
def zoe(api: Client) -> CustomerId:
    """A customer in a group, as stored before 2026-11-30: every part is a token, and so is the last label `example`."""
    customer_id = CustomerId(
        api.create_customer(
            "zoe.saldana@mail.example",
            first_name="Zoë",
            last_name="Muñoz",
            company_name="Haro y Asociados S.L.",
            phone="+33 (0)2 14 67 39",
        )["id"]
    )
    group_id = groups.create("VIP", None, "grace")["id"]
    memberships.change_members(group_id, [customer_id], [], "grace")
    membership = keys.membership(group_id, customer_id)
    customer = dict(customers.get(customer_id))
    earlier = customer | {"search_text": EARLIER_TEXT}
    stored = {keys.token(keys.CUSTOMERS, token, customer_id) for token in EARLIER_TOKENS}
    copied = {"customer": summaries.copy_of(earlier)}
    transactions.commit(
        [
            *(actions.delete(key) for key in tokens.of(CUSTOMER, customer) - stored),
            *(actions.put(key._asdict() | tokens.copy_of(earlier)) for key in stored),
            actions.update(keys.customer(customer_id), set={"search_text": EARLIER_TEXT}),
            actions.update(keys.summary(customer_id), set=copied),
            actions.update(membership, set=copied),
        ]
    )
    return customer_id


def _texts(table: Table) -> set[str]:
    return {item["search_text"] for item in table.items() if item["PK"].startswith("TOKEN#CUSTOMERS")}


@pytest.mark.parametrize(
    "query",
    ["zoë", "muñoz", "saldana@mail.exa", "mail.example", "example", "haro y", "s.l.", "14", "39", "146739"],
)
def test_customers_with_earlier_tokens_are_found(api: Client, zoe: CustomerId, query: str) -> None:
    assert api.get(f"{CUSTOMERS}?q={quote(query)}").shown("id") == [zoe]
    api.delete(f"{CUSTOMERS}/{zoe}")  # the fixture `api` checks that nothing is as it was in earlier releases


def test_a_change_replaces_earlier_tokens(api: Client, zoe: CustomerId) -> None:
    api.post(f"{CUSTOMERS}/{zoe}", {"metadata": {"newsletter": True}})
    assert api.get(f"{CUSTOMERS}?q=zo%C3%AB+mail.exa").shown("id") == [zoe]
    assert api.get(f"{CUSTOMERS}?q=example").shown("id") == []


def test_a_deletion_leaves_none_of_the_earlier_tokens(api: Client, zoe: CustomerId) -> None:
    api.delete(f"{CUSTOMERS}/{zoe}")
    assert _texts(api.table) == set()


def test_audits_replace_earlier_tokens(api: Client, zoe: CustomerId, tmp_path: Path) -> None:
    assert audit(api.table.name, tmp_path / "state", wants_repair=False, apply=False) == 1
    audit(api.table.name, tmp_path / "state", wants_repair=True, apply=True)
    assert EARLIER_TEXT not in _texts(api.table)
    audit(api.table.name, tmp_path / "state", wants_repair=True, apply=True)  # the copies in the group
    assert audit(api.table.name, tmp_path / "state", wants_repair=False, apply=False) == 0
    assert api.get(f"{CUSTOMERS}?q=zo%C3%AB+mail.exa").shown("id") == [zoe]
