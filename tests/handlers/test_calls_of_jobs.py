"""How many calls a job makes: they set the pace of a hundred thousand rows."""

from collections import Counter
from typing import Any

import pytest

from shared.dynamodb.client import dynamodb
from shared.jobs import chunks, leases
from shared.storage.membership_transactions import MEMBERS_PER_WRITE
from tests import jobs
from tests.api import Client, Context, handler
from tests.crowd import crowd
from tests.machine import Machine

pytestmark = pytest.mark.usefixtures("surroundings")

LONG = 24 * 3_600
LEASE_IS_TAKEN_AND_RELEASED = 2
CHUNK_IS_COUNTED = 1
LEASE_IS_LOOKED_AT = 1
JOB_AND_LEASE_ARE_READ = 2
MARKS_ARE_READ = 1


@pytest.mark.parametrize("action", ["add", "remove"])
def test_a_chunk_makes_a_transaction_for_48_rows_and_a_read_for_96(
    api: Client, action: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seconds in ("LOOK_SECONDS", "LEASE_SECONDS"):  # looking for others and renewing the lease depend on the time
        monkeypatch.setattr(leases, seconds, LONG)
    quiet = Client(api.table, watches_table=False)
    vip, rows = api.create_group("VIP"), list(crowd(chunks.ROWS))
    calls: Counter[str] = Counter()

    def invoke(operation: str, event: Any) -> Any:
        if operation != "do_job_chunk":
            return handler(operation)(event, Context(operation))
        events = dynamodb().meta.events
        events.register("after-call.dynamodb", count)
        try:
            return handler(operation)(event, Context(operation))
        finally:
            events.unregister("after-call.dynamodb", count)

    def count(model: Any, **_: Any) -> None:
        calls[model.name] += 1

    if action == "remove":
        jobs.change(quiet, vip, "add", jobs.file_of(rows))
    source = {"upload_id": jobs.upload(quiet, jobs.file_of(rows))}
    body = {"type": "change_members", "customer_group_id": vip["id"], "action": action, "source": source}
    job = jobs.run(quiet, Machine(invoke), **body)

    transactions = chunks.ROWS // MEMBERS_PER_WRITE
    assert job["totals"]["done"] - job["totals"]["unchanged"] == chunks.ROWS
    assert calls["TransactWriteItems"] == transactions + LEASE_IS_TAKEN_AND_RELEASED + CHUNK_IS_COUNTED
    assert calls["BatchGetItem"] == transactions / 2 + LEASE_IS_LOOKED_AT
    assert calls["GetItem"] == JOB_AND_LEASE_ARE_READ
    assert calls["Query"] == MARKS_ARE_READ
    assert calls.keys() == {"TransactWriteItems", "BatchGetItem", "GetItem", "Query"}
