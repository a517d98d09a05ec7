"""The job that applies a rule takes turns at its group with other jobs and with requests."""

import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, override

import pytest

from shared.jobs import chunks, leases
from shared.jobs.leases import Lease, LeaseTaken
from shared.jobs.work import OutOfTime
from shared.storage.rules.judging import AT_ONCE
from tests import database, jobs, trouble
from tests.afterwards import Surroundings
from tests.api import Answer, Client, Context, handler
from tests.crowd import crowd
from tests.machine import Machine, listed
from tests.rules import BIG_SPENDERS, GROUPS, Rules, every, where
from tests.turns import as_sent, lease, one_conflict_at, questions

pytestmark = [
    pytest.mark.usefixtures("surroundings"),
    pytest.mark.unwatched,
    pytest.mark.skipif(database.IS_MOTO, reason="conflicts are made on the way to dynoxide"),
]

EVERYONE = every(where("created_by", "=", "import"))
GUESTS = every(where("has_account", "=", value=False))
NOBODY = every(where("created_by", "=", "nobody"))


@pytest.fixture
def rules(api: Client, surroundings: Surroundings) -> Rules:
    return Rules(api, surroundings)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chunk that finds the lease taken tries once, and waits no longer."""
    monkeypatch.setattr(leases, "MAX_WAIT_SECONDS", 0)
    monkeypatch.setattr(leases, "POLL_SECONDS", 0)


class Planned:
    """The job of a group's rule, with the events of its chunks, which are processed one by one."""

    def __init__(self, api: Client, group: dict[str, Any]) -> None:
        self.api = api
        self.id: str = group["rule_job_id"]
        self._plan = handler("prepare_job")({"job_id": self.id, "plan": None}, Context("prepare_job"))
        self.chunks = [{"job_id": self.id, "key": key} for key in listed(self._plan["prefix"])]

    def outcomes(self) -> list[tuple[str, str]]:
        """Finish the job, and read the outcome of each customer."""
        handler("finish_job")({"job_id": self.id, "plan": self._plan}, Context("finish_job"))
        job = jobs.get(self.api, {"id": self.id})
        assert (job["status"], job["error"]) == ("succeeded", None)
        return jobs.outcomes(job)


def do_chunk(event: dict[str, Any], context: Context | None = None) -> None:
    handler("do_job_chunk")(event, context or Context("do_job_chunk"))


class EndingContext(Context):
    """An invocation whose time ends when it is told to."""

    has_ended = False

    def end(self) -> None:
        self.has_ended = True

    @override
    def get_remaining_time_in_millis(self) -> int:  # type: ignore[override] # Powertools declares it static
        return 1_000 if self.has_ended else 60_000


def change_rule(api: Client, group: dict[str, Any], rule: dict[str, Any] | None) -> dict[str, Any]:
    changed: dict[str, Any] = api.post(f"{GROUPS}/{group['id']}", {"rule": rule}).group
    return changed


def except_(api: Client, group: dict[str, Any], always: Sequence[str] = (), never: Sequence[str] = ()) -> Answer:
    return api.put(f"{GROUPS}/{group['id']}/exceptions", {"always": list(always), "never": list(never)})


def once(act: Callable[[], object]) -> Callable[[], None]:
    """Do something the first time."""
    done: list[bool] = []

    def act_once() -> None:
        if not done:
            done.append(True)
            act()

    return act_once


def all_added(members: Sequence[str]) -> list[tuple[str, str]]:
    return [(one, "added") for one in members]


def test_a_chunk_of_a_rule_job_waits_while_a_chunk_of_another_job_holds_the_lease(api: Client) -> None:
    people = list(crowd(3))
    vip = api.create_group("VIP", rule=EVERYONE)
    job, theirs = Planned(api, vip), Lease([vip["id"]], "job_theirs#1")
    theirs.acquire()
    with as_sent(job.id, lambda: None) as sent, pytest.raises(LeaseTaken):
        do_chunk(job.chunks[0])
    assert (sent, api.member_ids(vip), lease(vip)["holder"]) == ([], [], "job_theirs#1")
    theirs.release()
    do_chunk(job.chunks[0])
    assert (sorted(job.outcomes()), api.count_of(vip)) == (all_added(people), 3)


def test_two_chunks_of_a_rule_job_take_turns(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "ROWS", 2 * AT_ONCE)
    people = list(crowd(4 * AT_ONCE))
    job = Planned(api, vip := api.create_group("VIP", rule=EVERYONE))
    first, second = job.chunks

    def try_second() -> None:
        with pytest.raises(LeaseTaken):
            do_chunk(second)

    with as_sent(job.id, try_second) as sent:
        do_chunk(first)
    assert (len(sent), api.count_of(vip)) == (2, 2 * AT_ONCE)
    do_chunk(second)
    assert (sorted(job.outcomes()), api.count_of(vip)) == (all_added(people), 4 * AT_ONCE)


