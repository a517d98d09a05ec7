"""Memberships: which customer is in which group.

A membership write is one transaction: the membership itself, `customer_count` of the group, `group_count` of the
customer, and the change of the group. So a customer is in a group once, however often it is added, and the counts
are exact.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Final, Literal, NamedTuple

from shared import clock, keys
from shared.storage import changes, records, table
from shared.storage.kinds import CUSTOMER, GROUP
from shared.storage.records import ANY_VERSION, ROW, Kind, Precondition
from shared.storage.table import Condition, ConditionsFailed, Item, Write

type Verb = Literal["add", "remove"]

MEMBERS_PER_WRITE: Final = 48
"""Per member its membership and its customer; beside them the group and its two changes: 100 actions at most."""
GROUPS_PER_WRITE: Final = 33
"""Per group its membership, itself and its change; beside them the customer: 100 actions at most."""


class Step(NamedTuple):
    """One customer to put into, or take out of, one group."""

    verb: Verb
    group_id: str
    customer_id: str


@dataclass(slots=True)
class Outcome:
    """What became of the ids of a request."""

    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Request:
    """What the steps of one request share."""

    actor: str
    owner: Kind
    """The kind of the record that the request names: when it is gone, the request fails; others are passed over."""
    customers: dict[str, Item]
    """Those to add, as last read: their memberships carry a copy."""
    precondition: Precondition = ANY_VERSION
    """What the group's version must be."""


class _Part(NamedTuple):
    """One write of a transaction with the steps it serves."""

    write: Write
    steps: list[Step]
    record: tuple[Kind, str] | None = None


def change_members(
    group_id: str, add: Sequence[str], remove: Sequence[str], actor: str, precondition: Precondition = ANY_VERSION
) -> Outcome:
    """Add customers to a group and remove others; whole transactions of up to 48 customers.

    Raises CustomerGroupNotFound, PreconditionFailed, and CustomerNotFound before anything is written.
    """
    if not (add or remove) or precondition.versions == frozenset():
        precondition.check(int(records.get(GROUP, group_id)["version"]))
    customers = _existing(CUSTOMER, add)
    request = Request(actor, GROUP, customers, precondition)
    steps = [Step("add", group_id, one) for one in customers]
    steps += [Step("remove", group_id, one) for one in dict.fromkeys(remove)]
    return _carry_out(request, steps, MEMBERS_PER_WRITE, lambda step: step.customer_id)


def change_groups(customer_id: str, add: Sequence[str], remove: Sequence[str], actor: str) -> Outcome:
    """Add one customer to groups and remove it from others; whole transactions of up to 33 groups.

    Raises CustomerNotFound, and CustomerGroupNotFound before anything is written.
    """
    customer = records.get(CUSTOMER, customer_id)
    groups = _existing(GROUP, add)
    steps = [Step("add", one, customer_id) for one in groups]
    steps += [Step("remove", one, customer_id) for one in dict.fromkeys(remove)]
    request = Request(actor, CUSTOMER, {customer_id: customer})
    return _carry_out(request, steps, GROUPS_PER_WRITE, lambda step: step.group_id)


def customer_ids(group_id: str, *, consistent: bool = False) -> Iterator[str]:
    """The ids of a group's members, in the order of their ids, read from the keys."""
    values = {":group": keys.group(group_id).PK, ":members": keys.MEMBERSHIP_PREFIX}
    mine = Condition("PK = :group AND begins_with(SK, :members)", values)
    return (keys.id_of(item["SK"]) for item in table.query(mine, attributes=("SK",), consistent=consistent))


def group_ids(customer_id: str) -> Iterator[str]:
    """The ids of the groups that a customer is in, deleted groups whose clean-up is under way among them."""
    if not keys.is_possible_id(customer_id):
        return iter(())
    mine = Condition("member_customer = :customer", {":customer": keys.customer(customer_id).PK})
    return (keys.id_of(item["PK"]) for item in table.query(mine, index=keys.BY_CUSTOMER))


def among_members(group_id: str, ids: Iterable[str]) -> set[str]:
    """Those of the customers' ids that are in the group."""
    found = table.batch_get((keys.membership(group_id, one) for one in ids), attributes=("PK", "SK"))
    return {keys.id_of(key.SK) for key in found}


def removal(customer_id: str, group_id: str, actor: str) -> list[Write]:
    """The three writes that take a customer out of a group, for a transaction that sees to the customer itself.

    The group may be one whose deletion is being cleaned up.
    """
    key = keys.group(group_id)
    return [
        table.delete(keys.membership(group_id, customer_id), "attribute_exists(PK)", table.Stale()),
        table.update(key, add={"customer_count": -1}, condition="attribute_exists(PK)", refused=table.Stale()),
        changes.append(key, "customers_removed", actor, removed=[customer_id]),
    ]


