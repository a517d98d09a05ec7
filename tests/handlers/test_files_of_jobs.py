"""Files of jobs: one bad row never stops the others, and what cannot be read is refused with its line or column."""

import json
from typing import Any

import pytest

from shared.jobs import chunks, plans
from shared.storage import customers
from tests import jobs, trouble
from tests.afterwards import HurriedContext
from tests.api import Client, Context, handler
from tests.machine import Machine

pytestmark = [pytest.mark.usefixtures("surroundings"), pytest.mark.unwatched]

type Group = dict[str, Any]

LATER = "2999-01-01T00:00:00.000Z"
TOO_LONG = "A" * 256


@pytest.fixture
def vip(api: Client) -> Group:
    return api.create_group("VIP")


class Killer:
    """Kills a function after the n-th transaction of a job."""

    def __init__(self, number: int) -> None:
        self.left = number

    def __call__(self, action: str, _: int) -> trouble.Trouble | None:
        self.left -= action == "TransactWriteItems"
        return trouble.killed_after if self.left == 0 and action == "TransactWriteItems" else None


def json_lines(api: Client, group: Group, action: str, *records: Any, **more: Any) -> jobs.Job:
    content = "".join(one if isinstance(one, str) else json.dumps(one) + "\n" for one in records)
    source = {"upload_id": jobs.upload(api, content, "application/jsonl"), **more.pop("source", {})}
    return jobs.run(api, type="change_members", customer_group_id=group["id"], action=action, source=source, **more)


def outcomes(job: jobs.Job) -> list[tuple[str, str | None]]:
    assert job["status"] == "succeeded", job["error"]
    found = jobs.lines(job) if "jsonl" in job["result"]["url"] else jobs.rows(job)
    return [(row["outcome"], row["code"] or None) for row in found]


def in_a_hurry(operation: str, event: dict[str, Any]) -> Any:
    """Each invocation has time to plan one chunk."""
    context = HurriedContext(operation, slices=0) if operation == "prepare_job" else Context(operation)
    return handler(operation)(event, context)


def emails(api: Client, group: Group) -> set[str]:
    return set(api.get(f"/admin/customer-groups/{group['id']}/customers?membership=all").shown("email"))


@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.parametrize("rows_of_a_chunk", [1, 960])
def test_a_refused_row_does_not_stop_a_later_one_of_the_same_customer(
    api: Client, vip: Group, rows_of_a_chunk: int, *, dry_run: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "ROWS", rows_of_a_chunk)
    api.create_customer("ada@mail.example")
    job = jobs.change(
        api, vip, "add", f"email,ends_at\nada@mail.example,soon\nADA@mail.example,{LATER}\n", dry_run=dry_run
    )
    assert outcomes(job) == [("refused", "invalid_data"), ("added", None)]
    assert emails(api, vip) == (set() if dry_run else {"ada@mail.example"})


@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.parametrize("action", ["add", "set"])
def test_a_customer_is_created_by_the_first_row_that_can(
    api: Client, vip: Group, action: str, *, dry_run: bool
) -> None:
    content = f"email,first_name\nada@mail.example,{TOO_LONG}\nada@mail.example,Ada\nada@mail.example,Augusta\n"
    job = jobs.change(api, vip, action, content, create_missing=True, dry_run=dry_run)
    assert outcomes(job) == [("refused", "invalid_data"), ("created", None), ("unchanged", "duplicate_row")]
    created = api.get("/admin/customers").body["customers"]
    assert [one["first_name"] for one in created] == ([] if dry_run else ["Ada"])
    assert emails(api, vip) == (set() if dry_run else {"ada@mail.example"})


@pytest.mark.parametrize("number", range(1, 8))
def test_a_refused_row_stays_refused_when_its_chunk_runs_again(api: Client, vip: Group, number: int) -> None:
    """The worker was killed once, for example between the creation by a later row and the addition to the group."""
    killer = Killer(number)
    content = f"email,first_name\nada@mail.example,{TOO_LONG}\nada@mail.example,Ada\n"
    body = {"type": "change_members", "customer_group_id": vip["id"], "action": "add", "create_missing": True}
    job = jobs.start(api, **body, source={"upload_id": jobs.upload(api, content)})
    with trouble.trouble(killer):
        Machine().run(job["id"])
    assert killer.left < 0, "and the function ran again"
    assert outcomes(jobs.get(api, job)) == [("refused", "invalid_data"), ("created", None)]
    assert emails(api, vip) == {"ada@mail.example"}


