"""The results of the chunks are joined in order, once, and the job gets its final status."""

from typing import Any

import pytest

from shared.jobs import chunks, files
from shared.storage.job_chunks import count_chunk
from tests import jobs, trouble
from tests.afterwards import Surroundings
from tests.api import Client, Context, handler
from tests.crowd import crowd
from tests.machine import Machine

pytestmark = [pytest.mark.usefixtures("surroundings"), pytest.mark.unwatched]


@pytest.fixture
def vip(api: Client) -> dict[str, Any]:
    return api.create_group("VIP")


def test_results_are_in_the_order_of_the_file(
    api: Client, vip: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "ROWS", 7)
    monkeypatch.setattr(files, "PART_BYTES", 5 * 1024 * 1024)
    members = list(crowd(40))
    source = {"upload_id": jobs.upload(api, jobs.file_of(members))}
    body = {"type": "change_members", "customer_group_id": vip["id"], "action": "add"}
    job = jobs.run(api, Machine(concurrency=4), **body, source=source)
    assert [row["value"] for row in jobs.rows(job)] == members
    assert [row["line"] for row in jobs.rows(job)] == [str(number) for number in range(2, 42)]


def test_a_job_that_is_finished_twice_publishes_one_event(
    api: Client, vip: dict[str, Any], surroundings: Surroundings
) -> None:
    body = {"type": "change_members", "customer_group_id": vip["id"], "action": "add"}
    kept: list[dict[str, Any]] = []

    def invoke(operation: str, event: dict[str, Any]) -> Any:
        if operation == "finish_job":
            kept.append(event)
        return handler(operation)(event, Context(operation))

    job = jobs.run(api, Machine(invoke), **body, source={"values": list(crowd(3))})
    handler("finish_job")(kept[0], Context("finish_job"))
    assert jobs.get(api, job)["finished_at"] == job["finished_at"]
    surroundings.follow(api.table)
    kinds = [kind for kind, _ in surroundings.events()]
    assert kinds.count("customer-group.job.finished") == 1


def test_a_chunk_that_ends_after_its_job_does_not_change_the_totals(api: Client, vip: dict[str, Any]) -> None:
    """A function of a stopped execution runs to its end. The result file was written without it."""
    body = {"type": "change_members", "customer_group_id": vip["id"], "action": "add"}
    job = jobs.run(api, **body, source={"values": list(crowd(3))})
    count_chunk(job["id"], "late", {"done": 2, "added": 2})
    assert jobs.get(api, job)["totals"] == job["totals"]


def test_an_interrupted_step_is_repeated(api: Client, vip: dict[str, Any]) -> None:
    body = {"type": "change_members", "customer_group_id": vip["id"], "action": "add"}
    job = jobs.start(api, **body, source={"values": list(crowd(3))})
    deaths = iter([trouble.killed_before, trouble.killed_after, None, trouble.killed_after])

    def invoke(operation: str, event: dict[str, Any]) -> Any:
        if operation != "finish_job":
            return handler(operation)(event, Context(operation))
        with trouble.trouble(lambda *_: next(deaths, None)):
            return handler(operation)(event, Context(operation))

    machine = Machine(invoke)
    machine.run(job["id"])
    assert machine.invoked["finish_job"] > 2
    ended = jobs.get(api, job)
    assert (ended["status"], ended["totals"]["added"]) == ("succeeded", 3)


def test_a_failed_state_machine_ends_the_job_with_its_results_so_far(api: Client, vip: dict[str, Any]) -> None:
    body = {"type": "change_members", "customer_group_id": vip["id"], "action": "add"}

    def invoke(operation: str, event: dict[str, Any]) -> Any:
        if operation == "prepare_job":
            raise OSError("the network is gone")
        return handler(operation)(event, Context(operation))

    job = jobs.run(api, Machine(invoke), **body, source={"values": ["cus_1"]})
    assert (job["status"], job["error"]["code"], job["result"]) == ("failed", "unexpected_state", None)


def test_large_results_are_written_in_parts(monkeypatch: pytest.MonkeyPatch, surroundings: Surroundings) -> None:  # noqa: ARG001 - the fixture is needed, not its value
    monkeypatch.setattr(files, "PART_BYTES", 5 * 1024 * 1024)
    pieces = [bytes([number]) * 1_000_000 for number in range(12)]
    files.write_long("results/long.csv", iter(pieces), "text/csv")
    assert b"".join(files.read("results/long.csv")) == b"".join(pieces)
    files.write_long("results/none.csv", iter(()), "text/csv")
    assert b"".join(files.read("results/none.csv")) == b""


@pytest.mark.parametrize("content", ["ada@mail.example,Ada\n", "ada@mail.example,ada@mail.example\n"], ids=repr)
def test_events_do_not_quote_a_file_without_a_header(
    api: Client, vip: dict[str, Any], surroundings: Surroundings, content: str
) -> None:
    """Events are archived, and an archive cannot erase a customer."""
    job = jobs.change(api, vip, "add", f"{content}bela@mail.example,Bela\n")
    assert "ada@mail.example" in job["error"]["message"]
    assert set(job["error"]) == {"code", "message"}
    surroundings.follow(api.table)
    (detail,) = (detail for name, detail in surroundings.events() if name == "customer-group.job.finished")
    assert detail["error"]["code"] == "malformed_file"
    assert "ada" not in str(detail).lower()
