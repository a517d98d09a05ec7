"""The audit checks what rules store, and the repair evaluates each rule again."""

import tests.database  # noqa: F401 - imported before `shared`

# isort: split

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from operations import confirmation, survey
from operations.consistency import faults
from operations.evidence import Evidence
from operations.facts import Fault
from shared.domain import moments
from shared.dynamodb import actions, transactions
from shared.dynamodb.expressions import Key
from shared.runtime import clock
from shared.storage import copies, keys
from shared.storage.rules import store
from tests.afterwards import Surroundings
from tests.api import Client
from tests.rules import GROUPS, Rules, some, where
from tests.table import Table


class Shop(NamedTuple):
    """VIP is automatic: spent more than 1,000, in Wholesale, or ordered lately. Ada and Grace are in it."""

    api: Client
    rules: Rules
    vip: str
    wholesale: str
    ada: str
    grace: str
    emmy: str

    def item(self, key: Key) -> dict[str, Any]:
        return self.api.table.item(key)


@pytest.fixture
def shop(table: Table, surroundings: Surroundings) -> Shop:
    api = Client(table, watches_table=False)
    rules = Rules(api, surroundings)
    wholesale = api.create_group("Wholesale", key="wholesale")
    ordered_at = moments.iso(datetime.now(UTC) - timedelta(days=20))
    ada = api.create_customer("ada@mail.example", metadata={"total_spent": 2000, "notes": "x" * 5_000})
    grace = api.create_customer("grace@mail.example", metadata={"ordered_at": ordered_at})
    emmy = api.create_customer("emmy@mail.example", metadata={"total_spent": 9000})
    rule = some(
        where("metadata.total_spent", ">", 1000),
        where("groups", "in", ["key:wholesale"]),
        where("metadata.ordered_at", "inLast", 30),
    )
    vip = rules.automatic("VIP", rule)
    assert api.put(f"{GROUPS}/{vip['id']}/exceptions", {"always": [], "never": [emmy["id"]]}).status == 200
    rules.finish()
    found = Shop(api, rules, vip["id"], wholesale["id"], ada["id"], grace["id"], emmy["id"])
    assert set(api.member_ids(vip)) == {found.ada, found.grace}
    return found


def change(key: Key, **values: Any) -> None:
    write = actions.update(key, set=without_keys(values)) if values else actions.put(key._asdict())
    transactions.commit([write, store.renew()])


def delete(key: Key) -> None:
    transactions.commit([actions.delete(key), store.renew()])


def due_item(shop: Shop, customer_id: str) -> Key:
    return keys.due(shop.item(keys.summary(customer_id))["due_at"], customer_id)


def join(shop: Shop, customer_id: str) -> None:
    """A membership against the rule, with all counts right."""
    change(
        keys.membership(shop.vip, customer_id),
        LIST=keys.members(shop.vip),
        member_customer=keys.customer(customer_id).PK,
        member_group=keys.group(shop.vip).PK,
        **{name: shop.item(keys.summary(customer_id))[name] for name in ("by_created", "customer")},
    )
    change(keys.group(shop.vip), customer_count=3)
    change(keys.summary(customer_id), group_count=1)


def forget(shop: Shop, customer_id: str) -> None:
    """The customer was deleted, and nobody has removed the exception."""
    assert shop.api.delete(f"/admin/customers/{customer_id}").status == 200
    copies.refresh(customer_id)


DAMAGES: dict[str, tuple[Callable[[Shop], None], set[str]]] = {
    "a rule that is not stored": (lambda shop: delete(keys.rule(shop.vip)), {"rule", "rule's reference"}),
    "a stored rule that differs": (
        lambda shop: change(keys.rule(shop.vip), rule=some(where("phone", "notNull"))),
        {"rule"},
    ),
    "a stored rule of another version": (lambda shop: change(keys.rule(shop.vip), version=1, since=9), {"rule"}),
    "a stored rule of a manual group": (
        lambda shop: change(
            keys.rule(shop.wholesale),
            **store.item(shop.wholesale, some(where("phone", "notNull")), {}, 1, 1),
        ),
        {"rule"},
    ),
    "a stored rule of no group": (
        lambda _: change(
            keys.rule("cusgroup_gone"), **store.item("cusgroup_gone", some(where("phone", "notNull")), {}, 1, 1)
        ),
        {"rule"},
    ),
    "a mention without a reference": (
        lambda shop: delete(keys.reference(shop.wholesale, "rules", shop.vip)),
        {"rule's reference", "references"},
    ),
    "a reference from a rule that does not mention the group": (
        lambda shop: change(keys.reference(shop.vip, "rules", shop.wholesale), system="rules", id=shop.wholesale),
        {"rule's reference", "references"},
    ),
    "a customer who is due and has no due item": (lambda shop: delete(due_item(shop, shop.grace)), {"due"}),
    "a due item for another moment": (
        lambda shop: change(keys.due("2030-01-01T00:00:00.000Z", shop.grace)),
        {"due"},
    ),
    "a due item of a customer who is not due": (
        lambda shop: change(keys.due("2030-01-01T00:00:00.000Z", shop.ada)),
        {"due"},
    ),
    "a due item of nobody": (lambda _: change(keys.due("2030-01-01T00:00:00.000Z", "cus_gone")), {"due"}),
    "an exception of a customer who is deleted": (lambda shop: forget(shop, shop.emmy), {"exceptions"}),
    "an exception of a customer who was never there": (
        lambda shop: change(keys.rule(shop.vip), always=["cus_gone"]),
        {"exceptions"},
    ),
}
damages = pytest.mark.parametrize("damage", DAMAGES)


