"""Requests that write to a group get their turn while a job changes its members."""

import time
from collections.abc import Callable, Iterable
from threading import Thread
from typing import Any

import pytest

from shared.dynamodb.expressions import Key
from shared.jobs import chunks, leases
from shared.jobs.leases import Lease
from shared.storage.membership_transactions import MEMBERS_PER_WRITE
from tests import database, jobs, trouble
from tests.api import Answer, Client
from tests.conflicts import conflicts
from tests.crowd import crowd
from tests.machine import Machine
from tests.rules import every, where
from tests.trouble import Trouble
from tests.turns import as_sent, is_of, lease, one_conflict_at, questions

GROUPS = "/admin/customer-groups"

type Write = Callable[[Client, dict[str, Any], dict[str, Any]], Answer]

pytestmark = [
    pytest.mark.usefixtures("surroundings"),
    pytest.mark.unwatched,
    pytest.mark.skipif(database.IS_MOTO, reason="conflicts are made on the way to dynoxide"),
]


@pytest.fixture
def vip(api: Client) -> dict[str, Any]:
    return api.create_group("VIP")


@pytest.fixture
def ada(api: Client, vip: dict[str, Any]) -> dict[str, Any]:
    member = api.create_customer("ada@mail.example")
    api.add(vip, member)
    return member


@pytest.fixture(autouse=True)
def looks_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chunk looks before each transaction, however short transactions are on this machine."""
    monkeypatch.setattr(leases, "LOOK_SECONDS", 0)


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the code has slept, on a clock that only advances then."""
    pauses: list[float] = []
    began = time.time()
    monkeypatch.setattr("time.sleep", pauses.append)
    monkeypatch.setattr("time.monotonic", lambda: sum(pauses))
    monkeypatch.setattr("time.time", lambda: began + sum(pauses))
    return pauses


def start_adding(api: Client, group: dict[str, Any], members: Iterable[str]) -> jobs.Job:
    source = {"upload_id": jobs.upload(api, jobs.file_of(members))}
    return jobs.start(api, type="change_members", customer_group_id=group["id"], action="add", source=source)


def remove(api: Client, group: dict[str, Any], customer: dict[str, Any]) -> Answer:
    return api.post(f"{GROUPS}/{group['id']}/customers", {"remove": [customer["id"]]})


def remove_from_the_other_side(api: Client, group: dict[str, Any], customer: dict[str, Any]) -> Answer:
    return api.post(f"/admin/customers/{customer['id']}/customer-groups", {"remove": [group["id"]]})


def rename(api: Client, group: dict[str, Any], _: dict[str, Any]) -> Answer:
    return api.post(f"{GROUPS}/{group['id']}", {"name": "Very important"})


def use_the_group(api: Client, group: dict[str, Any], _: dict[str, Any]) -> Answer:
    return api.put(f"{GROUPS}/{group['id']}/references/pricing/offer_1", {"label": "Ten percent off"})


def mention_the_group(api: Client, group: dict[str, Any], _: dict[str, Any]) -> Answer:
    return api.post(GROUPS, {"name": "Gold", "rule": every(where("groups", "in", [group["id"]]))})


def delete_the_customer(api: Client, _: dict[str, Any], customer: dict[str, Any]) -> Answer:
    return api.delete(f"/admin/customers/{customer['id']}")


def delete_the_group(api: Client, group: dict[str, Any], _: dict[str, Any]) -> Answer:
    return api.delete(f"{GROUPS}/{group['id']}")


every_write = pytest.mark.parametrize(
    "write",
    [
        remove,
        remove_from_the_other_side,
        rename,
        use_the_group,
        mention_the_group,
        delete_the_customer,
        delete_the_group,
    ],
)


@every_write
def test_a_write_that_conflicts_at_a_group_asks_its_job_for_a_turn(
    api: Client, vip: dict[str, Any], ada: dict[str, Any], write: Write
) -> None:
    Lease([vip["id"]], "job_mine#1").acquire()
    with one_conflict_at(vip):
        assert write(api, vip, ada).status == 200
    assert lease(vip)["turn_asked_at"]
    assert lease(vip)["holder"] == "job_mine#1"


@every_write
def test_a_write_that_conflicts_at_a_group_without_a_job_leaves_nothing_there(
    api: Client, vip: dict[str, Any], ada: dict[str, Any], write: Write
) -> None:
    with one_conflict_at(vip):
        assert write(api, vip, ada).status == 200
    assert lease(vip) == {}


def test_nobody_is_asked_without_a_conflict(api: Client, vip: dict[str, Any], ada: dict[str, Any]) -> None:
    Lease([vip["id"]], "job_mine#1").acquire()
    assert remove(api, vip, ada).status == 200
    assert "turn_asked_at" not in lease(vip)


@pytest.mark.parametrize("then", [trouble.unreachable, trouble.throttled, trouble.failing, trouble.unanswered])
def test_a_write_succeeds_although_it_could_not_ask(
    api: Client, vip: dict[str, Any], ada: dict[str, Any], then: Trouble
) -> None:
    Lease([vip["id"]], "job_mine#1").acquire()
    with one_conflict_at(vip, then):
        assert remove(api, vip, ada).status == 200
    assert api.member_ids(vip) == []


