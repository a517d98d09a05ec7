"""Groups with rules: saving them, applying them to all customers, and what is refused."""

from typing import Any

import pytest

from shared.dynamodb import reads
from shared.dynamodb.expressions import Item, Key
from shared.jobs import chunks
from shared.storage import keys
from tests import jobs
from tests.afterwards import HurriedContext, Surroundings
from tests.api import Answer, Client, Context, handler
from tests.machine import Machine
from tests.rules import BIG_SPENDERS, GROUPS, Rules, every, none, some, where


@pytest.fixture
def rules(api: Client, surroundings: Surroundings) -> Rules:
    return Rules(api, surroundings)


@pytest.fixture
def people(api: Client, rules: Rules) -> list[dict[str, Any]]:
    """Ada has spent 1,200, Bela 800, and Carla nothing. They were judged before there was any rule."""
    spent = {"ada": {"total_spent": 1200}, "bela": {"total_spent": 800}, "carla": None}
    found = [api.create_customer(f"{name}@mail.example", metadata=metadata) for name, metadata in spent.items()]
    rules.finish()
    return found


def get(api: Client, group: dict[str, Any]) -> dict[str, Any]:
    return api.get(f"{GROUPS}/{group['id']}").group


def test_a_manual_group_has_no_rule(api: Client) -> None:
    group = api.create_group("VIP")
    assert (group["rule"], group["rule_status"], group["rule_job_id"]) == (None, None, None)


def test_a_job_applies_a_new_rule_to_all_customers(api: Client, rules: Rules, people: list[dict[str, Any]]) -> None:
    vip = api.create_group("VIP", rule=BIG_SPENDERS)
    assert (vip["rule"], vip["rule_status"], vip["customer_count"]) == (BIG_SPENDERS, "applying", 0)
    rules.finish()
    assert api.member_ids(vip) == [people[0]["id"]]
    now = get(api, vip)
    assert (now["rule_status"], now["rule_job_id"], now["customer_count"]) == ("current", None, 1)
    job = jobs.get(api, {"id": vip["rule_job_id"]})
    assert (job["type"], job["status"], job["customer_group_id"]) == ("apply_rule", "succeeded", vip["id"])
    assert (job["totals"]["rows"], job["totals"]["added"], job["totals"]["unchanged"]) == (3, 1, 2)


def test_a_changed_rule_is_applied_to_members_too_and_is_in_the_history(
    api: Client, rules: Rules, people: list[dict[str, Any]]
) -> None:
    vip = rules.automatic("VIP", BIG_SPENDERS)
    small = every(where("metadata.total_spent", "between", [500, 1000]))
    changed = api.post(f"{GROUPS}/{vip['id']}", {"rule": small}).group
    assert (changed["version"], changed["rule_status"]) == (2, "applying")
    rules.finish()
    assert api.member_ids(vip) == [people[1]["id"]]
    (update,) = [one for one in api.get(f"{GROUPS}/{vip['id']}/history").body["changes"] if one["type"] == "updated"]
    assert (update["before"], update["after"]) == ({"rule": BIG_SPENDERS}, {"rule": small})
    (event,) = [one for one in rules.published if one["detail-type"] == "customer-group.updated"]
    assert (event["detail"]["previous"], event["detail"]["new"]) == ({"rule": BIG_SPENDERS}, {"rule": small})


def test_the_etag_changes_when_the_rule_has_been_applied(api: Client, rules: Rules) -> None:
    vip = api.create_group("VIP", rule=BIG_SPENDERS)
    before = api.get(f"{GROUPS}/{vip['id']}").etag
    rules.finish()
    after = api.get(f"{GROUPS}/{vip['id']}", If_None_Match=before)
    assert (after.status, after.etag) == (200, '"1-0"')
    assert api.post(f"{GROUPS}/{vip['id']}", {"name": "Very VIP"}, If_Match=before).status == 200


