"""The writes of membership transactions: memberships, both counts, and the changes in the history."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from shared.domain.terms import NO_TERMS, Terms
from shared.dynamodb import actions
from shared.dynamodb.actions import Action
from shared.dynamodb.expressions import ABSENT, EXISTS, Key
from shared.dynamodb.retries import Stale
from shared.runtime import clock
from shared.storage import changes, keys, summaries, turns
from shared.storage.changes import Reason, TermsChange
from shared.storage.items import SummaryItem
from shared.storage.kind import Kind
from shared.storage.kinds import CUSTOMER, GROUP
from shared.storage.membership_reads import Membership
from shared.storage.membership_steps import Request, Step
from shared.storage.records import IS_LIVE

IS_MANUAL: Final = "(attribute_not_exists(rule_version) OR rule_version = :manual)"
"""The condition that no rule decides about the members of a group. `MANUAL` has its value."""
MANUAL: Final = {":manual": 0}


class Part(NamedTuple):
    """One write of a transaction, and the steps that need it."""

    write: Action
    steps: list[Step]
    record: tuple[Kind, str] | None = None


def item(
    group_id: str,
    customer_id: str,
    summary: SummaryItem,
    actor: str,
    *,
    terms: Terms = NO_TERMS,
    reason: Reason | None = None,
    now: str | None = None,
) -> dict[str, object]:
    """The item of a new membership."""
    now = now or clock.now()
    source = {"source": "job"} if reason and reason.type == "job" else {}
    return {
        **keys.membership(group_id, customer_id)._asdict(),
        "LIST": _list(group_id, terms, now),
        "by_created": summary["by_created"],
        "customer": summary["customer"],
        "member_customer": keys.customer(customer_id).PK,
        "member_group": keys.group(group_id).PK,
        "added_at": now,
        "added_by": actor,
        **source,
        **{name: value for name, value in _stored(terms, now).items() if value},
    }


def removal_writes(membership: Membership, actor: str) -> list[Action]:
    """The writes that remove a customer from a group, for a transaction that also updates the customer.

    The group may be a deleted one that is still being purged.
    """
    key = keys.group(membership.group_id)
    condition, where = _as_read(membership)
    removal = actions.delete(_key(membership), condition, Stale(), where=where)
    step = Step("remove", membership.group_id, membership.customer_id, present=membership)
    terms = _changed_terms([step], clock.now())
    writes = [removal, *_old_term(membership)]
    if not membership.is_counted:
        return [*writes, changes.append(key, "terms_changed", actor, customers=[membership.customer_id], terms=terms)]
    return [
        *writes,
        actions.update(
            key,
            add={"customer_count": -1},
            condition=EXISTS,
            refused=Stale(),
            contended=turns.asking(membership.group_id),
        ),
        changes.append(key, "customers_removed", actor, customers=[membership.customer_id], terms=terms),
    ]


def parts(request: Request, steps: Sequence[Step]) -> list[Part]:
    """The writes of a transaction that carries out the steps."""
    now = clock.now()
    parts = [part for step in steps for part in _membership(step, request, now)]
    for group_id, its_steps in _by(steps, lambda step: step.group_id).items():
        parts.append(Part(_count_members(group_id, its_steps, request, now), its_steps, (GROUP, group_id)))
        parts += [Part(change, []) for change in _changes(group_id, its_steps, request, now)]
    for customer_id, its_steps in _by(steps, lambda step: step.customer_id).items():
        parts.append(Part(_count_groups(customer_id, its_steps, request), its_steps, (CUSTOMER, customer_id)))
    return [*parts, Part(request.mark(steps), [])] if request.mark else parts


def _membership(step: Step, request: Request, now: str) -> Iterator[Part]:
    """The membership itself, and the moment of its next change."""
    key = keys.membership(step.group_id, step.customer_id)
    if step.verb == "remove":
        condition, where = _as_read(step.present)
        yield Part(actions.delete(key, condition, where=where), [step])
        yield from (Part(write, []) for write in _old_term(step.present))
        return
    terms = step.terms_at(now)
    at = terms.next_change(now)
    if step.present is None:
        added = item(
            step.group_id,
            step.customer_id,
            request.customers[step.customer_id],
            request.actor,
            terms=terms,
            reason=request.reason,
            now=now,
        )
        yield Part(actions.put(added, ABSENT), [step])
    else:
        yield Part(_changed(step.present, terms, now), [step])
        if step.present.term_at != at:
            yield from (Part(write, []) for write in _old_term(step.present))
    if at:
        stored = {name: value for name, value in terms._asdict().items() if value}
        yield Part(actions.put(keys.term(step.group_id, at, step.customer_id)._asdict() | stored), [])


def _changed(present: Membership, terms: Terms, now: str) -> Action:
    """The update of a membership that gets other terms."""
    stored = _stored(terms, now)
    condition, where = _as_read(present)
    return actions.update(
        _key(present),
        set={"LIST": _list(present.group_id, terms, now), **{name: value for name, value in stored.items() if value}},
        remove=[name for name, value in stored.items() if not value],
        condition=condition,
        where=where,
    )


def _stored(terms: Terms, now: str) -> dict[str, str | None]:
    return {**terms._asdict(), "term_at": terms.next_change(now)}


def _list(group_id: str, terms: Terms, now: str) -> str:
    return keys.scheduled_members(group_id) if terms.is_scheduled(now) else keys.members(group_id)


def _key(membership: Membership) -> Key:
    return keys.membership(membership.group_id, membership.customer_id)


def _as_read(membership: Membership | None) -> tuple[str, dict[str, str] | None]:
    """The condition that a membership has the terms that were read, with its values. None was read without terms.

    The moment of the next change is not enough: a membership that has not begun could get another end.
    """
    if membership is None or membership.term_at is None:
        return f"{EXISTS} AND attribute_not_exists(term_at)", None
    if membership.terms.ends_at is None:
        return "term_at = :term_at AND attribute_not_exists(ends_at)", {":term_at": membership.term_at}
    where = {":term_at": membership.term_at, ":ends_at": membership.terms.ends_at}
    return "term_at = :term_at AND ends_at = :ends_at", where


def _old_term(membership: Membership | None) -> list[Action]:
    if membership is None or membership.term_at is None:
        return []
    return [actions.delete(keys.term(membership.group_id, membership.term_at, membership.customer_id))]


def _count_members(group_id: str, steps: Sequence[Step], request: Request, now: str) -> Action:
    condition, where = request.precondition.as_condition()
    added = (step.terms_at(now).next_change(now) for step in steps if step.verb == "add")
    term = _next_term(group_id, min(filter(None, added), default=None), request)
    return actions.update(
        keys.group(group_id),
        set=term.set,
        add={"customer_count": sum(step.growth(now) for step in steps), **term.add},
        condition=f"{IS_LIVE} AND {IS_MANUAL}{condition}{term.condition}",
        where={**where, **MANUAL, **term.where},
        contended=None if request.mark else turns.asking(group_id),
    )


class _Term(NamedTuple):
    """What a group's update has to do so that `term_at` is not after the next moment of its memberships."""

    set: Mapping[str, Any] = {}
    add: Mapping[str, int] = {}
    condition: str = ""
    where: Mapping[str, Any] = {}


