"""Limits of DynamoDB that the local engines do not check. A request beyond them fails the test.

Source: "Quotas in Amazon DynamoDB" and "Constraints in Amazon DynamoDB" of its developer guide.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

type Params = Mapping[str, Any]

LONGEST_EXPRESSION_BYTES: Final = 4_096
MAX_COMPARED: Final = 100
MAX_ACTIONS: Final = 100
MAX_KEYS: Final = 100
LARGEST_ITEM_BYTES: Final = 400 * 1024
LARGEST_TRANSACTION_BYTES: Final = 4 * 1024**2
LARGEST_VALUES_BYTES: Final = 2 * 1024**2
DEEPEST: Final = 32
LONGEST_KEYS_BYTES: Final = {"PK": 2_048, "LIST": 2_048, "member_customer": 2_048}
"""Partition keys of the table and its indexes; every other key attribute is a sort key."""
LONGEST_SORT_KEY_BYTES: Final = 1_024
SORT_KEYS: Final = ("SK", "by_created", "by_name", "by_updated", "member_group")

_IN: Final = re.compile(r"\bIN \(([^)]*)\)")


@contextmanager
def enforced(client: Any) -> Iterator[None]:
    """Check every request of a client before it is sent."""

    def look(params: Params, model: Any, **_: Any) -> None:
        check(model.name, params)

    client.meta.events.register("provide-client-params.dynamodb", look)
    try:
        yield
    finally:
        client.meta.events.unregister("provide-client-params.dynamodb", look)


def check(operation: str, params: Params) -> None:
    """Raise AssertionError for a request that DynamoDB would refuse."""
    if operation == "TransactWriteItems":
        _check_transaction([next(iter(action.values())) for action in params["TransactItems"]])
    elif operation == "BatchGetItem":
        for asked in params["RequestItems"].values():
            _check_distinct(asked["Keys"], MAX_KEYS)
            for key in asked["Keys"]:
                _check_keys(key)
            _check_expressions(asked)
    else:
        _check_action(params)


def _check_transaction(actions: list[Params]) -> None:
    for action in actions:
        _check_action(action)
    _check_distinct([action.get("Key") or _key(action["Item"]) for action in actions], MAX_ACTIONS)
    total = sum(size(part) for action in actions for part in _contents(action))
    assert total <= LARGEST_TRANSACTION_BYTES, f"a transaction of {total:,} bytes"


def _check_action(action: Params) -> None:
    _check_expressions(action)
    values = action.get("ExpressionAttributeValues", {})
    assert size(values) <= LARGEST_VALUES_BYTES, "values of more than two megabytes"
    # Placeholders contain the attribute's name after a prefix.
    set_ = {name.removeprefix(":new_"): value for name, value in values.items() if name.startswith(":new_")}
    for attributes in (action.get("Item", {}), action.get("Key", {}), set_, _sought(action, values)):
        _check_keys(attributes)
        of_item = size(attributes)
        assert of_item <= LARGEST_ITEM_BYTES, f"an item of {of_item:,} bytes"
        # The item itself is the first level.
        assert _depth({"M": attributes}) <= DEEPEST, "an item nested too deeply"


def _sought(action: Params, values: Params) -> Params:
    """The values that a key condition compares with."""
    text = action.get("KeyConditionExpression", "")
    pairs = re.findall(r"#?(\w+) (?:=|<=?|>=?) (:\w+)", text) + re.findall(r"begins_with\(#?(\w+), (:\w+)\)", text)
    return {name: values[placeholder] for name, placeholder in pairs}


def _check_expressions(params: Params) -> None:
    for name, text in params.items():
        if not name.endswith("Expression"):
            continue
        assert text.strip(), f"{name} is empty"
        assert len(text.encode()) <= LONGEST_EXPRESSION_BYTES, f"{name} of {len(text.encode()):,} bytes"
        for compared in _IN.findall(text):
            assert compared.count(",") < MAX_COMPARED, f"{name} compares with {compared.count(',') + 1} values"


def _check_keys(attributes: Params) -> None:
    for name in (*LONGEST_KEYS_BYTES, *SORT_KEYS):
        if (value := attributes.get(name)) is not None:
            length = len(value["S"].encode())
            longest = LONGEST_KEYS_BYTES.get(name, LONGEST_SORT_KEY_BYTES)
            assert 0 < length <= longest, f"the key {name} has {length:,} bytes"


def _check_distinct(keys: Iterable[Params], most: int) -> None:
    written = [tuple(sorted((name, value["S"]) for name, value in key.items())) for key in keys]
    assert 0 < len(written) <= most, f"{len(written)} keys in one call"
    assert len(set(written)) == len(written), "the same key twice in one call"


def _key(item: Params) -> Params:
    return {name: item[name] for name in ("PK", "SK")}


def _contents(action: Params) -> Iterator[Params]:
    yield from (action[name] for name in ("Item", "Key", "ExpressionAttributeValues") if name in action)


def size(attributes: Params) -> int:
    """The size in bytes, a little more than DynamoDB counts."""
    return sum(len(name.encode()) + _size_of(value) for name, value in attributes.items())


def _size_of(value: Params) -> int:
    ((kind, content),) = value.items()
    if kind == "M":
        return 3 + len(content) + size(content)
    if kind == "L":
        return 3 + sum(1 + _size_of(one) for one in content)
    if kind == "N":
        digits = str(content).partition("E")[0].replace("-", "").replace(".", "").strip("0")
        return 2 + (len(digits) + 1) // 2
    return len(content.encode()) if kind == "S" else 1


def _depth(value: Params) -> int:
    ((kind, content),) = value.items()
    inner = content.values() if kind == "M" else content if kind == "L" else ()
    return 1 + max(map(_depth, inner), default=0) if kind in ("M", "L") else 0