def test_a_manual_group_becomes_automatic_and_its_rule_decides_about_its_members(
    api: Client, rules: Rules, people: list[dict[str, Any]]
) -> None:
    ada, bela, carla = people
    vip = api.create_group("VIP")
    api.add(vip, ada, carla)
    api.post(f"{GROUPS}/{vip['id']}", {"rule": BIG_SPENDERS})
    rules.finish()
    assert api.member_ids(vip) == [ada["id"]]
    api.post(f"/admin/customers/{ada['id']}", {"metadata": {"total_spent": 1}})
    api.post(f"/admin/customers/{bela['id']}", {"metadata": {"total_spent": 5000}})
    rules.finish()
    assert api.member_ids(vip) == [bela["id"]]


def test_when_the_rule_is_removed_the_members_stay_and_can_be_changed_by_hand(
    api: Client, rules: Rules, people: list[dict[str, Any]]
) -> None:
    ada, bela, _ = people
    vip = rules.automatic("VIP", BIG_SPENDERS)
    manual = api.post(f"{GROUPS}/{vip['id']}", {"rule": None}).group
    assert (manual["rule"], manual["rule_status"], manual["rule_job_id"]) == (None, None, None)
    api.post(f"/admin/customers/{ada['id']}", {"metadata": {"total_spent": 1}})
    rules.finish()
    assert api.member_ids(vip) == [ada["id"]]
    api.add(vip, bela)
    api.post(f"{GROUPS}/{vip['id']}/customers", {"remove": [ada["id"]]})
    assert api.member_ids(vip) == [bela["id"]]

    api.post(f"{GROUPS}/{vip['id']}", {"rule": every(where("metadata.total_spent", "=", 1))})
    rules.finish()
    assert api.member_ids(vip) == [ada["id"]], "what an earlier rule did is not believed"


def is_refused(answer: Answer) -> bool:
    return (answer.status, answer.body["code"]) == (400, "customer_group_is_automatic")


def test_nobody_can_change_the_members_of_an_automatic_group_by_hand(
    api: Client, rules: Rules, people: list[dict[str, Any]]
) -> None:
    ada, bela, _ = people
    vip, retail = rules.automatic("VIP", BIG_SPENDERS), api.create_group("Retail")
    for verb in ("add", "remove"):
        for one in (ada, bela):
            assert is_refused(api.post(f"{GROUPS}/{vip['id']}/customers", {verb: [one["id"]]}))
            path = f"/admin/customers/{one['id']}/customer-groups"
            assert is_refused(api.post(path, {verb: [vip["id"]]}))
            assert is_refused(api.post(path, {"add": [retail["id"]], "remove": [vip["id"]]}))
    source = {"values": [bela["id"]]}
    for action in ("add", "remove", "set"):
        body = {"type": "change_members", "customer_group_id": vip["id"], "action": action, "source": source}
        assert is_refused(api.post(jobs.JOBS, body))
    for pair in ({"from": vip["id"], "to": retail["id"]}, {"from": retail["id"], "to": vip["id"]}):
        assert is_refused(api.post(jobs.JOBS, {"type": "move_members", **pair}))
    union = {"type": "combine_groups", "operation": "union", "customer_group_ids": [vip["id"], retail["id"]]}
    assert is_refused(api.post(jobs.JOBS, {**union, "into": {"id": vip["id"]}}))
    assert (api.member_ids(vip), api.member_ids(retail)) == ([ada["id"]], [])


def test_a_group_that_becomes_automatic_while_a_job_runs_is_left_to_its_rule(
    api: Client, rules: Rules, people: list[dict[str, Any]]
) -> None:
    group = api.create_group("Group")
    source = {"values": [people[2]["id"]]}
    job = jobs.start(api, type="change_members", customer_group_id=group["id"], action="add", source=source)
    api.post(f"{GROUPS}/{group['id']}", {"rule": BIG_SPENDERS})
    Machine().run(job["id"])
    ended = jobs.get(api, job)
    assert (ended["status"], ended["error"]["code"]) == ("failed", "customer_group_is_automatic")
    rules.finish()
    assert api.member_ids(group) == [people[0]["id"]]


