"""References from events of other systems."""

from typing import Any

import pytest

from tests.afterwards import Surroundings
from tests.api import Client, Context, handler

GROUPS = "/admin/customer-groups"
TIME = "2026-11-23T09:30:00Z"


def send_event(group: dict[str, Any], kind: str, time: str = TIME, **detail: Any) -> None:
    detail = {"customer_group_id": group["id"], "system": "pricing", "id": "sale", **detail}
    event = {"version": "0", "source": "liqnic.pricing", "time": time, "detail": detail}
    kind = f"customer-group.reference-{kind}"
    handler("sync_reference")({**event, "detail-type": kind}, Context("sync_reference"))


def listed(api: Client, group: dict[str, Any]) -> dict[str, str]:
    answer = api.get(f"{GROUPS}/{group['id']}/references").body
    assert answer["count"] == len(answer["references"])
    return {one["id"]: one["label"] for one in answer["references"]}


@pytest.fixture
def vip(api: Client) -> dict[str, Any]:
    return api.create_group("VIP", key="vip")


@pytest.fixture(autouse=True)
def nothing_is_buried(request: pytest.FixtureRequest, surroundings: Surroundings) -> Any:
    yield
    if "dead_letter" not in request.node.name:
        assert surroundings.dead_letters() == []


def test_registers_changes_and_takes_back(api: Client, vip: dict[str, Any]) -> None:
    send_event(vip, "added", version=1, label="Sale")
    assert listed(api, vip) == {"sale": "Sale"}
    send_event(vip, "added", version=2, label="Summer sale", url="https://pricing.example.com/7")
    assert listed(api, vip) == {"sale": "Summer sale"}
    assert api.delete(f"{GROUPS}/{vip['id']}").status == 409
    send_event(vip, "removed", version=3)
    assert listed(api, vip) == {}
    assert api.delete(f"{GROUPS}/{vip['id']}").status == 200


def test_an_event_can_identify_the_group_by_its_key(api: Client, vip: dict[str, Any]) -> None:
    send_event({"id": "key:vip"}, "added", version=1, label="Sale")
    assert listed(api, vip) == {"sale": "Sale"}


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1), (1, 1, 3, 3, 2, 1), (3, 1, 2, 3)])
def test_late_and_repeated_events_end_in_the_last_state(
    api: Client, vip: dict[str, Any], order: tuple[int, ...]
) -> None:
    for number in order:
        if number == 2:
            send_event(vip, "removed", version=2)
        else:
            send_event(vip, "added", version=number, label=f"Sale {number}")
    assert listed(api, vip) == {"sale": "Sale 3"}


@pytest.mark.parametrize("order", [(1, 2), (2, 1), (2, 2, 1, 1), (1, 2, 1)])
def test_what_was_removed_stays_removed(api: Client, vip: dict[str, Any], order: tuple[int, ...]) -> None:
    for number in order:
        if number == 2:
            send_event(vip, "removed", version=2)
        else:
            send_event(vip, "added", version=1, label="Sale")
    assert listed(api, vip) == {}


def test_states_may_be_numbered_by_time(api: Client, vip: dict[str, Any]) -> None:
    send_event(vip, "added", label="New", updated_at="2026-11-23T10:00:00.002Z")
    send_event(vip, "removed", updated_at="2026-11-23T10:00:00.001Z")
    send_event(vip, "added", label="By the event's time", time="2026-11-23T10:00:01Z")
    assert listed(api, vip) == {"sale": "By the event's time"}


def test_an_event_after_the_groups_deletion_becomes_a_dead_letter(
    api: Client, vip: dict[str, Any], surroundings: Surroundings
) -> None:
    api.delete(f"{GROUPS}/{vip['id']}")
    send_event(vip, "added", version=1, label="Sale")
    (letter,) = surroundings.dead_letters()
    assert "not found" in str(letter)
    assert not [item for item in api.table.items() if "REFERENCE" in item["SK"]]


def test_a_removal_after_the_groups_deletion_has_nothing_left_to_do(api: Client, vip: dict[str, Any]) -> None:
    api.delete(f"{GROUPS}/{vip['id']}")
    send_event(vip, "removed", version=1)


@pytest.mark.parametrize(
    "detail",
    [{}, {"label": "Sale", "url": "javascript:alert(1)"}, {"label": "Sale", "system": "a#b"}, {"label": "", "id": "x"}],
    ids=str,
)
def test_what_cannot_be_read_is_a_dead_letter(
    api: Client, vip: dict[str, Any], surroundings: Surroundings, detail: dict[str, Any]
) -> None:
    send_event(vip, "added", **detail)
    assert len(surroundings.dead_letters()) == 1
    assert listed(api, vip) == {}
