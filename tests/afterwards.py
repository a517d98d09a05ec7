"""The event bus, the queues and the bucket on moto, and the table's stream."""

from tests import database  # imported before `shared`

# isort: split

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from threading import Lock
from typing import Any, Final, override

import boto3
import pytest
from aws_lambda_powertools.utilities.batch.exceptions import BatchProcessingError
from moto import mock_aws
from moto.core.botocore_stubber import BotocoreStubber

from operations import event_patterns
from shared.domain.errors import TooManyRequests
from shared.dynamodb.expressions import Item
from shared.dynamodb.values import serialize
from shared.events.bus import PutError
from tests import event_sources
from tests.api import Context, handler
from tests.event_schemas import schema
from tests.table import Table

type StreamRecord = dict[str, Any]

errors: Final[Counter[str]] = Counter()
"""How many invocations of each function failed, which Lambda counts as errors."""

ACCOUNT: Final = "123456789012"
QUEUE_NAMES: Final = ("dead-letters", "purge", "subscriber")
QUEUES: Final = f"https://sqs.eu-central-1.amazonaws.com/{ACCOUNT}/"

# Set before the functions are imported.
os.environ |= {
    "EVENT_BUS_NAME": "customer-groups-bus",
    "DEAD_LETTER_QUEUE_URL": f"{QUEUES}dead-letters",
    "PURGE_QUEUE_URL": f"{QUEUES}purge",
    "JOBS_BUCKET": "customer-groups-jobs",
    "JOB_MACHINE_ARN": f"arn:aws:states:eu-central-1:{ACCOUNT}:stateMachine:customer-groups-jobs",
}
_sequence = count(1)


@dataclass
class Surroundings:
    """A bus with a subscriber for all events, the queues and the bucket."""

    received: list[dict[str, Any]] = field(default_factory=list)

    def events(self) -> list[tuple[str, dict[str, Any]]]:
        """The type and detail of all received events, in order. Each detail is validated with its schema."""
        for message in self.take("subscriber"):
            assert message["source"] == "liqnic.customer-groups"
            schema(message["detail-type"]).validate(message["detail"])
            self.received.append(message)
        return [(message["detail-type"], message["detail"]) for message in self.received]

    def follow(self, table: Table) -> None:
        """Publish all changes of a table, oldest first."""
        changes = sorted((one for one in table.items() if one["SK"].startswith("CHANGE#")), key=lambda one: one["id"])
        assert on_stream("publish_changes", [stream_record(None, one) for one in changes]) == []

    def dead_letters(self) -> list[dict[str, Any]]:
        return self.take("dead-letters")

    def take(self, queue: str) -> list[dict[str, Any]]:
        """Receive and delete all messages of a queue."""
        sqs, taken = _client("sqs"), []
        while messages := sqs.receive_message(QueueUrl=QUEUES + queue, MaxNumberOfMessages=10).get("Messages", []):
            for message in messages:
                taken.append(json.loads(message["Body"]))
                sqs.delete_message(QueueUrl=QUEUES + queue, ReceiptHandle=message["ReceiptHandle"])
        return taken


@pytest.fixture
def surroundings(monkeypatch: pytest.MonkeyPatch) -> Iterator[Surroundings]:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "customer-groups-TheFunction")
    _one_request_at_a_time(monkeypatch)
    with mock_aws():
        _create_all()
        yield Surroundings()
        if database.IS_MOTO:
            _delete_all()


@cache
def _client(service: str) -> Any:
    """One client for all tests, because boto3 takes longer to create one than moto takes for all requests of a test."""
    return boto3.client(service)  # type: ignore[call-overload] # its overloads need a literal


