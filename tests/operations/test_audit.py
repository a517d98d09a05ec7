"""The audit finds every kind of damage, and the repair changes nothing else."""

import tests.database  # noqa: F401 - imported before `shared`

# isort: split

import tracemalloc
from collections.abc import Callable, Iterable
from itertools import batched
from pathlib import Path
from typing import Any

import pytest

from benchmarks.population import Population
from local.problems import LocalProblem
from operations import survey
from operations.audit import audit, state_of
from operations.consistency import faults
from operations.evidence import Evidence
from operations.facts import Fault
from shared.domain.terms import Terms
from shared.dynamodb import actions, transactions
from shared.dynamodb.client import dynamodb
from shared.dynamodb.expressions import Key
from shared.storage import copies, customers, groups, keys, references
from shared.storage.references import Use
from tests.table import Table

LATER = "2999-01-01T00:00:00.000Z"
type Shop = dict[str, Any]
type Damage = Callable[[Table, Shop], None]


@pytest.fixture
def shop(table: Table) -> Shop:
    """The ids of two groups and three customers, by name."""
    from shared.storage import memberships  # noqa: PLC0415 - only this fixture needs it

    names: Shop = {name: groups.create(name, {"discount": 10}, "grace")["id"] for name in ("VIP", "Wholesale")}
    for name in ("ada", "bela", "chiara"):
        names[name] = customers.create(_profile(f"{name}@mail.example", name.title()), "grace")["id"]
    memberships.change_members(names["VIP"], [names["ada"], names["bela"]], [], "grace")
    later = {names["chiara"]: Terms(LATER)}
    memberships.change_members(names["Wholesale"], [names["ada"], names["chiara"]], [], "grace", terms=later)
    groups.update(names["VIP"], {"name": "Very VIP", "key": "vip"}, "grace")
    customers.update(names["chiara"], {"key": "erp-7"}, "grace")
    references.put(names["VIP"], Use("pricing", "sale"), "Sale", None, "pricing")
    assert faults(table.items()) == []
    return names


def _profile(email: str, first_name: str) -> dict[str, Any]:
    nothing = dict.fromkeys(("last_name", "company_name", "phone", "metadata"))
    return {**nothing, "email": email, "first_name": first_name, "has_account": False}


def _set(key: Key, **values: Any) -> None:
    transactions.commit([actions.update(key, set=values)])


def _remove_attributes(key: Key, *names: str) -> None:
    transactions.commit([actions.update(key, remove=names)])


def _remove(key: Key) -> None:
    transactions.commit([actions.delete(key)])


def _some_token(table: Table, item_id: str) -> Key:
    return next(key for key in sorted(table.contents()) if key.PK.startswith("TOKEN#") and key.SK.endswith(item_id))


def _change(table: Table, item_id: str) -> Key:
    (first, *_) = table.changes(item_id)
    return Key(first["PK"], first["SK"])


def _lose_customer(table: Table, shop: Shop) -> None:
    """Damage like after a restore from two backups."""
    for key in [key for key in table.contents() if key.PK == keys.customer(shop["bela"]).PK]:
        _remove(key)


