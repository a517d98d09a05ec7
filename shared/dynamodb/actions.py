"""The actions of transactions."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from shared.dynamodb.expressions import Key
from shared.dynamodb.values import serialize


@dataclass(frozen=True, slots=True, eq=False)
class Action:
    """One action of a transaction, and what to do when it is the reason that the transaction is cancelled."""

    verb: Literal["Put", "Update", "Delete", "ConditionCheck"]
    request: dict[str, Any]
    refused: Exception | None = None
    """The error to raise when its condition does not hold."""
    contended: Callable[[], None] | None = None
    """To be called when another transaction is writing to the item, before the next attempt."""


def put(
    item: Mapping[str, object],
    condition: str | None = None,
    refused: Exception | None = None,
    *,
    where: Mapping[str, Any] | None = None,
) -> Action:
    return Action("Put", {"Item": serialize(item)} | _conditional(condition, where), refused)


def put_each(keys: Iterable[Key], attributes: Mapping[str, Any]) -> list[Action]:
    """Put items that only differ in their keys."""
    written = serialize(attributes)
    return [Action("Put", {"Item": serialize(key._asdict()) | written}) for key in keys]


def delete(
    key: Key, condition: str | None = None, refused: Exception | None = None, *, where: Mapping[str, Any] | None = None
) -> Action:
    return Action("Delete", {"Key": serialize(key._asdict())} | _conditional(condition, where), refused)


def update(
    key: Key,
    *,
    set: Mapping[str, Any] | None = None,  # noqa: A002 - the name of DynamoDB's clause
    remove: Iterable[str] = (),
    add: Mapping[str, int] | None = None,
    condition: str | None = None,
    where: Mapping[str, Any] | None = None,
    names: Iterable[str] = (),
    refused: Exception | None = None,
    contended: Callable[[], None] | None = None,
) -> Action:
    """Change attributes of one item. `where` has the values of the condition's `:values`, `names` its `#names`."""
    placeholders = {f"#{name}": name for name in names}
    values = dict(where or {})
    clauses = []
    for verb, assignment, changes in (("SET", " = ", set or {}), ("ADD", " ", add or {})):
        if changes:
            for name, value in changes.items():
                placeholders[f"#{name}"] = name
                values[f":new_{name}"] = value
            clauses.append(f"{verb} " + ", ".join(f"#{name}{assignment}:new_{name}" for name in changes))
    if removed := list(remove):
        placeholders |= {f"#{name}": name for name in removed}
        clauses.append("REMOVE " + ", ".join(f"#{name}" for name in removed))
    request = {
        "Key": serialize(key._asdict()),
        "UpdateExpression": " ".join(clauses),
        "ExpressionAttributeNames": placeholders,
    }
    return Action("Update", request | _conditional(condition, values), refused, contended)


def check(key: Key, condition: str, where: Mapping[str, Any], refused: Exception) -> Action:
    """Check a condition on an item without writing it."""
    return Action("ConditionCheck", {"Key": serialize(key._asdict())} | _conditional(condition, where), refused)


def _conditional(condition: str | None, values: Mapping[str, Any] | None) -> dict[str, Any]:
    request: dict[str, Any] = {"ConditionExpression": condition} if condition else {}
    if values:
        request["ExpressionAttributeValues"] = serialize(values)
    return request