def test_members_of_an_automatic_group_can_be_copied_combined_and_exported(
    api: Client, rules: Rules, people: list[dict[str, Any]]
) -> None:
    vip = rules.automatic("VIP", BIG_SPENDERS)
    copy = jobs.run(api, type="copy_group", customer_group_id=vip["id"], name="Copy")
    copied = get(api, {"id": copy["customer_group_id"]})
    assert (copied["rule"], api.member_ids(copied)) == (None, [people[0]["id"]])
    assert api.get(f"/admin/customers?groups={vip['id']}").shown("id") == [people[0]["id"]]
    exported = jobs.run(api, type="export", format="jsonl", customer_group_ids=[vip["id"]])
    group, member = jobs.lines(exported)
    assert (group["group_rule"], member["customer_id"]) == (BIG_SPENDERS, people[0]["id"])


@pytest.mark.parametrize(("format_", "content_type"), [("csv", "text/csv"), ("jsonl", "application/jsonl")])
def test_an_import_restores_the_rule_and_the_rule_restores_the_members(
    api: Client, rules: Rules, people: list[dict[str, Any]], format_: str, content_type: str
) -> None:
    vip = rules.automatic("VIP", BIG_SPENDERS)
    exported = jobs.run(api, type="export", format=format_)
    api.delete(f"{GROUPS}/{vip['id']}")
    api.delete(f"/admin/customers/{people[0]['id']}")
    api.table.clear()
    upload_id = jobs.upload(api, jobs.result(exported), content_type)
    imported = jobs.run(api, type="import", upload_id=upload_id)
    assert (imported["totals"]["created"], imported["totals"]["refused"]) == (2, 0)
    rules.finish()
    assert get(api, vip)["rule"] == BIG_SPENDERS
    assert api.get(f"{GROUPS}/{vip['id']}/customers").shown("email") == ["ada@mail.example"]


def test_a_customer_who_is_deleted_while_the_job_runs_is_refused_in_its_result(
    api: Client, people: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "ROWS", 1)
    vip = api.create_group("VIP", rule=BIG_SPENDERS)
    machine = Machine()
    invoke = machine.invoke

    def deleting(operation: str, event: Any) -> Any:
        if operation == "do_job_chunk" and machine.invoked["do_job_chunk"] == 1:
            assert api.delete(f"/admin/customers/{people[0]['id']}").status == 200
        return invoke(operation, event)

    machine.invoke = deleting
    machine.run(vip["rule_job_id"])
    job = jobs.get(api, {"id": vip["rule_job_id"]})
    assert (job["status"], job["totals"]["refused"]) == ("succeeded", 1)
    assert [row["code"] for row in jobs.rows(job)] == ["customer_not_found", "", ""]
    assert (api.member_ids(vip), get(api, vip)["rule_status"]) == ([], "current")


def test_a_job_of_a_former_rule_does_nothing(api: Client, people: list[dict[str, Any]]) -> None:
    vip = api.create_group("VIP", rule=BIG_SPENDERS)
    now = api.post(f"{GROUPS}/{vip['id']}", {"rule": every(where("email", "beginsWith", "bela"))}).group
    Machine().run(vip["rule_job_id"])
    assert jobs.get(api, {"id": vip["rule_job_id"]})["totals"]["rows"] == 0
    assert (api.member_ids(vip), get(api, vip)["rule_status"]) == ([], "applying")
    Machine().run(now["rule_job_id"])
    assert (api.member_ids(vip), get(api, vip)["rule_status"]) == ([people[1]["id"]], "current")


@pytest.mark.usefixtures("people")
def test_a_job_whose_rule_was_replaced_while_it_was_planned_ends(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "ROWS", 1)
    vip, planned = api.post(GROUPS, {"name": "VIP", "rule": BIG_SPENDERS}).group, list[Any]()

    def invoke(operation: str, event: dict[str, Any]) -> Any:
        hurried = operation == "prepare_job" and not planned
        result = handler(operation)(event, HurriedContext(operation, slices=0) if hurried else Context(operation))
        if hurried:
            planned.append(result["position"])
            api.post(f"{GROUPS}/{vip['id']}", {"rule": None})
        return result

    Machine(invoke).run(vip["rule_job_id"])
    assert planned[0] is not None
    assert (jobs.get(api, {"id": vip["rule_job_id"]})["error"], get(api, vip)["rule"]) == (None, None)


