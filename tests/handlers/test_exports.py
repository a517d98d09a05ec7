"""An import restores what was exported: groups, metadata, customers and members, as CSV and JSON lines."""

import csv
import io
import json
from decimal import Decimal
from typing import Any

import pytest
from moto.s3 import models as s3_models

from shared.jobs import chunks, exports, files
from shared.runtime import environment
from shared.storage import records
from tests import jobs, trouble
from tests.afterwards import HurriedContext, Surroundings
from tests.api import Client, Context, handler
from tests.handlers.test_do_job_chunk import Killer
from tests.machine import Machine
from tests.rules import BIG_SPENDERS, Rules, every, where

pytestmark = [pytest.mark.usefixtures("surroundings"), pytest.mark.unwatched]

GROUPS = "/admin/customer-groups"
TYPES = {"discount": 10, "tier": "10", "rate": Decimal("-0.1"), "big": 9007199254740991, "none": None}
METADATA: dict[str, Any] = {
    **TYPES,
    "empty": "",
    "lines": "one\u2028two\nthree",
    "nested": {"list": [1, "a", {"deep": True}]},
    "=cmd()": "=cmd()|'!A1",
}
BEGUN = {"starts_at": "2020-01-01T00:00:00.000Z", "ends_at": "2999-01-01T00:00:00.000Z"}
LATER = {"starts_at": "2998-01-01T00:00:00.000Z", "ends_at": None}
FORMATS = {"csv": "text/csv", "jsonl": "application/jsonl"}


@pytest.fixture
def rules(api: Client, surroundings: Surroundings) -> Rules:
    return Rules(api, surroundings)


def shop(api: Client, rules: Rules) -> None:
    vip = api.create_group("VIP", METADATA, key="vip")
    odd = api.create_group("=SUM(A1:A9)")
    api.create_group("Sale;=SUM(A1:A9); '+1")
    api.create_group("\uff1dSUM(A1:A9)")
    api.create_group("'quoted', \"twice\"", {})
    ada = api.create_customer(
        "ada@mail.example", key="42", first_name="Ada", phone="+49 1", metadata={"n": 1, "s": "1"}
    )
    guest = api.create_customer("grace@mail.example", first_name="-Grace", company_name="'=Acme, Inc.")
    account = api.create_customer("grace@mail.example", has_account=True, last_name="Hop\u00e9r")
    nobody = api.create_customer(None, first_name="@home", key="-1")
    api.add(vip, ada, guest, account)
    api.add(odd, ada, nobody)
    trial = api.create_group("Trial")
    begun, later = {"id": ada["id"], **BEGUN}, {"id": account["id"], **LATER}
    assert api.post(f"{GROUPS}/{trial['id']}/customers", {"add": [begun, later]}).status == 200
    automatic_groups(api, rules, ada, account)


def automatic_groups(api: Client, rules: Rules, ada: dict[str, Any], account: dict[str, Any]) -> None:
    """Groups with rules, in the reverse of the order in which they mention each other."""
    last, middle, first = (api.create_group(name) for name in ("Without Ada", "Traders", "Wholesale"))
    assert api.post(f"{GROUPS}/{first['id']}", {"key": "wholesale"}).status == 200
    api.add(first, ada, account)
    bela = api.create_customer("bela@mail.example")
    for group, mentioned in ((middle, "key:wholesale"), (last, middle["id"])):
        rule = every(where("groups", "in", [mentioned]))
        assert api.post(f"{GROUPS}/{group['id']}", {"rule": rule}).status == 200
    stranger = api.create_customer("dora@mail.example", key="43", metadata={"blocked": True})
    exceptions = {"always": [bela["id"]], "never": [ada["id"], stranger["id"]]}
    assert api.put(f"{GROUPS}/{last['id']}/exceptions", exceptions).status == 200
    rules.finish()


def bring_back(api: Client, exported: str, file_format: str, machine: Machine | None = None, **more: Any) -> jobs.Job:
    upload_id = jobs.upload(api, exported, FORMATS[file_format])
    return jobs.run(api, machine, type="import", upload_id=upload_id, **more)


