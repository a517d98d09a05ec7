"""Exceptions from the rule of a group: customers who are always in the group, and customers who never are."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import batched
from typing import Final, NamedTuple

from shared.domain import exact_json
from shared.domain.errors import CustomerGroupIsManual, CustomerGroupNotFound, InvalidData
from shared.domain.ids import GroupId
from shared.dynamodb import actions, reads, retries
from shared.dynamodb.actions import Action
from shared.dynamodb.expressions import Item
from shared.storage import changes, keys, own_keys, record_writes, records, summaries
from shared.storage.items import GroupItem
from shared.storage.kinds import CUSTOMER, GROUP
from shared.storage.preconditions import Precondition
from shared.storage.record_writes import Extra
from shared.storage.rules import judging, saving, store
from shared.storage.rules.writing import Cause

MAX_EXCEPTIONS: Final = 500
"""Of one group, in both lists together: rules with their exceptions are kept in memory."""
REMOVED_AT_ONCE: Final = 80
"""One action for each customer, and a few for the group."""
IS_GONE: Final = "attribute_not_exists(PK) OR attribute_exists(deleted_at)"


class Exceptions(NamedTuple):
    """The ids of both kinds, each in the order in which they were given."""

    always: list[str]
    never: list[str]


def get(group_id: GroupId) -> tuple[GroupItem, Exceptions]:
    """A group and its exceptions. A manual group has none. Raises CustomerGroupNotFound."""
    group = records.get(GROUP, group_id)
    stored = store.get(group_id) if group.get("rule_version") else None
    return group, Exceptions(stored["always"], stored["never"]) if stored else Exceptions([], [])


def of_groups(group_ids: Iterable[str]) -> dict[str, Exceptions]:
    """The exceptions of those groups that have a rule, by the id of the group."""
    stored = reads.batch_get(map(keys.rule, group_ids), consistent=True)
    return {one["group_id"]: Exceptions(one["always"], one["never"]) for one in stored.values()}


def check(always: Sequence[str], never: Sequence[str]) -> None:
    """Raise InvalidData for too many exceptions, or a customer in both lists."""
    if len(always) + len(never) > MAX_EXCEPTIONS:
        raise InvalidData.at("always", f"at most {MAX_EXCEPTIONS:,} customers can be exceptions of one group")
    if both := set(always).intersection(never):
        raise InvalidData.at("never", f"{min(both)} cannot be in both lists")


def replace(
    group_id: GroupId, always: Sequence[str], never: Sequence[str], actor: str, precondition: Precondition
) -> tuple[GroupItem, Exceptions]:
    """Replace both lists, and let the customers join or leave who are affected.

    Raises CustomerGroupNotFound, CustomerGroupIsManual, CustomerNotFound, PreconditionFailed, InvalidData.
    """
    new = _named(always, never)
    group, before = _write(group_id, new, actor, precondition)
    # Also those whose exception has not changed: a repeated request completes one that was interrupted.
    if apply(group_id, {*before.always, *before.never, *new.always, *new.never}):
        with suppress(CustomerGroupNotFound):  # deleted just now: the request was carried out before
            return get(group_id)
    return group, new


def apply(group_id: str, affected: Collection[str]) -> set[str]:
    """Let customers join or leave whose exceptions have changed. Returns those whose exceptions were removed.

    These are customers who do not exist any more: they can be deleted at any moment, also while they are written.
    """
    gone = set(affected) - judging.apply(sorted(affected), Cause(), only=group_id)
    for some in batched(sorted(gone), REMOVED_AT_ONCE, strict=False):
        _remove(group_id, some)
    return gone


def follow_deletion(customer_id: str) -> None:
    """Remove a deleted customer from the exceptions of all groups."""
    for rule in store.current().each.values():
        if customer_id in rule.always or customer_id in rule.never:
            apply(rule.group_id, [customer_id])


def renamed(always: Sequence[str], never: Sequence[str], now: Mapping[str, str]) -> Exceptions:
    """Both lists with other ids for some customers. Of a customer in both, `never` stays."""
    new_never = list(dict.fromkeys(now.get(one, one) for one in never))
    new_always = dict.fromkeys(now.get(one, one) for one in always)
    return Exceptions([one for one in new_always if one not in new_never], new_never)


def rename(job_id: str, now: Mapping[str, str]) -> None:
    """Replace ids in the exceptions that an import has brought, and let these customers join or leave.

    Can be repeated. If it is interrupted between both, the event of the group's change has the second done.
    """
    for rule in store.current().each.values():
        named = (rule.always | rule.never) & now.keys()
        if named and rule.item.get("brought_by") == job_id:
            _rename(rule.group_id, now)
            judging.apply(sorted(now[one] for one in named), Cause(), only=rule.group_id)


@retries.when_stale
def _rename(group_id: str, now: Mapping[str, str]) -> None:
    group, stored = records.get_many(GROUP, [group_id], consistent=True).get(group_id), store.get(group_id)
    if group is None or stored is None:
        return
    new = renamed(stored["always"], stored["never"], now)
    if new != Exceptions(stored["always"], stored["never"]):
        _revise(group, stored, new, changes.RULES)


def remove_missing(job_id: str) -> None:
    """Remove customers who do not exist from the exceptions that an import has brought, now that it is done."""
    for rule in store.current().each.values():
        if rule.item.get("brought_by") != job_id:
            continue
        named = rule.always | rule.never
        gone = named - summaries.get_many(named, consistent=True).keys()
        for some in batched(sorted(gone), REMOVED_AT_ONCE, strict=False):
            _remove(rule.group_id, some)


@retries.when_stale
def _remove(group_id: str, customer_ids: Collection[str]) -> None:
    """Remove exceptions of customers who do not exist. A source can create a deleted customer again."""
    group, stored = records.get_many(GROUP, [group_id], consistent=True).get(group_id), store.get(group_id)
    live = records.get_many(CUSTOMER, customer_ids, consistent=True, attributes=("version",))
    gone = [one for one in customer_ids if one not in live]
    if group is None or stored is None:
        return
    before = Exceptions(stored["always"], stored["never"])
    new = Exceptions(*([one for one in some if one not in gone] for some in before))
    if new != before:
        checks = [actions.check(keys.customer(one), IS_GONE, {}, retries.Stale()) for one in gone]
        _revise(group, stored, new, changes.RULES, checks)


@retries.when_stale
def _write(group_id: GroupId, new: Exceptions, actor: str, precondition: Precondition) -> tuple[GroupItem, Exceptions]:
    """Write the lists. Returns the group, and the lists before."""
    group = records.get(GROUP, group_id, consistent=True)
    precondition.check(group["version"])
    stored = store.get(group_id)
    if not group.get("rule_version") or stored is None:
        raise CustomerGroupIsManual(group_id)
    before = Exceptions(stored["always"], stored["never"])
    _check_known(before, new)
    if exact_json.same(before._asdict(), new._asdict()):
        return group, before
    return _revise(group, stored, new, actor), before


def _revise(group: GroupItem, stored: Item, new: Exceptions, actor: str, checks: Sequence[Action] = ()) -> GroupItem:
    """Write the next version of a group, with other exceptions. Raises Stale."""
    version = saving.next_version(group)
    before = Exceptions(stored["always"], stored["never"])
    writes = [*checks, actions.put({**stored, **new._asdict(), "version": version}), store.renew()]
    extra = Extra({"rule_version": version}, writes, saving.as_read(group))
    revised: GroupItem = record_writes.write_revision(
        GROUP, group, {}, actor, (_as_change(before), _as_change(new)), extra
    )
    return revised


def _named(always: Sequence[str], never: Sequence[str]) -> Exceptions:
    """The ids of the customers, who may be named by their own keys. Raises InvalidData for one in both lists."""
    found = own_keys.resolved(CUSTOMER, [*always, *never])
    new = Exceptions(list(dict.fromkeys(found[: len(always)])), list(dict.fromkeys(found[len(always) :])))
    check(*new)
    return new


def _check_known(before: Exceptions, new: Exceptions) -> None:
    """Raise CustomerNotFound for a new exception of a customer that does not exist. Old ones may be deleted since."""
    summaries.get_all(one for one in (*new.always, *new.never) if one not in {*before.always, *before.never})


def _as_change(exceptions: Exceptions) -> Mapping[str, object]:
    return {"exceptions": exceptions._asdict()}
