"""Memberships: which customer is in which group.

Each write is one transaction: the membership, the group's `customer_count`, the customer's `group_count`, and the
change in the group's history. So a customer can only be added to a group once, and the counts are always exact.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Any, Final

from shared.domain import ids
from shared.domain.errors import CustomerGroupIsAutomatic, InvalidData
from shared.dynamodb import actions, reads, retries, transactions
from shared.dynamodb.expressions import EXISTS, Condition
from shared.dynamodb.retries import Stale
from shared.dynamodb.transactions import ConditionsFailed
from shared.storage import keys, own_keys, records, summaries
from shared.storage.kind import Kind
from shared.storage.kinds import CUSTOMER, GROUP
from shared.storage.membership_writes import Part, Request, Step, parts, removal_writes
from shared.storage.preconditions import ANY_VERSION, Precondition

MEMBERS_PER_WRITE: Final = 48
"""Two actions for each member (membership, customer), one for the group, up to two changes and a mark: at most 100."""
GROUPS_PER_WRITE: Final = 33
"""Three actions for each group (membership, group, change), and one for the customer: at most 100."""


@dataclass(slots=True)
class Outcome:
    """Which ids of a request were added or removed, and which changed nothing."""

    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


def change_members(
    group_id: str, add: Sequence[str], remove: Sequence[str], actor: str, precondition: Precondition = ANY_VERSION
) -> Outcome:
    """Add customers to a group and remove others, in transactions of up to 48 customers.

    Raises CustomerGroupNotFound, CustomerGroupIsAutomatic and PreconditionFailed, and CustomerNotFound before anything
    is written.
    """
    add, remove = _named(CUSTOMER, add, remove)
    if not (add or remove) or precondition.versions == frozenset():
        precondition.check(int(records.get(GROUP, group_id)["version"]))
    customers = summaries.get_all(add)
    request = Request(actor, GROUP, customers, precondition)
    steps = [Step("add", group_id, one) for one in customers]
    steps += [Step("remove", group_id, one) for one in dict.fromkeys(remove)]
    return _carry_out(request, steps, MEMBERS_PER_WRITE, lambda step: step.customer_id)


def change_groups(customer_id: str, add: Sequence[str], remove: Sequence[str], actor: str) -> Outcome:
    """Add a customer to groups and remove it from others, in transactions of up to 33 groups.

    Raises CustomerNotFound, and CustomerGroupNotFound and CustomerGroupIsAutomatic before anything is written.
    """
    add, remove = _named(GROUP, add, remove)
    customers = summaries.get_all([customer_id])
    groups = records.get_all(GROUP, add)
    for group in (groups | records.get_many(GROUP, remove, attributes=("id", "rule_version"))).values():
        check_manual(group)
    steps = [Step("add", one, customer_id) for one in groups]
    steps += [Step("remove", one, customer_id) for one in dict.fromkeys(remove)]
    request = Request(actor, CUSTOMER, customers)
    return _carry_out(request, steps, GROUPS_PER_WRITE, lambda step: step.group_id)


def carry_out(request: Request, steps: Sequence[Step]) -> list[Step]:
    """Carry out the steps of a job in one transaction, and return those that changed something.

    Raises CustomerGroupNotFound, CustomerGroupIsAutomatic, and the error of the request's mark.
    """
    return _write(request, list(steps))


def check_manual(group: Mapping[str, Any]) -> None:
    """Raise CustomerGroupIsAutomatic if a rule decides about the members of a group."""
    if group.get("rule_version"):
        raise CustomerGroupIsAutomatic(group["id"])


def customer_ids(group_id: str, *, consistent: bool = False, after: str | None = None) -> Iterator[str]:
    """The ids of a group's members in ascending order, from the first one or from `after` an id."""
    values = {":group": keys.group(group_id).PK, ":members": keys.MEMBERSHIP_PREFIX}
    mine = Condition("PK = :group AND begins_with(SK, :members)", values)
    start = keys.membership(group_id, after)._asdict() if after else None
    found = reads.query(mine, attributes=("SK",), consistent=consistent, after=start)
    return (keys.id_of(item["SK"]) for item in found)


def group_ids(customer_id: str) -> Iterator[str]:
    """The ids of the groups that a customer is in, including deleted groups that are still being purged."""
    if not ids.is_possible(customer_id):
        return iter(())
    return (keys.id_of(item["PK"]) for item in reads.query(_of_customer(customer_id), index=keys.BY_CUSTOMER))


