"""Translates change items into events for other systems. Each kind of event has a model."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, NamedTuple

from pydantic import BaseModel, Field, ValidationError

from shared.domain import exact_json
from shared.domain.errors import InvalidData, PoisonError
from shared.dynamodb.expressions import Item
from shared.storage import changes

SOURCE: Final = "liqnic.customer-groups"
LARGEST_DETAIL_BYTES: Final = 240_000
"""EventBridge's limit is 256 kB, including the fields around the detail."""

Values = dict[str, Any]


class Reason(BaseModel):
    """What caused a change: a job or rule, by the id of the job or group, or a term that has `started` or `expired`."""

    type: str
    id: str


class Event(BaseModel):
    """The fields of every event. An event can be delivered more than once: compare `event_id` and `part`."""

    event_id: Annotated[str, Field(description="The id of the change. Sorts by time.")]
    time: Annotated[str, Field(description="ISO 8601, UTC, milliseconds.")]
    actor: Annotated[str, Field(description="The id of the user, machine or service that made the change.")]
    reason: Annotated[
        Reason | None, Field(description="The job, rule or term that made the change. Null for a direct request.")
    ] = None
    part: Annotated[int, Field(description="An event that is too large for the bus is sent in parts.")] = 1
    parts: int = 1


class CustomerGroupEvent(Event):
    customer_group_id: str


class CustomerGroupCreated(CustomerGroupEvent):
    version: int
    new: Values


class CustomerGroupUpdated(CustomerGroupEvent):
    """Only what changed; for metadata, only the changed keys. With two parts, `previous` comes first, then `new`."""

    version: int
    previous: Values
    new: Values


class Reference(BaseModel):
    """A reference of the deleted group: the system that used it, and the id of the use in that system."""

    system: str
    id: str


class CustomerGroupDeleted(CustomerGroupEvent):
    """With two parts, `previous` comes first, then `references`."""

    version: int
    previous: Values
    references: list[Reference] = []


class Terms(BaseModel):
    """When a membership begins and ends: ISO 8601, UTC, milliseconds. Null means no limit."""

    starts_at: str | None
    ends_at: str | None


class ChangedTerms(BaseModel):
    """Customers whose memberships have had the same terms before, and have the same since."""

    customer_ids: list[str]
    previous: Annotated[Terms | None, Field(description="Null if they had no membership.")]
    new: Annotated[Terms | None, Field(description="Null if they have no membership any more.")]


class MembersEvent(CustomerGroupEvent):
    customer_ids: list[str]
    terms: Annotated[list[ChangedTerms], Field(description="The terms of those memberships that have or had any.")] = []


class CustomersAdded(MembersEvent):
    pass


class CustomersRemoved(MembersEvent):
    pass


class TermsChanged(MembersEvent):
    """Memberships that begin later were added or removed, or memberships got other terms. Nobody joined or left."""


class JobTotals(BaseModel):
    rows: int
    done: int
    added: int
    removed: int
    unchanged: int
    created: int
    refused: int


class JobError(BaseModel):
    code: str
    message: str


class JobEvent(Event):
    """The status of a job. `GET` the job for the rest, including the result."""

    job_id: str
    type: str
    status: str
    dry_run: bool
    totals: JobTotals
    error: JobError | None


class JobStarted(JobEvent):
    pass


class JobFinished(JobEvent):
    pass


class CustomerEvent(Event):
    customer_id: str
    version: int


class CustomerCreated(CustomerEvent):
    new: Values


class CustomerUpdated(CustomerEvent):
    """Only what changed; for metadata, only the changed keys. With two parts, `previous` comes first, then `new`."""

    previous: Values
    new: Values


class CustomerDeleted(CustomerEvent):
    """The values are deleted with the customer."""


KINDS: Final[Mapping[str, type[Event]]] = {
    "customer-group.created": CustomerGroupCreated,
    "customer-group.updated": CustomerGroupUpdated,
    "customer-group.deleted": CustomerGroupDeleted,
    "customer-group.customers-added": CustomersAdded,
    "customer-group.customers-removed": CustomersRemoved,
    "customer-group.terms-changed": TermsChanged,
    "customer-group.job.started": JobStarted,
    "customer-group.job.finished": JobFinished,
    "customer.created": CustomerCreated,
    "customer.updated": CustomerUpdated,
    "customer.deleted": CustomerDeleted,
}
_SUBJECTS: Final = {"group": "customer-group", "customer": "customer", "job": "customer-group.job"}
_ID_FIELDS: Final = {"group": "customer_group_id", "customer": "customer_id", "job": "job_id"}


class Entry(NamedTuple):
    """One entry for the bus. `subject_id` is the id of the group, customer or job."""

    subject_id: str
    detail_type: str
    detail: str
    time: str


def of_change(change: Item) -> Iterator[Entry]:
    """The entries for a change: one, or two if one would be too large.

    Raises PoisonError for an item that is not a valid change.
    """
    try:
        detail_type = f"{_SUBJECTS[change['subject']]}.{change['type'].replace('_', '-')}"
        event = KINDS[detail_type].model_validate(_values(change)).model_dump()
    except (LookupError, AttributeError, TypeError, InvalidData, ValidationError) as error:
        raise PoisonError(f"no change: {type(error).__name__}") from None
    whole = exact_json.dumps(event)
    details = [whole]
    if len(whole.encode()) > LARGEST_DETAIL_BYTES:
        details = [
            exact_json.dumps({**event, **_empty(event, "new", "references"), "part": 1, "parts": 2}),
            exact_json.dumps({**event, **_empty(event, "previous"), "part": 2, "parts": 2}),
        ]
    for detail in details:
        yield Entry(change["subject_id"], detail_type, detail, change["at"])


def _empty(event: Values, *names: str) -> Values:
    """The given fields of an event, each empty."""
    return {name: type(event[name])() for name in names if name in event}


def _values(change: Item) -> Values:
    new = exact_json.loads(change["after"]) if "after" in change else {}
    return {
        _ID_FIELDS[change["subject"]]: change["subject_id"],
        "event_id": change["id"],
        "time": change["at"],
        "actor": change["actor"],
        "reason": change.get("reason"),
        "version": change.get("version"),
        "previous": exact_json.loads(change["before"]) if "before" in change else {},
        "new": new,
        "references": exact_json.loads(change["references"]) if "references" in change else [],
        "customer_ids": changes.customer_ids(change) or None,
        "terms": changes.terms_of(change),
        **(new if change["subject"] == "job" else {}),
    }
