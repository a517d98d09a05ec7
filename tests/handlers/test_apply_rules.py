"""Customers join and leave automatic groups when they change, whatever the order of events."""

import random
from typing import Any

import pytest

from shared.dynamodb.retries import Stale
from shared.storage.rules import judging, store, writing
from shared.storage.rules.writing import Cause, Verdict
from tests.afterwards import Surroundings
from tests.api import Client, Context, handler
from tests.meddling import meddle_once
from tests.rules import BIG_SPENDERS, GROUPS, Rules, every, none, some, where


@pytest.fixture
def rules(api: Client, surroundings: Surroundings) -> Rules:
    return Rules(api, surroundings)


def change(api: Client, customer: dict[str, Any], **values: Any) -> None:
    assert api.post(f"/admin/customers/{customer['id']}", values).status == 200


def test_a_customer_joins_when_the_rule_is_met_and_leaves_when_it_is_not_any_more(api: Client, rules: Rules) -> None:
    vip = rules.automatic("VIP", BIG_SPENDERS)
    ada = api.create_customer("ada@mail.example", metadata={"total_spent": 900})
    rules.finish()
    assert api.groups_of(ada) == set()

    change(api, ada, metadata={"total_spent": 1200})
    rules.finish()
    assert (api.groups_of(ada), api.count_of(vip)) == ({"VIP"}, 1)

    change(api, ada, metadata={"total_spent": 1000})
    rules.finish()
    assert (api.groups_of(ada), api.count_of(vip)) == (set(), 0)


def test_the_rule_is_named_as_the_reason_in_the_history_and_in_the_event(
    api: Client, rules: Rules, surroundings: Surroundings
) -> None:
    vip = rules.automatic("VIP", BIG_SPENDERS)
    ada = api.create_customer("ada@mail.example", metadata={"total_spent": 1200})
    rules.finish()
    (joined,) = [one for one in api.get(f"{GROUPS}/{vip['id']}/history").body["changes"] if one["added"]]
    assert (joined["added"], joined["actor"], joined["reason"]) == (
        [ada["id"]],
        "rules",
        {"type": "rule", "id": vip["id"]},
    )
    (event,) = [one for one in rules.published if one["detail-type"] == "customer-group.customers-added"]
    assert event["detail"]["reason"] == {"type": "rule", "id": vip["id"]}
    assert surroundings.dead_letters() == []


def test_late_repeated_and_crossed_events_end_in_the_right_membership(api: Client, rules: Rules) -> None:
    vip = rules.automatic("VIP", BIG_SPENDERS)
    ada = api.create_customer("ada@mail.example")
    for spent in (500, 1500, 200, 3000):
        change(api, ada, metadata={"total_spent": spent})
    events = rules.publish()
    shuffled = random.Random(7).sample(events * 2, k=2 * len(events))
    for event in shuffled:
        rules.deliver([event])
    assert api.member_ids(vip) == [ada["id"]]
    change(api, ada, metadata={"total_spent": 1})
    rules.deliver(shuffled)  # all of them are older than the change, and see it nevertheless
    assert (api.member_ids(vip), api.count_of(vip)) == ([], 0)


def test_a_group_that_a_rule_mentions_passes_its_members_on(api: Client, rules: Rules) -> None:
    wholesale = api.create_group("Wholesale", key="wholesale")
    rules.automatic("Partners", every(where("groups", "in", ["key:wholesale"])))
    rules.automatic("Everyone else", none(where("groups", "=", wholesale["id"])))
    ada = api.create_customer("ada@mail.example")
    rules.finish()
    assert api.groups_of(ada) == {"Everyone else"}
    api.add(wholesale, ada)
    rules.finish()
    assert api.groups_of(ada) == {"Wholesale", "Partners"}
    api.post(f"{GROUPS}/{wholesale['id']}/customers", {"remove": [ada["id"]]})
    rules.finish()
    assert api.groups_of(ada) == {"Everyone else"}


