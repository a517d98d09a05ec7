"""Jobs are planned in chunks. A malformed file is refused before anything is written."""

import zipfile
from io import BytesIO
from typing import Any

import pytest

from shared.jobs import chunks, exports, files, plans, rows, sources
from shared.jobs.rows import Row
from shared.runtime import environment
from tests import jobs
from tests.afterwards import HurriedContext
from tests.api import Client, Context, handler
from tests.crowd import crowd
from tests.machine import Machine

pytestmark = pytest.mark.usefixtures("surroundings")


@pytest.fixture
def vip(api: Client) -> dict[str, Any]:
    return api.create_group("VIP")


def zipped() -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("customers.csv", "email\nada@mail.example\n")
    return packed.getvalue()


GOOD = "email\nada@mail.example\n"
MALFORMED: dict[str, tuple[str | bytes, str]] = {
    "blank lines alone": ("\n\n", "the file has no"),
    "a header alone": ("email\n", "the file has no rows"),
    "UTF-16": (GOOD.encode("utf-16"), "is UTF-16; save it as UTF-8"),
    "UTF-16 without its mark": (GOOD.encode("utf-16-le"), "line 1 holds a NUL"),
    "Latin-1": (f"{GOOD}zoë@mail.example\n".encode("latin-1"), "line 3 is not UTF-8"),
    "a quote left open": ('email,first_name\nada@mail.example,"Ada\nbela@mail.example,Bela\n', "line 2 has a quote"),
    "a quote left open for long": ('email\n"' + "x@mail.example\n" * 20_000, "line 2 has a quote"),
    "ragged rows": ("email,first_name\nada@mail.example\n", "line 2 has 1 cells, and the first line 2"),
    "a ragged row at the end": (f"email\n{'ada@mail.example\n' * 2_000}a,b\n", "line 2002 has 2 cells"),
    "ten thousand columns": (",".join(f"c{n}" for n in range(10_000)) + "\n", "line 1 has more than 100 columns"),
    "a row of ten thousand columns": ("email\n" + "x," * 9_999 + "\n", "line 2 has 10000 cells, and the first line 1"),
    "a NUL": ("email\nada@mail.example\nbela\0@mail.example\n", "line 3 holds a NUL"),
    "a zip": (zipped(), "is a zip archive or a spreadsheet; save it as CSV"),
    "one line without end": ("email\n" + "x" * 1_100_000, "line 2 is longer than"),
    "unknown columns": ("color,size\nred,XL\n", "no column that is recognized"),
    "two columns of one name": ("email,E-Mail,email\na@b.example,b,c\n", "two columns called 'email'"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_file_fails_the_job_with_the_line_and_nothing_is_written(
    api: Client, vip: dict[str, Any], name: str
) -> None:
    api.create_customer("ada@mail.example")
    content, complaint = MALFORMED[name]
    before = {key: item for key, item in api.table.contents().items() if "JOB#" not in key.PK and "UPL" not in key.PK}
    job = jobs.change(api, vip, "add", content)
    assert (job["status"], job["error"]["code"], job["result"]) == ("failed", "malformed_file", None)
    assert complaint in job["error"]["message"]
    assert job["totals"]["done"] == 0
    after = api.table.contents()
    assert {key: item for key, item in after.items() if "JOB#" not in key.PK and "UPL" not in key.PK} == before


@pytest.mark.parametrize(
    "line",
    [
        '{"email": "ada@mail.example"',
        "[1, 2]",
        "17",
        '{"email": "a", "x": NaN}',
        "\0",
        '{"color": "red"}',
        '"\\ud800@x"',
    ],
    ids=str,
)
def test_a_line_that_is_not_json_fails_the_job(api: Client, vip: dict[str, Any], line: str) -> None:
    content = f'{{"color": "red"}}\n{line}\n' if "color" in line else f'"ada@mail.example"\n\n{line}\n'
    upload_id = jobs.upload(api, content, "application/jsonl")
    source = {"upload_id": upload_id}
    job = jobs.run(api, type="change_members", customer_group_id=vip["id"], action="add", source=source)
    assert (job["status"], job["error"]["code"]) == ("failed", "malformed_file")
    assert "line 3" in job["error"]["message"] or "no column" in job["error"]["message"]


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + GOOD.encode(),
        "E-Mail;Vorname\r\nada@mail.example;Ada\r\n",
        "Vorname\tE-Mail Address\nAda\tada@mail.example\n",
        "ada@mail.example\n",
        "\nemail\n\nada@mail.example\n\n",
        '"email"\n"ada@mail.example"',
        'first_name,email\n"Ada\nLovelace",ada@mail.example\n',
    ],
    ids=repr,
)
def test_reads_files_from_spreadsheets_and_people(api: Client, vip: dict[str, Any], content: str | bytes) -> None:
    ada = api.create_customer("ada@mail.example")
    job = jobs.change(api, vip, "add", content)
    assert jobs.outcomes(job) == [("ada@mail.example", "added")], job["error"]
    assert api.member_ids(vip) == [ada["id"]]


