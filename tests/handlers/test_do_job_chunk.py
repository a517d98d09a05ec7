"""Chunks are processed exactly once, even if they are repeated or interrupted, and take turns on a group."""

import json
import math
import os
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count, groupby
from operator import itemgetter
from threading import Event, Lock, Thread
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.model import OperationModel

from shared.dynamodb.client import dynamodb
from shared.jobs import candidates, chunks, files, leases, spreadsheets
from shared.jobs.leases import Lease, LeaseTaken
from shared.storage import customers, job_chunks, keys, memberships
from shared.storage.jobs import action
from shared.storage.membership_steps import Request, Step
from shared.storage.membership_transactions import MEMBERS_PER_WRITE, MEMBERS_WITH_TERMS_PER_WRITE
from tests import jobs, trouble
from tests.afterwards import HurriedContext
from tests.api import Client, Context, handler
from tests.crowd import crowd
from tests.machine import Machine, listed

pytestmark = pytest.mark.usefixtures("surroundings")

GROUPS = "/admin/customer-groups"


@pytest.fixture
def vip(api: Client) -> dict[str, Any]:
    return api.create_group("VIP")


@pytest.fixture
def quiet(api: Client) -> Client:
    """A client that does not compare the table before and after each request, which is faster."""
    return Client(api.table, watches_table=False)