DAMAGES: dict[str, tuple[Damage, set[str]]] = {
    "a count of members that is too high": (
        lambda _, shop: _set(keys.group(shop["VIP"]), customer_count=7),
        {"count"},
    ),
    "a count of groups that is too low": (
        lambda _, shop: _set(keys.summary(shop["ada"]), group_count=1),
        {"count"},
    ),
    "a membership that is missing": (
        lambda _, shop: _remove(keys.membership(shop["VIP"], shop["ada"])),
        {"count", "members' history"},
    ),
    "a membership of a customer who is not there": (_lose_customer, {"membership", "counter", "stray lock", "token"}),
    "a name that nobody has locked": (lambda _, __: _remove(keys.name_lock("very vip")), {"lock"}),
    "a name that is locked for another group": (
        lambda _, shop: _set(keys.name_lock("very vip"), holder=shop["Wholesale"]),
        {"lock", "stray lock"},
    ),
    "a lock of a name that nobody has": (
        lambda _, shop: _set(keys.name_lock("retail"), holder=shop["Wholesale"]),
        {"stray lock"},
    ),
    "an e-mail that nobody has locked": (
        lambda _, __: _remove(keys.email_lock("ada@mail.example", has_account=False)),
        {"lock"},
    ),
    "a key of a group that nobody has locked": (lambda _, __: _remove(keys.group_key_lock("vip")), {"lock"}),
    "a key of a customer that nobody has locked": (lambda _, __: _remove(keys.customer_key_lock("erp-7")), {"lock"}),
    "a lock of a key that no group has": (
        lambda _, shop: _set(keys.group_key_lock("retail"), holder=shop["VIP"]),
        {"stray lock"},
    ),
    "a lock of a key that no customer has": (
        lambda _, shop: _set(keys.customer_key_lock("erp-8"), holder=shop["ada"]),
        {"stray lock"},
    ),
    "a count of references that is too high": (
        lambda _, shop: _set(keys.group(shop["VIP"]), reference_count=2),
        {"references"},
    ),
    "a reference that nobody has counted": (
        lambda _, shop: _set(keys.reference(shop["Wholesale"], "pricing", "x"), label="X"),
        {"references"},
    ),
    "a reference to a group that is not there": (
        lambda _, __: _set(keys.reference("cusgroup_gone", "pricing", "x"), label="X"),
        {"references"},
    ),
    "a counter that is wrong": (lambda _, shop: _set(keys.counter(keys.GROUPS, shop["VIP"]), total=9), {"counter"}),
    "a token that is missing": (lambda table, shop: _remove(_some_token(table, shop["ada"])), {"token"}),
    "a token that is out of date": (
        lambda table, shop: _set(_some_token(table, shop["VIP"]), search_text="retail"),
        {"token"},
    ),
    "a token of nobody": (
        lambda _, __: _set(keys.token(keys.CUSTOMERS, "ghost", "cus_gone"), search_text="ghost"),
        {"token"},
    ),
    "a summary that is missing": (lambda _, shop: _remove(keys.summary(shop["ada"])), {"summary"}),
    "a summary that is out of date": (
        lambda _, shop: _set(keys.summary(shop["ada"]), by_created="2020-01-01T00:00:00.000Z\x1f#x"),
        {"summary"},
    ),
    "a summary of nobody": (lambda _, __: _set(keys.summary("cus_gone"), group_count=0), {"summary"}),
    "a place in a list that is out of date": (
        lambda _, shop: _set(keys.group(shop["VIP"]), by_name="retail\x1f#x"),
        {"row"},
    ),
    "a copy that is out of date": (
        lambda _, shop: _set(keys.membership(shop["VIP"], shop["ada"]), by_created="2020-01-01T00:00:00.000Z\x1f#x"),
        {"copy"},
    ),
    "a membership that its customer cannot find": (
        lambda _, shop: _set(keys.membership(shop["VIP"], shop["bela"]), member_customer="CUSTOMER#other"),
        {"membership"},
    ),
    "a term item that is missing": (
        lambda _, shop: _remove(keys.term(shop["Wholesale"], LATER, shop["chiara"])),
        {"term"},
    ),
    "a term item for another moment": (
        lambda _, shop: _set(keys.term(shop["Wholesale"], "2998-01-01T00:00:00.000Z", shop["chiara"]), starts_at=LATER),
        {"term"},
    ),
    "a term item of nobody": (
        lambda _, shop: _set(keys.term(shop["VIP"], LATER, "cus_gone"), starts_at=LATER),
        {"term"},
    ),
    "a next moment that is later than that of a membership": (
        lambda _, shop: _set(keys.group(shop["Wholesale"]), term_at="2999-12-31T00:00:00.000Z"),
        {"term"},
    ),
    "a next moment that is missing": (
        lambda _, shop: _remove_attributes(keys.group(shop["Wholesale"]), "term_at", "term_list"),
        {"term"},
    ),
    "a group with a next moment that is not in the index": (
        lambda _, shop: _remove_attributes(keys.group(shop["Wholesale"]), "term_list"),
        {"term"},
    ),
    "a scheduled membership in the list of members": (
        lambda _, shop: _set(keys.membership(shop["Wholesale"], shop["chiara"]), LIST=keys.members(shop["Wholesale"])),
        {"copy"},
    ),
    "a version without a change": (
        lambda table, shop: _remove(_change(table, shop["Wholesale"])),
        {"history"},
    ),
}
UNREPAIRABLE = {"history", "members' history"}
damages = pytest.mark.parametrize("damage", DAMAGES)


@damages
def test_finds_exactly_the_damage(table: Table, shop: Shop, damage: str) -> None:
    do, expected = DAMAGES[damage]
    do(table, shop)
    assert {fault.what for fault in faults(table.items())} == expected