def test_a_chunk_that_was_asked_pauses_for_a_while(
    api: Client, vip: dict[str, Any], ada: dict[str, Any], slept: list[float]
) -> None:
    mine = Lease([vip["id"]], "job_mine#1")
    mine.acquire()
    mine.give_way()
    assert slept == []
    with one_conflict_at(vip):
        remove(api, vip, ada)
    slept.clear()
    for _ in range(100):
        mine.give_way()
    assert set(slept) == {leases.TURN_SECONDS}
    assert sum(slept) == pytest.approx(leases.SHARE_SECONDS, abs=leases.TURN_SECONDS)


def test_short_transactions_do_not_wait_for_a_look_each(
    api: Client, vip: dict[str, Any], ada: dict[str, Any], slept: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "LOOK_SECONDS", 0.1)
    mine = Lease([vip["id"]], "job_mine#1")
    mine.acquire()
    mine.give_way()
    with one_conflict_at(vip):
        remove(api, vip, ada)
    slept[:] = [0.09]  # the time of a transaction
    mine.give_way()
    assert slept == [0.09]
    slept.append(0.02)
    mine.give_way()
    assert slept == [0.09, 0.02, leases.TURN_SECONDS]


def test_nobody_is_asked_after_a_job(api: Client, vip: dict[str, Any], ada: dict[str, Any]) -> None:
    with leases.acquired([vip["id"]], "job_mine#1"):
        pass
    with one_conflict_at(vip):
        assert remove(api, vip, ada).status == 200
    assert "turn_asked_at" not in lease(vip)


@pytest.mark.parametrize("rows", [1_000, MEMBERS_PER_WRITE], ids=["one chunk", "a chunk for each transaction"])
@pytest.mark.parametrize("seconds", [60, 0], ids=["as acquired", "renewed each time"])
def test_a_job_pauses_before_each_transaction_after_a_request_conflicted_with_one(
    api: Client, vip: dict[str, Any], rows: int, seconds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "ROWS", rows)
    monkeypatch.setattr(leases, "LEASE_SECONDS", seconds)
    monkeypatch.setattr(leases, "SHARE_SECONDS", 3_600)  # longer than the slowest machine needs
    *members, other = crowd(3 * MEMBERS_PER_WRITE + 1)
    job = start_adding(api, vip, members)
    pauses, sleep = list[int](), time.sleep

    def count_pauses(duration: float) -> None:
        if duration == leases.TURN_SECONDS:
            pauses.append(len(written))
        sleep(duration)

    def ask() -> None:
        if len(written) == 1:
            with one_conflict_at(vip):
                assert api.post(f"{GROUPS}/{vip['id']}/customers", {"add": [other]}).status == 200

    monkeypatch.setattr("time.sleep", count_pauses)
    with as_sent(job["id"], ask) as written:
        Machine().run(job["id"])
    assert (len(written), pauses) == (3, [1, 2])
    assert set(api.member_ids(vip)) == {*members, other}


def test_a_conflict_of_a_job_itself_asks_nobody(api: Client, vip: dict[str, Any], ada: dict[str, Any]) -> None:
    with one_conflict_at(vip), questions() as asked:
        job = jobs.change(api, vip, "remove", jobs.file_of([ada["id"]]))
    assert (job["totals"]["removed"], asked) == (1, [])


def test_requests_and_a_job_write_to_one_group_under_conflicts(api: Client, vip: dict[str, Any]) -> None:
    """DynamoDB rejects what another transaction is writing. Nothing is lost, and nobody gives up.

    Each transaction of the job only ends after a request conflicted with it, and the next one is only sent after that
    request has succeeded.
    """
    size = 6 * MEMBERS_PER_WRITE
    everyone = list(crowd(size + 6))
    rows, others = everyone[:size], iter(everyone[size:])
    added: list[str] = []
    made: list[Thread] = []
    job = start_adding(api, vip, rows)

    def add(customer_id: str) -> None:
        if api.post(f"{GROUPS}/{vip['id']}/customers", {"add": [customer_id]}).status == 200:
            added.append(customer_id)

    def conflict(items: list[Key]) -> None:
        if is_of(job["id"], items):
            before = conflicting.met
            made.append(Thread(target=add, args=(next(others),)))
            made[-1].start()
            while conflicting.met == before and made[-1].is_alive():
                time.sleep(0.001)

    def let_it_end() -> None:
        if made:
            made[-1].join()

    with conflicts(in_flight=conflict) as conflicting, as_sent(job["id"], let_it_end):
        Machine().run(job["id"])
        let_it_end()
    assert conflicting.met >= len(added) == 6
    assert jobs.get(api, job)["totals"]["added"] == len(rows)
    assert api.get(f"{GROUPS}/{vip['id']}").body["customer_group"]["customer_count"] == len(everyone)
    assert set(api.member_ids(vip)) == set(everyone)
