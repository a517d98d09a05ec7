"""A write that meets a table that is not as it was read writes nothing: the conditions that races rarely reach."""

import pytest

from shared import keys
from shared.errors import ApiError
from shared.keys import Key
from shared.storage import copies, customers, groups, memberships, purge, records
from shared.storage import table as storage_table
from shared.storage.kinds import CUSTOMER, GROUP
from shared.storage.table import ConditionsFailed, Stale
from tests.crowd import crowd
from tests.meddling import meddle_once
from tests.table import Table

ACTOR = "service"


@pytest.fixture
def vip(table: Table) -> str:
    assert table.items() == []
    return str(groups.create("VIP", None, ACTOR)["id"])


@pytest.fixture
def ada(table: Table) -> str:  # noqa: ARG001 - it must be there
    (one,) = crowd(1)
    return one


def stray(group_id: str, customer_id: str) -> None:
    """A membership that should not be."""
    member = {**keys.membership(group_id, customer_id)._asdict(), "member_customer": keys.customer(customer_id).PK}
    storage_table.transact([storage_table.put({**member, "member_group": keys.group(group_id).PK})])


def is_there(table: Table, key: Key) -> bool:
    return key in table.contents()


def test_a_removal_makes_up_no_customer(table: Table, vip: str) -> None:
    stray(vip, "ghost")
    assert memberships.change_members(vip, [], ["ghost"], ACTOR).unchanged == ["ghost"]
    assert not is_there(table, keys.customer("ghost"))


def test_a_customer_who_is_gone_leaves_no_groups(table: Table, vip: str) -> None:
    stray(vip, "ghost")
    with pytest.raises(Stale):
        memberships.leave("ghost", [vip], ACTOR)
    assert not is_there(table, keys.customer("ghost"))


def test_a_deletion_makes_up_no_group(table: Table, ada: str) -> None:
    stray("nowhere", ada)
    with pytest.raises(Stale):
        storage_table.commit(memberships.removal(ada, "nowhere", ACTOR))
    assert not is_there(table, keys.group("nowhere"))


def test_a_deletion_does_not_count_a_membership_that_is_gone(table: Table, vip: str, ada: str) -> None:
    before = table.contents()
    with pytest.raises(Stale):
        storage_table.commit(memberships.removal(ada, vip, ACTOR))
    assert table.contents() == before


def test_a_customer_leaves_a_group_once_when_it_is_deleted_and_removed_at_once(
    table: Table, vip: str, ada: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    memberships.change_members(vip, [ada], [], ACTOR)
    meddle_once(monkeypatch, lambda: memberships.change_members(vip, [], [ada], ACTOR))
    customers.delete(ada, ACTOR)
    assert groups.get(vip)["customer_count"] == 0
    table.check()


def test_a_group_changed_between_read_and_deletion_is_read_again(
    table: Table, vip: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    meddle_once(monkeypatch, lambda: groups.update(vip, {"name": "Very VIP"}, ACTOR))
    groups.delete(vip, ACTOR)
    table.check()


def test_a_deleted_group_cannot_be_revised(table: Table, vip: str, monkeypatch: pytest.MonkeyPatch) -> None:
    meddle_once(monkeypatch, lambda: groups.delete(vip, ACTOR))
    with pytest.raises(ApiError):
        groups.update(vip, {"name": "Very VIP"}, ACTOR)
    table.check()


def test_a_name_is_released_by_its_holder_alone(table: Table, vip: str) -> None:
    lock = keys.name_lock("vip")
    with pytest.raises(Stale):
        storage_table.commit([records._release(lock, {"id": "another"})])
    assert table.item(lock)["holder"] == vip


def test_a_purge_counts_a_membership_that_another_worker_removed_once(
    table: Table, vip: str, ada: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    memberships.change_members(vip, [ada], [], ACTOR)
    groups.delete(vip, ACTOR)
    meddle_once(monkeypatch, lambda: purge.purge_group(vip, lambda: True))
    purge.purge_group(vip, lambda: True)
    assert customers.get(ada)["group_count"] == 0
    table.check()


def test_a_purge_makes_up_no_customer(table: Table, vip: str) -> None:
    stray(vip, "ghost")
    groups.delete(vip, ACTOR)
    with pytest.raises(ConditionsFailed):
        purge.purge_group(vip, lambda: True)
    assert not is_there(table, keys.customer("ghost"))


def test_copies_are_renewed_only_where_they_are(table: Table, vip: str, ada: str) -> None:
    memberships.change_members(vip, [ada], [], ACTOR)
    (renewal,) = copies._membership_copies(customers.get(ada))
    memberships.change_members(vip, [], [ada], ACTOR)
    with pytest.raises(Stale):
        storage_table.commit([renewal])
    assert table.memberships() == set()


def test_copies_of_an_older_version_are_not_written(table: Table, vip: str, ada: str) -> None:
    memberships.change_members(vip, [ada], [], ACTOR)
    old = customers.get(ada)
    outdated = copies._membership_copies(old)
    customers.update(ada, {"last_name": "Lovelace"}, ACTOR)
    before = table.contents()
    with pytest.raises(Stale):
        copies._write(CUSTOMER, old, outdated)
    with pytest.raises(Stale):
        storage_table.commit([copies._settled(CUSTOMER, old)])
    assert table.contents() == before


def test_a_record_is_placed_where_none_is(table: Table, vip: str) -> None:
    found = groups.get(vip)
    before = table.contents()
    with pytest.raises(Stale):
        storage_table.commit([records.place(found, over=None)])
    with pytest.raises(Stale):
        storage_table.commit([records.place(found, over={**found, "version": 7})])
    assert table.contents() == before


def test_a_creation_is_remembered_once(table: Table, vip: str) -> None:
    storage_table.commit([records._remember("a key", vip)])
    before = table.contents()
    with pytest.raises(records.CreatedBeforeError):
        storage_table.commit([records._remember("a key", "another")])
    assert table.contents() == before


def test_a_refused_transaction_tells_which_writes_refused(table: Table, vip: str) -> None:
    taken, free = groups.get(vip), {"PK": "GROUP#free", "SK": "GROUP"}
    writes = [storage_table.put(free), storage_table.put(taken, storage_table.ABSENT)]
    with pytest.raises(ConditionsFailed) as failure:
        storage_table.transact(writes)
    assert list(failure.value.writes) == writes[1:]
    assert not is_there(table, Key("GROUP#free", "GROUP"))
    assert GROUP.key(vip) in table.contents()