def test_rules_can_build_on_each_other(api: Client, rules: Rules) -> None:
    vip = rules.automatic("VIP", BIG_SPENDERS)
    rules.automatic("Gold", every(where("groups", "=", vip["id"]), where("has_account", "=", value=True)))
    ada = api.create_customer("ada@mail.example", has_account=True, metadata={"total_spent": 1200})
    rules.finish()
    assert api.groups_of(ada) == {"VIP", "Gold"}
    change(api, ada, metadata=None)
    rules.finish()
    assert api.groups_of(ada) == set()


def test_every_type_of_condition(api: Client, rules: Rules) -> None:
    conditions = {
        "text": where("email", "endsWith", "@BIG.example"),
        "no company": where("company_name", "null"),
        "another name": where("first_name", "!=", "ada"),
        "phone": where("phone", "contains", "555"),
        "account": where("has_account", "=", value=True),
        "key": where("key", "in", ["a1", "b2"]),
        "between": where("metadata.score", "between", [1, 5]),
        "tag": where("metadata.tags", "contains", "vip"),
        "nested": where("metadata.shop.country", "=", "DE"),
        "dotted": where("metadata.shop.city", "=", "Kiel"),
        "truth": where("metadata.newsletter", "=", value=True),
        "not text": where("metadata.newsletter", "=", "true"),
        "old order": where("metadata.ordered_at", "<", "2026-01-01"),
        "recent order": where("metadata.ordered_at", "inLast", 36500),
        "created": where("created_at", "inLast", 1),
        "not created": where("created_at", "notInLast", 1),
    }
    for name, condition in conditions.items():
        rules.automatic(name, some(condition))
    metadata = {
        "score": 5,
        "tags": ["new", "VIP"],
        "shop": {"country": "de"},
        "shop.city": "Kiel",
        "newsletter": True,
        "ordered_at": "2025-12-31T23:59:59+00:00",
    }
    ada = api.create_customer(
        "ada@big.example", key="b2", first_name="Ada", phone="+49 555 1", has_account=True, metadata=metadata
    )
    rules.finish()
    assert api.groups_of(ada) == {*conditions} - {"another name", "not text", "not created"}


def test_a_customer_with_large_metadata_is_judged_too(api: Client, rules: Rules) -> None:
    vip = rules.automatic("VIP", BIG_SPENDERS)
    ada = api.create_customer("ada@mail.example", metadata={"total_spent": 1200, "notes": "x" * 9_000})
    rules.finish()
    assert api.member_ids(vip) == [ada["id"]]


def test_a_customer_of_another_system_joins_too(api: Client, rules: Rules) -> None:
    vip = rules.automatic("VIP", BIG_SPENDERS)
    detail = {"id": "shop-1", "version": 1, "email": "emil@mail.example", "metadata": {"total_spent": 2000}}
    event = {"source": "shop", "time": "2026-11-23T10:00:00Z", "detail-type": "customer.created", "detail": detail}
    handler("sync_customer")(event, Context("sync_customer"))
    rules.finish()
    assert api.member_ids(vip) == ["shop-1"]


def test_a_deleted_customer_leaves_and_late_events_change_nothing(api: Client, rules: Rules) -> None:
    vip = rules.automatic("VIP", BIG_SPENDERS)
    ada = api.create_customer("ada@mail.example", metadata={"total_spent": 1200})
    events = rules.publish()
    rules.deliver(events)
    assert api.count_of(vip) == 1
    assert api.delete(f"/admin/customers/{ada['id']}").status == 200
    rules.deliver(events)
    assert (api.member_ids(vip), api.count_of(vip)) == ([], 0)


def test_more_groups_than_one_transaction_has_room_for(api: Client, rules: Rules) -> None:
    for number in range(30):
        api.create_group(f"Rule {number}", rule=BIG_SPENDERS)
    rules.finish()
    ada = api.create_customer("ada@mail.example", metadata={"total_spent": 1200})
    rules.finish()
    assert len(api.groups_of(ada)) == 30
    change(api, ada, metadata=None)
    rules.finish()
    assert api.groups_of(ada) == set()