def first_group_ids(customer_id: str, most: int) -> list[str]:
    """The ids of at most so many of a customer's groups, read in one call."""
    if not ids.is_possible(customer_id):
        return []
    found = reads.one_slice(_of_customer(customer_id), most, index=keys.BY_CUSTOMER)
    return [keys.id_of(item["PK"]) for item in found.items]


def filter_members(group_id: str, ids: Iterable[str]) -> set[str]:
    """The ids of the customers who are members of the group."""
    return {customer_id for _, customer_id in existing((group_id, one) for one in ids)}


def existing(pairs: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """The pairs of a group id and a customer id that are memberships."""
    found = reads.batch_get((keys.membership(*pair) for pair in pairs), attributes=("PK", "SK"))
    return {(keys.id_of(key.PK), keys.id_of(key.SK)) for key in found}


def remove_from_groups(customer_id: str, group_ids: Sequence[str], actor: str) -> None:
    """Remove a customer from groups, including deleted ones. Raises Stale if a membership was removed meanwhile."""
    for some in batched(group_ids, GROUPS_PER_WRITE, strict=False):
        count = actions.update(
            keys.summary(customer_id), add=summaries.growth(-len(some)), condition=EXISTS, refused=Stale()
        )
        transactions.commit(
            [count, *(write for group_id in some for write in removal_writes(customer_id, group_id, actor))]
        )


def _of_customer(customer_id: str) -> Condition:
    return Condition("member_customer = :customer", {":customer": keys.customer(customer_id).PK})


def _named(kind: Kind, add: Sequence[str], remove: Sequence[str]) -> tuple[list[str], list[str]]:
    """The ids of those to add and to remove, who may be named by their own keys. Raises InvalidData for one in both."""
    found = own_keys.resolved(kind, [*add, *remove])
    adding, removing = found[: len(add)], found[len(add) :]
    if both := set(adding).intersection(removing):
        raise InvalidData.at("remove", f"{min(both)} is to be added and removed at once")
    return adding, removing


def _carry_out(request: Request, steps: Sequence[Step], at_once: int, name: Callable[[Step], str]) -> Outcome:
    outcome = Outcome()
    for some in batched(steps, at_once, strict=False):
        done = _write(request, list(some))
        outcome.added += [name(step) for step in done if step.verb == "add"]
        outcome.removed += [name(step) for step in done if step.verb == "remove"]
        outcome.unchanged += [name(step) for step in some if step not in done]
    return outcome


def _write(request: Request, steps: list[Step]) -> list[Step]:
    """Carry out the steps in one transaction and return those that changed something."""
    for _ in retries.attempts():
        if not steps:
            break
        tried = parts(request, steps)
        try:
            transactions.transact([part.write for part in tried])
            break
        except ConditionsFailed as failure:
            refusal = next((write.refused for write in failure.writes if write.refused), None)
            if refusal:
                raise refusal from None
            steps = _still_possible(request, steps, [part for part in tried if part.write in failure.writes])
    return steps


def _still_possible(request: Request, steps: list[Step], failed: Iterable[Part]) -> list[Step]:
    """The steps that can still be carried out. Raises NotFound if the record in the request's path is deleted."""
    impossible: set[Step] = set()
    for part in failed:
        if part.record is None or not _is_there(request, *part.record):
            impossible.update(part.steps)
    left = [step for step in steps if step not in impossible]
    leaving = {step.customer_id for step in left if step.verb == "remove"}
    return [step for step in left if step.customer_id in leaving] if request.moves else left


def _is_there(request: Request, kind: Kind, record_id: str) -> bool:
    """Read a record again whose condition failed. Raises NotFound if it is the deleted one in the request's path."""
    found = _read_customer(request, record_id) if kind is CUSTOMER else _read_group(request, record_id)
    if not found and kind is request.owner:
        raise kind.not_found(record_id)
    return found


def _read_customer(request: Request, customer_id: str) -> bool:
    request.customers.pop(customer_id, None)
    request.customers |= summaries.get_many([customer_id], consistent=True)
    return customer_id in request.customers


def _read_group(request: Request, group_id: str) -> bool:
    group = records.get_many(GROUP, [group_id], consistent=True).get(group_id)
    if group:
        check_manual(group)
    if group and request.owner is GROUP:
        request.precondition.check(group["version"])
    return group is not None
