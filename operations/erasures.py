"""Repeats the erasures in the ledger: `make erasures`. It can be run at any time and as often as you like.

After a restore, `--from` is the table that was damaged: customers who were deleted there are deleted here too, because
the backup may contain them. It also completes interrupted erasures, and deletes dead letters that contain values of
erased customers.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import botocore.exceptions

from local.problems import LocalProblem
from local.progress import console
from operations.audit import configure
from operations.dead_letter_queue import DeadLetterQueue
from operations.deployment import Deployment, in_the_cloud, on_this_machine
from shared.domain.ids import CustomerId

type Json = dict[str, Any]

ACTOR: Final = "erasures"
_VALUES: Final = frozenset({"before", "after", "email", "search_text"})


class Entry(NamedTuple):
    """One deletion: the customer, the time, and the last state received from the customer's source."""

    customer_id: CustomerId
    at: str
    source_number: int | None

    def is_of(self, customer: Json) -> bool:
        """Whether a live customer is the one that was deleted, not a later one with the same id."""
        last_number = customer.get("source_number")
        is_old_state = last_number is not None and self.source_number is not None and last_number <= self.source_number
        return bool(customer["created_at"] <= self.at or is_old_state)


def ledger(table_name: str) -> Iterator[Entry]:
    """The entries in the ledger of a table in this account."""
    from shared.dynamodb.client import dynamodb  # noqa: PLC0415 - imported after the settings are made
    from shared.dynamodb.values import deserialize  # noqa: PLC0415 - same
    from shared.storage import keys  # noqa: PLC0415 - same

    pages = dynamodb().get_paginator("query")
    for partition in keys.erasure_partitions():
        for page in pages.paginate(
            TableName=table_name,
            KeyConditionExpression="PK = :ledger",
            ExpressionAttributeValues={":ledger": {"S": partition}},
            ConsistentRead=True,
        ):
            for item in map(deserialize, page["Items"]):
                yield Entry(CustomerId(item["customer_id"]), item["at"], item.get("source_number"))


def erase(entry: Entry) -> str:
    """Repeat one erasure."""
    from shared.domain.errors import CustomerNotFound  # noqa: PLC0415 - imported after the settings are made
    from shared.dynamodb import reads, transactions  # noqa: PLC0415 - same
    from shared.storage import customers, erasures, keys  # noqa: PLC0415 - same

    transactions.commit([erasures.entry(*entry)])
    present = reads.get(keys.customer(entry.customer_id), consistent=True)
    outcome = "erased already"
    if present and "deleted_at" not in present and entry.is_of(present):
        try:
            customers.delete(entry.customer_id, ACTOR)
            outcome = "erased again"
        except CustomerNotFound:
            pass  # deleted by another request meanwhile
    erasures.scrub(entry.customer_id)
    return outcome


def delete_dead_letters(deployment: Deployment, erased: set[str]) -> int:
    """Delete the dead letters that contain values of erased customers. Returns how many."""
    deleted = 0
    with DeadLetterQueue(deployment, "DeadLetterQueueUrl") as queue:
        for message in queue.messages():
            if erased.intersection(customer_ids_in(message["Body"])):
                queue.delete(message)
                deleted += 1
    return deleted


def customer_ids_in(dead_letter: str) -> Iterator[str]:
    """The ids of the customers whose values a dead letter contains."""
    try:
        body = json.loads(dead_letter)
        event = body.get("event") or body.get("requestPayload") or body
        if event.get("detail-type") in ("customer.created", "customer.updated"):
            yield str(event["detail"]["id"])
        for record in event.get("Records", []):
            yield from _of_record(record["dynamodb"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return  # an unknown format has no customer


def _of_record(written: Json) -> Iterator[str]:
    kind, _, subject = written["Keys"]["PK"]["S"].partition("#")
    images = {*written.get("OldImage", {}), *written.get("NewImage", {})}
    if kind == "CUSTOMER" and not _VALUES.isdisjoint(images):
        yield subject


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make erasures", description=__doc__)
    parser.add_argument("--stack", help="a stack in AWS; the default is the local stack")
    parser.add_argument("--from", dest="source", help="the table that was damaged; the default is the stack's table")
    return parser.parse_args()


def main() -> int:
    """Returns 0 on success, 2 if the table or the queue cannot be reached."""
    arguments = _arguments()
    try:
        deployment = in_the_cloud(arguments.stack) if arguments.stack else on_this_machine()
        own = configure(deployment)
        entries = list(ledger(arguments.source or own))
        outcomes = Counter(map(erase, entries))
        deleted = delete_dead_letters(deployment, {entry.customer_id for entry in entries})
    except (LocalProblem, botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as problem:
        print(problem, file=sys.stderr)
        return 2
    for outcome, number in outcomes.items():
        console.print(f"{number:,} {outcome}")
    console.print(f"{len(entries):,} entries in the ledger, {deleted:,} dead letters removed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
