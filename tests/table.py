"""The table in tests: all items, and the consistency rules."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from operations import consistency, survey
from shared.dynamodb.client import dynamodb
from shared.dynamodb.expressions import Item, Key
from shared.dynamodb.values import deserialize
from shared.runtime import environment
from shared.storage import keys
from tests import template

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_READS: Final = {"BatchGetItem", "DescribeTable", "GetItem", "Query", "Scan"}


def empty_table() -> "Table":
    """The table that template.yaml defines, without items. All tests of a process use the same one."""
    table = _only_table()
    table.clear()
    return table


@cache
def _only_table() -> "Table":
    dynamodb().create_table(**template.table_definition(environment.table_name()))
    return Table(dynamodb(), environment.table_name())


class _Writes:
    """Counts the writes of a client. Each is counted before and after it, because others read meanwhile."""

    def __init__(self, client: "DynamoDBClient") -> None:
        self.number = 0
        for event in ("before-call", "after-call", "after-call-error"):
            client.meta.events.register(f"{event}.dynamodb", self._count)

    def _count(self, *, event_name: str, **_: Any) -> None:
        if event_name.rpartition(".")[2] not in _READS:
            self.number += 1


_writes: Final = cache(_Writes)


class Table:
    """The table of a test. What was read is kept until the next write, because most tests write little."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self.client = client
        self.name = name
        self._writes = _writes(client)
        self._cleared_at = self._writes.number
        self._read_at = -1
        self._read: list[Any] = []

    def clear(self) -> None:
        """Delete all items."""
        if self._writes.number != self._cleared_at:
            self.client.delete_table(TableName=self.name)
            self.client.create_table(**template.table_definition(self.name))
            self._cleared_at = self._writes.number

    def items(self) -> list[Item]:
        return [deserialize(item) for item in self._scan()]

    def state(self) -> dict[tuple[str, str], Any]:
        """All items as DynamoDB returns them, for comparison with a later state. It is faster than `contents`."""
        return {(item["PK"]["S"], item["SK"]["S"]): item for item in self._scan()}

    def _scan(self) -> Sequence[Any]:
        number = self._writes.number
        if number != self._read_at:
            scanner = survey.scanner(self.client.meta.endpoint_url)  # has time enough on a busy machine
            pages = scanner.get_paginator("scan").paginate(TableName=self.name, ConsistentRead=True)
            self._read = [item for page in pages for item in page["Items"]]
            self._read_at = number
        return self._read

    def contents(self) -> dict[Key, Item]:
        """All items, for comparison with a later state."""
        return {Key(item["PK"], item["SK"]): item for item in self.items()}

    def item(self, key: Key) -> Item:
        return self.contents()[key]

    def memberships(self) -> set[tuple[str, str]]:
        """All memberships, as pairs of group and customer ids."""
        return {(keys.id_of(one["PK"]), keys.id_of(one["SK"])) for one in self.items() if _is_membership(one)}

    def changes(self, of_id: str) -> list[Item]:
        """The changes of one group or customer, oldest first."""
        mine = [item for item in self.items() if _is_change(item) and item["subject_id"] == of_id]
        return sorted(mine, key=lambda change: str(change["SK"]))

    def check(self, *, check_copies: bool = False) -> None:
        """Assert the rules of `make audit`. With `check_copies`, copies must be up to date too."""
        found = consistency.faults(self.items(), check_copies=check_copies)
        assert not found, "\n".join(f"{fault.what} of {fault.subject}: {fault.message}" for fault in found)


def _is_membership(item: Item) -> bool:
    return str(item["PK"]).startswith("GROUP#") and str(item["SK"]).startswith(keys.MEMBERSHIP_PREFIX)


def _is_change(item: Item) -> bool:
    return str(item["SK"]).startswith(keys.CHANGE_PREFIX)