def _next_term(group_id: str, at: str | None, request: Request) -> _Term:
    if at is None:
        return _Term()
    known = request.next_terms.get(group_id)
    grown, where = {"term_change": 1}, {":term": at}
    if known is not None and known <= at:
        return _Term({}, grown, " AND term_at <= :term", where)
    is_first = " AND (attribute_not_exists(term_at) OR term_at > :term)"
    return _Term({"term_at": at, "term_list": keys.TERMS}, grown, is_first, where)


def _count_groups(customer_id: str, steps: Sequence[Step], request: Request) -> Action:
    """For an addition, the customer must still have the version that was read, so that the copy is not outdated."""
    adds = any(step.memberships > 0 for step in steps)
    return actions.update(
        keys.summary(customer_id),
        add=summaries.growth(sum(step.memberships for step in steps)),
        condition=f"{EXISTS} AND version = :version" if adds else EXISTS,
        where={":version": request.customers[customer_id]["version"]} if adds else None,
    )


def _changes(group_id: str, steps: Sequence[Step], request: Request, now: str) -> Iterator[Action]:
    """One change for those who join, one for those who leave, and one for those whose terms change."""
    key = keys.group(group_id)
    append = partial(changes.append, key, actor=request.actor, action=request.action, reason=request.reason)
    joining = [step for step in steps if step.growth(now) > 0]
    leaving = [step for step in steps if step.growth(now) < 0]
    others = [step for step in steps if step.growth(now) == 0]
    if joining:
        yield append("customers_added", customers=_customers(joining), terms=_changed_terms(joining, now))
    if leaving:
        yield append("customers_removed", customers=_customers(leaving), terms=_changed_terms(leaving, now))
    if others:
        yield append("terms_changed", customers=_customers(others), terms=_changed_terms(others, now))


def _customers(steps: Iterable[Step]) -> list[str]:
    return [step.customer_id for step in steps]


def _changed_terms(steps: Iterable[Step], now: str) -> list[TermsChange]:
    """The terms before and after, of those memberships that have or had any."""
    found: dict[tuple[Terms | None, Terms | None], list[int]] = {}
    for place, step in enumerate(steps):
        before = step.present.terms if step.present else None
        after = step.terms_at(now) if step.verb == "add" else None
        if any(before or ()) or any(after or ()):
            found.setdefault((before, after), []).append(place)
    return [TermsChange(places, *terms) for terms, places in found.items()]


def _by(steps: Iterable[Step], name: Callable[[Step], str]) -> Mapping[str, list[Step]]:
    grouped: dict[str, list[Step]] = {}
    for step in steps:
        grouped.setdefault(name(step), []).append(step)
    return grouped