def test_the_lease_is_released_at_the_end_of_a_chunk(api: Client) -> None:
    list(crowd(1))
    job = Planned(api, vip := api.create_group("VIP", rule=EVERYONE))
    held: list[str] = []
    with as_sent(job.id, lambda: held.append(lease(vip)["holder"])):
        do_chunk(job.chunks[0])
    assert [one.partition("#")[0] for one in held] == [job.id]
    assert (lease(vip)["leased_until"], "holder" in lease(vip)) == (0, False)


def test_the_lease_is_released_when_a_chunk_fails(api: Client) -> None:
    people = list(crowd(1))
    job = Planned(api, vip := api.create_group("VIP", rule=EVERYONE))

    def fail() -> None:
        raise ZeroDivisionError

    with as_sent(job.id, fail), pytest.raises(ZeroDivisionError):
        do_chunk(job.chunks[0])
    assert (lease(vip)["leased_until"], "holder" in lease(vip)) == (0, False)
    do_chunk(job.chunks[0])
    assert job.outcomes() == all_added(people)


def test_a_chunk_that_runs_out_of_time_leaves_the_lease_to_others_and_goes_on_later(api: Client) -> None:
    people = list(crowd(3 * AT_ONCE))
    job = Planned(api, vip := api.create_group("VIP", rule=EVERYONE))
    ending, theirs = EndingContext("do_job_chunk"), Lease([vip["id"]], "job_theirs#1")
    with as_sent(job.id, ending.end) as sent, pytest.raises(OutOfTime):
        do_chunk(job.chunks[0], ending)
    assert (len(sent), api.count_of(vip)) == (1, AT_ONCE)
    theirs.acquire()
    theirs.release()
    do_chunk(job.chunks[0])
    assert (sorted(job.outcomes()), api.count_of(vip)) == (all_added(people), len(people))


def test_a_rule_job_waits_for_a_dead_worker_until_its_lease_expires(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "ROWS", 2 * AT_ONCE)
    release = Lease.release
    monkeypatch.setattr(
        Lease, "release", lambda mine: None if isinstance(sys.exception(), trouble.Killed) else release(mine)
    )
    people = list(crowd(4 * AT_ONCE))
    job = Planned(api, vip := api.create_group("VIP", rule=EVERYONE))
    first, second = job.chunks

    def die() -> None:
        if len(sent) == 2:
            raise trouble.Killed

    with as_sent(job.id, die) as sent, pytest.raises(trouble.Killed):
        do_chunk(first)
    assert api.count_of(vip) == AT_ONCE
    with pytest.raises(LeaseTaken):
        do_chunk(second)
    now = time.time
    monkeypatch.setattr("time.time", lambda: now() + leases.LEASE_SECONDS + 1)
    do_chunk(second)
    do_chunk(first)
    assert (sorted(job.outcomes()), api.count_of(vip)) == (all_added(people), 4 * AT_ONCE)