def mixed_file(api: Client, size: int) -> str:
    """Rows of every kind: known by id or address, unknown, malformed, repeated, and new."""
    known = list(crowd(size // 2))
    written = [api.create_customer(f"known{number}@mail.example")["email"] for number in range(5)]
    new = [f"new{number}@mail.example" for number in range(size // 20)]
    wrong = [f"broken{number}@" for number in range(size // 20)] + ["cus_nobody", known[0], written[0].upper()]
    values = [*known, *written, *new, *wrong]
    random.Random(7).shuffle(values)
    return "email,first_name\n" + "".join(f"{value},Somebody\n" for value in values)


class Killer:
    """Kills functions at random calls to DynamoDB, before or after the call takes effect.

    One call in `one_in` on average, and at least one in twice as many, however the calls of threads follow each other.
    `most` is less than how often the machine tries, so that no function dies at all of its attempts.
    """

    def __init__(self, seed: int, one_in: int, most: float = 5) -> None:
        self._random = random.Random(seed)
        self._one_in = one_in
        self._most = most
        self._left = self._until_next()
        self._lock = Lock()
        self.kills = 0

    def __call__(self, _: str, __: int) -> trouble.Trouble | None:
        with self._lock:
            self._left -= 1
            if self._left > 0 or self.kills >= self._most:
                return None
            self.kills += 1
            self._left = self._until_next()
            return self._random.choice([trouble.killed_before, trouble.killed_after])

    def _until_next(self) -> int:
        return self._random.randint(1, 2 * self._one_in - 1)


class Deaths:
    """Kills functions at some transactions and some writes to the bucket, before or after these take effect.

    The n-th of each kind is always the same one, because threads only read. There are fewer deaths than attempts.
    """

    def __init__(self, seed: int) -> None:
        dice = random.Random(seed)
        kinds = trouble.killed_before, trouble.killed_after
        self._at_transactions = {place: dice.choice(kinds) for place in dice.sample(range(40), 4)}
        self._at_files = {place: dice.choice(("before-call", "after-call")) for place in dice.sample(range(8), 2)}
        self._transactions, self._files = count(), -1

    @contextmanager
    def come(self) -> Iterator[None]:
        """Kill functions during the block. All deaths must have come by its end."""
        events = files.s3().meta.events
        for moment in ("before-call", "after-call"):
            events.register(f"{moment}.s3", self._at_file)
        try:
            with trouble.trouble(self._at_transaction):
                yield
        finally:
            for moment in ("before-call", "after-call"):
                events.unregister(f"{moment}.s3", self._at_file)
        assert (self._at_transactions, self._at_files) == ({}, {})

    def _at_transaction(self, action: str, _: int) -> trouble.Trouble | None:
        return self._at_transactions.pop(next(self._transactions), None) if action == "TransactWriteItems" else None

    def _at_file(self, model: OperationModel, event_name: str, **_: Any) -> None:
        if model.name not in {"PutObject", "UploadPart", "CompleteMultipartUpload"}:
            return
        if event_name.startswith("before-call"):
            self._files += 1
        if event_name.startswith(self._at_files.get(self._files, "never")):
            del self._at_files[self._files]
            raise trouble.Killed


@pytest.fixture
def left_leases(monkeypatch: pytest.MonkeyPatch) -> list[Lease]:
    """The leases of killed workers, which are not released."""
    release, left = Lease.release, list[Lease]()

    def release_if_alive(lease: Lease) -> None:
        if isinstance(sys.exception(), trouble.Killed):
            left.append(lease)
        else:
            release(lease)

    monkeypatch.setattr(Lease, "release", release_if_alive)
    return left


def undisturbed(job: jobs.Job) -> list[tuple[str, ...]]:
    """The parts of a result that are the same in two runs: everything except the ids of new customers."""
    return [(row["line"], row["value"], row["outcome"], row["code"], row["message"]) for row in jobs.rows(job)]


@pytest.mark.parametrize("seed", range(3))
def test_a_job_with_killed_workers_has_the_same_result(
    quiet: Client, vip: dict[str, Any], seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "ROWS", 60)
    killer = Killer(seed, one_in=10)
    with has_the_same_result(quiet, vip) as job, trouble.trouble(killer):
        Machine().run(job["id"])
    assert killer.kills > 1


@pytest.mark.parametrize("seed", range(3))
def test_a_job_whose_workers_die_with_their_leases_and_files_has_the_same_result(
    quiet: Client, vip: dict[str, Any], seed: int, left_leases: list[Lease], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No code runs after a worker was killed, so its lease stays. Files are not written, or without its knowledge."""
    monkeypatch.setattr(chunks, "ROWS", 60)
    monkeypatch.setattr(leases, "LEASE_SECONDS", 0)  # until the next second
    with has_the_same_result(quiet, vip) as job, Deaths(seed).come():
        Machine().run(job["id"])
    assert left_leases


@contextmanager
def has_the_same_result(api: Client, group: dict[str, Any]) -> Iterator[jobs.Job]:
    """A job with rows of every kind, which is run in the block. It has the same result as a dry run, exactly once."""
    content = mixed_file(api, 240)
    dry_run = jobs.change(api, api.create_group("Reference"), "set", content, create_missing=True, dry_run=True)
    body = {"type": "change_members", "customer_group_id": group["id"], "action": "set", "create_missing": True}
    job = jobs.start(api, **body, source={"upload_id": jobs.upload(api, content)})
    yield job
    job = jobs.get(api, job)
    assert job["status"] == "succeeded"
    assert undisturbed(job) == undisturbed(dry_run)
    assert job["totals"] == dry_run["totals"]
    found = api.get(f"{GROUPS}/{group['id']}").group
    assert found["customer_count"] == job["totals"]["added"] + job["totals"]["created"]
    additions = [one for one in api.table.changes(group["id"]) if one["type"] == "customers_added"]
    assert sum(len(one["added"]) for one in additions) == found["customer_count"], "each is in one change"


def terms_of(api: Client, group: dict[str, Any]) -> dict[str, tuple[str | None, str | None]]:
    """The terms of a group's memberships, also of those that begin later, by customer."""
    found = api.get(f"{GROUPS}/{group['id']}/customers?membership=all&limit=200&fields=id,membership").body["customers"]
    return {one["id"]: (one["membership"]["starts_at"], one["membership"]["ends_at"]) for one in found}


@pytest.mark.parametrize(("kind", "place"), [("remove", 2), ("remove", 3), ("move", 4), ("move", 6)])
def test_each_row_has_its_outcome_though_terms_need_more_transactions_and_a_worker_is_killed(
    quiet: Client, vip: dict[str, Any], kind: str, place: int
) -> None:
    """The memberships get terms after the job was planned, so that their batch needs several transactions."""
    ids, gold, until = list(crowd(50)), quiet.create_group("Gold"), "2999-01-01T00:00:00Z"
    quiet.post(f"{GROUPS}/{vip['id']}/customers", {"add": ids})
    job = (
        {"type": "change_members", "customer_group_id": vip["id"], "action": "remove"}
        if kind == "remove"
        else {"type": "move_members", "from": vip["id"], "to": gold["id"]}
    )
    source = {"source": {"upload_id": jobs.upload(quiet, jobs.file_of(ids, "id"))}} if kind == "remove" else {}
    job = jobs.start(quiet, **job, **source)
    transactions, begun = count(1), list[bool]()

    def invoke(operation: str, event: dict[str, Any]) -> Any:
        if operation == "do_job_chunk" and not begun:
            quiet.post(f"{GROUPS}/{vip['id']}/customers", {"add": [{"id": one, "ends_at": until} for one in ids]})
            begun.append(True)
        return handler(operation)(event, Context(operation))

    def kill(action: str, _: int) -> trouble.Trouble | None:
        is_here = begun and action == "TransactWriteItems" and next(transactions) == place
        return trouble.killed_after if is_here else None

    with trouble.trouble(kill) as plan:
        Machine(invoke).run(job["id"])
    assert plan.met == 1
    outcome = "removed" if kind == "remove" else "added"
    assert [row["outcome"] for row in jobs.rows(jobs.get(quiet, job))] == [outcome] * 50
    assert (quiet.count_of(vip), quiet.count_of(gold)) == (0, 0 if kind == "remove" else 50)


def test_rows_are_added_though_those_before_them_needed_no_write_and_a_worker_was_killed(
    quiet: Client, vip: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The batch has too many terms for one transaction. Nothing of the first part changes, so it has no mark."""
    ids = list(crowd(MEMBERS_PER_WRITE))
    present, later = ids[:MEMBERS_WITH_TERMS_PER_WRITE], ids[MEMBERS_WITH_TERMS_PER_WRITE:]
    year = {"starts_at": "2998-01-01T00:00:00Z", "ends_at": "2999-01-01T00:00:00Z"}
    scheduled = [{"id": one, **year} for one in later]
    quiet.post(f"{GROUPS}/{vip['id']}/customers", {"add": [*present, *scheduled]})
    carry_out, killed = memberships.carry_out, Event()

    def die_after_a_write(request: Request, steps: Sequence[Step]) -> list[Step]:
        done = carry_out(request, steps)
        if done and not killed.is_set():
            killed.set()
            raise trouble.Killed
        return done

    monkeypatch.setattr(memberships, "carry_out", die_after_a_write)
    job = jobs.change(quiet, vip, "add", jobs.file_of(ids, "id"))
    assert killed.is_set()
    assert jobs.outcomes(job) == [*((one, "unchanged") for one in present), *((one, "added") for one in later)]
    assert quiet.count_of(vip) == len(ids)


@pytest.mark.parametrize("seed", range(2))
def test_memberships_have_their_terms_though_workers_were_killed(
    quiet: Client, vip: dict[str, Any], seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The terms come from a file, and then move along to another group."""
    monkeypatch.setattr(chunks, "ROWS", 60)
    ends = ["2998-01-01T00:00:00.000Z", "2999-01-01T00:00:00.000Z", ""]
    begins = ["", "2997-01-01T00:00:00.000Z"]
    given = {one: (begins[n % 2], ends[n % 3]) for n, one in enumerate(crowd(120))}
    content = "id,starts_at,ends_at\n" + "".join(f"{one},{','.join(terms)}\n" for one, terms in given.items())
    expected = {one: (start or None, end or None) for one, (start, end) in given.items()}
    gold, killers = quiet.create_group("Gold"), [Killer(seed, one_in=8), Killer(seed, one_in=8)]
    source = {"upload_id": jobs.upload(quiet, content)}
    adding = jobs.start(quiet, type="change_members", customer_group_id=vip["id"], action="add", source=source)
    with trouble.trouble(killers[0]):
        Machine().run(adding["id"])
    assert terms_of(quiet, vip) == expected
    moving = jobs.start(quiet, type="move_members", **{"from": vip["id"], "to": gold["id"]})
    with trouble.trouble(killers[1]):
        Machine().run(moving["id"])
    assert min(killer.kills for killer in killers) > 1
    assert jobs.get(quiet, moving)["status"] == "succeeded"
    assert (terms_of(quiet, vip), terms_of(quiet, gold)) == ({}, expected)
    assert (quiet.count_of(vip), quiet.count_of(gold)) == (0, 60)
    assert [jobs.get(quiet, job)["totals"]["added"] for job in (adding, moving)] == [120, 120]
    sizes = [len(one.get("added") or one.get("changed") or ()) for one in quiet.table.changes(gold["id"])]
    assert sum(sizes) == 120, "each is in the history once"


@pytest.mark.skipif("JOB_ROWS" not in os.environ, reason="takes a quarter of an hour: make jobs-at-scale")
def test_ten_large_jobs_with_killed_workers_have_the_same_result(quiet: Client) -> None:
    size = int(os.environ["JOB_ROWS"])
    left_alone = end_of_a_large_job(quiet, size, lambda *_: None)
    assert left_alone["status"] == "succeeded"
    for seed in range(10):
        killer = Killer(seed, one_in=200, most=math.inf)  # a chunk may die eight times, and has some 250 calls
        assert end_of_a_large_job(quiet, size, killer) == left_alone
        assert killer.kills > size // 4_000
        print(f"{left_alone['totals']['rows']:,} rows, workers killed {killer.kills} times: the same")  # noqa: T201 - shows how often workers were killed


def end_of_a_large_job(api: Client, size: int, choose: Callable[[str, int], trouble.Trouble | None]) -> dict[str, Any]:
    """Run a job with rows of every kind on an empty table, and return what must be the same every time."""
    api.table.clear()
    vip, content = api.create_group("VIP"), mixed_file(api, size * 5 // 3)
    body = {"type": "change_members", "customer_group_id": vip["id"], "action": "set", "create_missing": True}
    job = jobs.start(api, **body, source={"upload_id": jobs.upload(api, content)})
    with trouble.trouble(choose):
        Machine(concurrency=2).run(job["id"])
    job = jobs.get(api, job)
    api.table.check()
    members = [customer_id for _, customer_id in api.table.memberships()]
    additions = [one for one in api.table.changes(vip["id"]) if one["type"] == "customers_added"]
    return {
        **{name: job[name] for name in ("status", "totals", "error")},
        "rows": undisturbed(job),
        "members": (len(members), sorted(one for one in members if one.startswith("crm-"))),
        "additions": sum(len(one["added"]) for one in additions),
    }


def test_a_chunk_that_runs_twice_concurrently_is_counted_once(quiet: Client, vip: dict[str, Any]) -> None:
    members = list(crowd(100))
    body = {"type": "change_members", "customer_group_id": vip["id"], "action": "add"}
    source = {"upload_id": jobs.upload(quiet, jobs.file_of(members))}
    job = jobs.start(quiet, **body, source=source)

    def invoke(operation: str, event: dict[str, Any]) -> Any:
        run = handler(operation)
        if operation == "do_job_chunk":
            other = Thread(target=run, args=(event, Context(operation)))
            other.start()
            run(event, Context(operation))
            other.join()
            return {}
        return run(event, Context(operation))

    Machine(invoke).run(job["id"])
    job = jobs.get(quiet, job)
    assert job["totals"]["added"] == job["totals"]["done"] == 100
    assert {outcome for _, outcome in jobs.outcomes(job)} == {"added"}


def test_continues_where_its_time_ran_out(quiet: Client, vip: dict[str, Any]) -> None:
    members = list(crowd(150))
    body = {"type": "change_members", "customer_group_id": vip["id"], "action": "add"}
    source = {"upload_id": jobs.upload(quiet, jobs.file_of(members))}

    def invoke(operation: str, event: dict[str, Any]) -> Any:
        hurried = HurriedContext(operation, slices=3) if operation == "do_job_chunk" else Context(operation)
        return handler(operation)(event, hurried)

    machine = Machine(invoke)
    job = jobs.run(quiet, machine, **body, source=source)
    assert machine.invoked["do_job_chunk"] > 1
    assert job["totals"]["added"] == 150


def test_a_job_fails_with_its_totals_when_its_group_is_deleted(
    quiet: Client, vip: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "ROWS", 10)
    members = list(crowd(30))
    body = {"type": "change_members", "customer_group_id": vip["id"], "action": "add"}
    job = jobs.start(quiet, **body, source={"upload_id": jobs.upload(quiet, jobs.file_of(members))})
    worked = count()

    def invoke(operation: str, event: dict[str, Any]) -> Any:
        if operation == "do_job_chunk" and next(worked) == 1:
            quiet.delete(f"{GROUPS}/{vip['id']}")
        return handler(operation)(event, Context(operation))

    Machine(invoke).run(job["id"])
    job = jobs.get(quiet, job)
    assert (job["status"], job["error"]["code"]) == ("failed", "customer_group_not_found")
    assert (job["totals"]["added"], job["totals"]["refused"], job["totals"]["done"]) == (10, 10, 20)
    assert {row["code"] for row in jobs.rows(job)} == {"", "customer_group_not_found"}


def test_customers_that_are_deleted_meanwhile_are_refused_rows(
    quiet: Client, vip: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, bela = quiet.create_customer("ada@mail.example"), quiet.create_customer("bela@mail.example")
    body = {"type": "change_members", "customer_group_id": vip["id"], "action": "add"}
    find, met = job_chunks.transaction_mark, count()

    def delete_first(*args: Any) -> Any:
        if next(met) == 0:
            quiet.delete(f"/admin/customers/{ada['id']}")
        return find(*args)

    monkeypatch.setattr(job_chunks, "transaction_mark", delete_first)
    job = jobs.run(quiet, **body, source={"values": [ada["id"], bela["id"]]})
    assert jobs.outcomes(job) == [(ada["id"], "refused"), (bela["id"], "added")]


def test_a_guest_and_an_account_with_the_same_email_need_ids(quiet: Client, vip: dict[str, Any]) -> None:
    guest = quiet.create_customer("ada@mail.example")
    quiet.create_customer("ada@mail.example", has_account=True)
    body = {"type": "change_members", "customer_group_id": vip["id"], "action": "add"}
    job = jobs.run(quiet, **body, source={"values": ["ada@mail.example", guest["id"]]})
    assert [(row["outcome"], row["code"]) for row in jobs.rows(job)] == [
        ("refused", "email_is_ambiguous"),
        ("added", ""),
    ]


def test_finds_a_customer_that_another_request_created_a_moment_ago(
    quiet: Client, vip: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An eventually consistent read does not find the lock of the new customer yet."""
    create, are_consistent = customers.create, list[bool]()

    def create_second(*args: Any, **more: Any) -> Any:
        monkeypatch.setattr(customers, "create", create)
        quiet.create_customer("ada@mail.example")
        return create(*args, **more)

    def ask(params: dict[str, Any], **_: Any) -> None:
        are_consistent.append(any(one.get("ConsistentRead") for one in params["RequestItems"].values()))

    def lag(parsed: dict[str, Any], **_: Any) -> None:
        if not are_consistent[-1]:
            for name, items in parsed["Responses"].items():
                parsed["Responses"][name] = [one for one in items if not one["PK"]["S"].startswith("EMAIL#")]

    monkeypatch.setattr(customers, "create", create_second)
    events = dynamodb().meta.events
    events.register("provide-client-params.dynamodb.BatchGetItem", ask)
    events.register("after-call.dynamodb.BatchGetItem", lag)
    try:
        job = jobs.change(quiet, vip, "add", jobs.file_of(["ada@mail.example"]), create_missing=True)
    finally:
        events.unregister("provide-client-params.dynamodb.BatchGetItem", ask)
        events.unregister("after-call.dynamodb.BatchGetItem", lag)
    assert jobs.outcomes(job) == [("ada@mail.example", "added")]


def test_moves_the_given_members_or_all(quiet: Client, vip: dict[str, Any]) -> None:
    retail = quiet.create_group("Retail")
    ada, bela, chiara, dora = (
        quiet.create_customer(f"{name}@mail.example") for name in ("ada", "bela", "chiara", "dora")
    )
    quiet.add(retail, ada, bela, chiara)
    quiet.add(vip, bela)
    ids = [ada["id"], bela["id"], dora["id"], "cus_nobody"]
    body = {"type": "move_members", "from": retail["id"], "to": vip["id"], "customer_ids": ids}
    dry = jobs.run(quiet, **body, dry_run=True)
    assert sorted(quiet.member_ids(retail)) == sorted(one["id"] for one in (ada, bela, chiara))
    job = jobs.run(quiet, **body)
    assert jobs.outcomes(job) == jobs.outcomes(dry)
    assert jobs.outcomes(job) == list(zip(ids, ["added", "removed", "unchanged", "refused"], strict=True))
    assert quiet.member_ids(retail) == [chiara["id"]]
    assert sorted(quiet.member_ids(vip)) == sorted([ada["id"], bela["id"]])
    everyone = jobs.run(quiet, type="move_members", from_=retail["id"], to=vip["id"])
    assert everyone["totals"]["added"] == 1
    assert (quiet.count_of(retail), quiet.count_of(vip)) == (0, 3)


def test_only_moves_members_that_match(quiet: Client, vip: dict[str, Any]) -> None:
    retail = quiet.create_group("Retail")
    ada, adam, bela = (quiet.create_customer(f"{name}@mail.example") for name in ("ada", "adam", "bela"))
    quiet.create_customer("ada.outside@mail.example")
    quiet.add(retail, ada, adam, bela)
    body = {"type": "move_members", "from": retail["id"], "to": vip["id"], "filter": {"q": "ada"}}
    dry = jobs.run(quiet, **body, dry_run=True)
    assert quiet.count_of(vip) == 0
    job = jobs.run(quiet, **body)
    assert jobs.outcomes(job) == jobs.outcomes(dry)
    assert job["request"]["filter"] == {"q": "ada"}
    assert sorted(quiet.member_ids(vip)) == sorted([ada["id"], adam["id"]])
    assert quiet.member_ids(retail) == [bela["id"]]


def test_copies_a_group_with_or_without_its_members(quiet: Client) -> None:
    vip = quiet.create_group("VIP 10", {"discount": 10})
    quiet.add(vip, *(quiet.create_customer(f"c{number}@mail.example") for number in range(3)))
    body = {"type": "copy_group", "customer_group_id": vip["id"], "name": "VIP 20"}
    dry = jobs.run(quiet, **body, dry_run=True)
    assert (dry["customer_group_id"], dry["totals"]["added"]) == (None, 3)
    job = jobs.run(quiet, **body)
    assert job["totals"] == dry["totals"]
    made = quiet.get(f"{GROUPS}/{job['customer_group_id']}").group
    assert (made["name"], made["metadata"], made["customer_count"]) == ("VIP 20", {"discount": 10}, 3)
    assert quiet.member_ids(made) == quiet.member_ids(vip)
    empty = jobs.run(quiet, **(body | {"name": "VIP 30"}), with_members=False)
    assert quiet.count_of({"id": empty["customer_group_id"]}) == 0


@pytest.mark.parametrize(
    ("operation", "expected"),
    [("union", "abcd"), ("intersection", "b"), ("difference", "a")],
)
def test_combines_groups_into_a_new_group_or_one_of_them(quiet: Client, operation: str, expected: str) -> None:
    who = {name: quiet.create_customer(f"{name}@mail.example") for name in "abcde"}
    first, second, other = (quiet.create_group(name) for name in ("First", "Second", "Other"))
    quiet.add(first, who["a"], who["b"])
    quiet.add(second, who["b"], who["c"], who["d"])
    quiet.add(other, who["e"], who["a"])
    body: dict[str, Any] = {
        "type": "combine_groups",
        "operation": operation,
        "customer_group_ids": [first["id"], second["id"]],
    }
    wanted = {who[name]["id"] for name in expected}
    new = jobs.run(quiet, **body, into={"name": "New"})
    assert set(quiet.member_ids({"id": new["customer_group_id"]})) == wanted
    into_other = jobs.run(quiet, **body, into={"id": other["id"]})
    assert set(quiet.member_ids(other)) == wanted
    assert into_other["totals"]["removed"] == len({"e", "a"} - set(expected))
    dry = jobs.run(quiet, **body, into={"id": second["id"]}, dry_run=True)
    into_itself = jobs.run(quiet, **body, into={"id": second["id"]})
    assert set(quiet.member_ids(second)) == wanted
    assert jobs.rows(dry) == jobs.rows(into_itself)


def test_a_dry_run_counts_a_customer_once_that_later_rows_name_again(quiet: Client, vip: dict[str, Any]) -> None:
    ada = quiet.create_customer("ada@mail.example")
    content = jobs.file_of(["ada@mail.example", *crowd(MEMBERS_PER_WRITE), ada["id"]])
    dry = jobs.change(quiet, vip, "add", content, dry_run=True)
    assert jobs.rows(dry) == jobs.rows(jobs.change(quiet, vip, "add", content))


def test_chunks_of_different_jobs_take_turns_on_one_group(vip: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "MAX_WAIT_SECONDS", 0.1)
    mine, theirs = Lease([vip["id"]], "job_mine#1"), Lease([vip["id"]], "job_theirs#1")
    mine.acquire()
    with pytest.raises(LeaseTaken):
        theirs.acquire()
    Lease([vip["id"]], "job_mine#1").acquire()  # the same chunk, run again after its first run died
    mine.release()
    theirs.acquire()
    mine.release()  # its lease was taken over, so this changes nothing
    with pytest.raises(LeaseTaken):
        mine.acquire()
    monkeypatch.setattr(leases, "LEASE_SECONDS", -10)
    theirs.acquire()
    mine.acquire()  # a run that died keeps its lease until it expires


class Planned:
    """A job that adds customers to a group, with the events of its chunks, which are processed one by one."""

    def __init__(self, api: Client, group: dict[str, Any], members: Iterable[str]) -> None:
        source = {"upload_id": jobs.upload(api, jobs.file_of(members))}
        self.job = jobs.start(api, type="change_members", customer_group_id=group["id"], action="add", source=source)
        self._plan = handler("prepare_job")({"job_id": self.job["id"], "plan": None}, Context("prepare_job"))
        self.chunks = [{"job_id": self.job["id"], "key": key} for key in listed(self._plan["prefix"])]

    def finish(self) -> None:
        handler("finish_job")({"job_id": self.job["id"], "plan": self._plan}, Context("finish_job"))


def do_chunk(event: dict[str, Any]) -> None:
    handler("do_job_chunk")(event, Context("do_job_chunk"))


def totals(api: Client, planned: Planned) -> tuple[int, int]:
    """How many customers a job added and how many it left unchanged."""
    planned.finish()
    found = jobs.get(api, planned.job)["totals"]
    return found["added"], found["unchanged"]


def test_a_chunk_that_waits_for_a_lease_only_reads_it(
    quiet: Client, vip: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = Planned(quiet, vip, crowd(10))
    theirs, reads = Lease([vip["id"]], "job_theirs#1"), list[str]()
    theirs.acquire()
    monkeypatch.setattr(leases, "MAX_WAIT_SECONDS", 10)
    monkeypatch.setattr("time.monotonic", lambda: len(reads))  # each read takes a second
    monkeypatch.setattr("time.sleep", lambda _: None)

    def note(request: AWSPreparedRequest, _: trouble.Send) -> None:
        if keys.lease(vip["id"]).PK in str(trouble.body(request)):
            reads.append(trouble.action(request))

    with trouble.trouble(lambda *_: note) as sent, pytest.raises(LeaseTaken):
        do_chunk(mine.chunks[0])
    assert (set(reads), len(reads)) == ({"GetItem"}, 11)
    assert sent.seen["TransactWriteItems"] == 0
    theirs.release()
    do_chunk(mine.chunks[0])
    assert totals(quiet, mine) == (10, 0)


def test_chunks_of_two_jobs_alternate_and_only_the_one_with_the_lease_writes(
    quiet: Client, vip: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """During each transaction of a chunk, the next chunk tries to write too."""
    monkeypatch.setattr(chunks, "ROWS", 60)
    monkeypatch.setattr(leases, "MAX_WAIT_SECONDS", 0)
    everyone = list(crowd(200))
    mine, theirs = Planned(quiet, vip, everyone[:120]), Planned(quiet, vip, everyone[80:])
    in_turn = [chunk for both in zip(mine.chunks, theirs.chunks, strict=True) for chunk in both]
    waiting, refused = list(in_turn), list[dict[str, Any]]()
    carry_out = memberships.carry_out

    def interrupted(request: Request, steps: Sequence[Step]) -> list[Step]:
        for chunk in waiting[:1]:
            refused.append(chunk)
            with pytest.raises(LeaseTaken):
                do_chunk(chunk)
        return carry_out(request, steps)

    monkeypatch.setattr(memberships, "carry_out", interrupted)
    while waiting:
        do_chunk(waiting.pop(0))
    assert [chunk for chunk, _ in groupby(refused)] == in_turn[1:]
    additions = [one for one in quiet.table.changes(vip["id"]) if one["type"] == "customers_added"]
    writers = [one["action"] for one in sorted(additions, key=itemgetter("id"))]
    assert [writer for writer, _ in groupby(writers)] == [action(chunk["job_id"]) for chunk in in_turn]
    assert (totals(quiet, mine), totals(quiet, theirs)) == ((80, 40), (120, 0))
    assert quiet.count_of(vip) == 200


def test_a_job_takes_a_group_over_from_a_worker_that_died_with_its_lease(
    quiet: Client, vip: dict[str, Any], left_leases: list[Lease], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other job waits until the lease has expired, and then the first goes on where it was."""
    monkeypatch.setattr(leases, "LEASE_SECONDS", 0)  # until the next second
    everyone = list(crowd(200))
    mine, theirs = Planned(quiet, vip, everyone[:120]), Planned(quiet, vip, everyone[80:])
    written = count(1)

    def kill_second(request: AWSPreparedRequest, send: trouble.Send) -> AWSResponse | None:
        is_second = "DONE#" in str(trouble.body(request)) and next(written) == 2
        return trouble.killed_after(request, send) if is_second else None

    killer = trouble.trouble(lambda action, _: kill_second if action == "TransactWriteItems" else None)
    with killer, pytest.raises(trouble.Killed):
        do_chunk(mine.chunks[0])
    assert len(left_leases) == 1
    assert quiet.count_of(vip) == 2 * MEMBERS_PER_WRITE
    do_chunk(theirs.chunks[0])
    do_chunk(mine.chunks[0])
    assert (totals(quiet, mine), totals(quiet, theirs)) == ((96, 24), (104, 16))
    assert quiet.count_of(vip) == 200


def test_two_jobs_on_one_group_both_succeed(quiet: Client, vip: dict[str, Any]) -> None:
    halves = list(crowd(200))
    started = [
        jobs.start(
            quiet,
            type="change_members",
            customer_group_id=vip["id"],
            action="add",
            source={"upload_id": jobs.upload(quiet, jobs.file_of(half))},
        )
        for half in (halves[:120], halves[80:])
    ]
    runs = [Thread(target=Machine(concurrency=2).run, args=(job["id"],)) for job in started]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    ended = [jobs.get(quiet, job) for job in started]
    assert [job["status"] for job in ended] == ["succeeded", "succeeded"]
    assert sum(job["totals"]["added"] for job in ended) == 200
    assert sum(job["totals"]["unchanged"] for job in ended) == 40
    assert quiet.count_of(vip) == 200


def test_a_failed_chunk_does_not_affect_the_others(
    quiet: Client, vip: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "ROWS", 10)
    members = list(crowd(30))

    def invoke(operation: str, event: dict[str, Any]) -> Any:
        if operation == "do_job_chunk" and "000001" in event["key"]:
            raise OSError("the network is gone")
        return handler(operation)(event, Context(operation))

    body = {"type": "change_members", "customer_group_id": vip["id"], "action": "set"}
    renew = quiet.create_customer("keep@mail.example")
    quiet.add(vip, renew)
    source = {"upload_id": jobs.upload(quiet, jobs.file_of(members))}
    job = jobs.run(quiet, Machine(invoke), **body, source=source)
    assert (job["status"], job["error"]["code"]) == ("failed", "job_incomplete")
    assert (job["totals"]["rows"], job["totals"]["added"], len(jobs.rows(job))) == (30, 20, 20)
    assert renew["id"] in quiet.member_ids(vip), "what a list does not name is removed only after all of it was done"


@pytest.mark.parametrize("name", ["TooManyRequests", "Lambda.TooManyRequestsException"])
def test_throttling_for_long_loses_no_rows(quiet: Client, vip: dict[str, Any], name: str) -> None:
    """A new account has few concurrent executions, and a table adapts to load within half an hour."""
    ada, times = quiet.create_customer("ada@mail.example"), Counter[str]()

    def invoke(operation: str, event: dict[str, Any]) -> Any:
        times[operation] += 1
        if times[operation] <= 100:
            raise type(name, (Exception,), {})
        return handler(operation)(event, Context(operation))

    body = {"type": "change_members", "customer_group_id": vip["id"], "action": "add"}
    job = jobs.run(quiet, Machine(invoke), **body, source={"values": [ada["id"]]})
    assert (job["status"], jobs.outcomes(job)) == ("succeeded", [(ada["id"], "added")])


def test_customers_are_read_while_those_before_them_are_written(
    quiet: Client, vip: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, reads, begun = list(crowd(100)), count(1), Event()
    carry_out, find = memberships.carry_out, candidates.find

    def find_and_tell(*args: Any, **options: Any) -> Any:
        if next(reads) == 2:
            begun.set()
        return find(*args, **options)

    def wait_and_write(request: Request, steps: Sequence[Step]) -> list[Step]:
        assert begun.wait(60), "the next customers are read during the first transaction"
        return carry_out(request, steps)

    monkeypatch.setattr(candidates, "find", find_and_tell)
    monkeypatch.setattr(memberships, "carry_out", wait_and_write)
    body = {"type": "change_members", "customer_group_id": vip["id"], "action": "add"}
    job = jobs.run(quiet, **body, source={"upload_id": jobs.upload(quiet, jobs.file_of(rows))})
    assert (job["totals"]["added"], next(reads)) == (100, 3)


@pytest.mark.parametrize("content_type", ["text/csv", "application/jsonl"])
def test_refused_rows_keep_their_columns_and_can_be_corrected_and_imported(api: Client, content_type: str) -> None:
    group = api.create_group("Spring")
    profile = {"first_name": "Ada", "last_name": "=cmd()", "company_name": "A, B", "phone": "+1 555"}
    given = {**profile, "has_account": "yes"}
    if content_type == "text/csv":
        content = spreadsheets.line(["email", *given]) + spreadsheets.line(["ada@", *given.values()])
    else:
        content = json.dumps({"email": "ada@", **given})
    job = jobs.run(
        api,
        type="change_members",
        customer_group_id=group["id"],
        action="add",
        source={"upload_id": jobs.upload(api, content, content_type)},
    )
    assert job["totals"]["refused"] == 1

    source = {"upload_id": jobs.upload(api, jobs.result(job).replace("ada@", "ada@mail.example"), content_type)}
    again = jobs.run(
        api, type="change_members", customer_group_id=group["id"], action="add", create_missing=True, source=source
    )
    assert again["totals"]["created"] == 1
    (customer,) = api.get("/admin/customers?q=ada").body["customers"]
    assert {name: customer[name] for name in given} == {**profile, "has_account": True}
