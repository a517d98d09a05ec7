"""The commands of docs/operations.md for dead letters and audits, run like by an operator against the stack."""

import re
import subprocess
from typing import Any

import httpx
import pytest

from local.stack import Stack
from operations import discard as notes
from operations.deployment import Deployment, on_this_machine
from tests.end_to_end.documents import attempt, blocks, run, section
from tests.end_to_end.test_afterwards import eventually, send_event
from tests.stack import Post

OPERATIONS = "docs/operations.md"
MESSAGE_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture
def deployment(stack: Stack) -> Deployment:
    return on_this_machine(stack)


@pytest.fixture
def taken(deployment: Deployment, new_customer: Post, unique: str) -> dict[str, Any]:
    """A customer whose e-mail address a customer of another system has, too. The event about it is a dead letter."""
    ada = new_customer(email=f"ada-{unique}@mail.example")
    send_event(deployment, "created", id=f"shop-{unique}", version=1, email=ada["email"])
    queue = {"QueueUrl": deployment.outputs["DeadLetterQueueUrl"], "VisibilityTimeout": 0, "MaxNumberOfMessages": 10}
    sqs = deployment.client("sqs")
    assert eventually(lambda: unique in str(sqs.receive_message(**queue)))
    return ada


def in_the_cloud(document: str, heading: str) -> list[str]:
    """The commands of a section for a stack in an account, which is the local cloud here."""
    (block,) = blocks(section(document, heading))
    return [line for line in block.splitlines() if "--stack" in line]


def test_a_dead_letter_is_delivered_after_its_cause_is_fixed(
    stack: Stack, admin: httpx.Client, taken: dict[str, Any], unique: str
) -> None:
    look, deliver = in_the_cloud(OPERATIONS, "Redrive")
    assert "CustomerEmailTaken" in row_of("SyncCustomer", attempt(stack, look))
    admin.delete(f"/admin/customers/{taken['id']}")
    assert "delivered" in row_of("SyncCustomer", attempt(stack, deliver))
    assert admin.get(f"/admin/customers/shop-{unique}").json()["customer"]["email"] == taken["email"]


def test_a_dead_letter_that_can_never_be_processed_is_discarded(
    stack: Stack, deployment: Deployment, taken: dict[str, Any]
) -> None:
    look, _ = in_the_cloud(OPERATIONS, "Redrive")
    discard, discarded = in_the_cloud(OPERATIONS, "Discard")
    (message_id,) = MESSAGE_ID.findall(row_of("CustomerEmailTaken", attempt(stack, look)))
    run(stack, discard, placeholders={"MESSAGE_ID": message_id})
    assert message_id not in attempt(stack, look).stdout
    assert "The shop keeps two accounts; ticket 4711" in attempt(stack, discarded).stdout
    (note,) = (one for one in notes.discarded(deployment) if one.message_id == message_id)
    assert (note.function, note.cause, note.by.rpartition(":")[2]) == ("SyncCustomer", "CustomerEmailTaken", "root")
    assert taken["email"] not in "".join(note), "the note has no address"


def test_the_table_is_audited(stack: Stack) -> None:
    look, *_ = in_the_cloud(OPERATIONS, "Audit")
    done = attempt(stack, look)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "All rules hold" in done.stdout + done.stderr


def row_of(text: str, done: subprocess.CompletedProcess[str]) -> str:
    """The row of a printed table that contains a text."""
    rows = [line for line in done.stdout.splitlines() if text in line]
    assert len(rows) == 1, done.stdout + done.stderr
    return rows[0]