EVES = f"""email,has_account,first_name,ends_at
eve@mail.example,true,,
eve@mail.example,,,
Eve@mail.example,,Eve,
eve@mail.example,,{TOO_LONG},
eve@mail.example,,,soon
"""
"""The first row creates Eve. The others mean her, and the last one is refused."""
OF_EVES: list[tuple[str, str | None]] = [
    ("created", None),
    *[("unchanged", "duplicate_row")] * 3,
    ("refused", "invalid_data"),
]


def eves(api: Client, group: Group) -> jobs.Job:
    """Start a job that adds Eve, who is created."""
    body = {"type": "change_members", "customer_group_id": group["id"], "action": "add", "create_missing": True}
    return jobs.start(api, **body, source={"upload_id": jobs.upload(api, EVES)})


@pytest.mark.parametrize("number", range(1, 7))
def test_rows_of_one_address_mean_its_customer_also_when_their_chunk_runs_again(
    api: Client, vip: Group, number: int
) -> None:
    """The worker was killed once, for example between Eve's creation and her addition to the group."""
    killer, job = Killer(number), eves(api, vip)
    with trouble.trouble(killer):
        Machine().run(job["id"])
    assert killer.left < 0, "and the function ran again"
    job = jobs.get(api, job)
    assert outcomes(job) == OF_EVES
    (eve,) = api.get("/admin/customers").body["customers"]
    assert {row["customer_id"] for row in jobs.rows(job)} == {eve["id"]}


