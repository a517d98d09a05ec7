"""What surrounds the table: the event bus and the queues, on moto, and the records of the table's stream."""

import tests.database  # noqa: F401 - before anything of `shared` is imported

# isort: split

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, override

import boto3
import pytest
from moto import mock_aws

from shared.storage.table import Item, to_wire
from tests.api import Context, handler
from tests.event_schemas import schema

type Record = dict[str, Any]

ACCOUNT: Final = "123456789012"
QUEUES: Final = f"https://sqs.eu-central-1.amazonaws.com/{ACCOUNT}/"

# Read by the functions when they are imported, which is after this.
os.environ |= {
    "EVENT_BUS_NAME": "customer-groups-bus",
    "DEAD_LETTER_QUEUE_URL": f"{QUEUES}dead-letters",
    "PURGE_QUEUE_URL": f"{QUEUES}purge",
}
_sequence = count(1)


@dataclass
class Surroundings:
    """A bus, with a subscriber who listens to everything, and the queues."""

    heard: list[dict[str, Any]] = field(default_factory=list)

    def events(self) -> list[tuple[str, dict[str, Any]]]:
        """What the subscriber has heard, in order: kind and detail. Each detail is held to the schema of its kind."""
        for message in self.take("subscriber"):
            assert message["source"] == "liqnic.customer-groups"
            schema(message["detail-type"]).validate(message["detail"])
            self.heard.append(message)
        return [(message["detail-type"], message["detail"]) for message in self.heard]

    def dead_letters(self) -> list[dict[str, Any]]:
        return self.take("dead-letters")

    def take(self, queue: str) -> list[dict[str, Any]]:
        """All messages of a queue, which is empty then."""
        sqs, taken = boto3.client("sqs"), []
        while messages := sqs.receive_message(QueueUrl=QUEUES + queue, MaxNumberOfMessages=10).get("Messages", []):
            for message in messages:
                taken.append(json.loads(message["Body"]))
                sqs.delete_message(QueueUrl=QUEUES + queue, ReceiptHandle=message["ReceiptHandle"])
        return taken


@pytest.fixture
def surroundings(monkeypatch: pytest.MonkeyPatch) -> Iterator[Surroundings]:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "customer-groups-TheFunction")
    with mock_aws():
        sqs, bus = boto3.client("sqs"), boto3.client("events")
        queues = [sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("dead-letters", "purge", "subscriber")]
        bus.create_event_bus(Name=os.environ["EVENT_BUS_NAME"])
        on_bus = {"EventBusName": os.environ["EVENT_BUS_NAME"]}
        bus.put_rule(Name="everything", EventPattern=json.dumps({"account": [ACCOUNT]}), **on_bus)
        arn = f"arn:aws:sqs:eu-central-1:{ACCOUNT}:subscriber"
        bus.put_targets(Rule="everything", Targets=[{"Id": "subscriber", "Arn": arn}], **on_bus)
        yield Surroundings()
        bus.remove_targets(Rule="everything", Ids=["subscriber"], **on_bus)
        bus.delete_rule(Name="everything", **on_bus)
        bus.delete_event_bus(Name=os.environ["EVENT_BUS_NAME"])
        for url in queues:
            sqs.delete_queue(QueueUrl=url)


def record(before: Item | None, after: Item | None) -> Record:
    """The stream's record of one write."""
    present = after or before or {}
    images = {"OldImage": before, "NewImage": after}
    return {
        "eventName": "MODIFY" if before and after else "INSERT" if after else "REMOVE",
        "dynamodb": {
            "Keys": to_wire({name: present[name] for name in ("PK", "SK") if name in present}),
            **{name: to_wire(image) for name, image in images.items() if image is not None},
            "SequenceNumber": str(next(_sequence)),
        },
    }


class HurriedContext(Context):
    """An invocation that has time for so many slices of work."""

    def __init__(self, operation: str, slices: int) -> None:
        super().__init__(operation)
        self._left = slices

    @override
    def get_remaining_time_in_millis(self) -> int:  # type: ignore[override]
        self._left -= 1
        return 60_000 if self._left >= 0 else 1_000


def on_stream(operation: str, records: Iterable[Record]) -> list[str]:
    """Let the function have the records; the sequence numbers that it wants again."""
    return _again(handler(operation)({"Records": list(records)}, Context(operation)))


def on_queue(operation: str, bodies: Iterable[Mapping[str, Any]], context: Context | None = None) -> list[str]:
    """Let the function have the messages, numbered from 0; the numbers of those that it wants again."""
    records = [{"messageId": str(number), "body": json.dumps(body)} for number, body in enumerate(bodies)]
    return _again(handler(operation)({"Records": records}, context or Context(operation)))


def _again(answer: Mapping[str, Any]) -> list[str]:
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
