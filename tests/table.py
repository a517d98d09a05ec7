"""The table as a test sees it: every item, and the rules that must hold between them whatever happened."""

from typing import TYPE_CHECKING

from operations import consistency
from shared import keys
from shared.keys import Key
from shared.storage.table import Item, from_wire

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Table:
    """A table of one test."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self.client = client
        self.name = name

    def items(self) -> list[Item]:
        pages = self.client.get_paginator("scan").paginate(TableName=self.name, ConsistentRead=True)
        return [from_wire(item) for page in pages for item in page["Items"]]

    def contents(self) -> dict[Key, Item]:
        """Everything that is stored, to be compared with what is stored later."""
        return {Key(item["PK"], item["SK"]): item for item in self.items()}

    def item(self, key: Key) -> Item:
        return self.contents()[key]

    def memberships(self) -> set[tuple[str, str]]:
        """Who is in which group, as pairs of group and customer."""
        return {(keys.id_of(one["PK"]), keys.id_of(one["SK"])) for one in self.items() if _is_membership(one)}

    def changes(self, of_id: str) -> list[Item]:
        """The changes of one group or customer, oldest first."""
        mine = [item for item in self.items() if _is_change(item) and item["subject_id"] == of_id]
        return sorted(mine, key=lambda change: str(change["SK"]))

    def check(self, *, settled: bool = False) -> None:
        """Assert what `make audit` checks. Once the stream was followed (`settled`), copies must be right, too."""
        found = consistency.faults(self.items(), settled=settled)
        assert not found, "\n".join(f"{fault.what} of {fault.subject}: {fault.message}" for fault in found)


def _is_membership(item: Item) -> bool:
    return str(item["PK"]).startswith("GROUP#") and str(item["SK"]).startswith(keys.MEMBERSHIP_PREFIX)


def _is_change(item: Item) -> bool:
    return str(item["SK"]).startswith(keys.CHANGE_PREFIX)