@pytest.mark.parametrize("file_format", FORMATS)
def test_an_export_after_an_import_is_the_same_as_before(api: Client, rules: Rules, file_format: str) -> None:
    shop(api, rules)
    exported = jobs.result(jobs.run(api, type="export", format=file_format))
    api.table.clear()
    dry = bring_back(api, exported, file_format, dry_run=True)
    assert api.get(GROUPS).body["customer_groups"] == []
    job = bring_back(api, exported, file_format)
    assert (job["status"], job["totals"]["refused"], job["totals"]["created"]) == ("succeeded", 0, 9 + 6)
    assert job["totals"]["added"] == 5  # who is in several groups is created once
    assert dry["totals"] == job["totals"]
    rules.finish()
    assert jobs.result(jobs.run(api, type="export", format=file_format)) == exported
    found = {group["name"]: group for group in api.get(GROUPS).body["customer_groups"]}
    assert (found["VIP"]["metadata"], found["VIP"]["key"]) == (METADATA, "vip")
    assert found["Trial"]["customer_count"] == 1
    path = f"{GROUPS}/{found['Trial']['id']}/customers?membership=all&fields=membership&order=email"
    memberships = [one["membership"] for one in api.get(path).body["customers"]]
    assert [{name: one[name] for name in BEGUN} for one in memberships] == [BEGUN, LATER]
    assert [type(found["VIP"]["metadata"][name]) for name in ("discount", "tier")] == [int, str]
    (never,) = api.get("/admin/customers?email=dora@mail.example").body["customers"]
    exceptions = api.get(f"{GROUPS}/{found['Without Ada']['id']}/exceptions").body["exceptions"]
    assert never["id"] in exceptions["never"]
    assert api.groups_of(never) == set()
    again = bring_back(api, exported, file_format)
    assert again["totals"]["unchanged"] == again["totals"]["rows"] == 23


def test_an_import_lets_nobody_join_for_a_moment_who_never_should(api: Client, rules: Rules) -> None:
    shop(api, rules)
    exported = jobs.result(jobs.run(api, type="export", format="jsonl"))
    api.table.clear()
    rules.published.clear()

    def invoke(operation: str, event: dict[str, Any]) -> Any:
        answer = handler(operation)(event, Context(operation))
        rules.finish()
        return answer

    bring_back(api, exported, "jsonl", Machine(invoke))
    ada = api.get("/admin/customers/key:42").customer
    (group,) = api.get(f"{GROUPS}?name=Without Ada").body["customer_groups"]
    joined = [one["detail"] for one in rules.published if one["detail-type"] == "customer-group.customers-added"]
    of_group = [one["customer_ids"] for one in joined if one["customer_group_id"] == group["id"]]
    assert of_group
    assert not any(ada["id"] in customer_ids for customer_ids in of_group)


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_file_without_the_columns_of_this_release_can_be_imported(
    api: Client, rules: Rules, file_format: str
) -> None:
    shop(api, rules)
    job = jobs.run(api, type="export", format=file_format)
    new = {"group_key", "group_exceptions", "key"}
    if file_format == "csv":
        table = list(csv.reader(io.StringIO(jobs.result(job).removeprefix("\ufeff"), newline="")))
        kept = [place for place, name in enumerate(table[0]) if name not in new]
        written = io.StringIO()
        csv.writer(written).writerows([row[place] for place in kept] for row in table if row[0] != "customer")
        old = written.getvalue()
    else:
        old = "".join(
            json.dumps({name: value for name, value in line.items() if name not in new}) + "\n"
            for line in jobs.lines(job)
            if line["record"] != "customer"
        )
    api.table.clear()
    imported = bring_back(api, old, file_format)
    refused = [(row["value"], row["code"]) for row in result_rows(imported) if row["outcome"] == "refused"]
    # Without its key, the rule that mentions Wholesale by key cannot be, nor what depends on it.
    assert {value for value, code in refused if code == "invalid_data"} == {"Traders", "Without Ada"}
    assert imported["totals"]["created"] == 7 + 4


def result_rows(job: jobs.Job) -> list[dict[str, Any]]:
    return list(map(dict, jobs.rows(job) if ".csv" in job["result"]["url"] else jobs.lines(job)))


