"""The audit finds every kind of damage, and the repair puts it right without doing more."""

import tests.database  # noqa: F401 - before anything of `shared` is imported

# isort: split

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from operations import survey
from operations.audit import audit
from operations.consistency import Fault, faults, faults_of
from shared import keys
from shared.keys import Key
from shared.storage import copies, customers, groups
from shared.storage import table as storage
from shared.storage.kinds import CUSTOMER
from tests.table import Table

type Shop = dict[str, str]
type Damage = Callable[[Table, Shop], None]


@pytest.fixture
def shop(table: Table) -> Shop:
    """Two groups and three customers by what they are called."""
    from shared.storage import memberships  # noqa: PLC0415 - beside the fixture that needs it

    names = {name: groups.create(name, {"discount": 10}, "grace")["id"] for name in ("VIP", "Wholesale")}
    for name in ("ada", "bela", "chiara"):
        names[name] = customers.create(_profile(f"{name}@mail.example", name.title()), "grace")["id"]
    memberships.change_members(names["VIP"], [names["ada"], names["bela"]], [], "grace")
    memberships.change_members(names["Wholesale"], [names["ada"]], [], "grace")
    groups.update(names["VIP"], {"name": "Very VIP"}, "grace")
    assert faults(table.items()) == []
    return names


def _profile(email: str, first_name: str) -> dict[str, Any]:
    nothing = dict.fromkeys(("last_name", "company_name", "phone", "metadata"))
    return {**nothing, "email": email, "first_name": first_name, "has_account": False}


def _set(key: Key, **values: Any) -> None:
    storage.commit([storage.update(key, set=values)])


def _remove(key: Key) -> None:
    storage.commit([storage.delete(key)])


def _some_token(table: Table, item_id: str) -> Key:
    return next(key for key in sorted(table.contents()) if key.PK.startswith("TOKEN#") and key.SK.endswith(item_id))


def _change(table: Table, item_id: str) -> Key:
    (first, *_) = table.changes(item_id)
    return Key(first["PK"], first["SK"])


def _lose_customer(table: Table, shop: Shop) -> None:
    """As a restore from two backups would."""
    for key in [key for key in table.contents() if key.PK == keys.customer(shop["bela"]).PK]:
        _remove(key)