def _create_all() -> None:
    sqs, bus = _client("sqs"), _client("events")
    for name in QUEUE_NAMES:
        sqs.create_queue(QueueName=name)
    bus.create_event_bus(Name=os.environ["EVENT_BUS_NAME"])
    on_bus = {"EventBusName": os.environ["EVENT_BUS_NAME"]}
    bus.put_rule(Name="everything", EventPattern=json.dumps({"account": [ACCOUNT]}), **on_bus)
    arn = f"arn:aws:sqs:eu-central-1:{ACCOUNT}:subscriber"
    bus.put_targets(Rule="everything", Targets=[{"Id": "subscriber", "Arn": arn}], **on_bus)
    _client("s3").create_bucket(
        Bucket=os.environ["JOBS_BUCKET"], CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    _client("stepfunctions").create_state_machine(
        name="customer-groups-jobs", definition="{}", roleArn=f"arn:aws:iam::{ACCOUNT}:role/jobs"
    )


def _delete_all() -> None:
    """If the table is on moto too, moto keeps everything after a test."""
    bus, on_bus = _client("events"), {"EventBusName": os.environ["EVENT_BUS_NAME"]}
    bus.remove_targets(Rule="everything", Ids=["subscriber"], **on_bus)
    bus.delete_rule(Name="everything", **on_bus)
    bus.delete_event_bus(Name=os.environ["EVENT_BUS_NAME"])
    for name in QUEUE_NAMES:
        _client("sqs").delete_queue(QueueUrl=QUEUES + name)


def _one_request_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Serialize requests, because moto's state is not safe for threads."""
    process_request, lock = BotocoreStubber.process_request, Lock()

    def locked(*args: Any) -> Any:
        with lock:
            return process_request(*args)

    monkeypatch.setattr(BotocoreStubber, "process_request", locked)


def stream_record(before: Item | None, after: Item | None) -> StreamRecord:
    """The stream record of a write."""
    present = after or before or {}
    images = {"OldImage": before, "NewImage": after}
    return {
        "eventName": "MODIFY" if before and after else "INSERT" if after else "REMOVE",
        "dynamodb": {
            "Keys": serialize({name: present[name] for name in ("PK", "SK") if name in present}),
            **{name: serialize(image) for name, image in images.items() if image is not None},
            "SequenceNumber": str(next(_sequence)),
        },
    }


class HurriedContext(Context):
    """An invocation that has time for a number of batches."""

    def __init__(self, operation: str, slices: int) -> None:
        super().__init__(operation)
        self._left = slices

    @override
    def get_remaining_time_in_millis(self) -> int:  # type: ignore[override] # Powertools declares it static
        self._left -= 1
        return 90_000 if self._left >= 0 else 1_000


def on_stream(operation: str, records: Iterable[StreamRecord]) -> list[str]:
    """Invoke the function with the records that match its filters. Returns the sequence numbers to redeliver."""
    patterns = event_sources.filters(operation)
    return straight_to(
        operation, [one for one in records if any(event_patterns.matches(one, pattern) for pattern in patterns)]
    )


def straight_to(operation: str, records: Iterable[StreamRecord]) -> list[str]:
    """Invoke the function with records, without filters."""
    batch = list(records)
    return _again(operation, batch, Context(operation), lambda one: str(one["dynamodb"]["SequenceNumber"]))


def on_queue(operation: str, bodies: Iterable[Mapping[str, Any]], context: Context | None = None) -> list[str]:
    """Invoke the function with messages, numbered from 0. Returns the numbers of those to redeliver."""
    records = [{"messageId": str(number), "body": json.dumps(body)} for number, body in enumerate(bodies)]
    return _again(operation, records, context or Context(operation), lambda one: str(one["messageId"]))


def _again(operation: str, batch: list[Any], context: Context, identifier: Callable[[Any], str]) -> list[str]:
    """What Lambda delivers again: the reported failures, or the whole batch if the invocation failed."""
    try:
        answer = handler(operation)({"Records": batch}, context)
    except (BatchProcessingError, PutError, TooManyRequests):
        errors[operation] += 1
        return [identifier(stream_record) for stream_record in batch]
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