@damages
def test_repairs_what_can_be_repaired(table: Table, shop: Shop, damage: str, tmp_path: Path) -> None:
    do, expected = DAMAGES[damage]
    do(table, shop)
    before = table.contents()
    found = _look(table, tmp_path)
    assert {fault.what for fault in found} == expected
    survey.repair_all(found, apply=False)
    assert table.contents() == before, "a dry run wrote something"
    survey.repair_all(found, apply=True)
    left = {fault.what for fault in _look(table, tmp_path)}
    assert left == expected & UNREPAIRABLE, faults(table.items())


def test_two_groups_with_the_same_name_need_a_decision(table: Table, shop: Shop, tmp_path: Path) -> None:
    _set(keys.group(shop["Wholesale"]), name="Very VIP")
    found = [fault for fault in _look(table, tmp_path) if fault.what == "lock"]
    assert [(fault.subject, fault.message) for fault in found] == [
        (shop["Wholesale"], f"its name is locked by {shop['VIP']}")
    ]
    outcomes = {outcome.fault: outcome.now for outcome in survey.repair_all(found, apply=True)}
    assert "needs a decision" in outcomes[found[0]]
    assert table.item(keys.name_lock("very vip"))["holder"] == shop["VIP"]


def test_writes_during_the_audit_are_not_reported_as_faults(shop: Shop, tmp_path: Path) -> None:
    """The scan can see a membership before its count. The second check finds no fault."""
    _set(keys.group(shop["VIP"]), customer_count=7)
    with Evidence(tmp_path / "state") as evidence:
        survey.read(evidence, 0, _nothing)
        _set(keys.group(shop["VIP"]), customer_count=2)
        assert survey.find_faults(evidence) == []


def test_a_repair_does_not_overwrite_concurrent_changes(table: Table, shop: Shop, tmp_path: Path) -> None:
    from operations import repair  # noqa: PLC0415 - only used here

    _set(keys.group(shop["VIP"]), customer_count=7)
    (fault,) = _look(table, tmp_path)
    writes = repair.repair(fault)
    assert writes
    _set(keys.group(shop["VIP"]), customer_count=3)
    assert not repair.apply(writes)
    assert table.item(keys.group(shop["VIP"]))["customer_count"] == 3


