"""What lies on the dead-letter queues: who did not get it, why, and how it is delivered again.

Five things write there, each in its own form: our functions, which bury what can never succeed; Lambda, for events of
rules that failed three times; Lambda, for stretches of the stream that failed for half a day; EventBridge, for what it
could not hand to a target; and SQS, for clean-ups that were given up.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from operations.deployment import ALIAS, Deployment

type Json = dict[str, Any]

LONGEST_REASON: Final = 300


class UndeliverableError(Exception):
    """The letter cannot be delivered, now or as it is. The message says why, to the person at the terminal."""


class Stretch(NamedTuple):
    """A stretch of the table's stream. Lambda tells where it lies, not what is in it."""

    stream: str
    shard: str
    first: str
    last: str


@dataclass(frozen=True)
class Letter:
    """One message, understood. `to` is the real name of a function, or the URL of a queue."""

    to: str
    reason: str
    content: Json | Stretch

    @property
    def is_for_queue(self) -> bool:
        return self.to.startswith("http")


def read(message: Mapping[str, Any], deployment: Deployment) -> Letter:
    """Understand a message of the dead-letter queue. Raises UndeliverableError for one that nothing of ours wrote."""
    try:
        body = json.loads(message["Body"])
        if "function" in body:
            return Letter(body["function"], _short(body["reason"]), body["event"])
        if "DDBStreamBatchInfo" in body:
            return Letter(_function(body), _condition(body), _stretch(body["DDBStreamBatchInfo"]))
        if "requestPayload" in body:
            return Letter(_function(body), _error(body), body["requestPayload"])
        if "detail-type" in body:
            return _undelivered(message, body, deployment)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise UndeliverableError(f"cannot be read: {error!r}") from None
    raise UndeliverableError("nothing of this stack writes such messages")


def read_purge(message: Mapping[str, Any], deployment: Deployment) -> Letter:
    """Understand a message of the clean-up's own dead-letter queue."""
    times = message.get("Attributes", {}).get("ApproximateReceiveCount", "?")
    return Letter(deployment.resources["PurgeQueue"], f"given up; read {times} times", json.loads(message["Body"]))


def deliver(letter: Letter, deployment: Deployment) -> None:
    """Deliver again, and wait until the function is done with it. Raises UndeliverableError when it fails once more."""
    if letter.is_for_queue:
        deployment.client("sqs").send_message(QueueUrl=letter.to, MessageBody=json.dumps(letter.content))
        return
    if letter.to not in deployment.resources.values():
        raise UndeliverableError(f"{letter.to} is no function of this stack")
    event = letter.content
    if isinstance(event, Stretch):
        event = {"Records": list(_records(event, letter.to, deployment))}
    answer = deployment.client("lambda").invoke(FunctionName=letter.to, Qualifier=ALIAS, Payload=json.dumps(event))
    told = json.loads(answer["Payload"].read() or "null")
    if answer.get("FunctionError"):
        raise UndeliverableError(_short(f"{told.get('errorType')}: {told.get('errorMessage')}"))
    if isinstance(told, dict) and told.get("batchItemFailures"):
        raise UndeliverableError("the function could not do it for now; its log says why")


def _undelivered(message: Mapping[str, Any], event: Json, deployment: Deployment) -> Letter:
    """What EventBridge could not hand to a target of a rule. Which, and why, is in the message's attributes."""
    told = {name: one["StringValue"] for name, one in message.get("MessageAttributes", {}).items()}
    target = told["TARGET_ARN"]
    reason = _short(told.get("ERROR_MESSAGE") or told.get("ERROR_CODE") or "could not be delivered")
    is_queue = target.split(":")[2] == "sqs"
    return Letter(deployment.resources["PurgeQueue"] if is_queue else target.split(":")[6], reason, event)


def _function(envelope: Json) -> str:
    """The name in `arn:aws:lambda:<region>:<account>:function:<name>[:<alias>]`."""
    return str(envelope["requestContext"]["functionArn"].split(":")[6])


def _condition(envelope: Json) -> str:
    return str(envelope["requestContext"]["condition"])


def _error(envelope: Json) -> str:
    told = envelope.get("responsePayload") or {}
    return _short(f"{told['errorType']}: {told['errorMessage']}" if "errorType" in told else _condition(envelope))


def _stretch(batch: Json) -> Stretch:
    return Stretch(batch["streamArn"], batch["shardId"], batch["startSequenceNumber"], batch["endSequenceNumber"])


def _short(text: object) -> str:
    return str(text)[:LONGEST_REASON]


def _records(stretch: Stretch, function: str, deployment: Deployment) -> Iterator[Json]:
    """The stretch's records that the function would have been given. The stream keeps them for a day."""
    streams = deployment.client("dynamodbstreams")
    patterns = _patterns(function, deployment)
    try:
        iterator = streams.get_shard_iterator(
            StreamArn=stretch.stream,
            ShardId=stretch.shard,
            ShardIteratorType="AT_SEQUENCE_NUMBER",
            SequenceNumber=stretch.first,
        )["ShardIterator"]
        while iterator:
            page = streams.get_records(ShardIterator=iterator)
            for record in page["Records"]:
                if int(record["dynamodb"]["SequenceNumber"]) > int(stretch.last):
                    return
                # Lambda gives seconds since 1970 and has no use for the rest of what the stream tells.
                record["dynamodb"].pop("ApproximateCreationDateTime", None)
                if any(matches(record, pattern) for pattern in patterns):
                    yield record
            iterator = page.get("NextShardIterator") if page["Records"] else None
    except (streams.exceptions.TrimmedDataAccessException, streams.exceptions.ResourceNotFoundException):
        raise UndeliverableError("the stream has forgotten these records: they are older than a day") from None


def _patterns(function: str, deployment: Deployment) -> list[Json]:
    """The filters between the stream and the function."""
    name = f"{function}:{ALIAS}"
    mappings = deployment.client("lambda").list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
    return [json.loads(one["Pattern"]) for mapping in mappings for one in mapping["FilterCriteria"]["Filters"]]


def matches(value: Any, pattern: Any) -> bool:
    """Whether a record passes a filter: the part of Lambda's pattern language that template.yaml uses."""
    if isinstance(pattern, dict):
        return all(matches(value.get(name) if isinstance(value, dict) else None, one) for name, one in pattern.items())
    return any(_matches_one(value, rule) for rule in pattern)


def _matches_one(value: Any, rule: Any) -> bool:
    if isinstance(rule, dict) and "prefix" in rule:
        return isinstance(value, str) and value.startswith(rule["prefix"])
    if isinstance(rule, dict) and "exists" in rule:
        return (value is not None) is rule["exists"]
    return bool(value == rule)