@damages
def test_finds_exactly_the_damage_and_repairs_it(table: Table, shop: Shop, damage: str, tmp_path: Path) -> None:
    rule = without_keys(shop.item(keys.rule(shop.vip)))
    do, expected = DAMAGES[damage]
    do(shop)
    assert {fault.what for fault in faults(table.items())} == expected
    found = look(table, tmp_path)
    assert {fault.what for fault in found} == expected
    before = table.contents()
    survey.repair_all(found, apply=False)
    assert table.contents() == before, "a dry run wrote something"
    survey.repair_all(found, apply=True)
    assert look(table, tmp_path) == []
    assert faults(table.items()) == []
    if "exceptions" not in expected:
        assert without_keys(shop.item(keys.rule(shop.vip))) == rule
    assert shop.api.count_of({"id": shop.vip}) == 2


def without_keys(item: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name not in ("PK", "SK")}


def test_a_member_who_does_not_meet_the_rule_leaves(table: Table, shop: Shop, tmp_path: Path) -> None:
    join(shop, shop.emmy)
    found = [one for one in look(table, tmp_path) if one.what == "automatic membership"]
    assert [(one.subject, one.message) for one in found] == [(shop.emmy, f"is in {shop.vip} against the rule")]
    survey.repair_all(found, apply=True)
    assert set(shop.api.member_ids({"id": shop.vip})) == {shop.ada, shop.grace}
    left = shop.api.get(f"{GROUPS}/{shop.vip}/history").body["changes"][0]
    assert (left["removed"], left["reason"]) == ([shop.emmy], {"type": "rule", "id": shop.vip})


def test_a_customer_who_meets_the_rule_joins(table: Table, shop: Shop, tmp_path: Path) -> None:
    """The event of the change was lost."""
    new = shop.api.create_customer("hedy@mail.example", metadata={"total_spent": 5000})["id"]
    shop.rules.publish()
    found = look(table, tmp_path)
    assert [(one.what, one.subject) for one in found] == [("automatic membership", new)]
    assert found[0].message == f"is not in {shop.vip} against the rule"
    survey.repair_all(found, apply=False)
    assert new not in shop.api.member_ids({"id": shop.vip})
    survey.repair_all(found, apply=True)
    assert new in shop.api.member_ids({"id": shop.vip})
    assert look(table, tmp_path) == []
    assert faults(table.items()) == []


def test_a_member_of_a_mentioned_group_is_judged_with_its_memberships(table: Table, shop: Shop, tmp_path: Path) -> None:
    new = shop.api.create_customer("hedy@mail.example")
    shop.api.add({"id": shop.wholesale}, new)
    shop.rules.publish()
    assert [(one.what, one.subject) for one in look(table, tmp_path)] == [("automatic membership", new["id"])]


def test_an_entry_that_is_missing_is_found(table: Table, shop: Shop, tmp_path: Path) -> None:
    """Without it, a later judgement would not look the membership up."""
    change(keys.summary(shop.ada), by_rule=[])
    found = look(table, tmp_path)
    assert [one.message for one in found] == [f"has no right entry for {shop.vip} in its summary"]
    survey.repair_all(found, apply=True)
    assert shop.item(keys.summary(shop.ada))["by_rule"] == [f"1#{shop.vip}"]


def test_what_will_follow_is_not_a_fault(
    table: Table, shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule that is being applied, and a customer whose moment has just come."""
    shop.api.create_group("Big", rule=some(where("metadata.total_spent", ">", 5000)))
    assert look(table, tmp_path) == []
    shop.rules.finish()
    later = moments.iso(datetime.now(UTC) + timedelta(days=11))
    monkeypatch.setattr(clock, "now", lambda: later)
    assert look(table, tmp_path) == []
    assert shop.rules.let_time_pass() == 1
    assert look(table, tmp_path) == []


def test_events_that_are_on_their_way_have_time_to_arrive(
    table: Table, shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.api.create_customer("hedy@mail.example", metadata={"total_spent": 5000})
    confirmed = confirmation.confirmed
    monkeypatch.setattr(survey, "SECONDS_BETWEEN_CHECKS", 0)

    def settle_after(suspicion: Fault) -> list[Fault]:
        found = list(confirmed(suspicion))
        shop.rules.finish()
        return found

    monkeypatch.setattr(confirmation, "confirmed", settle_after)
    assert look(table, tmp_path, patience_seconds=600) == []


def look(table: Table, folder: Path, patience_seconds: float = 0) -> list[Fault]:
    state = folder / "state"
    state.unlink(missing_ok=True)
    with Evidence(state) as evidence:
        survey.read(evidence, len(table.items()), lambda _: None)
        return survey.find_faults(evidence, patience_seconds=patience_seconds)
