"""Dead letters: reads the messages on the dead-letter queues, and delivers them again.

They have five formats. Functions send events that can never be processed. Lambda sends events of rules that failed
three times, and ranges of the stream that failed for half a day. EventBridge sends events that it could not deliver to
a target. SQS moves messages of the purge queue and of the rules' queue that were received too often.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from operations import event_patterns
from operations.deployment import ALIAS, Deployment

type Json = dict[str, Any]

LONGEST_REASON: Final = 300


class UndeliverableError(Exception):
    """A dead letter cannot be delivered. The message is the reason, for the operator."""


class StreamRange(NamedTuple):
    """A range of records in the table's stream. Lambda sends their position, not the records."""

    stream: str
    shard: str
    first: str
    last: str


@dataclass(frozen=True)
class DeadLetter:
    """A parsed message. `to` is the physical name of a function, or the URL of a queue."""

    to: str
    reason: str
    content: Json | StreamRange

    @property
    def is_for_queue(self) -> bool:
        return self.to.startswith("http")


def read(message: Mapping[str, Any], deployment: Deployment) -> DeadLetter:
    """Parse a message of the dead-letter queue. Raises UndeliverableError for an unknown format."""
    try:
        body = json.loads(message["Body"])
        if "function" in body:
            return DeadLetter(body["function"], _short(body["reason"]), body["event"])
        if "DDBStreamBatchInfo" in body:
            return DeadLetter(_function(body), _condition(body), _stream_range(body["DDBStreamBatchInfo"]))
        if "requestPayload" in body:
            return DeadLetter(_function(body), _error(body), body["requestPayload"])
        if "detail-type" in body:
            return _undelivered(message, body, deployment)
    except (ValueError, KeyError, TypeError, IndexError, StopIteration) as error:
        raise UndeliverableError(f"cannot be read: {error!r}") from None
    raise UndeliverableError("has a format that nothing in this stack writes")


def read_purge(message: Mapping[str, Any], deployment: Deployment) -> DeadLetter:
    """Parse a message of the purge queue's dead-letter queue."""
    return _of_queue("PurgeQueue", message, deployment)


def _of_queue(queue: str, message: Mapping[str, Any], deployment: Deployment) -> DeadLetter:
    """A message that a function has received too often."""
    times = message.get("Attributes", {}).get("ApproximateReceiveCount", "?")
    reason = f"received {times} times without success"
    return DeadLetter(deployment.resources[queue], reason, json.loads(message["Body"]))


def deliver(dead_letter: DeadLetter, deployment: Deployment) -> None:
    """Deliver a dead letter again and wait for the function. Raises UndeliverableError if it fails again."""
    if dead_letter.is_for_queue:
        deployment.client("sqs").send_message(QueueUrl=dead_letter.to, MessageBody=json.dumps(dead_letter.content))
        return
    if dead_letter.to not in deployment.resources.values():
        raise UndeliverableError(f"{dead_letter.to} is not a function of this stack")
    event = dead_letter.content
    if isinstance(event, StreamRange):
        event = {"Records": list(_records(event, dead_letter.to, deployment))}
    answer = deployment.client("lambda").invoke(FunctionName=dead_letter.to, Qualifier=ALIAS, Payload=json.dumps(event))
    result = json.loads(answer["Payload"].read() or "null")
    if answer.get("FunctionError"):
        raise UndeliverableError(_short(f"{result.get('errorType')}: {result.get('errorMessage')}"))
    if isinstance(result, dict) and result.get("batchItemFailures"):
        raise UndeliverableError("the function failed temporarily; see its log")


def _undelivered(message: Mapping[str, Any], event: Json, deployment: Deployment) -> DeadLetter:
    """An event that EventBridge or a queue could not deliver.

    EventBridge adds attributes with the target and the reason. Messages of the rules' queue have none.
    """
    if not message.get("MessageAttributes"):
        return _of_queue("RulesQueue", message, deployment)  # EventBridge gives its messages attributes
    attributes = {name: one["StringValue"] for name, one in message.get("MessageAttributes", {}).items()}
    target = attributes["TARGET_ARN"]
    reason = _short(attributes.get("ERROR_MESSAGE") or attributes.get("ERROR_CODE") or "could not be delivered")
    service, name = target.split(":")[2], target.rpartition(":")[2]
    if service != "sqs":
        return DeadLetter(target.split(":")[6], reason, event)
    queue = next(url for url in deployment.resources.values() if url.endswith(f"/{name}"))
    return DeadLetter(queue, reason, event)


def _function(envelope: Json) -> str:
    """The name in `arn:aws:lambda:<region>:<account>:function:<name>[:<alias>]`."""
    return str(envelope["requestContext"]["functionArn"].split(":")[6])


def _condition(envelope: Json) -> str:
    return str(envelope["requestContext"]["condition"])


def _error(envelope: Json) -> str:
    response = envelope.get("responsePayload") or {}
    return _short(
        f"{response['errorType']}: {response['errorMessage']}" if "errorType" in response else _condition(envelope)
    )


def _stream_range(batch: Json) -> StreamRange:
    return StreamRange(batch["streamArn"], batch["shardId"], batch["startSequenceNumber"], batch["endSequenceNumber"])


def _short(text: object) -> str:
    return str(text)[:LONGEST_REASON]


def _records(stream_range: StreamRange, function: str, deployment: Deployment) -> Iterator[Json]:
    """The records in the range that match the function's filters. The stream keeps records for a day."""
    streams = deployment.client("dynamodbstreams")
    patterns = _patterns(function, deployment)
    try:
        iterator = streams.get_shard_iterator(
            StreamArn=stream_range.stream,
            ShardId=stream_range.shard,
            ShardIteratorType="AT_SEQUENCE_NUMBER",
            SequenceNumber=stream_range.first,
        )["ShardIterator"]
        while iterator:
            page = streams.get_records(ShardIterator=iterator)
            for record in page["Records"]:
                if int(record["dynamodb"]["SequenceNumber"]) > int(stream_range.last):
                    return
                # boto3 returns this as a datetime, which is not JSON. The functions do not use it.
                record["dynamodb"].pop("ApproximateCreationDateTime", None)
                if any(event_patterns.matches(record, pattern) for pattern in patterns):
                    yield record
            iterator = page.get("NextShardIterator") if page["Records"] else None
    except (streams.exceptions.TrimmedDataAccessException, streams.exceptions.ResourceNotFoundException):
        raise UndeliverableError("the records are older than a day, so the stream no longer has them") from None


def _patterns(function: str, deployment: Deployment) -> list[Json]:
    """The filters between the stream and the function."""
    name = f"{function}:{ALIAS}"
    mappings = deployment.client("lambda").list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
    return [json.loads(one["Pattern"]) for mapping in mappings for one in mapping["FilterCriteria"]["Filters"]]
