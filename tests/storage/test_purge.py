"""The purge of a deleted group, which can be interrupted at any point."""

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import batched
from typing import Any

import pytest

from shared.dynamodb import retries
from shared.runtime import clock
from shared.storage import customers, groups, keys, membership_reads, memberships, purge, records
from shared.storage.kinds import CUSTOMER, GROUP
from tests.api import Client
from tests.meddling import meddle_once
from tests.table import Table

GROUPS = "/admin/customer-groups"
MEMBERS = 8
CALLS = 15
"""The calls of a purge of this many members: the group, its members, three slices, references, its end."""


class Killed(BaseException):
    """The worker is killed, without a chance to react."""


def kill_at(monkeypatch: pytest.MonkeyPatch, place: int, *, before: bool) -> list[int]:
    """Kill the worker before or after the DynamoDB call number `place`, and count the calls."""
    make_call = retries.call
    calls: list[int] = []

    def call_and_die(call: Callable[[], Any], most_attempts: int | None = None) -> Any:
        calls.append(len(calls))
        if before and len(calls) > place:
            raise Killed
        answer = make_call(call, most_attempts)
        if len(calls) > place:
            raise Killed
        return answer

    monkeypatch.setattr(retries, "call", call_and_die)
    return calls


@pytest.fixture(autouse=True)
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three members per transaction instead of 49, to have more transactions."""
    monkeypatch.setattr(purge, "MEMBERS_PER_WRITE", 3)


@pytest.fixture
def deleted(api: Client) -> dict[str, Any]:
    """A deleted group that still has its members. Two of them are in the group VIP too."""
    quiet = Client(api.table, watches_table=False)
    group, vip = quiet.create_group("Newsletter"), quiet.create_group("VIP")
    members = [quiet.create_customer(f"reader{number}@mail.example") for number in range(MEMBERS)]
    quiet.add(group, *members)
    quiet.add(vip, *members[:2])
    quiet.delete(f"{GROUPS}/{group['id']}")
    return {"id": group["id"], "vip": vip, "members": members}


@pytest.mark.parametrize("before", [True, False], ids=["before its", "after its"])
@pytest.mark.parametrize("place", range(CALLS))
def test_a_killed_purge_leaves_exact_counts_and_the_next_one_completes(
    api: Client, deleted: dict[str, Any], monkeypatch: pytest.MonkeyPatch, place: int, *, before: bool
) -> None:
    with monkeypatch.context() as dying:
        calls = kill_at(dying, place, before=before)
        try:
            purge.purge_group(deleted["id"], lambda: True)
        except Killed:
            pass
        else:
            assert place >= len(calls), "it was not killed though it came to that call"

    api.table.check()  # also before the next attempt
    assert api.groups_of(deleted["members"][0]) == {"VIP"}
    assert purge.purge_group(deleted["id"], lambda: True)
    assert {group_id for group_id, _ in api.table.memberships()} == {deleted["vip"]["id"]}
    assert api.count_of(deleted["vip"]) == 2


def test_all_points_of_failure_are_tested(deleted: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    calls = kill_at(monkeypatch, 1_000, before=True)
    purge.purge_group(deleted["id"], lambda: True)
    assert len(calls) <= CALLS


def test_two_concurrent_purges_remove_each_membership_once(
    api: Client, deleted: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    meddle_once(monkeypatch, lambda: purge.purge_group(deleted["id"], lambda: True))
    assert purge.purge_group(deleted["id"], lambda: True)
    assert len(api.table.memberships()) == 2


def test_skips_a_member_that_is_deleted_between_read_and_write(
    api: Client, deleted: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    quiet = Client(api.table, watches_table=False)
    meddle_once(monkeypatch, lambda: quiet.delete(f"/admin/customers/{deleted['members'][5]['id']}"))
    assert purge.purge_group(deleted["id"], lambda: True)
    assert len(api.table.memberships()) == 2


def test_stops_when_its_time_is_up_and_continues_later(api: Client, deleted: dict[str, Any]) -> None:
    sizes = []
    for slices in (1, 0, 1, 9):
        time = iter([True] * slices)
        finished = purge.purge_group(deleted["id"], lambda time=time: next(time, False))  # type: ignore[misc] # mypy cannot infer a lambda with defaults
        sizes.append((len(api.table.memberships()) - 2, finished))
        api.table.check()
    assert sizes == [(5, False), (5, False), (2, False), (0, True)]


def test_the_tombstone_is_kept_for_a_week_after_the_purge(api: Client, deleted: dict[str, Any]) -> None:
    assert "expires_at" not in api.table.item(keys.group(deleted["id"]))
    purge.purge_group(deleted["id"], lambda: True)
    week = 7 * 24 * 3600
    assert 0 <= clock.epoch_seconds() + week - api.table.item(keys.group(deleted["id"]))["expires_at"] < 60


@pytest.mark.skipif("PURGE_AT_SCALE" not in os.environ, reason="takes minutes: make purge-at-scale")
def test_a_very_large_group_is_purged_with_the_worker_killed_twice(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = int(os.environ["PURGE_AT_SCALE"])
    monkeypatch.undo()  # complete batches
    group, vip = (groups.create(name, None, "test")["id"] for name in ("Newsletter", "VIP"))
    with ThreadPoolExecutor(2) as several:
        ids = [one["id"] for one in several.map(lambda number: _customer(f"{number}@x.org"), range(size))]
    for some in batched(ids, 1_000, strict=False):
        memberships.change_members(group, some, [], "test")
    memberships.change_members(vip, ids[:100], [], "test")

    begun = time.monotonic()
    groups.delete(group, "test")
    answered_after = time.monotonic() - begun
    groups.create("Newsletter", None, "test")
    for _ in range(2):
        with monkeypatch.context() as dying:
            kill_at(dying, max(3, size // purge.MEMBERS_PER_WRITE // 4), before=False)
            with pytest.raises(Killed):
                purge.purge_group(group, lambda: True)
        left = sum(1 for _ in membership_reads.customer_ids(group))
        assert 0 < left < size
        assert {one["id"] for one in records.get_many(GROUP, membership_reads.group_ids(ids[-1])).values()} == set()
    assert purge.purge_group(group, lambda: True)
    print(f"{size:,} members: answered after {answered_after:.3f} s, gone after {time.monotonic() - begun:.1f} s")  # noqa: T201 - shows how long it took

    assert answered_after < 1
    assert table.memberships() == {(vip, one) for one in ids[:100]}
    table.check()


def _customer(email: str) -> Any:
    return customers.create(dict.fromkeys(CUSTOMER.attributes) | {"email": email, "has_account": False}, "test")
