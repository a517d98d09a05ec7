"""Change items. Every write transaction appends one: what changed, who changed it, and when.

The changes of a group are its history. Through the table's stream they also become the events that other systems
receive. `before` and `after` hold only what changed, as JSON text, which is smaller than a map and keeps numbers exact.

A request that needs several transactions makes several changes. They share an action. Its id comes first in their
keys, so the history can show them as one entry.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

from shared.domain import exact_json, ids
from shared.domain.terms import Terms
from shared.dynamodb import actions
from shared.dynamodb.actions import Action
from shared.dynamodb.expressions import Key
from shared.runtime import clock
from shared.storage import keys
from shared.storage.items import ChangeItem

type ChangeType = Literal[
    "created", "updated", "deleted", "customers_added", "customers_removed", "terms_changed", "started", "finished"
]

CUSTOMER_CHANGES_KEPT: Final = timedelta(days=90)
"""Changes of customers contain personal data, so they expire. Changes of groups do not."""
CUSTOMERS_OF: Final = {"customers_added": "added", "customers_removed": "removed", "terms_changed": "changed"}
"""Which attribute of a change of members has the customers."""

RULES: Final = "rules"
TERMS: Final = "terms"
"""Who makes the changes that follow from rules and from terms."""


class Reason(NamedTuple):
    """What caused a change. Changes made directly by a request have no reason."""

    type: Literal["job", "rule", "term"]
    id: str
    """The job, the group with the rule, or whether the term has `started` or `expired`."""


class TermsChange(NamedTuple):
    """The terms of some memberships before and after a change. None means that there is no membership."""

    places: Sequence[int]
    """The places of the customers among those of the change, which are shorter than their ids."""
    previous: Terms | None
    new: Terms | None


def append(
    of: Key,
    what: ChangeType,
    actor: str,
    *,
    version: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    customers: Sequence[str] = (),
    terms: Sequence[TermsChange] = (),
    references: Sequence[Mapping[str, str]] = (),
    action: str | None = None,
    reason: Reason | None = None,
) -> Action:
    """The action that appends one change to the history of a group or customer.

    `customers` are those that join, leave or get other terms.

    Changes of memberships do not increase the group's version. Changes with the same `action` belong to one request;
    without it, the change is an action of its own.
    """
    change_id = ids.new("change")
    key = keys.change(of, change_id, action or change_id)
    item: ChangeItem = {
        "PK": key.PK,
        "SK": key.SK,
        "id": change_id,
        "action": action or change_id,
        "subject": of.SK.lower(),
        "subject_id": keys.id_of(of.PK),
        "type": what,
        "at": clock.now(),
        "actor": actor,
    }
    if version is not None:
        item["version"] = version
    if before is not None:
        item["before"] = exact_json.dumps(before)
    if after is not None:
        item["after"] = exact_json.dumps(after)
    if terms:
        item["terms"] = exact_json.dumps(terms)
    if references:
        item["references"] = exact_json.dumps(list(references))
    if reason:
        item["reason"] = reason._asdict()
    if of.SK == keys.customer("").SK:
        item["expires_at"] = expiry_of_customers()
    members = {CUSTOMERS_OF[what]: list(customers)} if customers else {}
    return actions.put({**item, **members})


def customer_ids(change: Mapping[str, Any]) -> list[str]:
    """The customers that a change of members concerns. Other changes concern none."""
    return list(change.get(CUSTOMERS_OF.get(change.get("type", ""), ""), ()))


def terms_of(change: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The terms before and after a change of members, with the ids of the customers that had and have the same."""
    those = customer_ids(change)
    return [
        {
            "customer_ids": [those[place] for place in places],
            "previous": Terms(*previous)._asdict() if previous else None,
            "new": Terms(*new)._asdict() if new else None,
        }
        for places, previous, new in exact_json.loads(change.get("terms", "[]"))
    ]


def expiry_of_customers() -> int:
    """When an item about a customer that is written now expires."""
    return int((datetime.now(UTC) + CUSTOMER_CHANGES_KEPT).timestamp())


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The attributes that differ, before and after. For metadata, only the keys that differ."""
    was: dict[str, Any] = {}
    became: dict[str, Any] = {}
    for name, new in after.items():
        old = before.get(name)
        if exact_json.same(old, new):
            continue
        if name == "metadata" and isinstance(old, dict) and isinstance(new, dict):
            changed = [
                key for key in {**old, **new} if not (key in old and key in new and exact_json.same(old[key], new[key]))
            ]
            was[name] = {key: old[key] for key in changed if key in old}
            became[name] = {key: new[key] for key in changed if key in new}
        else:
            was[name], became[name] = old, new
    return was, became