def test_formulas_and_repeated_rows_have_results(api: Client, vip: dict[str, Any]) -> None:
    api.create_customer("ada@mail.example")
    values = ["ada@mail.example", "=cmd()|'/C calc'!A0", "+49 30 1234", "ADA@mail.example", "@SUM(A1)", ""]
    job = jobs.change(api, vip, "add", "email,x\n" + "".join(f'"{value}",x\n' for value in values))
    assert [row["outcome"] for row in jobs.rows(job)] == [
        "added",
        "refused",
        "refused",
        "unchanged",
        "refused",
        "refused",
    ]
    assert "'=cmd()" in jobs.result(job), "a spreadsheet must not take it for a formula"
    assert [row["code"] for row in jobs.rows(job)][3] == "duplicate_row"
    again = jobs.change(api, vip, "add", jobs.result(job))
    assert [row["value"] for row in jobs.rows(again)] == [row["value"] for row in jobs.rows(job)]


def test_who_was_deleted_before_is_refused_row_by_row(api: Client, vip: dict[str, Any]) -> None:
    ada, gone = api.create_customer("ada@mail.example"), api.create_customer("gone@mail.example")
    api.delete(f"/admin/customers/{gone['id']}")
    job = jobs.change(api, vip, "add", jobs.file_of([gone["id"], gone["email"], ada["id"]], "value"))
    assert [row["outcome"] for row in jobs.rows(job)] == ["refused", "refused", "added"]
    assert [row["code"] for row in jobs.rows(job)[:2]] == ["customer_not_found"] * 2
    assert job["status"] == "succeeded"


@pytest.mark.parametrize("content_type", ["text/csv", "text/plain", "application/jsonl"])
def test_values_too_long_for_any_customer_are_refused_in_short_and_the_others_work(
    api: Client, vip: dict[str, Any], content_type: str
) -> None:
    """All at once, a hundred thousand would neither fit into the memory nor into a state of the state machine."""
    ada, grace = api.create_customer("ada@mail.example"), api.create_customer("grace@mail.example")
    api.add(vip, grace)
    values = [f"ada@mail.example{' ' * 300}x", "x" * 140_000, "ada@mail.example"]
    lines = [f'"{value}"' for value in values] if content_type == "application/jsonl" else values
    upload_id = jobs.upload(api, "\n".join(lines) + "\n", content_type)
    source = {"upload_id": upload_id}
    job = jobs.run(api, type="change_members", customer_group_id=vip["id"], action="set", source=source)
    assert (job["status"], job["totals"]["refused"], job["totals"]["removed"]) == ("succeeded", 2, 1)
    assert len(jobs.result(job)) < 2_000
    assert api.member_ids(vip) == [ada["id"]]


def test_the_column_can_be_set(api: Client, vip: dict[str, Any]) -> None:
    ada = api.create_customer("ada@mail.example")
    content = f"id,Kunde\nnobody,{ada['id']}\n"
    job = jobs.change(api, vip, "add", content, source={"column": "kunde"})
    assert jobs.outcomes(job) == [(ada["id"], "added")]
    missing = jobs.change(api, vip, "add", content, source={"column": "client"})
    assert "no column 'client'" in missing["error"]["message"]


def test_plain_text_has_one_value_per_line(api: Client, vip: dict[str, Any]) -> None:
    ada = api.create_customer("ada@mail.example")
    upload_id = jobs.upload(api, f"  {ada['id']}  \n\nnobody\n", "text/plain")
    source = {"upload_id": upload_id}
    job = jobs.run(api, type="change_members", customer_group_id=vip["id"], action="add", source=source)
    assert jobs.outcomes(job) == [(ada["id"], "added"), ("nobody", "refused")]


def test_a_result_has_the_format_of_the_file(api: Client, vip: dict[str, Any]) -> None:
    ada = api.create_customer("ada@mail.example")
    upload_id = jobs.upload(api, '{"email": "ada@mail.example"}\n{"email": 17}\n"="\n', "application/jsonl")
    source = {"upload_id": upload_id}
    job = jobs.run(api, type="change_members", customer_group_id=vip["id"], action="add", source=source)
    first, second, third = jobs.lines(job)
    assert first == {
        "line": 1,
        "value": "ada@mail.example",
        "customer_id": ada["id"],
        "outcome": "added",
        "code": None,
        "message": None,
    }
    assert (second["value"], second["outcome"]) == ("17", "refused")
    assert third["value"] == "="


