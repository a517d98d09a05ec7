"""All formats of messages on the dead-letter queues can be read."""

import json
from typing import Any

import boto3
import pytest

from operations import dead_letters
from operations.dead_letters import DeadLetter, StreamRange, UndeliverableError
from operations.deployment import Deployment

FUNCTION = "customer-groups-SyncCustomer-1A2B3C"
ARN = f"arn:aws:lambda:eu-central-1:123456789012:function:{FUNCTION}:live"
QUEUE = "https://sqs.eu-central-1.amazonaws.com/123456789012/customer-groups-PurgeQueue"
RULES_QUEUE = "https://sqs.eu-central-1.amazonaws.com/123456789012/customer-groups-RulesQueue"
EVENT = {"detail-type": "customer.created", "source": "liqnic.storefront", "detail": {"id": "shop-1"}}


@pytest.fixture
def deployment() -> Deployment:
    one = Deployment(boto3.Session(region_name="eu-central-1"), "customer-groups")
    one.__dict__["resources"] = {"SyncCustomer": FUNCTION, "PurgeQueue": QUEUE, "RulesQueue": RULES_QUEUE}
    return one


def message(body: Any, **attributes: str) -> dict[str, Any]:
    answer = {name: {"StringValue": value, "DataType": "String"} for name, value in attributes.items()}
    return {"Body": json.dumps(body), "MessageAttributes": answer}


def test_reads_an_event_sent_by_a_function(deployment: Deployment) -> None:
    dead_letter = message({"function": FUNCTION, "reason": "InvalidData: id: must be an id", "event": EVENT})
    assert dead_letters.read(dead_letter, deployment) == DeadLetter(FUNCTION, "InvalidData: id: must be an id", EVENT)


def test_reads_an_event_that_failed_three_times(deployment: Deployment) -> None:
    envelope = {
        "version": "1.0",
        "requestContext": {"functionArn": ARN, "condition": "RetriesExhausted", "approximateInvokeCount": 3},
        "requestPayload": EVENT,
        "responseContext": {"statusCode": 200, "functionError": "Unhandled"},
        "responsePayload": {"errorType": "TooManyRequests", "errorMessage": "Too much is being written"},
    }
    expected = DeadLetter(FUNCTION, "TooManyRequests: Too much is being written", EVENT)
    assert dead_letters.read(message(envelope), deployment) == expected
    timed_out = {**envelope, "responsePayload": None}
    assert dead_letters.read(message(timed_out), deployment).reason == "RetriesExhausted"


def test_reads_a_range_of_the_stream(deployment: Deployment) -> None:
    batch = {
        "shardId": "shardId-1",
        "startSequenceNumber": "10",
        "endSequenceNumber": "12",
        "batchSize": 3,
        "streamArn": "arn:stream",
    }
    envelope = {
        "requestContext": {"functionArn": ARN, "condition": "RetryAttemptsExhausted"},
        "DDBStreamBatchInfo": batch,
    }
    expected = DeadLetter(FUNCTION, "RetryAttemptsExhausted", StreamRange("arn:stream", "shardId-1", "10", "12"))
    assert dead_letters.read(message(envelope), deployment) == expected


@pytest.mark.parametrize(
    ("target", "to"),
    [
        (ARN, FUNCTION),
        ("arn:aws:sqs:eu-central-1:123456789012:customer-groups-PurgeQueue", QUEUE),
        ("arn:aws:sqs:eu-central-1:123456789012:customer-groups-RulesQueue", RULES_QUEUE),
    ],
)
def test_reads_an_event_that_eventbridge_could_not_deliver(deployment: Deployment, target: str, to: str) -> None:
    undelivered = message(EVENT, TARGET_ARN=target, ERROR_CODE="NO_PERMISSIONS", ERROR_MESSAGE="not authorized")
    dead_letter = dead_letters.read(undelivered, deployment)
    assert (dead_letter, dead_letter.is_for_queue) == (DeadLetter(to, "not authorized", EVENT), to != FUNCTION)


def test_reads_a_purge_message_that_failed_too_often(deployment: Deployment) -> None:
    given_up = {**message(EVENT), "Attributes": {"ApproximateReceiveCount": "6"}}
    assert dead_letters.read_purge(given_up, deployment) == DeadLetter(QUEUE, "received 6 times without success", EVENT)


def test_reads_a_message_of_the_rules_that_failed_too_often(deployment: Deployment) -> None:
    given_up = {"Body": json.dumps(EVENT), "Attributes": {"ApproximateReceiveCount": "6"}}
    dead_letter = dead_letters.read(given_up, deployment)
    assert dead_letter == DeadLetter(RULES_QUEUE, "received 6 times without success", EVENT)


@pytest.mark.parametrize("body", [{}, [], "text", {"requestPayload": {}}, {"function": "x"}])
def test_refuses_unknown_messages(deployment: Deployment, body: Any) -> None:
    with pytest.raises(UndeliverableError):
        dead_letters.read(message(body), deployment)


def test_a_message_cannot_invoke_a_function_outside_the_stack(deployment: Deployment) -> None:
    with pytest.raises(UndeliverableError, match="not a function of this stack"):
        dead_letters.deliver(DeadLetter("payroll", "a trick", {}), deployment)
