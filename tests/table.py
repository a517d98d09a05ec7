"""The table in tests: all items, and the consistency rules."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from operations import consistency
from shared.dynamodb.expressions import Item, Key
from shared.dynamodb.values import deserialize
from shared.storage import keys
from tests import template

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Table:
    """The table of a test."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self.client = client
        self.name = name

    def clear(self) -> None:
        """Delete all items."""
        self.client.delete_table(TableName=self.name)
        self.client.create_table(**template.table_definition(self.name))

    def items(self) -> list[Item]:
        return [deserialize(item) for item in self._scan()]

    def state(self) -> dict[tuple[str, str], Any]:
        """All items as DynamoDB returns them, for comparison with a later state. It is faster than `contents`."""
        return {(item["PK"]["S"], item["SK"]["S"]): item for item in self._scan()}

    def _scan(self) -> Iterator[Mapping[str, Any]]:
        for page in self.client.get_paginator("scan").paginate(TableName=self.name, ConsistentRead=True):
            yield from page["Items"]

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
