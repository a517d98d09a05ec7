"""The events that other systems see: one model for each kind, made from the change items of the table."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, NamedTuple

from pydantic import BaseModel, Field, ValidationError

from shared import wire
from shared.dead_letters import PoisonError
from shared.errors import InvalidData
from shared.storage.table import Item

SOURCE: Final = "liqnic.customer-groups"
LARGEST_DETAIL_BYTES: Final = 240_000
"""EventBridge takes 256 kB with everything around the detail."""

Values = dict[str, Any]


class Event(BaseModel):
    """What every event tells. Deliveries may repeat; `event_id` and `part` tell them apart."""

    event_id: Annotated[str, Field(description="Of the change. Sorts by time.")]
    time: Annotated[str, Field(description="ISO 8601, UTC, milliseconds.")]
    actor: Annotated[str, Field(description="The id of the user, machine or service that made the change.")]
    part: Annotated[int, Field(description="An event too large for the bus comes in parts.")] = 1
    parts: int = 1


class CustomerGroupEvent(Event):
    customer_group_id: str


class CustomerGroupCreated(CustomerGroupEvent):
    version: int
    new: Values


class CustomerGroupUpdated(CustomerGroupEvent):
    """Only what changed; of metadata, the keys that did. Of two parts, the first has `previous`, the last `new`."""

    version: int
    previous: Values
    new: Values


class CustomerGroupDeleted(CustomerGroupEvent):
    version: int
    previous: Values


class CustomersAdded(CustomerGroupEvent):
    customer_ids: list[str]


class CustomersRemoved(CustomerGroupEvent):
    customer_ids: list[str]


class CustomerEvent(Event):
    customer_id: str
    version: int


class CustomerCreated(CustomerEvent):
    new: Values


class CustomerUpdated(CustomerEvent):
    """Only what changed; of metadata, the keys that did. Of two parts, the first has `previous`, the last `new`."""

    previous: Values
    new: Values


class CustomerDeleted(CustomerEvent):
    """The values are gone with the customer."""


KINDS: Final[Mapping[str, type[Event]]] = {
    "customer-group.created": CustomerGroupCreated,
    "customer-group.updated": CustomerGroupUpdated,
    "customer-group.deleted": CustomerGroupDeleted,
    "customer-group.customers-added": CustomersAdded,
    "customer-group.customers-removed": CustomersRemoved,
    "customer.created": CustomerCreated,
    "customer.updated": CustomerUpdated,
    "customer.deleted": CustomerDeleted,
}
_SUBJECTS: Final = {"group": "customer-group", "customer": "customer"}


class Entry(NamedTuple):
    """One entry for the bus, about the group or customer that `subject_id` names."""

    subject_id: str
    detail_type: str
    detail: str
    time: str


def of_change(change: Item) -> Iterator[Entry]:
    """The entries that tell of a change: one, or two where one would be too large.

    Raises PoisonError for an item that is no change.
    """
    try:
        subject = _SUBJECTS[change["subject"]]
        detail_type = f"{subject}.{change['type'].replace('_', '-')}"
        event = KINDS[detail_type].model_validate(_values(change, subject)).model_dump()
    except (KeyError, AttributeError, InvalidData, ValidationError) as error:
        raise PoisonError(f"no change: {type(error).__name__}") from None
    whole = wire.dumps(event)
    details = [whole]
    if len(whole.encode()) > LARGEST_DETAIL_BYTES:
        details = [
            wire.dumps({**event, "new": {}, "part": 1, "parts": 2}),
            wire.dumps({**event, "previous": {}, "part": 2, "parts": 2}),
        ]
    for detail in details:
        yield Entry(change["subject_id"], detail_type, detail, change["at"])


def _values(change: Item, subject: str) -> Values:
    return {
        f"{subject.replace('-', '_')}_id": change["subject_id"],
        "event_id": change["id"],
        "time": change["at"],
        "actor": change["actor"],
        "version": change.get("version"),
        "previous": wire.loads(change["before"]) if "before" in change else {},
        "new": wire.loads(change["after"]) if "after" in change else {},
        "customer_ids": change.get("added") or change.get("removed"),
    }