def leave(customer_id: str, group_ids: Sequence[str], actor: str) -> None:
    """Take a customer out of groups, deleted ones included. Raises Stale when one of them was left meanwhile."""
    for some in batched(group_ids, GROUPS_PER_WRITE, strict=False):
        count = table.update(
            keys.customer(customer_id), add={"group_count": -len(some)}, condition=table.ALIVE, refused=table.Stale()
        )
        table.commit([count, *(write for group_id in some for write in removal(customer_id, group_id, actor))])


def copy_of(customer: Item) -> dict[str, object]:
    """What a membership carries of its customer."""
    return {name: customer[name] for name in ROW if name in customer}


def _existing(kind: Kind, ids: Sequence[str]) -> dict[str, Item]:
    """What memberships need of the records. Raises NotFound for the first that is missing.

    A consistent read settles doubts. All else of a thousand records would take longer to parse than to write them.
    """
    needed = (*ROW, "version")
    found = records.many(kind, ids, attributes=needed)
    if missing := [one for one in ids if one not in found]:
        found |= records.many(kind, missing, consistent=True, attributes=needed)
    for one in ids:
        if one not in found:
            raise kind.not_found(one)
    return found


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
    for _ in table.attempts():
        if not steps:
            break
        parts = _parts(request, steps)
        try:
            table.transact([part.write for part in parts])
            break
        except ConditionsFailed as failure:
            steps = _still_possible(request, steps, [part for part in parts if part.write in failure.writes])
    return steps


def _still_possible(request: Request, steps: list[Step], failed: Iterable[_Part]) -> list[Step]:
    """The steps without those that are done or impossible. Raises when the request's own record is gone."""
    impossible: set[Step] = set()
    for part in failed:
        if part.record is None:
            impossible.update(part.steps)
            continue
        kind, record_id = part.record
        record = records.many(kind, [record_id], consistent=True).get(record_id)
        if record is None:
            if kind is request.owner:
                raise kind.not_found(record_id)
            impossible.update(part.steps)
        elif kind is CUSTOMER:
            request.customers[record_id] = record
        elif kind is request.owner:
            request.precondition.check(int(record["version"]))
    return [step for step in steps if step not in impossible]


def _parts(request: Request, steps: Sequence[Step]) -> list[_Part]:
    parts = [_Part(_membership(step, request), [step]) for step in steps]
    for group_id, its_steps in _by(steps, lambda step: step.group_id).items():
        parts.append(_Part(_count_members(group_id, its_steps, request), its_steps, (GROUP, group_id)))
        parts += [_Part(change, []) for change in _changes(group_id, its_steps, request)]
    for customer_id, its_steps in _by(steps, lambda step: step.customer_id).items():
        parts.append(_Part(_count_groups(customer_id, its_steps, request), its_steps, (CUSTOMER, customer_id)))
    return parts


def _membership(step: Step, request: Request) -> Write:
    key = keys.membership(step.group_id, step.customer_id)
    if step.verb == "remove":
        return table.delete(key, "attribute_exists(PK)")
    item = {
        **key._asdict(),
        "LIST": keys.members(step.group_id),
        **copy_of(request.customers[step.customer_id]),
        "member_customer": keys.customer(step.customer_id).PK,
        "member_group": keys.group(step.group_id).PK,
        "added_at": clock.now(),
        "added_by": request.actor,
    }
    return table.put(item, table.ABSENT)


def _count_members(group_id: str, steps: Sequence[Step], request: Request) -> Write:
    condition, where = request.precondition.as_condition()
    return table.update(
        keys.group(group_id),
        add={"customer_count": _growth(steps)},
        condition=f"{table.ALIVE}{condition}",
        where=where,
    )


def _count_groups(customer_id: str, steps: Sequence[Step], request: Request) -> Write:
    """An addition holds the customer to the version that was read: the membership's copy of it must not be outdated."""
    adds = any(step.verb == "add" for step in steps)
    return table.update(
        keys.customer(customer_id),
        add={"group_count": _growth(steps)},
        condition=f"{table.ALIVE} AND version = :version" if adds else table.ALIVE,
        where={":version": request.customers[customer_id]["version"]} if adds else None,
    )


def _changes(group_id: str, steps: Sequence[Step], request: Request) -> Iterator[Write]:
    added = [step.customer_id for step in steps if step.verb == "add"]
    removed = [step.customer_id for step in steps if step.verb == "remove"]
    if added:
        yield changes.append(keys.group(group_id), "customers_added", request.actor, added=added)
    if removed:
        yield changes.append(keys.group(group_id), "customers_removed", request.actor, removed=removed)


def _growth(steps: Iterable[Step]) -> int:
    verbs = Counter(step.verb for step in steps)
    return verbs["add"] - verbs["remove"]


def _by(steps: Iterable[Step], name: Callable[[Step], str]) -> Mapping[str, list[Step]]:
    grouped: dict[str, list[Step]] = {}
    for step in steps:
        grouped.setdefault(name(step), []).append(step)
    return grouped