def test_exports_one_group_several_or_all(api: Client, rules: Rules) -> None:
    shop(api, rules)
    vip = api.get(f"{GROUPS}?name=VIP").body["customer_groups"][0]
    one = jobs.run(api, type="export", format="jsonl", customer_group_ids=[vip["id"]])
    assert [line["record"] for line in jobs.lines(one)] == ["customer_group", "member", "member", "member"]
    assert (one["totals"]["rows"], one["totals"]["done"]) == (4, 4)
    everything = jobs.run(api, type="export", format="jsonl")
    assert len(jobs.lines(everything)) == 23


def test_an_export_has_the_exceptions_that_are_in_none_of_its_groups(api: Client, rules: Rules) -> None:
    big, other = rules.automatic("Big spenders", BIG_SPENDERS), api.create_group("Other")
    ada, bela, carla, dora = (api.create_customer(f"{name}@mail.example") for name in ("ada", "bela", "carla", "dora"))
    exceptions = {"always": [ada["id"]], "never": [bela["id"], carla["id"], dora["id"]]}
    assert api.put(f"{GROUPS}/{big['id']}/exceptions", exceptions).status == 200
    api.add(other, bela)
    later = {"id": carla["id"], **LATER}
    assert api.post(f"{GROUPS}/{other['id']}/customers", {"add": [later]}).status == 200
    assert api.delete(f"/admin/customers/{dora['id']}").status == 200

    def exported(**more: Any) -> list[tuple[str, str | None]]:
        lines = jobs.lines(jobs.run(api, type="export", format="jsonl", **more))
        return [(line["record"], line.get("email")) for line in lines if line["record"] != "customer_group"]

    assert ("customer", "bela@mail.example") not in exported()
    assert exported(customer_group_ids=[big["id"]]) == [
        ("member", "ada@mail.example"),
        ("customer", "bela@mail.example"),
        ("customer", "carla@mail.example"),
    ]


def test_exports_contain_no_formulas(api: Client, rules: Rules) -> None:
    shop(api, rules)
    exported = jobs.run(api, type="export")
    assert jobs.result(exported).startswith("\ufeffrecord,group_id,")
    cells = [cell for row in jobs.rows(exported) for cell in row.values()]
    between_semicolons = [part.strip() for cell in cells for part in cell.split(";")]
    assert not any(part.startswith(("=", "+", "-", "@", "\t", "\r", "\uff1d")) for part in between_semicolons)


def test_an_import_adds_missing_records_and_does_not_change_existing_ones(api: Client, rules: Rules) -> None:
    shop(api, rules)
    exported = jobs.result(jobs.run(api, type="export", format="jsonl"))
    api.table.clear()
    vip = api.create_group("vip", {"own": True})  # another id
    grace = api.create_customer("grace@mail.example", first_name="Grace")
    bela = api.create_customer("bela@mail.example")
    api.add(vip, bela)
    bring_back(api, exported, "jsonl")
    members = api.member_ids(vip)
    assert {grace["id"], bela["id"]} <= set(members)
    assert len(members) == 4
    kept = api.get(f"{GROUPS}/{vip['id']}").group
    assert (kept["name"], kept["metadata"]) == ("vip", {"own": True})
    assert api.get(f"/admin/customers/{grace['id']}").customer["first_name"] == "Grace"


def test_an_import_does_not_create_deleted_customers_again(api: Client, rules: Rules) -> None:
    shop(api, rules)
    exported = jobs.result(jobs.run(api, type="export", format="jsonl"))
    ada = api.get("/admin/customers?email=ada@mail.example").body["customers"][0]
    api.delete(f"/admin/customers/{ada['id']}")
    job = bring_back(api, exported, "jsonl")
    refused = [line for line in jobs.lines(job) if line["outcome"] == "refused"]
    assert [line["code"] for line in refused] == ["customer_not_found"] * 5
    assert api.get("/admin/customers?email=ada@mail.example").body["customers"] == []


def test_other_files_are_malformed(api: Client) -> None:
    job = bring_back(api, "email\nada@mail.example\n", "csv")
    assert (job["status"], job["error"]["code"]) == ("failed", "malformed_file")
    assert "line 2 is neither" in job["error"]["message"]
    broken = 'record,group_id,group_name,group_metadata\ncustomer_group,g1,VIP,"{broken"\n'
    assert "line 2 has no JSON in group_metadata" in bring_back(api, broken, "csv")["error"]["message"]


