"""The limits for requests in tests: each is accepted at the limit and refused beyond it."""

from typing import Any

import pytest

from tests import limits

KEY = {"PK": {"S": "GROUP#1"}, "SK": {"S": "GROUP"}}


def put(**attributes: Any) -> dict[str, Any]:
    return {"Item": KEY | attributes}


def update(**attributes: Any) -> dict[str, Any]:
    return {"Key": KEY, "ExpressionAttributeValues": {f":new_{name}": value for name, value in attributes.items()}}


def nested(levels: int) -> Any:
    value: Any = {"S": "deep"}
    for _ in range(levels):
        value = {"M": {"a": value}}
    return value


def keys(count: int) -> list[dict[str, Any]]:
    return [{"PK": {"S": f"GROUP#{number}"}, "SK": {"S": "GROUP"}} for number in range(count)]


def text(length: int) -> Any:
    return {"S": "x" * length}


LIMITS = [
    ("PutItem", lambda over: put(by_name=text(1_024 + over))),
    ("PutItem", lambda over: put(LIST=text(2_048 + over))),
    ("PutItem", lambda over: put(a=text(400 * 1024 - 16 - 1 + over))),
    ("PutItem", lambda over: put(a=nested(31 + over))),
    ("UpdateItem", lambda over: update(by_name=text(1_024 + over))),
    ("UpdateItem", lambda over: update(a=text(400 * 1024 - 1 + over))),
    ("UpdateItem", lambda over: update(a=nested(31 + over))),
    ("UpdateItem", lambda over: {"ConditionExpression": "x" * (4_096 + over)}),
    ("UpdateItem", lambda over: {"ConditionExpression": f"a IN ({', '.join([':v'] * (100 + over))})"}),
    ("BatchGetItem", lambda over: {"RequestItems": {"t": {"Keys": keys(100 + over)}}}),
    ("BatchGetItem", lambda over: {"RequestItems": {"t": {"Keys": [KEY | {"PK": text(2_048 + over)}]}}}),
    ("BatchGetItem", lambda over: {"RequestItems": {"t": {"Keys": keys(2) + keys(over)}}}),
    ("TransactWriteItems", lambda over: {"TransactItems": [{"Delete": {"Key": one}} for one in keys(100 + over)]}),
    (
        "TransactWriteItems",
        lambda over: {"TransactItems": [{"Put": {"Item": one | {"a": text(380_000)}}} for one in keys(11 + over)]},
    ),
    (
        "Query",
        lambda over: {
            "KeyConditionExpression": "PK = :p AND begins_with(SK, :s)",
            "ExpressionAttributeValues": {":p": text(2_048), ":s": text(1_024 + over)},
        },
    ),
]


@pytest.mark.parametrize(("operation", "request_of"), LIMITS)
def test_a_request_is_accepted_at_the_limit_and_refused_beyond_it(operation: str, request_of: Any) -> None:
    limits.check(operation, request_of(0))
    with pytest.raises(AssertionError):
        limits.check(operation, request_of(1))


def test_numbers_have_the_same_size_as_in_dynamodb() -> None:
    limits.check("PutItem", put(a={"L": [{"N": "1"}] * 100_000}))
