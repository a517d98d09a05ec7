"""The commands of docs/operations.md for dead letters and audits, run like by an operator against the stack."""

import subprocess
from typing import Any, NamedTuple

import httpx
import pytest

from local.stack import Stack
from operations import discard as notes
from operations.deployment import Deployment, on_this_machine
from tests.end_to_end.documents import attempt, blocks, run, section
from tests.end_to_end.test_afterwards import send_event
from tests.end_to_end.test_audit import all_rules_hold
from tests.stack import Post, eventually

OPERATIONS = "docs/operations.md"


class Taken(NamedTuple):
    """A customer whose e-mail address a customer of another system has, too, and the dead letter about that."""

    customer: dict[str, Any]
    message_id: str


@pytest.fixture
def deployment(stack: Stack) -> Deployment:
    return on_this_machine(stack)


@pytest.fixture
def taken(deployment: Deployment, new_customer: Post, unique: str) -> Taken:
    ada = new_customer(email=f"ada-{unique}@mail.example")
    send_event(deployment, "created", id=f"shop-{unique}", version=1, email=ada["email"])
    queue = {"QueueUrl": deployment.outputs["DeadLetterQueueUrl"], "VisibilityTimeout": 0, "MaxNumberOfMessages": 10}
    sqs = deployment.client("sqs")

    def dead_letter() -> str | None:
        messages = sqs.receive_message(**queue).get("Messages", [])
        return next((str(one["MessageId"]) for one in messages if unique in one["Body"]), None)

    message_id = eventually(dead_letter)
    assert message_id
    return Taken(ada, message_id)


def in_the_cloud(document: str, heading: str) -> list[str]:
    """The commands of a section for a stack in an account, which is the local cloud here."""
    (block,) = blocks(section(document, heading))
    return [line for line in block.splitlines() if "--stack" in line]


def test_a_dead_letter_is_delivered_after_its_cause_is_fixed(
    stack: Stack, admin: httpx.Client, taken: Taken, unique: str
) -> None:
    look, deliver = in_the_cloud(OPERATIONS, "Redrive")
    row = row_of(taken.message_id, attempt(stack, look))
    assert ("SyncCustomer" in row, "CustomerEmailTaken" in row) == (True, True), row
    admin.delete(f"/admin/customers/{taken.customer['id']}")
    assert "delivered" in row_of(taken.message_id, attempt(stack, deliver))
    assert admin.get(f"/admin/customers/shop-{unique}").json()["customer"]["email"] == taken.customer["email"]


def test_a_dead_letter_that_can_never_be_processed_is_discarded(
    stack: Stack, deployment: Deployment, taken: Taken
) -> None:
    look, _ = in_the_cloud(OPERATIONS, "Redrive")
    discard, discarded = in_the_cloud(OPERATIONS, "Discard")
    assert "CustomerEmailTaken" in row_of(taken.message_id, attempt(stack, look))
    run(stack, discard, placeholders={"MESSAGE_ID": taken.message_id})
    assert taken.message_id not in attempt(stack, look).stdout
    assert "The shop keeps two accounts; ticket 4711" in attempt(stack, discarded).stdout
    (note,) = (one for one in notes.discarded(deployment) if one.message_id == taken.message_id)
    assert (note.function, note.cause, note.by.rpartition(":")[2]) == ("SyncCustomer", "CustomerEmailTaken", "root")
    assert taken.customer["email"] not in "".join(note), "the note has no address"


def test_the_table_is_audited(stack: Stack) -> None:
    look, *_ = in_the_cloud(OPERATIONS, "Audit")
    assert eventually(lambda: all_rules_hold(attempt(stack, look))), "not even after functions of earlier tests"


def row_of(text: str, done: subprocess.CompletedProcess[str]) -> str:
    """The row of a printed table that contains a text."""
    rows = [line for line in done.stdout.splitlines() if text in line]
    assert len(rows) == 1, done.stdout + done.stderr
    return rows[0]
