"""Begins and ends memberships whose moment has come."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import chain
from typing import Final

from shared.domain.errors import ApiError, CustomerGroupNotFound
from shared.dynamodb import actions, reads, retries, transactions
from shared.dynamodb.expressions import Condition, Item, Key
from shared.dynamodb.retries import Stale
from shared.runtime import clock
from shared.storage import changes, keys, membership_reads, memberships, records, terms
from shared.storage.changes import Reason
from shared.storage.kinds import GROUP
from shared.storage.membership_steps import Request, Step
from shared.storage.membership_transactions import TERMS_PER_WRITE
from shared.storage.records import IS_LIVE

BATCHES_PER_TURN: Final = 5
"""How many batches of a group are written before it is the others' turn."""


def apply_due(has_time: Callable[[], bool]) -> int:
    """Begin and end memberships whose moment has come, while there is time. Returns how many moments were applied.

    Groups take turns, so that one with very many memberships does not hold up the others. Neither does one that fails:
    its error is raised at the end.
    """
    applied, failures = 0, list[ApiError]()
    until = Condition("term_list = :terms AND term_at <= :now", {":terms": keys.TERMS, ":now": clock.now()})
    first_turns = (keys.id_of(group["PK"]) for group in reads.query(until, index=keys.BY_TERM, attributes=("PK",)))
    later_turns = list[str]()  # grows while it is read
    for group_id in chain(first_turns, later_turns):
        try:
            moments, is_done = _turn(group_id, has_time)
            applied += moments
            if not is_done:
                later_turns.append(group_id)
        except CustomerGroupNotFound:
            continue  # deleted meanwhile
        except ApiError as failure:
            failures.append(failure)  # must not hold up the other groups
        if not has_time():
            break
    if failures:
        raise failures[0]
    return applied


def _turn(group_id: str, has_time: Callable[[], bool]) -> tuple[int, bool]:
    """Apply the next moments of a group. Returns how many, and whether there are no more."""
    applied = 0
    for _ in range(BATCHES_PER_TURN):
        if not has_time():
            break
        due = terms.due(group_id, now := clock.now(), TERMS_PER_WRITE)
        if not due:
            _advance(group_id)
            return applied, True
        _apply(group_id, due, now)
        applied += len(due)
    return applied, False


def _apply(group_id: str, due: Sequence[Item], now: str) -> None:
    """Begin and end the memberships of some term items. Those that were changed meanwhile have other items."""
    customers = [keys.customer_of_term(Key(item["PK"], item["SK"])) for item in due]
    stored = membership_reads.stored((group_id, one) for one in customers)
    present = [stored[group_id, one] for one in customers if (group_id, one) in stored]
    is_due = {keys.term(group_id, one.term_at, one.customer_id) for one in present if one.term_at}
    for item in due:
        if Key(item["PK"], item["SK"]) not in is_due:
            _delete_orphan(group_id, item)
    begun = [one for one in present if one.terms.is_active(now) and not one.is_counted]
    ended = [one for one in present if one.terms.is_over(now)]
    steps = [Step("add", group_id, one.customer_id, one.terms, one) for one in begun]
    memberships.carry_out(_request("started"), steps)
    steps = [Step("remove", group_id, one.customer_id, present=one) for one in ended]
    memberships.carry_out(_request("expired"), steps)


def _delete_orphan(group_id: str, term: Item) -> None:
    """Delete a term item that no membership has, so that it does not hold up the others."""
    key = Key(term["PK"], term["SK"])
    membership = keys.membership(group_id, keys.customer_of_term(key))
    at = keys.moment_of_term(key)
    is_orphan = "attribute_not_exists(PK) OR attribute_not_exists(term_at) OR term_at <> :at"
    with suppress(Stale):
        transactions.commit([actions.delete(key), actions.check(membership, is_orphan, {":at": at}, Stale())])


def _request(reason: str) -> Request:
    return Request(changes.TERMS, GROUP, {}, reason=Reason("term", reason), only_as_read=True)


@retries.when_stale
def _advance(group_id: str) -> None:
    """Set `term_at` to the next moment, unless a membership has got terms meanwhile. Raises Stale."""
    needed = ("term_at", "term_change")
    group = records.get_many(GROUP, [group_id], consistent=True, attributes=needed).get(group_id)
    if group is None:
        return
    following = next(membership_reads.term_keys(group_id, page_size=1), None)
    at = keys.moment_of_term(following) if following else None
    if at == group.get("term_at"):
        return
    update = actions.update(
        keys.group(group_id),
        set={"term_at": at} if at else None,
        remove=() if at else ("term_at", "term_list"),
        condition=f"{IS_LIVE} AND term_change = :seen",
        where={":seen": group["term_change"]},
        refused=Stale(),
    )
    transactions.commit([update])
