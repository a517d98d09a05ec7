"""Begins and ends memberships whose moment has come."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import islice

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


def apply_due(has_time: Callable[[], bool]) -> int:
    """Begin and end memberships whose moment has come, while there is time. Returns how many moments were applied.

    A group that fails does not hold up the others. Raises its error at the end.
    """
    applied, failures = 0, list[ApiError]()
    until = Condition("term_list = :terms AND term_at <= :now", {":terms": keys.TERMS, ":now": clock.now()})
    for group in reads.query(until, index=keys.BY_TERM, attributes=("PK",)):
        group_id = keys.id_of(group["PK"])
        try:
            while has_time() and (due := list(islice(terms.due(group_id, now := clock.now()), TERMS_PER_WRITE))):
                _apply(group_id, due, now)
                applied += len(due)
            if not has_time():
                break
            _advance(group_id)
        except CustomerGroupNotFound:
            continue  # deleted meanwhile
        except ApiError as failure:
            failures.append(failure)  # must not hold up the other groups
    if failures:
        raise failures[0]
    return applied


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
    following = next(membership_reads.term_keys(group_id), None)
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