def test_a_file_that_changes_after_the_start_fails_the_job(api: Client, vip: dict[str, Any]) -> None:
    upload_id = jobs.upload(api, GOOD)
    source = {"upload_id": upload_id}
    job = jobs.start(api, type="change_members", customer_group_id=vip["id"], action="add", source=source)
    bucket = {"Bucket": environment.jobs_bucket(), "Key": f"uploads/{upload_id}"}
    files.s3().put_object(**bucket, Body=GOOD.replace("ada", "eve").encode())
    Machine().run(job["id"])
    failed = jobs.get(api, job)
    assert (failed["status"], failed["error"]["code"]) == ("failed", "upload_changed")
    files.s3().delete_object(**bucket)
    other = jobs.upload(api, GOOD)
    job = jobs.start(api, type="change_members", customer_group_id=vip["id"], action="add", source={"upload_id": other})
    files.s3().delete_object(Bucket=environment.jobs_bucket(), Key=f"uploads/{other}")
    Machine().run(job["id"])
    assert jobs.get(api, job)["error"]["code"] == "upload_changed"


def test_a_job_fails_if_its_group_is_deleted_before_it_starts(api: Client, vip: dict[str, Any]) -> None:
    job = jobs.start(
        api, type="change_members", customer_group_id=vip["id"], action="add", source={"values": ["cus_1"]}
    )
    api.delete(f"/admin/customer-groups/{vip['id']}")
    Machine().run(job["id"])
    failed = jobs.get(api, job)
    assert (failed["status"], failed["error"]["code"]) == ("failed", "customer_group_not_found")


def test_a_file_with_too_many_rows_is_refused(
    api: Client, vip: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "MAX_ROWS", 5)
    job = jobs.change(api, vip, "add", jobs.file_of(f"c{number}@mail.example" for number in range(6)))
    assert (job["status"], job["error"]["code"]) == ("failed", "too_many_rows")


