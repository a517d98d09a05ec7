"""Copies and deferred tokens converge, however the stream's records are delivered."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared import keys
from shared.keys import Key
from shared.storage.records import ROW
from tests.afterwards import Record, on_stream, record
from tests.api import Client

GROUPS = "/admin/customer-groups"
WORDS = ("ada", "grace", "zoë", "lovelace", "hopper", "of the very long and winding road to the analytical engine " * 4)

several_deliveries = settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def write(api: Client, key: Key, change: Callable[[], Any]) -> Record:
    """Do a write and return the stream's record of it."""
    before = api.table.item(key)
    change()
    return record(before, api.table.item(key))


def deliver(data: st.DataObject, writes: list[Callable[[], Record]]) -> None:
    """Do the writes in order, and deliver each record at least once: late, repeated, and in any order."""
    on_the_way: list[Record] = []
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
def test_memberships_end_with_copies_of_the_customer_as_it_is(
    api: Client, data: st.DataObject, names: list[str]
) -> None:
    quiet = Client(api.table, watches_table=False)
    groups = [quiet.create_group(f"Group {uuid4()}") for _ in range(2)]
    customer = quiet.create_customer(f"{uuid4()}@mail.example", first_name="Nobody")
    quiet.add(groups[0], customer)
    path, key = f"/admin/customers/{customer['id']}", keys.customer(customer["id"])

    def rename(name: str) -> Callable[[], Record]:
        return lambda: write(
            api, key, lambda: quiet.post(path, {"first_name": name[:255], "email": f"{uuid4()}@x.org"})
        )

    joining = [lambda: write(api, key, lambda: quiet.add(groups[1], customer))]
    deliver(data, [*map(rename, names[:2]), *joining, *map(rename, names[2:])])

    stored = api.table.item(key)
    for group in groups:
        copy = api.table.item(keys.membership(group["id"], customer["id"]))
        assert {name: copy.get(name) for name in ROW} == {name: stored.get(name) for name in ROW}
    assert "tokens_of" not in stored
    api.table.check()


@pytest.mark.usefixtures("surroundings")
@several_deliveries
@given(data=st.data(), names=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3), ends=st.booleans())
def test_tokens_end_as_those_of_the_name_as_it_is(
    api: Client, data: st.DataObject, names: list[str], *, ends: bool
) -> None:
    quiet = Client(api.table, watches_table=False)
    group = quiet.create_group(f"{uuid4()} {WORDS[-1]}"[:255])
    path, key = f"{GROUPS}/{group['id']}", keys.group(group["id"])

    def rename(name: str) -> Callable[[], Record]:
        return lambda: write(api, key, lambda: quiet.post(path, {"name": f"{uuid4()} {name}"[:255]}))

    created = [lambda: record(None, api.table.item(key))]
    deletion = [lambda: write(api, key, lambda: quiet.delete(path))] if ends else []
    deliver(data, [*created, *map(rename, names), *deletion])

    assert "tokens_of" not in api.table.item(key)
    api.table.check()