DAMAGES: dict[str, tuple[Damage, set[str]]] = {
    "a count of members that is too high": (
        lambda _, shop: _set(keys.group(shop["VIP"]), customer_count=7),
        {"count"},
    ),
    "a count of groups that is too low": (
        lambda _, shop: _set(keys.customer(shop["ada"]), group_count=1),
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
    "a place in a list that is out of date": (
        lambda _, shop: _set(keys.group(shop["VIP"]), by_name="retail\x1f#x"),
        {"row", "token"},
    ),
    "a copy that is out of date": (
        lambda _, shop: _set(keys.membership(shop["VIP"], shop["ada"]), by_name="ada@old.example\x1f#x"),
        {"copy"},
    ),
    "a membership that its customer cannot find": (
        lambda _, shop: _set(keys.membership(shop["VIP"], shop["bela"]), member_customer="CUSTOMER#other"),
        {"membership"},
    ),
    "a version that no change tells of": (
        lambda table, shop: _remove(_change(table, shop["Wholesale"])),
        {"history"},
    ),
}
UNREPAIRABLE = {"history", "members' history"}
damages = pytest.mark.parametrize("damage", DAMAGES)


@damages
def test_finds_the_damage_and_nothing_else(table: Table, shop: Shop, damage: str) -> None:
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
    survey.mend(found, for_real=False)
    assert table.contents() == before, "a dry run wrote something"
    survey.mend(found, for_real=True)
    left = {fault.what for fault in _look(table, tmp_path)}
    assert left == expected & UNREPAIRABLE, faults(table.items())


def test_two_groups_of_one_name_are_left_to_a_person(table: Table, shop: Shop, tmp_path: Path) -> None:
    _set(keys.group(shop["Wholesale"]), name="Very VIP")
    found = [fault for fault in _look(table, tmp_path) if fault.what == "lock"]
    assert [(fault.subject, fault.message) for fault in found] == [
        (shop["Wholesale"], f"its name is locked by {shop['VIP']}")
    ]
    outcomes = {outcome.fault: outcome.now for outcome in survey.mend(found, for_real=True)}
    assert "needs a decision" in outcomes[found[0]]
    assert table.item(keys.name_lock("very vip"))["holder"] == shop["VIP"]


def test_what_was_written_while_it_read_is_no_fault(table: Table, shop: Shop, tmp_path: Path) -> None:
    """The scan saw the membership and not yet the count, say; a second look sees that all is well."""
    _set(keys.group(shop["VIP"]), customer_count=7)
    facts = survey.read(table.name, tmp_path / "state", _nothing)
    _set(keys.group(shop["VIP"]), customer_count=2)
    assert survey.look(facts) == []


def test_a_repair_does_not_write_over_what_changed_meanwhile(table: Table, shop: Shop, tmp_path: Path) -> None:
    from operations import repair  # noqa: PLC0415 - used here alone

    _set(keys.group(shop["VIP"]), customer_count=7)
    (fault,) = _look(table, tmp_path)
    writes = repair.repair(fault)
    assert writes
    _set(keys.group(shop["VIP"]), customer_count=3)
    assert not repair.carry_out(writes)
    assert table.item(keys.group(shop["VIP"]))["customer_count"] == 3


def test_goes_on_where_it_was_interrupted(
    table: Table, shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state, scan = tmp_path / "state", storage.client.scan
    asked: list[Any] = []

    def small_pages(**request: Any) -> Any:
        asked.append(request.get("ExclusiveStartKey"))
        if len(asked) == 3:
            raise KeyboardInterrupt
        return scan(**request | {"Limit": 20})

    monkeypatch.setattr(storage.client, "scan", small_pages)
    with pytest.raises(KeyboardInterrupt):
        survey.read(table.name, state, _nothing)
    with state.open("a") as kept:
        kept.write('{"items": [')  # killed in the middle of a line
    read: list[int] = []
    facts = survey.read(table.name, state, read.append)
    assert asked.count(None) == 1, "it began anew"
    assert sum(read) == len(table.items())
    assert faults_of(facts) == []
    assert len(facts.memberships) == 3
    assert shop["ada"] in {item["id"] for item in facts.records.values()}


def test_says_that_all_is_well(table: Table, shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit(table.name, tmp_path / "state", wants_repair=False, for_real=False) == 0
    assert "All rules hold between 5 groups and customers, 3 memberships" in capsys.readouterr().out
    _set(keys.customer(shop["ada"]), group_count=1)
    assert audit(table.name, tmp_path / "state", wants_repair=True, for_real=False) == 1
    assert "group_count is 1" in " ".join(capsys.readouterr().out.split())
    assert audit(table.name, tmp_path / "state", wants_repair=True, for_real=True) == 0
    assert not (tmp_path / "state").exists()


def test_holds_after_deletions_and_their_clean_up(table: Table, shop: Shop) -> None:
    groups.delete(shop["VIP"], "grace")
    assert faults(table.items()) == []
    customers.delete(shop["ada"], "grace")
    assert faults(table.items()) == []


def test_holds_once_the_stream_was_followed(table: Table, shop: Shop) -> None:
    customers.update(shop["ada"], {"email": "ada@new.example"}, "grace")
    assert {fault.what for fault in faults(table.items())} == {"copy"}
    assert faults(table.items(), settled=False) == []
    copies.refresh(CUSTOMER, shop["ada"])
    assert faults(table.items()) == []


def _look(table: Table, folder: Path) -> list[Fault]:
    state = folder / "state"
    state.unlink(missing_ok=True)
    return survey.look(survey.read(table.name, state, _nothing))


def _nothing(_: Iterable[int] | int) -> None:
    pass