def test_rows_mean_the_customer_of_their_job_though_another_one_gets_the_address_before_they_run_again(
    api: Client, vip: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, create, calls = eves(api, vip), customers.create, list[str]()

    def die_after_the_first(*args: Any, **more: Any) -> Any:
        created = create(*args, **more)
        calls.append(created["id"])
        if len(calls) == 1:
            raise trouble.Killed
        return created

    def invoke(operation: str, event: dict[str, Any]) -> Any:
        if operation == "do_job_chunk" and len(calls) == 1:
            api.create_customer("eve@mail.example")
        return handler(operation)(event, Context(operation))

    monkeypatch.setattr(customers, "create", die_after_the_first)
    Machine(invoke).run(job["id"])
    job = jobs.get(api, job)
    assert outcomes(job) == OF_EVES
    assert len(calls) == 2, "Eve, and the guest with her address"
    assert {row["customer_id"] for row in jobs.rows(job)} == {calls[0]}


def test_a_dry_run_returns_no_ids_of_customers_that_it_does_not_create(api: Client, vip: Group) -> None:
    job = jobs.change(api, vip, "add", EVES, create_missing=True, dry_run=True)
    assert outcomes(job) == OF_EVES
    assert {row["customer_id"] for row in jobs.rows(job)} == {""}


def test_rows_that_name_a_customer_again_say_so(api: Client, vip: Group) -> None:
    api.create_customer("ada@mail.example")
    lines = ["email,ends_at", f"ada@mail.example,{LATER}", f"ada@mail.example,{LATER}", "ada@mail.example,"]
    job = jobs.change(api, vip, "add", "\n".join(lines) + "\n")
    assert outcomes(job) == [("added", None), ("unchanged", "duplicate_row"), ("unchanged", "duplicate_row")]


def test_long_values_that_begin_alike_are_two_rows(api: Client, vip: Group) -> None:
    job = jobs.change(api, vip, "add", jobs.file_of([f"{'x' * 400}1", f"{'x' * 400}2", f"{'x' * 400}1"], "id"))
    assert outcomes(job) == [("refused", "invalid_data")] * 2 + [("unchanged", "duplicate_row")]


def test_each_json_object_names_its_customer_in_its_own_way(api: Client, vip: Group) -> None:
    ada, bela, chiara = (api.create_customer(f"{name}@mail.example") for name in ("ada", "bela", "chiara"))
    api.add(vip, bela)
    records = [{"color": "red"}, f'"{ada["email"]}"\n', {"id": bela["id"]}, {"email": chiara["email"]}]
    job = json_lines(api, vip, "set", *records)
    assert outcomes(job) == [("refused", "invalid_data"), ("added", None), ("unchanged", None), ("added", None)]
    assert emails(api, vip) == {"ada@mail.example", "bela@mail.example", "chiara@mail.example"}


def test_a_column_that_is_named_can_be_missing_in_some_json_objects_but_not_in_all(api: Client, vip: Group) -> None:
    for name in ("ada", "bela"):
        api.create_customer(f"{name}@mail.example")
    records = {"who": "ada@mail.example"}, {"who": "bela@mail.example", "until": LATER}
    source = {"column": "who", "ends_at_column": "until"}
    assert outcomes(json_lines(api, vip, "add", *records, source=source)) == [("added", None)] * 2
    for name, column in (("column", "whom"), ("ends_at_column", "end")):
        job = json_lines(api, vip, "add", *records, source={**source, name: column})
        assert (job["status"], job["error"]["code"]) == ("failed", "malformed_file")
        assert f"no column '{column}'" in job["error"]["message"]


def test_lists_and_objects_in_json_name_nobody(api: Client, vip: Group) -> None:
    values = [["x@mail.example"], {"at": "x@mail.example"}]
    job = json_lines(api, vip, "add", *({"email": one} for one in values), create_missing=True)
    assert [(line["value"], line["message"]) for line in jobs.lines(job)] == [
        ('["x@mail.example"]', "email: must be a text, not a list or an object"),
        ('{"at":"x@mail.example"}', "email: must be a text, not a list or an object"),
    ]
    assert api.get("/admin/customers").body["customers"] == []


def test_a_list_in_the_profile_refuses_the_row_that_would_create_the_customer(api: Client, vip: Group) -> None:
    api.create_customer("ada@mail.example")
    records = [{"email": f"{name}@mail.example", "phone": ["+49 30 1234", "+49 40 1234"]} for name in ("ada", "bela")]
    job = json_lines(api, vip, "add", *records, create_missing=True)
    added, refused = jobs.lines(job)
    assert (added["outcome"], refused["outcome"]) == ("added", "refused")
    assert refused["message"] == "phone: must be a text, not a list or an object"
    assert refused["phone"] == '["+49 30 1234","+49 40 1234"]'


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        *((one, True) for one in ("true", "TRUE", "Yes", "Y", "1", "WAHR", "VRAI", "VERDADERO", "VERDADEIRO")),
        *((one, False) for one in ("", "false", "FALSE", "no", "N", "0", "FALSCH", "FAUX", "FALSO")),
    ],
)
def test_has_account_is_yes_or_no_as_people_and_spreadsheets_write_it(
    api: Client, vip: Group, written: str, *, expected: bool
) -> None:
    job = jobs.change(api, vip, "add", f"email,has_account\nada@mail.example,{written}\n", create_missing=True)
    assert outcomes(job) == [("created", None)]
    (ada,) = api.get("/admin/customers").body["customers"]
    assert ada["has_account"] is expected


