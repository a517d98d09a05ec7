"""Writes nothing if the table has changed since the read: conditions that concurrent tests rarely reach."""

from typing import Any

import pytest

from shared.domain.errors import ApiError
from shared.domain.ids import CustomerId, GroupId
from shared.dynamodb import actions, transactions
from shared.dynamodb.expressions import ABSENT, Key
from shared.dynamodb.retries import Stale
from shared.dynamodb.transactions import ConditionsFailed
from shared.storage import (
    copies,
    creation_marks,
    customers,
    groups,
    keys,
    locks,
    membership_writes,
    memberships,
    purge,
    record_writes,
    summaries,
)
from shared.storage.items import SummaryItem
from shared.storage.kinds import GROUP
from shared.storage.membership_reads import Membership
from tests.crowd import crowd
from tests.meddling import meddle_once
from tests.table import Table

ACTOR = "service"


@pytest.fixture
def vip(table: Table) -> GroupId:
    assert table.items() == []
    return groups.create("VIP", None, ACTOR)["id"]


@pytest.fixture
def ada(table: Table) -> CustomerId:  # noqa: ARG001 - must exist
    (one,) = crowd(1)
    return CustomerId(one)


def stray(group_id: str, customer_id: str) -> None:
    """A membership that should not exist."""
    member = {**keys.membership(group_id, customer_id)._asdict(), "member_customer": keys.customer(customer_id).PK}
    transactions.transact([actions.put({**member, "member_group": keys.group(group_id).PK})])


def summary(customer_id: CustomerId) -> SummaryItem:
    return summaries.get_many([customer_id])[customer_id]


def is_there(table: Table, key: Key) -> bool:
    return key in table.contents()


def test_a_removal_does_not_create_a_customer(table: Table, vip: GroupId) -> None:
    stray(vip, "ghost")
    assert memberships.change_members(vip, [], ["ghost"], ACTOR).unchanged == ["ghost"]
    assert not is_there(table, keys.summary("ghost"))


def test_an_unknown_customer_cannot_be_removed_from_groups(table: Table, vip: GroupId) -> None:
    stray(vip, "ghost")
    ghost: Any = {"id": "ghost", "version": 1}
    with pytest.raises(Stale):
        memberships.remove_before_deletion(ghost, [Membership(vip, "ghost")], ACTOR)
    assert not is_there(table, keys.summary("ghost"))


def test_a_deletion_does_not_create_a_group(table: Table, ada: CustomerId) -> None:
    stray("nowhere", ada)
    with pytest.raises(Stale):
        transactions.commit(membership_writes.removal_writes(Membership("nowhere", ada), ACTOR))
    assert not is_there(table, keys.group("nowhere"))


def test_a_deletion_does_not_count_a_removed_membership(table: Table, vip: GroupId, ada: CustomerId) -> None:
    before = table.contents()
    with pytest.raises(Stale):
        transactions.commit(membership_writes.removal_writes(Membership(vip, ada), ACTOR))
    assert table.contents() == before


def test_a_customer_deleted_and_removed_concurrently_is_counted_once(
    table: Table, vip: GroupId, ada: CustomerId, monkeypatch: pytest.MonkeyPatch
) -> None:
    memberships.change_members(vip, [ada], [], ACTOR)
    meddle_once(monkeypatch, lambda: memberships.change_members(vip, [], [ada], ACTOR))
    customers.delete(ada, ACTOR)
    assert groups.get(vip)["customer_count"] == 0
    table.check()


def test_a_group_changed_between_read_and_deletion_is_read_again(
    table: Table, vip: GroupId, monkeypatch: pytest.MonkeyPatch
) -> None:
    meddle_once(monkeypatch, lambda: groups.update(vip, {"name": "Very VIP"}, ACTOR))
    groups.delete(vip, ACTOR)
    table.check()


def test_a_deleted_group_cannot_be_updated(table: Table, vip: GroupId, monkeypatch: pytest.MonkeyPatch) -> None:
    meddle_once(monkeypatch, lambda: groups.delete(vip, ACTOR))
    with pytest.raises(ApiError):
        groups.update(vip, {"name": "Very VIP"}, ACTOR)
    table.check()


def test_a_name_is_only_released_by_its_holder(table: Table, vip: GroupId) -> None:
    lock = keys.name_lock("vip")
    with pytest.raises(Stale):
        transactions.commit([locks._release(lock, {"id": "another"})])
    assert table.item(lock)["holder"] == vip


def test_a_purge_counts_a_membership_that_another_worker_removed_once(
    table: Table, vip: GroupId, ada: CustomerId, monkeypatch: pytest.MonkeyPatch
) -> None:
    memberships.change_members(vip, [ada], [], ACTOR)
    groups.delete(vip, ACTOR)
    meddle_once(monkeypatch, lambda: purge.purge_group(vip, lambda: True))
    purge.purge_group(vip, lambda: True)
    assert summaries.get_many([ada])[ada]["group_count"] == 0
    table.check()


def test_a_purge_does_not_create_a_customer(table: Table, vip: GroupId) -> None:
    stray(vip, "ghost")
    groups.delete(vip, ACTOR)
    with pytest.raises(ConditionsFailed):
        purge.purge_group(vip, lambda: True)
    assert not is_there(table, keys.summary("ghost"))


def test_copies_are_only_updated_in_existing_memberships(table: Table, vip: GroupId, ada: CustomerId) -> None:
    memberships.change_members(vip, [ada], [], ACTOR)
    (renewal,) = copies._outdated(ada, summary(ada))
    memberships.change_members(vip, [], [ada], ACTOR)
    with pytest.raises(Stale):
        transactions.commit([renewal])
    assert table.memberships() == set()


def test_copies_of_an_older_version_are_not_written(table: Table, vip: GroupId, ada: CustomerId) -> None:
    memberships.change_members(vip, [ada], [], ACTOR)
    old = summary(ada)
    outdated = copies._outdated(ada, old)
    customers.update(ada, {"last_name": "Lovelace"}, ACTOR)
    before = table.contents()
    with pytest.raises(Stale):
        copies._write(ada, old, outdated)
    assert table.contents() == before


def test_an_item_is_only_put_where_there_is_none(table: Table, vip: GroupId) -> None:
    found = groups.get(vip)
    before = table.contents()
    with pytest.raises(Stale):
        transactions.commit([record_writes.put(found, over=None)])
    with pytest.raises(Stale):
        transactions.commit([record_writes.put(found, over={**found, "version": 7})])
    assert table.contents() == before


def test_a_creation_mark_is_only_put_once(table: Table, vip: GroupId) -> None:
    transactions.commit([creation_marks.creation_mark("a key", vip)])
    before = table.contents()
    with pytest.raises(creation_marks.AlreadyCreatedError):
        transactions.commit([creation_marks.creation_mark("a key", "another")])
    assert table.contents() == before


def test_a_cancelled_transaction_reports_the_failed_conditions(table: Table, vip: GroupId) -> None:
    taken, free = groups.get(vip), {"PK": "GROUP#free", "SK": "GROUP"}
    both = [actions.put(free), actions.put(taken, ABSENT)]
    with pytest.raises(ConditionsFailed) as failure:
        transactions.transact(both)
    assert list(failure.value.writes) == both[1:]
    assert not is_there(table, Key("GROUP#free", "GROUP"))
    assert GROUP.key(vip) in table.contents()
