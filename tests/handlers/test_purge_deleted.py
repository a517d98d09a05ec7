"""The memberships of a deleted group are removed in batches."""

from typing import Any

import pytest

from shared.storage import purge
from tests.afterwards import HurriedContext, Surroundings, errors, on_queue
from tests.api import Client

GROUPS = "/admin/customer-groups"


@pytest.fixture(autouse=True)
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three members per transaction instead of 49: more batches with fewer customers."""
    monkeypatch.setattr(purge, "MEMBERS_PER_WRITE", 3)


def deletion_of(group: dict[str, Any]) -> dict[str, Any]:
    """The event of the deletion, as it arrives in the queue."""
    return {"detail-type": "customer-group.deleted", "detail": {"customer_group_id": group["id"]}}


def group_of(api: Client, size: int, name: str = "Newsletter") -> tuple[dict[str, Any], list[dict[str, Any]]]:
    quiet = Client(api.table, watches_table=False)
    group = quiet.create_group(name)
    members = [quiet.create_customer(f"{name.lower()}{number}@mail.example") for number in range(size)]
    quiet.add(group, *members)
    return group, members


def test_removes_every_membership_and_keeps_counts_exact(api: Client, surroundings: Surroundings) -> None:
    group, members = group_of(api, 7)
    vip = api.create_group("VIP")
    api.add(vip, *members[:3])
    api.delete(f"{GROUPS}/{group['id']}")

    assert on_queue("purge_deleted", [deletion_of(group)]) == []

    assert api.table.memberships() == {(vip["id"], member["id"]) for member in members[:3]}
    assert api.count_of(vip) == 3
    assert [api.groups_of(member) for member in members[2:4]] == [{"VIP"}, set()]
    assert len(api.get("/admin/customers?limit=100").shown("id")) == 7
    assert surroundings.take("purge") == []


def test_leaves_the_remaining_work_to_the_next_invocation(api: Client, surroundings: Surroundings) -> None:
    group, _ = group_of(api, 8)
    api.delete(f"{GROUPS}/{group['id']}")
    messages, sizes = [deletion_of(group)], []
    while messages:
        assert on_queue("purge_deleted", messages, HurriedContext("purge_deleted", slices=1)) == []
        sizes.append(len(api.table.memberships()))
        api.table.check()
        messages = surroundings.take("purge")
    assert sizes == [5, 2, 0]


def test_repeated_and_late_messages_have_no_effect(api: Client, surroundings: Surroundings) -> None:
    group, _ = group_of(api, 5)
    api.delete(f"{GROUPS}/{group['id']}")
    assert on_queue("purge_deleted", [deletion_of(group)] * 3) == []
    assert api.table.memberships() == set()
    assert surroundings.take("purge") == []


def test_does_not_change_live_or_unknown_groups(api: Client, surroundings: Surroundings) -> None:
    group, members = group_of(api, 2)
    stored = api.table.contents()
    assert on_queue("purge_deleted", [deletion_of(group), deletion_of({"id": "cusgroup_never"})]) == []
    assert api.table.contents() == stored
    assert sorted(api.member_ids(group)) == sorted(member["id"] for member in members)
    assert surroundings.take("purge") == []


def test_only_the_failed_message_is_redelivered(
    api: Client, surroundings: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, _ = group_of(api, 1, "Broken")
    sound, _ = group_of(api, 1, "Sound")
    for group in (broken, sound):
        api.delete(f"{GROUPS}/{group['id']}")
    remove = purge._remove

    def stumble(group_id: str, customer_ids: Any) -> None:
        if group_id == broken["id"]:
            raise OSError("the network is gone")
        remove(group_id, customer_ids)

    monkeypatch.setattr(purge, "_remove", stumble)
    before = errors["purge_deleted"]
    assert on_queue("purge_deleted", [deletion_of(broken), deletion_of(sound)]) == ["0"]
    assert errors["purge_deleted"] == before
    assert on_queue("purge_deleted", [deletion_of(broken)]) == ["0"]
    assert errors["purge_deleted"] == before + 1
    assert {group_id for group_id, _ in api.table.memberships()} == {broken["id"]}

    monkeypatch.undo()
    assert on_queue("purge_deleted", [deletion_of(broken)]) == []
    assert api.table.memberships() == set()
    assert surroundings.take("purge") == []


@pytest.mark.parametrize("body", [{}, {"detail": {}}, [], "text"], ids=str)
def test_an_invalid_message_is_redelivered_until_the_queue_moves_it(surroundings: Surroundings, body: Any) -> None:
    assert on_queue("purge_deleted", [body]) == ["0"]
    assert surroundings.take("purge") == []


def test_skips_a_customer_that_is_deleted_meanwhile(api: Client, surroundings: Surroundings) -> None:
    group, members = group_of(api, 4)
    vip = api.create_group("VIP")
    api.add(vip, *members)
    api.delete(f"{GROUPS}/{group['id']}")
    api.delete(f"/admin/customers/{members[0]['id']}")
    assert api.count_of(vip) == 3
    assert on_queue("purge_deleted", [deletion_of(group)]) == []
    assert {customer_id for _, customer_id in api.table.memberships()} == {one["id"] for one in members[1:]}
    assert surroundings.take("purge") == []