def test_an_interrupted_audit_continues_where_it_stopped(
    table: Table, shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _set(keys.summary(shop["ada"]), group_count=1)
    monkeypatch.setattr(survey, "ITEMS_PER_SEGMENT", 20)
    scanner = survey.scanner(dynamodb().meta.endpoint_url)
    state, scan, size = tmp_path / "state", scanner.scan, len(table.items())
    asked: list[int] = []

    def killed(**request: Any) -> Any:
        asked.append(request["Segment"])
        if len(asked) == 3:
            raise KeyboardInterrupt
        return scan(**request)

    monkeypatch.setattr(scanner, "scan", killed)
    with Evidence(state) as evidence, pytest.raises(KeyboardInterrupt):
        survey.read(evidence, size, _nothing)
    read: list[int] = []
    with Evidence(state) as evidence:
        survey.read(evidence, 0, read.append)
        assert asked == [0, 1, 2, *range(2, size // 20 + 1)], "it began anew"
        assert sum(read) == size
        assert evidence.totals() == {"items": size, "groups and customers": 5, "memberships": 4}
        assert [fault.what for fault in survey.find_faults(evidence)] == ["count"]


def test_two_audits_of_one_table_do_not_share_a_file(table: Table, tmp_path: Path) -> None:
    size = len(table.items())
    with Evidence(tmp_path / "state") as evidence:
        with pytest.raises(LocalProblem, match="Another audit of this table is running"):
            Evidence(tmp_path / "state")
        survey.read(evidence, size, _nothing)
        with pytest.raises(LocalProblem):
            Evidence(tmp_path / "state")
    with Evidence(tmp_path / "state") as continued:
        assert continued.totals()["items"] == size


def test_a_restart_reads_everything_again_but_not_beside_a_running_audit(
    table: Table, shop: Shop, tmp_path: Path
) -> None:
    state = tmp_path / "state"
    with Evidence(state) as evidence:
        survey.read(evidence, len(table.items()), _nothing)
        with pytest.raises(LocalProblem):
            audit(table.name, state, wants_repair=False, apply=False, restart=True)
    _set(keys.group(shop["VIP"]), customer_count=7)
    assert audit(table.name, state, wants_repair=False, apply=False, restart=True) == 1
    assert not state.exists()


def test_tables_of_one_name_have_audits_of_their_own(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    described = dynamodb().describe_table(TableName=table.name)["Table"]
    first = state_of(table.name)
    again = {"Table": described | {"TableId": "2f3b1c58-2ad8-4f1b-8a52-0d6f6e0d9a11"}}
    monkeypatch.setattr(dynamodb(), "describe_table", lambda **_: again)
    assert state_of(table.name) != first


def test_its_file_has_no_names_and_is_only_readable_by_its_owner(
    table: Table, shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(survey, "ITEMS_PER_SEGMENT", 20)
    state = tmp_path / "audits" / "state"
    with Evidence(state) as evidence:
        survey.read(evidence, len(table.items()), _nothing)
        assert state.stat().st_mode & 0o077 == 0
        assert state.parent.stat().st_mode & 0o077 == 0
        kept = state.read_bytes().lower()
    assert shop["ada"].lower().encode() in kept
    for word in (b"@mail", b"mail.example", b"ada@", b"bela", b"chiara", b"wholesale", b"very vip"):
        assert word not in kept, word


def test_needs_no_more_memory_for_ten_times_the_items(
    table: Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`make audit-at-scale` tests the same with a million items."""
    monkeypatch.setattr(survey, "ITEMS_PER_PAGE", 100)
    monkeypatch.setattr(survey, "ITEMS_PER_SEGMENT", 1_000)
    peaks: list[int] = []
    for customers_more in (50, 500):
        population = Population(write := Writer(table.name))
        population.add_groups(10)
        population.add_customers(customers_more)
        population.join(population.groups[0], population.customers)
        population.finish()
        write.flush()
        size = len(table.items())
        tracemalloc.start()
        assert _look(table, tmp_path, size) == []
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        write.undo()
    assert peaks[1] < 2 * peaks[0]


class Writer:
    """Puts items into a table in batches."""

    def __init__(self, table_name: str) -> None:
        self._table_name = table_name
        self._items: dict[tuple[str, str], Any] = {}

    def __call__(self, item: Any) -> None:
        self._items[item["PK"]["S"], item["SK"]["S"]] = item

    def flush(self) -> None:
        self._send({"PutRequest": {"Item": item}} for item in self._items.values())

    def undo(self) -> None:
        self._send({"DeleteRequest": {"Key": {"PK": item["PK"], "SK": item["SK"]}}} for item in self._items.values())

    def _send(self, requests: Iterable[Any]) -> None:
        for some in batched(requests, 25, strict=False):
            dynamodb().batch_write_item(RequestItems={self._table_name: list(some)})


def test_reports_that_all_rules_hold(
    table: Table, shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit(table.name, tmp_path / "state", wants_repair=False, apply=False) == 0
    assert "5 groups and customers, 4 memberships. The audit used" in " ".join(capsys.readouterr().out.split())
    _set(keys.summary(shop["ada"]), group_count=1)
    assert audit(table.name, tmp_path / "state", wants_repair=True, apply=False) == 1
    assert "group_count is 1" in " ".join(capsys.readouterr().out.split())
    assert audit(table.name, tmp_path / "state", wants_repair=True, apply=True) == 0
    assert not (tmp_path / "state").exists()


def test_rules_hold_after_deletions_and_purges(table: Table, shop: Shop) -> None:
    groups.delete(shop["VIP"], "grace", is_forced=True)
    assert faults(table.items()) == []
    customers.delete(shop["ada"], "grace")
    assert faults(table.items()) == []


def test_rules_hold_after_the_stream_is_processed(table: Table, shop: Shop) -> None:
    customers.update(shop["ada"], {"email": "ada@new.example"}, "grace")
    assert {fault.what for fault in faults(table.items())} == {"copy"}
    assert faults(table.items(), check_copies=False) == []
    copies.refresh(shop["ada"])
    assert faults(table.items()) == []


def _look(table: Table, folder: Path, size: int | None = None) -> list[Fault]:
    state = folder / "state"
    state.unlink(missing_ok=True)
    with Evidence(state) as evidence:
        survey.read(evidence, len(table.items()) if size is None else size, _nothing)
        return survey.find_faults(evidence)


def _nothing(_: Iterable[int] | int) -> None:
    pass