def test_a_chunk_in_which_nobody_joins_or_leaves_needs_no_lease(api: Client) -> None:
    people = list(crowd(2 * AT_ONCE))
    job = Planned(api, vip := api.create_group("VIP", rule=NOBODY))
    Lease([vip["id"]], "job_theirs#1").acquire()
    do_chunk(job.chunks[0])
    assert sorted(job.outcomes()) == [(one, "unchanged") for one in people]
    assert lease(vip)["holder"] == "job_theirs#1"


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses for writers who asked for a turn: seen before each transaction, and remembered for long enough."""
    monkeypatch.setattr(leases, "SHARE_SECONDS", 3_600)
    monkeypatch.setattr(leases, "LOOK_SECONDS", 0)
    made, sleep = list[float](), time.sleep

    def note(duration: float) -> None:
        if duration == leases.TURN_SECONDS:
            made.append(duration)
        sleep(duration)

    monkeypatch.setattr("time.sleep", note)
    return made


@pytest.mark.parametrize("rows", [1_000, AT_ONCE], ids=["one chunk", "a chunk for each transaction"])
def test_a_rule_job_pauses_before_each_transaction_after_a_request_conflicted_with_one(
    api: Client, pauses: list[float], rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "ROWS", rows)
    people = list(crowd(3 * AT_ONCE))
    vip, before = api.create_group("VIP", rule=EVERYONE), list[int]()

    def change_metadata() -> None:
        with one_conflict_at(vip):
            assert api.post(f"{GROUPS}/{vip['id']}", {"metadata": {"discount": 10}}).status == 200

    ask = once(change_metadata)

    def act() -> None:
        before.append(len(pauses))
        ask()

    with as_sent(vip["rule_job_id"], act):
        Machine().run(vip["rule_job_id"])
    assert before == [0, 1, 2]
    assert set(api.member_ids(vip)) == set(people)


def test_a_rule_job_does_not_pause_where_it_writes_nothing(api: Client, pauses: list[float]) -> None:
    people = list(crowd(3 * AT_ONCE))
    vip = api.create_group("VIP", rule=every(where("id", "in", people[:2])))
    job = Planned(api, vip)
    with leases.acquired([vip["id"]], "job_theirs#1"), one_conflict_at(vip):
        assert api.post(f"{GROUPS}/{vip['id']}", {"metadata": {"discount": 10}}).status == 200
    with as_sent(job.id, lambda: None) as sent:
        do_chunk(job.chunks[0])
    assert (len(sent), len(pauses)) == (1, 1)
    assert api.count_of(vip) == 2


def test_a_conflict_of_a_rule_job_itself_asks_nobody(api: Client) -> None:
    (ada,) = crowd(1)
    vip = api.create_group("VIP", rule=EVERYONE)
    with one_conflict_at(vip), questions() as asked:
        Machine().run(vip["rule_job_id"])
    assert (api.member_ids(vip), asked) == ([ada], [])


def test_a_customer_who_joins_after_a_change_asks_for_a_turn_in_a_conflict(api: Client, rules: Rules) -> None:
    vip = rules.automatic("VIP", BIG_SPENDERS)
    ada = api.create_customer("ada@mail.example", metadata={"total_spent": 1200})
    Lease([vip["id"]], "job_mine#1").acquire()
    with one_conflict_at(vip):
        rules.deliver(rules.publish())
    assert (api.member_ids(vip), lease(vip)["holder"]) == ([ada["id"]], "job_mine#1")
    assert lease(vip)["turn_asked_at"]


@pytest.mark.parametrize("written", [0, 1], ids=["the lists", "the memberships"])
def test_new_exceptions_ask_for_a_turn_in_a_conflict(api: Client, rules: Rules, written: int) -> None:
    vip = rules.automatic("VIP", BIG_SPENDERS)
    ada = api.create_customer("ada@mail.example")
    Lease([vip["id"]], "job_mine#1").acquire()
    with one_conflict_at(vip, after=written):
        assert except_(api, vip, always=[ada["id"]]).status == 200
    assert api.member_ids(vip) == [ada["id"]]
    assert lease(vip)["turn_asked_at"]


@pytest.mark.parametrize("new", [GUESTS, None], ids=["another rule", "no rule"])
def test_chunks_of_a_former_rule_end_without_the_lease(api: Client, new: dict[str, Any] | None) -> None:
    people = list(crowd(2 * AT_ONCE))
    job = Planned(api, vip := api.create_group("VIP", rule=EVERYONE))
    change_rule(api, vip, new)
    Lease([vip["id"]], "job_theirs#1").acquire()
    do_chunk(job.chunks[0])
    assert sorted(job.outcomes()) == [(one, "unchanged") for one in people]
    assert api.member_ids(vip) == []


def test_a_chunk_whose_rule_is_replaced_meanwhile_writes_nothing_more(api: Client) -> None:
    people = list(crowd(4 * AT_ONCE))
    job = Planned(api, vip := api.create_group("VIP", rule=EVERYONE))
    new: list[dict[str, Any]] = []
    with as_sent(job.id, once(lambda: new.append(change_rule(api, vip, every(where("id", "in", people)))))) as sent:
        do_chunk(job.chunks[0])
    assert len(sent) <= 2  # the second batch may have been decided before
    assert api.member_ids(vip) == []
    Machine().run(new[0]["rule_job_id"])
    assert set(api.member_ids(vip)) == set(people)


def test_a_chunk_whose_exceptions_change_meanwhile_judges_again(api: Client) -> None:
    people = list(crowd(AT_ONCE))
    job = Planned(api, vip := api.create_group("VIP", rule=EVERYONE))
    with as_sent(job.id, once(lambda: except_(api, vip, never=people[:1]))) as sent:
        do_chunk(job.chunks[0])
    assert len(sent) == 2
    assert dict(job.outcomes()) == dict.fromkeys(people, "added") | {people[0]: "unchanged"}
    assert set(api.member_ids(vip)) == set(people[1:])


def test_a_chunk_that_runs_twice_at_the_same_time_has_one_result(api: Client) -> None:
    people = list(crowd(2 * AT_ONCE))
    job = Planned(api, vip := api.create_group("VIP", rule=EVERYONE))
    with as_sent(job.id, once(lambda: do_chunk(job.chunks[0]))):
        do_chunk(job.chunks[0])
    assert (sorted(job.outcomes()), api.count_of(vip)) == (all_added(people), 2 * AT_ONCE)
