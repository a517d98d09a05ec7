"""Copies of a customer in its memberships. They are updated from the stream, usually within a second."""

from collections.abc import Sequence
from itertools import batched

from shared.dynamodb import actions, retries, transactions
from shared.dynamodb.actions import Action
from shared.dynamodb.expressions import EXISTS, Item
from shared.dynamodb.retries import Stale
from shared.storage import keys, membership_reads, summaries
from shared.storage.items import SummaryItem


def are_outdated(before: Item, after: Item) -> bool:
    """Whether a change of a customer makes the copies in its memberships outdated."""
    return summaries.copy_of(before) != summaries.copy_of(after)


def is_customer_deletion(before: Item, after: Item) -> bool:
    """Whether a change of an item deleted a customer, whose personal data must now be erased."""
    return bool(after and after["SK"] == keys.customer("").SK and "deleted_at" in after and "deleted_at" not in before)


@retries.when_stale
def refresh(customer_id: str) -> None:
    """Update the copies to the customer's current state.

    Safe to run late or more than once: it always copies the current state, and each write checks that the customer has
    not changed since it was read.
    """
    if summary := summaries.get(customer_id):
        _write(customer_id, summary, _outdated(customer_id, summary))


def _outdated(customer_id: str, summary: SummaryItem) -> list[Action]:
    """The writes that update the copies. Raises Stale while the index does not return all memberships yet."""
    found = list(membership_reads.all_of_customer(customer_id))
    if len(found) != summary["group_count"]:
        raise Stale
    return [
        actions.update(
            keys.membership(one.group_id, customer_id),
            set={"customer": summary["customer"]},
            condition=EXISTS,
            refused=Stale(),
        )
        for one in found
    ]


def _write(customer_id: str, summary: SummaryItem, writes: Sequence[Action]) -> None:
    """Write in transactions, each under the condition that the customer has not changed."""
    where = {":version": summary["version"]}
    unchanged = actions.check(keys.summary(customer_id), "version = :version", where, Stale())
    for some in batched(writes, transactions.MAX_ACTIONS - 1, strict=False):
        transactions.commit([unchanged, *some])
