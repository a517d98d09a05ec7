"""Copies converge, regardless of how the stream's records are delivered."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.dynamodb.expressions import Key
from shared.storage import keys, summaries
from tests.afterwards import StreamRecord, on_stream, stream_record
from tests.api import Client

WORDS = ("ada", "grace", "zoë", "lovelace", "hopper", "of the very long and winding road to the analytical engine " * 4)

several_deliveries = settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def write(api: Client, key: Key, change: Callable[[], Any]) -> StreamRecord:
    """Make a write and return its stream record."""
    before = api.table.item(key)
    change()
    return stream_record(before, api.table.item(key))


def deliver(data: st.DataObject, writes: list[Callable[[], StreamRecord]]) -> None:
    """Make the writes in order, and deliver each record at least once: late, repeated, and in any order."""
    on_the_way: list[StreamRecord] = []
    repeats = 3
    while writes or on_the_way:
        if writes and (not on_the_way or data.draw(st.booleans(), "write next")):
            on_the_way.append(writes.pop(0)())
            continue
        chosen = on_the_way.pop(data.draw(st.integers(0, len(on_the_way) - 1), "deliver"))
        if repeats and data.draw(st.booleans(), "again later"):
            repeats -= 1
            on_the_way.append(chosen)
        assert on_stream("refresh_copies", [chosen]) == []


@pytest.mark.usefixtures("surroundings")
@several_deliveries
@given(data=st.data(), names=st.lists(st.sampled_from(WORDS), min_size=1, max_size=4))
def test_memberships_end_with_copies_of_the_current_customer(
    api: Client, data: st.DataObject, names: list[str]
) -> None:
    quiet = Client(api.table, watches_table=False)
    groups = [quiet.create_group(f"Group {uuid4()}") for _ in range(2)]
    customer = quiet.create_customer(f"{uuid4()}@mail.example", first_name="Nobody")
    quiet.add(groups[0], customer)
    path, key = f"/admin/customers/{customer['id']}", keys.customer(customer["id"])

    def rename(name: str) -> Callable[[], StreamRecord]:
        return lambda: write(
            api, key, lambda: quiet.post(path, {"first_name": name[:255], "email": f"{uuid4()}@x.org"})
        )

    joining = [lambda: write(api, key, lambda: quiet.add(groups[1], customer))]
    deliver(data, [*map(rename, names[:2]), *joining, *map(rename, names[2:])])

    stored = api.table.item(key)
    for group in groups:
        copy = api.table.item(keys.membership(group["id"], customer["id"]))
        assert copy["customer"] == summaries.copy_of(stored)
    api.table.check()