@pytest.mark.parametrize("seed", range(6))
def test_members_follow_from_the_last_state_for_any_order_of_events(api: Client, rules: Rules, seed: int) -> None:
    """Changes of customers, memberships, rules and exceptions; events are late, repeated and crossed."""
    chance = random.Random(seed)
    quiet = Client(api.table, watches_table=False)
    wholesale = quiet.create_group("Wholesale")
    choices = [BIG_SPENDERS, every(where("groups", "=", wholesale["id"])), none(where("groups", "=", wholesale["id"]))]
    rule, never = BIG_SPENDERS, set[str]()
    vip = quiet.create_group("VIP", rule=rule)
    people = [quiet.create_customer(f"c{number}@mail.example") for number in range(3)]
    spent, inside = dict.fromkeys((one["id"] for one in people), 0), set[str]()
    waiting: list[dict[str, Any]] = []
    for _ in range(25):
        one = chance.choice(people)["id"]
        what = chance.randrange(5)
        if what == 0:
            spent[one] = chance.choice([0, 2000])
            quiet.post(f"/admin/customers/{one}", {"metadata": {"total_spent": spent[one]}})
        elif what == 1:
            verb = "remove" if one in inside else "add"
            inside ^= {one}
            quiet.post(f"{GROUPS}/{wholesale['id']}/customers", {verb: [one]})
        elif what == 2:
            rule = chance.choice(choices)
            quiet.post(f"{GROUPS}/{vip['id']}", {"rule": rule})
        elif what == 3:
            never ^= {one}
            quiet.put(f"{GROUPS}/{vip['id']}/exceptions", {"never": sorted(never)})
        waiting += rules.publish()
        chance.shuffle(waiting)
        late = chance.randrange(len(waiting) + 1)
        rules.deliver(waiting[late:] + waiting[late:][:2])
        waiting = waiting[:late] + waiting[late:][:1]
        if chance.random() < 0.3:
            rules.run_jobs()
    rules.deliver(waiting)
    rules.run_jobs()
    rules.finish(lambda events: chance.sample(events * 2, k=2 * len(events)))
    meets = {0: {one for one in spent if spent[one] > 1000}, 1: inside, 2: {*spent} - inside}[choices.index(rule)]
    assert set(api.member_ids(vip)) == meets - never
    assert api.count_of(vip) == len(meets - never)


MEDDLING = {
    "the customer changes": ({"metadata": None}, None, None),
    "the customer leaves the group that the rule mentions": (None, "remove", None),
    "the rule changes": (None, None, {"rule": every(where("phone", "notNull"))}),
    "the rule is removed": (None, None, {"rule": None}),
}