def test_setting_a_group_counts_only_the_rows_of_the_file(
    api: Client, vip: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The removal of the others follows, so it must not fail after the additions."""
    monkeypatch.setattr(plans, "MAX_ROWS", 3)
    customers = [api.create_customer(f"c{number}@mail.example") for number in range(6)]
    api.add(vip, *customers[3:])
    job = jobs.change(api, vip, "set", jobs.file_of(one["id"] for one in customers[:3]))
    assert (job["status"], job["totals"]["added"], job["totals"]["removed"]) == ("succeeded", 3, 3)


def test_an_import_with_too_many_records_creates_nothing(
    api: Client, vip: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    api.add(vip, *(api.create_customer(f"c{number}@mail.example") for number in range(3)))
    exported = jobs.result(jobs.run(api, type="export", format="jsonl"))
    api.delete(f"/admin/customer-groups/{vip['id']}")
    monkeypatch.setattr(plans, "MAX_ROWS", 3)
    job = jobs.run(api, type="import", upload_id=jobs.upload(api, exported, "application/jsonl"))
    assert (job["status"], job["error"]["code"]) == ("failed", "too_many_rows")
    assert job["error"]["message"] == "A job has at most 3 rows; split the file"
    assert api.get("/admin/customer-groups").body["count"] == 0


def test_an_export_can_have_any_number_of_rows(
    api: Client, vip: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "MAX_ROWS", 3)
    api.add(vip, *(api.create_customer(f"c{number}@mail.example") for number in range(5)))
    job = jobs.run(api, type="export")
    assert (job["status"], job["totals"]["done"]) == ("succeeded", 6)


def test_a_move_of_too_many_members_is_refused_without_advice_about_files(
    api: Client, vip: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "MAX_ROWS", 3)
    api.add(vip, *(api.create_customer(f"c{number}@mail.example") for number in range(4)))
    job = jobs.run(api, type="move_members", **{"from": vip["id"], "to": api.create_group("Spring")["id"]})
    assert (job["status"], job["error"]["message"]) == ("failed", "A job has at most 3 rows")


def test_own_keys_that_differ_in_case_name_two_customers(api: Client, vip: dict[str, Any]) -> None:
    one, other = (
        api.put(f"/admin/customers/key:{key}", {"email": f"{number}@mail.example"}).body["customer"]
        for number, key in enumerate(("A1", "a1"))
    )
    api.add(vip, other)
    job = jobs.change(api, vip, "set", "key\nA1\na1\nA1\n")
    assert [outcome for _, outcome in jobs.outcomes(job)] == ["added", "unchanged", "unchanged"]
    assert set(api.member_ids(vip)) == {one["id"], other["id"]}


def test_a_chunk_of_an_attempt_at_planning_that_died_is_skipped(api: Client, vip: dict[str, Any]) -> None:
    """Planning that continues keeps the names of its chunks. If it dies and finds fewer rows then, one is left over."""
    ada, left = api.create_customer("ada@mail.example"), api.create_customer("left@mail.example")
    machine = Machine()

    def invoke(operation: str, event: dict[str, Any]) -> Any:
        answer = handler(operation)(event, Context(operation))
        if operation == "prepare_job" and answer["next"] == "work":
            (phase,) = answer["phases"]
            name = f"{phase['number']}-{phase['run']}-{phase['chunks']:06}"
            files.write(files.chunk(event["job_id"], name), rows.pack([Row(2, left["id"])]))
        return answer

    machine.invoke = invoke
    source = {"values": [ada["id"]]}
    job = jobs.run(api, machine, type="change_members", customer_group_id=vip["id"], action="add", source=source)
    assert machine.invoked["do_job_chunk"] == 2
    assert (job["status"], jobs.outcomes(job)) == ("succeeded", [(ada["id"], "added")])
    assert api.member_ids(vip) == [ada["id"]]


def test_planning_continues_where_its_time_ran_out_although_nobody_has_a_row(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An intersection of large groups can have few customers."""
    monkeypatch.setattr(sources, "READ_AT_ONCE", 2)
    ids = list(crowd(12))
    one, other = api.create_group("Newsletter"), api.create_group("Wholesale")
    for group, members in ((one, ids[:7]), (other, ids[6:])):
        api.post(f"/admin/customer-groups/{group['id']}/customers", {"add": members})
    machine = Machine(in_a_hurry)
    body = {"type": "combine_groups", "operation": "intersection", "customer_group_ids": [one["id"], other["id"]]}
    job = jobs.run(api, machine, **body, into={"name": "Both"})
    assert machine.invoked["prepare_job"] > 5, "each continues after two customers"
    assert jobs.outcomes(job) == [(ids[6], "added")]
    assert [row["line"] for row in jobs.rows(job)] == ["1"]
    assert api.member_ids({"id": job["customer_group_id"]}) == [ids[6]]


@pytest.mark.parametrize("slices", [0, 2], ids=["stands still", "goes back"])
def test_planning_that_comes_back_to_planned_rows_fails_the_job_and_does_not_go_on_for_ever(
    api: Client, vip: dict[str, Any], monkeypatch: pytest.MonkeyPatch, slices: int
) -> None:
    """If a defect loses the position, each invocation finds the same rows. The first one has time for more of them."""
    monkeypatch.setattr(chunks, "ROWS", 2)
    api.post(f"/admin/customer-groups/{vip['id']}/customers", {"add": list(crowd(9))})
    from_position = exports._rows
    monkeypatch.setattr(exports, "_rows", lambda group_ids, _: from_position(group_ids, None))

    def invoke(operation: str, event: dict[str, Any]) -> Any:
        if operation != "prepare_job":
            return handler(operation)(event, Context(operation))
        assert machine.invoked[operation] < 10, "it goes on for ever"
        return handler(operation)(event, HurriedContext(operation, 0 if event["plan"] else slices))

    machine = Machine(invoke)
    job = jobs.run(api, machine, type="export")
    assert (job["status"], (job["error"] or {}).get("code"), job["result"]) == ("failed", "no_progress", None)
    assert machine.invoked == {"prepare_job": 2, "finish_job": 1}


def in_a_hurry(operation: str, event: dict[str, Any]) -> Any:
    """Each invocation has time to plan one chunk."""
    context = HurriedContext(operation, slices=0) if operation == "prepare_job" else Context(operation)
    return handler(operation)(event, context)


def test_planning_continues_where_its_time_ran_out(
    api: Client, vip: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "ROWS", 2)
    members = [api.create_customer(f"c{number}@mail.example") for number in range(5)]
    values = [*(member["email"] for member in members), members[0]["email"]]
    machine = Machine(in_a_hurry)
    source = {"upload_id": jobs.upload(api, jobs.file_of(values))}
    job = jobs.run(api, machine, type="change_members", customer_group_id=vip["id"], action="set", source=source)
    assert machine.invoked["prepare_job"] > 2
    assert [outcome for _, outcome in jobs.outcomes(job)] == [*["added"] * 5, "unchanged"]
    for name, some in (("Spring", members[:1]), ("Summer", []), ("Autumn", members[:2])):
        api.add(api.create_group(name), *some)
    machine = Machine(in_a_hurry)
    exported = jobs.run(api, machine, type="export", format="jsonl")
    assert machine.invoked["prepare_job"] > 5, "planning also continues at a group and between two"
    assert jobs.result(exported) == jobs.result(jobs.run(api, type="export", format="jsonl"))
    body = {"type": "change_members", "customer_group_id": vip["id"], "action": "remove"}
    removed = jobs.run(api, Machine(in_a_hurry), **body, source={"filter": {"q": "mail"}})
    assert [row["line"] for row in jobs.rows(removed)] == ["1", "2", "3", "4", "5"]
    assert removed["totals"]["removed"] == 5