def test_an_invalid_group_and_its_members_are_refused_rows(api: Client) -> None:
    lines = [
        '{"record": "customer_group", "group_id": "g1", "group_name": "", "group_metadata": null}',
        '{"record": "customer_group", "group_id": "g2", "group_name": "Fine", "group_metadata": [1]}',
        '{"record": "member", "group_id": "g1", "group_name": "", "customer_id": "c1", "email": "a@b.example"}',
    ]
    job = bring_back(api, "\n".join(lines) + "\n", "jsonl")
    outcomes = [(line["outcome"], line["code"]) for line in jobs.lines(job)]
    assert outcomes == [
        ("refused", "invalid_data"),
        ("refused", "invalid_data"),
        ("refused", "customer_group_not_found"),
    ]


def test_members_without_id_and_address_or_with_endless_ones_are_refused_and_the_others_imported(api: Client) -> None:
    api.create_group("VIP")
    members: list[dict[str, Any]] = [
        {"first_name": "Ada"},
        {"first_name": "Grace"},
        {"email": f"{'x' * 3_000}@mail.example"},
        {"customer_id": "y" * 3_000, "email": "bela@mail.example", "first_name": "z" * 3_000},
        {"email": "chiara@mail.example"},
    ]
    lines = [json.dumps({"record": "member", "group_name": "VIP", **one}) for one in members]
    for dry_run in (True, False):
        job = bring_back(api, "\n".join(lines) + "\n", "jsonl", dry_run=dry_run)
        assert [line["outcome"] for line in jobs.lines(job)] == [*4 * ["refused"], "created"]
        assert [line["message"] for line in jobs.lines(job)][:2] == [
            "customer_id: is needed where there is no e-mail address"
        ] * 2
    assert api.get("/admin/customers").shown("email") == ["chiara@mail.example"]
    assert not [key for key in api.table.contents() if key.PK.startswith("ONCE#") and "@" in key.PK]


def test_two_rows_with_one_address_are_one_customer_also_if_only_one_has_the_id(api: Client) -> None:
    vip, ada = api.create_group("VIP"), {"email": "ada@mail.example"}
    members = [{"customer_id": f"cus_{1:026}", **ada}, ada]
    lines = [json.dumps({"record": "member", "group_name": "VIP", **one}) for one in members]
    job = bring_back(api, "\n".join(lines) + "\n", "jsonl")
    assert [line["outcome"] for line in jobs.lines(job)] == ["created", "unchanged"]
    assert api.member_ids(vip) == [f"cus_{1:026}"]


def test_rows_with_large_metadata_have_small_chunks(api: Client) -> None:
    """Whole, each of these 120 rows fits, and all of them would need more memory than the function has."""
    api.create_group("VIP")
    customer = {"record": "member", "group_name": "VIP", "customer_metadata": {"terms": "x" * 95_000}}
    lines = (json.dumps({**customer, "email": f"member{number}@mail.example"}) for number in range(120))
    job = bring_back(api, "\n".join(lines) + "\n", "jsonl", dry_run=True)
    listed = files.s3().list_objects_v2(Bucket=environment.jobs_bucket(), Prefix=f"chunks/{job['id']}/")["Contents"]
    assert len(listed) == 2
    assert max(one["Size"] for one in listed) <= 8_000_000
    assert (job["status"], job["totals"]["created"]) == ("succeeded", 120)
    assert [line["line"] for line in jobs.lines(job)] == list(range(1, 121))


def test_an_import_with_killed_workers_has_the_same_result(
    api: Client, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "ROWS", 3)
    shop(api, rules)
    exported = jobs.result(jobs.run(api, type="export", format="jsonl"))
    api.table.clear()
    undisturbed = jobs.result(bring_back(api, exported, "jsonl"))
    api.table.clear()
    killer = Killer(3, one_in=20)
    job = jobs.start(api, type="import", upload_id=jobs.upload(api, exported, FORMATS["jsonl"]))
    with trouble.trouble(killer):
        Machine().run(job["id"])
    assert killer.kills > 0
    assert jobs.result(jobs.get(api, job)) == undisturbed
    rules.finish()
    assert jobs.result(jobs.run(api, type="export", format="jsonl")) == exported