@pytest.mark.parametrize("name", MEDDLING)
def test_what_changes_between_judging_and_writing_is_judged_again(
    api: Client, rules: Rules, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    profile, verb, update = MEDDLING[name]
    wholesale = api.create_group("Wholesale")
    both = every(where("groups", "=", wholesale["id"]), where("metadata.total_spent", ">", 1000))
    vip = rules.automatic("VIP", both)
    ada = api.create_customer("ada@mail.example", metadata={"total_spent": 2000})
    api.add(wholesale, ada)

    def meddle() -> None:
        if profile:
            change(api, ada, **profile)
        if verb:
            assert api.post(f"{GROUPS}/{wholesale['id']}/customers", {verb: [ada["id"]]}).status == 200
        if update:
            assert api.post(f"{GROUPS}/{vip['id']}", update).status == 200

    published = {"detail-type": "customer.updated", "detail": {"customer_id": ada["id"]}}
    meddle_once(monkeypatch, meddle)
    rules.deliver([published])
    assert (api.member_ids(vip), api.count_of(vip)) == ([], 0)


def test_nobody_joins_a_group_that_is_deleted_between_judging_and_writing(
    api: Client, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rule has been applied again before the old decision is written."""
    quiet = Client(api.table, watches_table=False)
    wholesale = quiet.create_group("Wholesale")
    partners = rules.automatic("Partners", every(where("groups", "=", wholesale["id"])))
    ada = quiet.create_customer("ada@mail.example")
    quiet.add(wholesale, ada)

    def meddle() -> None:
        assert quiet.delete(f"{GROUPS}/{wholesale['id']}?force=true").status == 200
        rules.deliver([one for one in rules.publish() if one["detail-type"] == "customer-group.deleted"])
        rules.run_jobs()
        assert quiet.get(f"{GROUPS}/{partners['id']}").group["rule_status"] == "current"

    meddle_once(monkeypatch, meddle)
    rules.deliver([{"detail-type": "customer.updated", "detail": {"customer_id": ada["id"]}}])
    assert (api.member_ids(partners), api.count_of(partners)) == ([], 0)


@pytest.mark.parametrize("what", ["rule", "exceptions"])
def test_a_rule_that_changes_while_it_is_applied_again_has_a_version_of_its_own(
    api: Client, rules: Rules, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """So a customer who was judged by the rule that was applied again does not join by it later."""
    quiet = Client(api.table, watches_table=False)
    wholesale = quiet.create_group("Wholesale")
    vip = rules.automatic("VIP", some(where("groups", "=", wholesale["id"]), where("metadata.total_spent", ">", 1000)))
    ada = quiet.create_customer("ada@mail.example", metadata={"total_spent": 2000})
    assert quiet.delete(f"{GROUPS}/{wholesale['id']}?force=true").status == 200
    deletion = [one for one in rules.publish() if one["detail-type"] == "customer-group.deleted"]
    verdicts: list[Verdict] = []

    def apply_again() -> None:
        rules.deliver(deletion)
        verdicts.extend(judging.decide([ada["id"]]))

    meddle_once(monkeypatch, apply_again)  # after the group was read
    if what == "rule":
        changed = quiet.post(f"{GROUPS}/{vip['id']}", {"rule": every(where("phone", "notNull"))})
    else:
        changed = quiet.put(f"{GROUPS}/{vip['id']}/exceptions", {"never": [ada["id"]]})
    assert changed.status == 200
    assert [step.verb for step in verdicts[0].steps] == ["add"]
    with pytest.raises(Stale):
        writing.write(verdicts, Cause())
    rules.finish()
    assert (api.member_ids(vip), api.count_of(vip)) == ([], 0)


def test_a_rule_that_is_newer_than_those_that_were_read_keeps_its_entry(
    api: Client, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The version of the rules was read just before the rule, and the customer just after it had joined."""
    rules.automatic("Everyone", every(where("email", "notNull")))
    ada = api.create_customer("ada@mail.example", metadata={"total_spent": 2000})
    rules.finish()
    before = store.current()
    vip = rules.automatic("VIP", BIG_SPENDERS)
    store.Memory.rules = before
    versions, version_in = [before.version], store.version_in
    monkeypatch.setattr(store, "version_in", lambda item: versions.pop() if versions else version_in(item))
    judging.judge([ada["id"]], Cause())
    change(api, ada, metadata={"total_spent": 0}, email=None)
    rules.finish()
    assert (api.groups_of(ada), api.count_of(vip)) == (set(), 0)


def test_a_customer_who_is_deleted_while_being_judged_joins_nothing(
    api: Client, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    vip = rules.automatic("VIP", BIG_SPENDERS)
    ada = api.create_customer("ada@mail.example", metadata={"total_spent": 2000})
    meddle_once(monkeypatch, lambda: api.delete(f"/admin/customers/{ada['id']}"))
    rules.finish()
    assert (api.member_ids(vip), api.count_of(vip)) == ([], 0)


def test_a_group_that_becomes_automatic_during_a_request_is_left_to_its_rule(
    api: Client, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    group, ada = api.create_group("Group"), api.create_customer("ada@mail.example")
    quiet = Client(api.table, watches_table=False)
    for path, body in (
        (f"{GROUPS}/{group['id']}/customers", {"add": [ada["id"]]}),
        (f"/admin/customers/{ada['id']}/customer-groups", {"add": [group["id"]]}),
    ):
        quiet.post(f"{GROUPS}/{group['id']}", {"rule": None})
        meddle_once(monkeypatch, lambda: quiet.post(f"{GROUPS}/{group['id']}", {"rule": BIG_SPENDERS}))
        answer = quiet.post(path, body)
        assert (answer.status, answer.body["code"]) == (400, "customer_group_is_automatic")
    rules.finish()
    assert api.member_ids(group) == []
