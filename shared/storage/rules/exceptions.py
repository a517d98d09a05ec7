"""Exceptions from the rule of a group: customers who are always in the group, and customers who never are."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from shared.domain import exact_json
from shared.domain.errors import CustomerGroupIsManual, InvalidData
from shared.domain.ids import GroupId
from shared.dynamodb import actions, retries
from shared.storage import own_keys, records, summaries
from shared.storage.items import GroupItem
from shared.storage.kinds import CUSTOMER, GROUP
from shared.storage.preconditions import Precondition
from shared.storage.records import Extra
from shared.storage.rules import judging, store
from shared.storage.rules.writing import Cause

MAX_EXCEPTIONS: Final = 500
"""Of one group, in both lists together: rules with their exceptions are kept in memory."""


class Exceptions(NamedTuple):
    """The ids of both kinds, each in the order in which they were given."""

    always: list[str]
    never: list[str]


def get(group_id: GroupId) -> tuple[GroupItem, Exceptions]:
    """A group and its exceptions. A manual group has none. Raises CustomerGroupNotFound."""
    group = records.get(GROUP, group_id)
    stored = store.get(group_id) if group.get("rule_version") else None
    return group, Exceptions(stored["always"], stored["never"]) if stored else Exceptions([], [])


def replace(
    group_id: GroupId, always: Sequence[str], never: Sequence[str], actor: str, precondition: Precondition
) -> tuple[GroupItem, Exceptions]:
    """Replace both lists, and let the customers join or leave who are affected.

    Raises CustomerGroupNotFound, CustomerGroupIsManual, CustomerNotFound, PreconditionFailed, InvalidData.
    """
    new = _named(always, never)
    group, before = _write(group_id, new, actor, precondition)
    # Also those whose exception has not changed: a repeated request completes one that was interrupted.
    affected = {*before.always, *before.never, *new.always, *new.never}
    judging.apply(sorted(affected), Cause(), only=group_id)
    return group, new


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
    version = group["version"] + 1
    revised: GroupItem = records.write_revision(
        GROUP,
        group,
        {},
        actor,
        (_as_change(before), _as_change(new)),
        Extra(
            {"rule_version": version},
            [actions.put({**stored, **new._asdict(), "version": version}), store.renew()],
        ),
    )
    return revised, before


def _named(always: Sequence[str], never: Sequence[str]) -> Exceptions:
    """The ids of the customers, who may be named by their own keys. Raises InvalidData for one in both lists."""
    found = own_keys.resolved(CUSTOMER, [*always, *never])
    new = Exceptions(list(dict.fromkeys(found[: len(always)])), list(dict.fromkeys(found[len(always) :])))
    if both := set(new.always).intersection(new.never):
        raise InvalidData.at("never", f"{min(both)} cannot be in both lists")
    return new


def _check_known(before: Exceptions, new: Exceptions) -> None:
    """Raise CustomerNotFound for a new exception of a customer that does not exist. Old ones may be deleted since."""
    summaries.get_all(one for one in (*new.always, *new.never) if one not in {*before.always, *before.never})


def _as_change(exceptions: Exceptions) -> Mapping[str, object]:
    return {"exceptions": exceptions._asdict()}