@pytest.mark.parametrize("failure", [trouble.failing, trouble.unreachable, trouble.killed_after])
def test_an_export_continues_if_reads_fail_while_it_is_planned(
    api: Client, rules: Rules, monkeypatch: pytest.MonkeyPatch, failure: trouble.Trouble
) -> None:
    monkeypatch.setattr(chunks, "ROWS", 3)
    shop(api, rules)
    undisturbed = jobs.result(jobs.run(api, type="export", format="jsonl"))
    job, failures, machine = jobs.start(api, type="export", format="jsonl"), iter([failure] * 5), Machine()
    with trouble.trouble(lambda action, _: next(failures, None) if action == "Query" else None) as plan:
        machine.run(job["id"])
    assert plan.met == 5
    assert machine.invoked["prepare_job"] > 2
    assert jobs.result(jobs.get(api, job)) == undisturbed


@pytest.mark.parametrize("file_format", FORMATS)
def test_an_export_of_many_chunks_that_is_interrupted_can_be_imported_and_exported_again(
    api: Client, rules: Rules, monkeypatch: pytest.MonkeyPatch, file_format: str
) -> None:
    """Everything is exported, the table is emptied, and the import is exported again: the files are equal."""
    monkeypatch.setattr(chunks, "ROWS", 7)
    monkeypatch.setattr(exports, "READ_AT_ONCE", 3)
    shop(api, rules)
    crowd = [api.create_customer(f"member{number}@mail.example", metadata=METADATA) for number in range(40)]
    api.add(api.create_group("Crowd"), *crowd)
    api.add(api.create_group("Half of it"), *crowd[::2])
    job, killer, died = jobs.start(api, type="export", format=file_format), Killer(5, one_in=6), list[str]()

    def invoke(operation: str, event: dict[str, Any]) -> Any:
        has_little_time = operation == "prepare_job"
        try:
            return handler(operation)(event, HurriedContext(operation, 3) if has_little_time else Context(operation))
        except trouble.Killed:
            died.append(operation)
            raise

    machine = Machine(invoke)
    with trouble.trouble(lambda action, place: killer(action, place) if action == "BatchGetItem" else None):
        machine.run(job["id"])
    exported = jobs.get(api, job)
    assert (exported["status"], exported["totals"]["done"]) == ("succeeded", exported["totals"]["rows"])
    assert died.count("do_job_chunk") > 1
    assert machine.invoked["prepare_job"] > 3
    listed = files.s3().list_objects_v2(Bucket=environment.jobs_bucket(), Prefix=f"outcomes/{job['id']}/")["Contents"]
    assert len(listed) > 10
    content = jobs.result(exported)
    assert content == jobs.result(jobs.run(api, type="export", format=file_format))
    api.table.clear()
    imported = bring_back(api, content, file_format)
    assert (imported["status"], imported["totals"]["refused"]) == ("succeeded", 0)
    assert imported["totals"]["rows"] == exported["totals"]["rows"] == 23 + 2 + 40 + 20
    rules.finish()
    assert jobs.result(jobs.run(api, type="export", format=file_format)) == content


def test_an_export_of_listed_groups_fails_if_one_is_deleted_before_it_is_planned(api: Client) -> None:
    vip, trial = api.create_group("VIP"), api.create_group("Trial")
    job = jobs.start(api, type="export", customer_group_ids=[vip["id"], trial["id"]])
    assert api.delete(f"{GROUPS}/{trial['id']}").status == 200
    Machine().run(job["id"])
    job = jobs.get(api, job)
    assert (job["status"], job["result"], job["error"]["code"]) == ("failed", None, "customer_group_not_found")
    assert trial["id"] in job["error"]["message"]


def test_an_export_leaves_out_a_group_that_is_deleted_after_it_was_planned(api: Client) -> None:
    vip, trial = api.create_group("VIP"), api.create_group("Trial")
    api.add(trial, api.create_customer("ada@mail.example"))

    def invoke(operation: str, event: dict[str, Any]) -> Any:
        if operation == "do_job_chunk":
            api.delete(f"{GROUPS}/{trial['id']}")
        return handler(operation)(event, Context(operation))

    listed = [vip["id"], trial["id"]]
    job = jobs.run(api, Machine(invoke), type="export", format="jsonl", customer_group_ids=listed)
    assert job["status"] == "succeeded"
    assert [line["group_name"] for line in jobs.lines(job)] == ["VIP"]


