"""Each form in which a message comes to lie on the dead-letter queue is understood."""

import json
from typing import Any

import boto3
import pytest

from operations import letters
from operations.deployment import Deployment
from operations.letters import Letter, Stretch, UndeliverableError
from tests import template

FUNCTION = "customer-groups-SyncCustomer-1A2B3C"
ARN = f"arn:aws:lambda:eu-central-1:123456789012:function:{FUNCTION}:live"
QUEUE = "https://sqs.eu-central-1.amazonaws.com/123456789012/customer-groups-PurgeQueue"
EVENT = {"detail-type": "customer.created", "source": "liqnic.storefront", "detail": {"id": "shop-1"}}


@pytest.fixture
def deployment() -> Deployment:
    one = Deployment(boto3.Session(region_name="eu-central-1"), "customer-groups")
    one.__dict__["resources"] = {"SyncCustomer": FUNCTION, "PurgeQueue": QUEUE}
    return one


def message(body: Any, **attributes: str) -> dict[str, Any]:
    told = {name: {"StringValue": value, "DataType": "String"} for name, value in attributes.items()}
    return {"Body": json.dumps(body), "MessageAttributes": told}


def test_what_a_function_buried(deployment: Deployment) -> None:
    buried = message({"function": FUNCTION, "reason": "InvalidData: id: must be an id", "event": EVENT})
    assert letters.read(buried, deployment) == Letter(FUNCTION, "InvalidData: id: must be an id", EVENT)


def test_an_event_that_failed_three_times(deployment: Deployment) -> None:
    envelope = {
        "version": "1.0",
        "requestContext": {"functionArn": ARN, "condition": "RetriesExhausted", "approximateInvokeCount": 3},
        "requestPayload": EVENT,
        "responseContext": {"statusCode": 200, "functionError": "Unhandled"},
        "responsePayload": {"errorType": "TooManyRequests", "errorMessage": "Too much is being written"},
    }
    expected = Letter(FUNCTION, "TooManyRequests: Too much is being written", EVENT)
    assert letters.read(message(envelope), deployment) == expected
    timed_out = {**envelope, "responsePayload": None}
    assert letters.read(message(timed_out), deployment).reason == "RetriesExhausted"


def test_a_stretch_of_the_stream(deployment: Deployment) -> None:
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
    expected = Letter(FUNCTION, "RetryAttemptsExhausted", Stretch("arn:stream", "shardId-1", "10", "12"))
    assert letters.read(message(envelope), deployment) == expected


@pytest.mark.parametrize(
    ("target", "to"), [(ARN, FUNCTION), ("arn:aws:sqs:eu-central-1:123456789012:customer-groups-PurgeQueue", QUEUE)]
)
def test_what_eventbridge_could_not_hand_over(deployment: Deployment, target: str, to: str) -> None:
    undelivered = message(EVENT, TARGET_ARN=target, ERROR_CODE="NO_PERMISSIONS", ERROR_MESSAGE="not authorized")
    letter = letters.read(undelivered, deployment)
    assert (letter, letter.is_for_queue) == (Letter(to, "not authorized", EVENT), to == QUEUE)


def test_a_clean_up_that_was_given_up(deployment: Deployment) -> None:
    given_up = {**message(EVENT), "Attributes": {"ApproximateReceiveCount": "6"}}
    assert letters.read_purge(given_up, deployment) == Letter(QUEUE, "given up; read 6 times", EVENT)


@pytest.mark.parametrize("body", [{}, [], "text", {"detail-type": "x"}, {"requestPayload": {}}, {"function": "x"}])
def test_what_nothing_of_ours_wrote_stays(deployment: Deployment, body: Any) -> None:
    with pytest.raises(UndeliverableError):
        letters.read(message(body), deployment)


def test_no_message_can_call_a_function_outside_the_stack(deployment: Deployment) -> None:
    with pytest.raises(UndeliverableError, match="no function of this stack"):
        letters.deliver(Letter("payroll", "a trick", {}), deployment)


CHANGE = {"eventName": "INSERT", "dynamodb": {"Keys": {"SK": {"S": "CHANGE#1"}}}}
RENAMED = {"eventName": "MODIFY", "dynamodb": {"Keys": {"SK": {"S": "CUSTOMER"}}, "NewImage": {}}}
DEFERRED = {"eventName": "INSERT", "dynamodb": {"Keys": {"SK": {"S": "GROUP"}}, "NewImage": {"tokens_of": {"M": {}}}}}
OTHER = {"eventName": "INSERT", "dynamodb": {"Keys": {"SK": {"S": "LOCK"}}, "NewImage": {"holder": {"S": "1"}}}}


@pytest.mark.parametrize(
    ("mapping", "wanted"), [("ChangesToPublish", [CHANGE]), ("RecordsToRefresh", [RENAMED, DEFERRED])]
)
def test_of_a_stretch_each_function_gets_what_its_filters_let_through(mapping: str, wanted: list[Any]) -> None:
    filters = template.resources()[mapping]["Properties"]["FilterCriteria"]["Filters"]
    patterns = [json.loads(one["Pattern"]) for one in filters]
    records = [CHANGE, RENAMED, DEFERRED, OTHER]
    assert [one for one in records if any(letters.matches(one, pattern) for pattern in patterns)] == wanted