def test_a_job_is_not_taken_for_a_former_one_because_of_an_old_read(
    api: Client, rules: Rules, people: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    vip = api.create_group("VIP")
    key = keys.group(vip["id"])
    before, read = api.table.item(key), reads.get
    api.post(f"{GROUPS}/{vip['id']}", {"rule": BIG_SPENDERS})

    def late(asked: Key, *, consistent: bool = False) -> Item | None:
        return before if asked == key and not consistent else read(asked, consistent=consistent)

    with monkeypatch.context() as lagging:
        lagging.setattr(reads, "get", late)
        rules.finish()
    assert (api.member_ids(vip), get(api, vip)["rule_status"]) == ([people[0]["id"]], "current")


def test_saving_a_rule_again_applies_it_again_if_its_job_was_cancelled(
    api: Client, rules: Rules, people: list[dict[str, Any]]
) -> None:
    vip = api.create_group("VIP", rule=BIG_SPENDERS)
    assert api.post(f"{jobs.JOBS}/{vip['rule_job_id']}/cancel").status == 200
    rules.finish()
    assert (api.member_ids(vip), get(api, vip)["rule_status"]) == ([], "applying")
    again = api.post(f"{GROUPS}/{vip['id']}", {"rule": BIG_SPENDERS}).group
    assert (again["version"], again["rule_job_id"] != vip["rule_job_id"]) == (1, True)
    Machine().run(again["rule_job_id"])
    assert (api.member_ids(vip), get(api, vip)["rule_status"]) == ([people[0]["id"]], "current")
    unchanged = api.post(f"{GROUPS}/{vip['id']}", {"rule": BIG_SPENDERS}).group
    assert (unchanged["rule_job_id"], unchanged["version"]) == (None, 1)


def test_upserts_and_lists_support_rules(api: Client, rules: Rules, people: list[dict[str, Any]]) -> None:
    path = f"{GROUPS}/key:vip"
    results = [api.put(path, {"name": "VIP", "rule": BIG_SPENDERS}).body["result"]]
    rules.finish()
    results += [
        api.put(path, body).body["result"] for body in ({"rule": BIG_SPENDERS}, {"name": "VIP"}, {"rule": None})
    ]
    assert results == ["created", "unchanged", "unchanged", "updated"]
    api.put(path, {"rule": BIG_SPENDERS})
    (shown,) = api.get(f"{GROUPS}?fields=rule,rule_status").body["customer_groups"]
    assert (shown["rule"], shown["rule_status"]) == (BIG_SPENDERS, "applying")
    assert api.get(f"/admin/customers/{people[0]['id']}?fields=groups.rule_status").customer["groups"] == [
        {"id": shown["id"], "rule_status": "applying"}
    ]


def test_what_react_querybuilder_adds_for_itself_is_left_out(api: Client) -> None:
    sent = {
        "id": "q1",
        "combinator": "and",
        "rules": [
            {"id": "r1", "field": "email", "operator": "notNull", "value": "", "valueSource": "value"},
            {"id": "g1", "combinator": "or", "not": True, "rules": [{"id": "r2", **where("key", "=", "a")}]},
        ],
    }
    assert api.create_group("VIP", rule=sent)["rule"] == every(where("email", "notNull"), none(where("key", "=", "a")))


FAULTS: dict[str, tuple[Any, str, str]] = {
    "no object": ("VIP", "rule", "dictionary"),
    "no conditions": (every(), "rule.rules", "at least one condition"),
    "no combinator": ({"rules": [where("email", "null")]}, "rule.combinator", "and, or"),
    "another combinator": ({"combinator": "xor", "rules": [where("email", "null")]}, "rule.combinator", "and, or"),
    "a text for not": ({**every(where("email", "null")), "not": "yes"}, "rule.not", "true or false"),
    "an unknown field": (every(where("color", "=", "red")), "rule.rules.0.field", "attribute of customers"),
    "an unknown name": ({**every(where("email", "null")), "color": 1}, "rule.color", "Unrecognized"),
    "an unknown operator": (every(where("email", "like", "x")), "rule.rules.0.operator", "must be one of"),
    "an operator for another type": (every(where("email", ">", "x")), "rule.rules.0.operator", "must be one of"),
    "a number compared with text": (
        every(where("metadata.total", ">", "x")),
        "rule.rules.0.value",
        "a number, or a date",
    ),
    "text compared with a number": (every(where("email", "=", 5)), "rule.rules.0.value", "must be a text"),
    "a text for an account": (every(where("has_account", "=", "yes")), "rule.rules.0.value", "true or false"),
    "no date": (every(where("created_at", "<", "soon")), "rule.rules.0.value", "ISO 8601"),
    "no days": (every(where("created_at", "inLast", 0)), "rule.rules.0.value", "number of days"),
    "no list": (every(where("email", "in", "a,b")), "rule.rules.0.value", "list"),
    "one end": (every(where("metadata.a", "between", [1])), "rule.rules.0.value", "two values"),
    "ends of two types": (
        every(where("metadata.a", "between", [1, "2026-01-01"])),
        "rule.rules.0.value",
        "two numbers",
    ),
    "ends the wrong way round": (every(where("metadata.a", "between", [2, 1])), "rule.rules.0.value", "lower"),
    "a wrong value in a list": (some(where("email", "in", ["a", 1])), "rule.rules.0.value.1", "must be a text"),
    "a fault deep inside": (every(some(where("email", "=", ""))), "rule.rules.0.rules.0.value", "1 to 1,000"),
    "another field as a value": (
        every({**where("email", "=", "key"), "valueSource": "field"}),
        "rule.rules.0.valueSource",
        "must be value",
    ),
    "an unknown group": (
        every(where("groups", "in", ["key:none"])),
        "rule.rules.0.value.0",
        "no customer group key:none",
    ),
    "an unknown group by id": (every(where("groups", "=", "cusgroup_1")), "rule.rules.0.value", "no customer group"),
    "an impossible group": (every(where("groups", "=", "a b")), "rule.rules.0.value", "must be the id"),
    "too many bytes": (every(where("email", "in", ["x" * 900] * 20)), "rule", "16,000 bytes"),
    "too many conditions": (some(*[where("email", "null")] * 101), "rule", "more than 100 conditions"),
    "too many groups": (every(where("groups", "in", [f"g{n}" for n in range(11)])), "rule", "more than 10 groups"),
    "an unstorable number": (every(where("metadata.a", ">", int("9" * 60))), "rule.rules.0.value", "stored exactly"),
    "a control character": (every(where("email", "=", "a\x00b")), "rule.rules.0.value", "control characters"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_rule_is_refused_with_the_path_of_the_fault(api: Client, name: str) -> None:
    rule, path, message = FAULTS[name]
    group = api.create_group("VIP")
    for answer in (
        api.post(GROUPS, {"name": "New", "rule": rule}),
        api.post(f"{GROUPS}/{group['id']}", {"rule": rule}),
        api.put(f"{GROUPS}/key:new", {"name": "New", "rule": rule}),
        api.post(f"{GROUPS}/preview", {"rule": rule}),
    ):
        assert (answer.status, answer.body["code"]) == (400, "invalid_data")
        assert answer.body["errors"][0]["path"] == path
        assert message in answer.body["errors"][0]["message"]


def test_a_rule_that_is_nested_too_deeply_is_refused(api: Client) -> None:
    rule = where("email", "null")
    for _ in range(9):
        rule = every(rule)
    answer = api.post(GROUPS, {"name": "VIP", "rule": rule})
    assert (answer.status, "deeper than 8 levels" in answer.body["message"]) == (400, True)


def test_all_faults_are_named_at_once(api: Client) -> None:
    rule = every(where("color", "=", "red"), where("email", "=", 5))
    errors = api.post(GROUPS, {"name": "VIP", "rule": rule}).body["errors"]
    assert [one["path"] for one in errors] == ["rule.rules.0.field", "rule.rules.1.value"]


def test_no_group_can_depend_on_itself(api: Client, rules: Rules) -> None:
    vip = rules.automatic("VIP", BIG_SPENDERS, key="vip")
    gold = rules.automatic("Gold", every(where("groups", "=", "key:vip")), key="gold")
    platinum = rules.automatic("Platinum", every(where("groups", "in", ["key:gold"])))
    for mentioned, way in (
        ("key:vip", "it mentions key:vip"),
        ("key:gold", "it mentions key:gold through " + gold["id"]),
        (platinum["id"], f"it mentions {platinum['id']} through {platinum['id']}, {gold['id']}"),
    ):
        answer = api.post(f"{GROUPS}/{vip['id']}", {"rule": every(where("groups", "=", mentioned))})
        assert (answer.status, answer.body["errors"][0]["path"]) == (400, "rule")
        assert answer.body["errors"][0]["message"] == f"the group would depend on itself: {way}"
    assert get(api, vip)["rule"] == BIG_SPENDERS


def test_a_mentioned_group_is_in_use_and_its_forced_deletion_applies_the_rule_again(
    api: Client, rules: Rules, people: list[dict[str, Any]]
) -> None:
    wholesale = api.create_group("Wholesale")
    api.add(wholesale, people[0])
    partners = rules.automatic("Partners", every(where("groups", "=", wholesale["id"])))
    others = rules.automatic("Others", none(where("groups", "=", wholesale["id"])))
    assert api.member_ids(partners) == [people[0]["id"]]
    refused = api.delete(f"{GROUPS}/{wholesale['id']}")
    assert (refused.status, refused.body["code"], refused.body["count"]) == (409, "customer_group_in_use", 2)
    assert {(one["system"], one["label"]) for one in refused.body["references"]} == {
        ("rules", "Partners"),
        ("rules", "Others"),
    }
    assert api.delete(f"{GROUPS}/{wholesale['id']}?force=true").status == 200
    rules.finish(lambda events: events * 2)
    assert (api.member_ids(partners), len(api.member_ids(others))) == ([], 3)
    assert get(api, partners)["rule_status"] == "current"


def test_a_rule_that_mentions_a_group_no_more_releases_it(api: Client, rules: Rules) -> None:
    wholesale, retail = api.create_group("Wholesale"), api.create_group("Retail")
    one = rules.automatic("One", every(where("groups", "=", wholesale["id"])))
    two = rules.automatic("Two", every(where("groups", "in", [wholesale["id"], retail["id"]])))
    api.post(f"{GROUPS}/{one['id']}", {"rule": BIG_SPENDERS})
    api.post(f"{GROUPS}/{two['id']}", {"rule": every(where("groups", "=", retail["id"]))})
    assert api.delete(f"{GROUPS}/{wholesale['id']}").status == 200
    assert api.delete(f"{GROUPS}/{retail['id']}").status == 409
    assert api.delete(f"{GROUPS}/{two['id']}").status == 200
    assert api.delete(f"{GROUPS}/{retail['id']}").status == 200


def test_references_of_rules_cannot_be_made_or_removed_by_others(api: Client, rules: Rules) -> None:
    wholesale = api.create_group("Wholesale")
    one = rules.automatic("One", every(where("groups", "=", wholesale["id"])))
    path = f"{GROUPS}/{wholesale['id']}/references/rules/{one['id']}"
    for answer in (api.put(path, {"label": "x"}), api.delete(path)):
        assert (answer.status, answer.body["errors"][0]["path"]) == (400, "system")


def test_a_deleted_automatic_group_is_purged_and_its_rule_is_not_applied(
    api: Client, rules: Rules, people: list[dict[str, Any]]
) -> None:
    vip = rules.automatic("VIP", BIG_SPENDERS)
    assert api.delete(f"{GROUPS}/{vip['id']}").status == 200
    api.post(f"/admin/customers/{people[1]['id']}", {"metadata": {"total_spent": 5000}})
    rules.finish()
    assert [api.groups_of(one) for one in people] == [set(), set(), set()]


def test_preview_is_no_id_for_a_group(api: Client) -> None:
    assert api.post(GROUPS, {"name": "Preview", "id": "preview"}).status == 400
