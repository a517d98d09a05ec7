"""Which customers would be in a group, before its rule is saved. As many are judged as one request may read."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from shared.domain.rules import compiler
from shared.domain.rules.compiler import Compiled
from shared.domain.rules.facts import Facts
from shared.domain.rules.parsing import Rule
from shared.dynamodb import metering, reads
from shared.dynamodb.expressions import Condition, Item, Key
from shared.dynamodb.reads import MAX_KEYS
from shared.runtime import clock
from shared.storage import keys, large_metadata, membership_reads
from shared.storage.lists.budget import LARGEST_CUSTOMER, Budget, OutOfBudgetError
from shared.storage.rules import mentioned_groups

MAX_CANDIDATES: Final = 400
"""More cannot be judged within the budget."""
MAX_SHOWN: Final = 10
LIMIT: Final = 50
"""The limit of a list request with the same budget."""


class Preview(NamedTuple):
    """How many customers meet a rule, exactly or at least, and the first of them."""

    at_least: int
    is_exact: bool
    customers: list[Item]


def preview(rule: Rule) -> Preview:
    """Judge the newest customers. Raises InvalidData for a group that does not exist."""
    with metering.metered() as meter:
        group_ids = mentioned_groups.ids_by_name(rule)
        compiled = compiler.compiled(rule, group_ids)
        found = reads.one_slice(
            Condition("#LIST = :list", {":list": keys.CUSTOMERS}),
            MAX_CANDIDATES,
            index=keys.BY_CREATED,
            attributes=(keys.BY_CREATED.sort,),
            descending=True,
        )
        candidates = [keys.parts_of(row[keys.BY_CREATED.sort])[2] for row in found.items]
        judged = list(_judged(compiled, candidates, list(group_ids.values()), Budget(meter, LIMIT, LARGEST_CUSTOMER)))
    matching = [record for record, belongs in judged if belongs]
    is_whole = found.last_key is None and len(judged) == len(candidates)
    is_exact = is_whole and not any(belongs is None for _, belongs in judged)
    return Preview(len(matching), is_exact, matching[:MAX_SHOWN])


def _judged(
    rule: Compiled, candidates: list[str], groups: list[str], budget: Budget
) -> Iterator[tuple[Item, bool | None]]:
    """The customers with whether they belong to the group. None if that is unknown."""
    left = candidates
    while left and budget.calls > 0:
        try:
            number = budget.candidates(len(groups), reads_records=True)
        except OutOfBudgetError:
            return
        some, left = left[: (at_once := min(number, MAX_KEYS // (1 + len(groups))))], left[at_once:]
        before = budget.units
        found = reads.batch_get(_keys(some, groups))
        budget.update_estimate(before, len(some))
        yield from (_judge(rule, one, groups, found) for one in some)


def _keys(customer_ids: Iterable[str], groups: Iterable[str]) -> Iterator[Key]:
    for one in customer_ids:
        yield keys.customer(one)
        yield from (keys.membership(group_id, one) for group_id in groups)


def _judge(
    rule: Compiled, customer_id: str, groups: Iterable[str], found: Mapping[Key, Item]
) -> tuple[Item, bool | None]:
    record = found.get(keys.customer(customer_id), {})
    if "id" not in record or "deleted_at" in record:
        return record, False
    if rule.reads_metadata and large_metadata.REFERENCE in record:
        return record, None  # reading large metadata could use up the whole budget
    now = clock.now()
    inside = {group_id for group_id in groups if _is_in(found.get(keys.membership(group_id, customer_id)), now)}
    return record, rule.matches(Facts(record, inside, now))


def _is_in(membership: Item | None, now: str) -> bool:
    return membership is not None and membership_reads.terms_of(membership).is_active(now)