def in_a_hurry(operation: str, event: dict[str, Any]) -> Any:
    """Each invocation has time to plan very little."""
    context = HurriedContext(operation, slices=0) if operation == "prepare_job" else Context(operation)
    return handler(operation)(event, context)


def test_an_export_leaves_out_a_group_that_is_deleted_while_it_is_planned(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "ROWS", 1)
    vip, trial = api.create_group("VIP"), api.create_group("Trial")
    planned: list[str] = []

    def invoke(operation: str, event: dict[str, Any]) -> Any:
        answer = in_a_hurry(operation, event)
        planned.append(operation)
        if planned == ["prepare_job"]:
            assert api.delete(f"{GROUPS}/{trial['id']}").status == 200
        return answer

    job = jobs.run(api, Machine(invoke), type="export", format="jsonl", customer_group_ids=[vip["id"], trial["id"]])
    assert planned.count("prepare_job") > 1
    assert job["status"] == "succeeded"
    assert [line["group_name"] for line in jobs.lines(job)] == ["VIP"]


def test_planning_an_export_continues_after_exceptions_who_have_rows_already(
    api: Client, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is always in a group is a member, so nobody of many may need a row of their own."""
    monkeypatch.setattr(exports, "READ_AT_ONCE", 2)
    vip = api.create_group("VIP")
    assert api.post(f"{GROUPS}/{vip['id']}", {"rule": BIG_SPENDERS}).status == 200
    always = [api.create_customer(f"member{number}@mail.example")["id"] for number in range(6)]
    assert api.put(f"{GROUPS}/{vip['id']}/exceptions", {"always": always}).status == 200
    rules.finish()
    undisturbed = jobs.run(api, type="export", format="jsonl")
    machine = Machine(in_a_hurry)
    job = jobs.run(api, machine, type="export", format="jsonl")
    assert jobs.lines(job) == jobs.lines(undisturbed)
    assert [line["record"] for line in jobs.lines(job)] == ["customer_group", *["member"] * 6]
    assert machine.invoked["prepare_job"] > 3, "each continues after two exceptions"


@pytest.mark.parametrize("file_format", FORMATS)
def test_an_export_of_large_metadata_is_written_while_it_is_read(
    api: Client, monkeypatch: pytest.MonkeyPatch, file_format: str
) -> None:
    """The result of one chunk with such customers does not fit into a function's memory."""
    monkeypatch.setattr(exports, "READ_AT_ONCE", 10)
    monkeypatch.setattr(files, "PART_BYTES", 1_000_000)
    monkeypatch.setattr(s3_models, "S3_UPLOAD_PART_MIN_SIZE", 0)
    metadata = {"terms": "x" * 95_000}
    members = [api.create_customer(f"member{number}@mail.example", metadata=metadata) for number in range(60)]
    api.add(api.create_group("VIP"), *members)
    held, most, get_many, s3 = 0, 0, records.get_many, files.s3()

    def read(kind: Any, ids: Any, **more: Any) -> dict[str, Any]:
        nonlocal held, most
        found: dict[str, Any] = get_many(kind, ids, **more)
        held += sum(len((one["metadata"] or {}).get("terms", "")) for one in found.values())
        most = max(most, held)
        return found

    def stored(send: Any) -> Any:
        def wrapped(**request: Any) -> Any:
            nonlocal held
            held -= len(request["Body"]) if "outcomes/" in request["Key"] else 0
            return send(**request)

        return wrapped

    monkeypatch.setattr(records, "get_many", read)
    monkeypatch.setattr(s3, "upload_part", stored(s3.upload_part))
    monkeypatch.setattr(s3, "put_object", stored(s3.put_object))
    job = jobs.run(api, type="export", format=file_format)
    assert len(jobs.result(job)) > 60 * 95_000
    assert 0 < most < 4_000_000  # of 5,700,000: two parts, and the customers that were read last