def test_whether_a_new_customer_has_an_account_is_never_guessed(api: Client, vip: Group) -> None:
    content = "email,has_account\nada@mail.example,x\nbela@mail.example,maybe\nchiara@mail.example,yes\n"
    job = jobs.change(api, vip, "add", content, create_missing=True)
    assert outcomes(job) == [("refused", "invalid_data")] * 2 + [("created", None)]
    assert [(row["has_account"], row["message"]) for row in jobs.rows(job)[:2]] == [
        ("x", "has_account: must be true or false"),
        ("maybe", "has_account: must be true or false"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        'email;"name, first, last"\nada@mail.example;Ada\n',
        '"say ""a,b"", or ""c,d""";email\nAda;ada@mail.example\n',
        "\n\r\n  \nemail;name\nada@mail.example;Ada\n",
        "sep=;\nemail;note, of, anybody\nada@mail.example;none\n",
        "SEP=|\r\nemail|name\r\nada@mail.example|Ada; Countess\r\n",
        '"the\nname, in, two";email\nAda;ada@mail.example\n',
    ],
    ids=repr,
)
def test_the_delimiter_is_what_separates_the_cells_of_the_header(api: Client, vip: Group, content: str) -> None:
    api.create_customer("ada@mail.example")
    job = jobs.change(api, vip, "add", content)
    assert outcomes(job) == [("added", None)]
    line = content[: content.index("ada@")].count("\n") + 1
    assert [row["line"] for row in jobs.rows(job)] == [str(line)]


@pytest.mark.parametrize("content_type", ["text/csv", "text/plain"])
@pytest.mark.parametrize("size", [2, 100_000])
def test_a_file_with_carriage_returns_alone_is_refused_in_plain_words(
    api: Client, vip: Group, content_type: str, size: int
) -> None:
    upload_id = jobs.upload(api, "email\r" + "ada@mail.example\r" * size, content_type)
    source = {"upload_id": upload_id}
    job = jobs.run(api, type="change_members", customer_group_id=vip["id"], action="set", source=source)
    assert job["status"] == "failed"
    assert job["error"]["message"] == (
        "line 1 has carriage returns as line breaks; save the file with those of Windows or Unix"
    )


@pytest.mark.parametrize(
    "record",
    ['{"Email": "ada@mail.example", "email": "bela@mail.example"}', '{"email": "a@b.example", "email": "c@d.example"}'],
)
def test_a_json_object_with_two_fields_of_one_name_is_refused(api: Client, vip: Group, record: str) -> None:
    job = json_lines(api, vip, "add", "\n", record)
    assert (job["status"], job["error"]["message"]) == ("failed", "line 2 has two fields called 'email'")


def test_an_own_key_can_be_written_with_and_without_its_prefix(api: Client, vip: Group) -> None:
    for key in ("41", "42"):
        api.put(f"/admin/customers/key:{key}", {"email": f"{key}@mail.example"})
    job = jobs.change(api, vip, "add", "key\n41\nkey:42\n")
    assert outcomes(job) == [("added", None)] * 2


@pytest.mark.parametrize("kind", ["copy_group", "combine_groups"])
def test_a_new_group_with_too_many_members_leaves_its_name_to_others(
    api: Client, vip: Group, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit is met in a later invocation of the planning."""
    monkeypatch.setattr(plans, "MAX_ROWS", 3)
    monkeypatch.setattr(chunks, "ROWS", 1)
    gold = api.create_group("Gold")
    api.add(vip, *(api.create_customer(f"c{number}@mail.example") for number in range(4)))
    union = {"operation": "union", "customer_group_ids": [vip["id"], gold["id"]], "into": {"name": "Best"}}
    body = {"customer_group_id": vip["id"], "name": "Best"} if kind == "copy_group" else union
    machine = Machine(in_a_hurry)
    job = jobs.run(api, machine, type=kind, **body)
    assert machine.invoked["prepare_job"] > 2
    assert (job["status"], job["error"]["code"], job["customer_group_id"]) == ("failed", "too_many_rows", None)
    api.create_group("Best")


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_new_group_is_created_once_though_workers_died(api: Client, vip: Group, number: int) -> None:
    api.add(vip, api.create_customer("ada@mail.example"))
    killer = Killer(number)
    job = jobs.start(api, type="copy_group", customer_group_id=vip["id"], name="Best")
    with trouble.trouble(killer):
        Machine().run(job["id"])
    job = jobs.get(api, job)
    assert killer.left < 0, "and the function ran again"
    assert job["status"] == "succeeded"
    assert api.get("/admin/customer-groups?order=name").shown("name") == ["Best", "VIP"]
    assert emails(api, {"id": job["customer_group_id"]}) == {"ada@mail.example"}
