"""Rules that depend on time take effect when their moment comes, without any change of the customer."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from shared.domain import moments
from shared.domain.errors import TooManyRequests
from shared.storage import keys
from shared.storage.rules import judging
from shared.storage.rules.writing import Cause, Verdict
from tests.afterwards import HurriedContext, Surroundings
from tests.api import Client, Context, handler
from tests.clocks import Clock
from tests.meddling import meddle_once
from tests.rules import GROUPS, Rules, every, where


@pytest.fixture
def rules(api: Client, surroundings: Surroundings) -> Rules:
    return Rules(api, surroundings)


def due(api: Client) -> list[str]:
    """The moments at which anybody is due."""
    return sorted(str(one["SK"]).partition("#")[0] for one in api.table.items() if str(one["PK"]).startswith("DUE#"))


def ordered(watch: Clock, **ago: float) -> dict[str, Any]:
    return {"ordered_at": moments.iso(watch.at - timedelta(**ago))}


RECENT = every(where("metadata.ordered_at", "inLast", 30))
ABSENT = every(where("metadata.ordered_at", "notInLast", 30))


def test_a_customer_leaves_when_the_period_ends(api: Client, rules: Rules, watch: Clock) -> None:
    recent, absent = rules.automatic("Recent", RECENT), rules.automatic("Absent", ABSENT)
    ada = api.create_customer("ada@mail.example", metadata=ordered(watch, days=29, hours=23))
    rules.finish()
    assert (api.groups_of(ada), len(due(api))) == ({"Recent"}, 1)
    watch.pass_(minutes=59)
    assert (rules.let_time_pass(), api.groups_of(ada)) == (0, {"Recent"})
    watch.pass_(minutes=1)
    assert (rules.let_time_pass(), api.groups_of(ada), due(api)) == (1, {"Absent"}, [])
    assert (api.count_of(recent), api.count_of(absent)) == (0, 1)
    (left,) = [one for one in api.get(f"{GROUPS}/{recent['id']}/history").body["changes"] if one["removed"]]
    assert left["reason"] == {"type": "rule", "id": recent["id"]}
    assert rules.let_time_pass() == 0


def test_a_moment_in_the_future_comes_and_passes(api: Client, rules: Rules, watch: Clock) -> None:
    rules.automatic("Recent", RECENT)
    ada = api.create_customer("ada@mail.example", metadata=ordered(watch, days=-2))
    rules.finish()
    seen = [api.groups_of(ada)]
    for days in (2, 30):
        watch.pass_(days=days)
        assert rules.let_time_pass() == 1
        seen.append(api.groups_of(ada))
    assert (seen, due(api)) == ([set(), {"Recent"}, set()], [])


def test_a_moment_that_has_passed_is_not_lost_when_the_rule_of_another_group_is_applied(
    api: Client, rules: Rules, watch: Clock
) -> None:
    rules.automatic("Recent", RECENT)
    ada = api.create_customer("ada@mail.example", metadata=ordered(watch, days=-2))
    rules.finish()
    watch.pass_(days=2)
    rules.automatic("Absent", ABSENT)
    assert (rules.let_time_pass(), api.groups_of(ada)) == (1, {"Recent"})


def test_a_change_moves_the_moment(api: Client, rules: Rules, watch: Clock) -> None:
    rules.automatic("Recent", RECENT)
    ada = api.create_customer("ada@mail.example", metadata=ordered(watch, days=29))
    rules.finish()
    api.post(f"/admin/customers/{ada['id']}", {"metadata": ordered(watch, days=0)})
    rules.finish()
    assert due(api) == [moments.iso(watch.at + timedelta(days=30))]
    watch.pass_(days=2)
    assert (rules.let_time_pass(), api.groups_of(ada)) == (0, {"Recent"})


def test_a_new_rule_notes_when_each_customer_is_due(api: Client, rules: Rules, watch: Clock) -> None:
    for number in range(3):
        api.create_customer(f"c{number}@mail.example", metadata=ordered(watch, days=number))
    rules.finish()
    assert due(api) == []
    recent = rules.automatic("Recent", RECENT)
    assert due(api) == [moments.iso(watch.at + timedelta(days=days)) for days in (28, 29, 30)]
    watch.pass_(days=29)
    assert (rules.let_time_pass(), api.count_of(recent)) == (2, 1)


def test_a_removed_rule_has_no_due_items(api: Client, rules: Rules, watch: Clock) -> None:
    recent = rules.automatic("Recent", RECENT)
    ada = api.create_customer("ada@mail.example", metadata=ordered(watch, days=29))
    rules.finish()
    api.post(f"{GROUPS}/{recent['id']}", {"rule": None})
    watch.pass_(days=2)
    assert (rules.let_time_pass(), due(api), api.groups_of(ada)) == (1, [], {"Recent"})


def test_a_deleted_customer_is_not_due_any_more(api: Client, rules: Rules, watch: Clock) -> None:
    rules.automatic("Recent", RECENT)
    ada = api.create_customer("ada@mail.example", metadata=ordered(watch, days=29))
    rules.finish()
    api.delete(f"/admin/customers/{ada['id']}")
    assert due(api) == []


def test_the_next_minute_continues(api: Client, rules: Rules, watch: Clock) -> None:
    rules.automatic("Recent", RECENT)
    for number in range(5):
        api.create_customer(f"c{number}@mail.example", metadata=ordered(watch, days=29))
    rules.finish()
    watch.pass_(days=2)
    judged = [handler("judge_due")({}, HurriedContext("judge_due", slices=2))["judged"] for _ in range(3)]
    assert (judged, due(api)) == ([2, 2, 1], [])


def test_a_customer_who_cannot_be_judged_does_not_hold_up_others(
    api: Client, rules: Rules, watch: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    recent = rules.automatic("Recent", RECENT)
    for number in range(4):
        api.create_customer(f"c{number}@mail.example", metadata=ordered(watch, days=29))
    rules.finish()
    watch.pass_(days=2)
    judge, first = judging.judge, list[str]()

    def contended(customer_ids: Sequence[str], cause: Cause) -> list[Verdict]:
        first[:] = first or customer_ids
        if first == [*customer_ids]:
            raise TooManyRequests("contended")
        return judge(customer_ids, cause)

    with monkeypatch.context() as contending:
        contending.setattr(judging, "judge", contended)
        with pytest.raises(TooManyRequests):  # counts as an error of the function, which has an alarm
            rules.let_time_pass()
    assert api.member_ids(recent) == first
    assert (rules.let_time_pass(), api.member_ids(recent)) == (1, [])


def test_a_clock_that_is_behind_judges_again(api: Client, rules: Rules, watch: Clock) -> None:
    rules.automatic("Recent", RECENT)
    ada = api.create_customer("ada@mail.example", metadata=ordered(watch, days=29))
    rules.finish()
    (at,) = due(api)
    watch.pass_(days=1)
    assert watch.now() == at
    assert (rules.let_time_pass(), api.groups_of(ada)) == (1, set())
    watch.pass_(days=-1)  # another machine, whose clock is a day behind
    api.post(f"/admin/customers/{ada['id']}", {"phone": "1"})
    rules.finish()
    assert (api.groups_of(ada), due(api)) == ({"Recent"}, [at])
    watch.pass_(days=1)
    assert (rules.let_time_pass(), api.groups_of(ada)) == (1, set())


def test_a_membership_that_began_by_a_clock_ahead_ends_with_the_rule(api: Client, rules: Rules, watch: Clock) -> None:
    group, ada = api.create_group("Recent"), api.create_customer("ada@mail.example")
    trial = {"id": ada["id"], "starts_at": watch.later(hours=12)}
    api.post(f"{GROUPS}/{group['id']}/customers", {"add": [trial]})
    watch.pass_(days=1)
    handler("apply_terms")({}, Context("apply_terms"))
    watch.pass_(days=-1)  # another machine, whose clock is right
    api.post(f"{GROUPS}/{group['id']}", {"rule": RECENT})
    rules.finish()
    watch.pass_(days=2)
    assert (api.groups_of(ada), api.count_of(group)) == (set(), 0)


def test_a_moment_that_a_clock_behind_sets_again_is_kept(
    api: Client, rules: Rules, watch: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other machine judges the customer after the schedule has, and before it deletes the due item."""
    rules.automatic("Recent", RECENT)
    ada = api.create_customer("ada@mail.example", metadata=ordered(watch, days=29))
    rules.finish()
    (at,) = due(api)
    watch.pass_(days=1)

    def judge_behind() -> None:
        watch.pass_(days=-1)
        rules.deliver([{"detail-type": "customer.updated", "detail": {"customer_id": ada["id"]}}])
        watch.pass_(days=1)

    meddle_once(monkeypatch, lambda: meddle_once(monkeypatch, judge_behind))
    assert (rules.let_time_pass(), api.groups_of(ada), due(api)) == (1, {"Recent"}, [at])
    assert (rules.let_time_pass(), api.groups_of(ada), due(api)) == (1, set(), [])


def test_due_items_hold_nothing_but_an_id_and_a_moment(api: Client, rules: Rules, watch: Clock) -> None:
    rules.automatic("Recent", RECENT)
    ada = api.create_customer("ada@mail.example", metadata=ordered(watch, days=29))
    rules.finish()
    (at,) = due(api)
    assert api.table.item(keys.due(at, ada["id"])) == keys.due(at, ada["id"])._asdict()
