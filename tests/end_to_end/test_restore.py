"""A restore like in docs/operations.md: a table is damaged and restored, and missed events are replayed.

The local cloud has no point-in-time recovery, so the copy is made before the damage. Its CloudFormation
cannot create archives, so this test does. Everything else is the same as for an operator.
"""

import json
import re
import secrets
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.stack import Stack
from operations import restore
from operations.deployment import on_this_machine
from tests.end_to_end.documents import blocks, run, section
from tests.end_to_end.test_afterwards import send_event
from tests.end_to_end.test_audit import audit
from tests.stack import Post, eventually

SOURCE = "liqnic.storefront"
COPIED = re.compile(r"([\d,]+) items w\w+(?: be)? put back, ([\d,]+) deleted")
STEPS = re.compile(r"`(make (?:audit|restore) ARGS=.+?)`")
"""The commands of the last steps, which are not in blocks: the audit, and opening the API."""


class Practice:
    """A stack to restore, with the parts that the local cloud does not have."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.deployment = on_this_machine(stack)
        self.copy = f"restored-{secrets.token_hex(4)}"
        self._events = self.deployment.client("events")
        self._bus = self._events.describe_event_bus(Name=self.deployment.outputs["EventBusName"])["Arn"]
        # Like CustomerArchive in the template.
        made = self._events.create_archive(
            ArchiveName=f"customers-{secrets.token_hex(4)}",
            EventSourceArn=self._bus,
            EventPattern=json.dumps({"source": [SOURCE]}),
        )
        self._archive = made["ArchiveArn"]

    def table(self, customer_id: str) -> dict[str, Any] | None:
        """The customer in the stack's table, read directly because the API is closed. None if deleted."""
        key = {"PK": {"S": f"CUSTOMER#{customer_id}"}, "SK": {"S": "CUSTOMER"}}
        answer = self.deployment.client("dynamodb").get_item(TableName=self.deployment.outputs["TableName"], Key=key)
        item: dict[str, Any] | None = answer.get("Item")
        return None if item and "deleted_at" in item else item

    def follow(self, command: str, *, now: bool = False) -> str:
        """Run the only block of the document with this command, and return what it prints."""
        settings, *others = blocks(section("docs/operations.md", "Restore the table to an earlier time"))
        (script,) = (one for one in others if command in one)
        script = re.split(r"\n *BUS=", script)[0]  # the local stack has no archive to replay
        if now:  # the copy is made before the damage
            script = script.replace("--restore-date-time MOMENT", "--use-latest-restorable-time")
        return run(self.stack, settings + script.replace("$STACK-restored", self.copy))

    def replay(self, since: datetime) -> None:
        rule = self._events.describe_rule(**restore._rule(self.deployment, restore.RULES[0]))["Arn"]
        name = f"restore-{secrets.token_hex(4)}"
        self._events.start_replay(
            ReplayName=name,
            EventSourceArn=self._archive,
            EventStartTime=since - timedelta(minutes=1),
            EventEndTime=datetime.now(UTC) + timedelta(minutes=1),
            Destination={"Arn": self._bus, "FilterArns": [rule]},
        )
        assert eventually(lambda: self._events.describe_replay(ReplayName=name)["State"] == "COMPLETED")


@pytest.fixture
def practice(stack: Stack) -> Iterator[Practice]:
    one = Practice(stack)
    yield one
    one.deployment.client("dynamodb").delete_table(TableName=one.copy)


def test_a_restore_recovers_the_table_and_replays_events(
    admin: httpx.Client, practice: Practice, new_group: Post, new_customer: Post, unique: str, stack_home: Path
) -> None:
    deployment, table = practice.deployment, practice.table
    group = new_group(metadata={"discount_percent": 10})
    ada, bela = new_customer(first_name="Ada"), new_customer(first_name="Béla")
    admin.post(f"/admin/customer-groups/{group['id']}/customers", json={"add": [ada["id"]]})
    grace, annie, mary = (f"{name}-{unique}" for name in ("grace", "annie", "mary"))
    send_event(deployment, "created", id=grace, version=1, email=f"{grace}@mail.example")
    assert eventually(lambda: table(grace) is not None)
    before, began = restored_view(admin, group), datetime.now(UTC)
    # The local cloud copies item by item, so functions of earlier tests must be finished.
    assert eventually(lambda: audit(stack_home).returncode == 0)
    assert eventually(lambda: not under_way(admin)), "a restore has to wait for jobs of earlier tests"
    practice.follow("restore-table-to-point-in-time", now=True)

    # Changes to undo, events that must not be lost, and a customer who must stay erased.
    admin.post(f"/admin/customer-groups/{group['id']}", json={"name": f"Damaged {unique}", "metadata": {"x": 1}})
    admin.post(f"/admin/customer-groups/{group['id']}/customers", json={"remove": [ada["id"]]})
    junk = new_group(name=f"Junk {unique}")
    for name in (annie, mary):
        send_event(deployment, "created", id=name, version=1, email=f"{name}@mail.example")
    assert eventually(lambda: table(annie) and table(mary))
    time.sleep(1)  # the bus has times in whole seconds
    for erased in (bela["id"], mary):
        assert admin.delete(f"/admin/customers/{erased}").is_success

    practice.follow('restore ARGS="pause')
    assert admin.post("/admin/customer-groups", json={"name": "Late"}).status_code == httpx.codes.TOO_MANY_REQUESTS
    send_event(deployment, "updated", id=grace, version=2, last_name="Hopper")
    (would, done), (again, nothing) = (COPIED.findall(practice.follow('restore ARGS="copy')) for _ in range(2))
    assert would == done
    assert "0" not in would
    assert again == nothing == ("0", "0")
    assert table(annie) is None
    assert (table(grace) or {}).get("last_name") == {"NULL": True}, "events during the pause are not processed yet"

    practice.follow('restore ARGS="listen')
    practice.replay(began)
    assert eventually(lambda: (table(grace) or {}).get("last_name") == {"S": "Hopper"})
    assert eventually(lambda: table(annie) and table(mary))
    practice.follow("make erasures")
    (repetition,) = blocks(section("docs/privacy.md", "After a restore"))
    run(practice.stack, repetition)
    assert admin.get(f"/admin/customers/{annie}").status_code == httpx.codes.TOO_MANY_REQUESTS, "the API stays closed"

    for command in STEPS.findall(section("docs/operations.md", "Restore the table to an earlier time")):
        run(practice.stack, command.replace("$STACK", deployment.stack_name))
    assert restored_view(admin, group) == before
    assert admin.get(f"/admin/customers/{annie}").is_success
    for gone in (f"customer-groups/{junk['id']}", f"customers/{bela['id']}", f"customers/{mary}"):
        assert admin.get(f"/admin/{gone}").status_code == httpx.codes.NOT_FOUND, gone
    send_event(deployment, "updated", id=grace, version=3, last_name="Murray Hopper")
    assert eventually(lambda: (table(grace) or {}).get("last_name") == {"S": "Murray Hopper"}), (
        "events are processed again"
    )
    assert audit(stack_home).returncode == 0


def under_way(admin: httpx.Client) -> list[str]:
    """The jobs that are not over. `pause` refuses while there are any."""
    jobs = admin.get("/admin/customer-group-jobs?limit=50").json()["jobs"]
    return [one["id"] for one in jobs if one["status"] in ("pending", "running")]


def restored_view(admin: httpx.Client, group: dict[str, object]) -> list[object]:
    """A group with its customers and its history."""
    address = f"/admin/customer-groups/{group['id']}"
    return [admin.get(f"{address}{part}").json() for part in ("", "/customers", "/history")]
