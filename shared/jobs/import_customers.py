"""The customers of an import's members: found by id, then by e-mail address, otherwise created."""

from collections.abc import Mapping, Sequence

from shared.domain import ids, search
from shared.domain.errors import (
    ApiError,
    CustomerEmailTaken,
    CustomerIdTaken,
    CustomerNotFound,
    InvalidData,
)
from shared.domain.profiles import Profile
from shared.domain.values import OwnKey
from shared.jobs import candidates, import_exceptions, row_terms, rows
from shared.jobs.candidates import Candidate, Candidates
from shared.jobs.rows import Row
from shared.jobs.work import Work
from shared.storage import creation_marks, customers, jobs, summaries
from shared.storage.items import SummaryItem


class ImportedProfile(Profile):
    """A profile with the own key."""

    key: OwnKey | None = None


def find(work: Work, _: int, batch: Sequence[Row]) -> Candidates:
    """The customers of exported members."""
    created = creation_marks.created_by_requests(_request_key(work, row) for row in batch)
    own = [row.more["id"] for row in batch if ids.is_possible(row.more["id"])]
    held = customers.by_email(search.fold(row.value) for row in batch if "@" in row.value)
    wanted = [*own, *created.values(), *(one for both in held.values() for one in both.values())]
    live = summaries.get_many(wanted)
    each = [_candidate(work, row, created, live, held) for row in batch]
    import_exceptions.follow(work.id, each)
    return Candidates(each, live)


def identity(row: Row) -> str:
    """What the file calls the customer of a row: by the original id, or else by the e-mail address."""
    return str(row.more["id"]) or search.fold(row.value)


def refused(row: Row) -> InvalidData | None:
    """Why a row is refused, whatever there is in the table."""
    if not identity(row):
        return InvalidData.at("customer_id", "is needed where there is no e-mail address")
    try:
        row_terms.exported(row)
    except InvalidData as refusal:
        return refusal
    return None


def _request_key(work: Work, row: Row) -> str:
    """The request key for creating a customer: a job creates each customer once, even if several rows name it."""
    return f"{work.id}#{rows.digest(identity(row))}"


def _candidate(
    work: Work,
    row: Row,
    created: dict[str, str],
    live: dict[str, SummaryItem],
    held: Mapping[str, Mapping[bool, str]],
) -> Candidate:
    if refusal := refused(row):
        return Candidate(row, refusal=refusal)
    request_key = _request_key(work, row)
    if created.get(request_key) in live:
        return Candidate(row, created[request_key], is_created="again" not in row.more)
    by_address = held.get(search.fold(row.value), {}).get(row.more["has_account"])
    present = (row.more["id"] if row.more["id"] in live else None) or by_address
    return Candidate(row, present) if present in live else _created(work, row, created, live)


def _created(work: Work, row: Row, created: dict[str, str], live: dict[str, SummaryItem]) -> Candidate:
    request_key = _request_key(work, row)
    try:
        customer_id, summary = _create(work, row, request_key)
    except CustomerEmailTaken as refusal:
        return _created_meanwhile(row, live) or Candidate(row, refusal=refusal)
    except ApiError as refusal:
        return Candidate(row, refusal=refusal)
    live[customer_id] = summary
    created[request_key] = customer_id
    return Candidate(row, customer_id, is_created="again" not in row.more)


def _created_meanwhile(row: Row, live: dict[str, SummaryItem]) -> Candidate | None:
    """The customer that has the e-mail address, created by an earlier row of the batch or by another request."""
    held = customers.by_email([search.fold(row.value)], consistent=True).get(search.fold(row.value), {})
    customer_id = held.get(row.more["has_account"])
    live |= summaries.get_many([customer_id] if customer_id else [], consistent=True)
    return Candidate(row, customer_id) if customer_id in live else None


def _create(work: Work, row: Row, request_key: str) -> tuple[str, SummaryItem]:
    """Create the customer with its original id.

    Raises CustomerNotFound if that customer was deleted, CustomerEmailTaken, CustomerKeyTaken, and InvalidData.
    """
    profile = candidates.profile_of(row, ImportedProfile)
    customer_id = row.more["id"] if ids.is_possible(row.more["id"]) else None
    try:
        work.begin()
        reason = jobs.reason(work.id)
        customer = customers.create(profile, work.actor, chosen_id=customer_id, request_key=request_key, reason=reason)
    except CustomerIdTaken:
        found = summaries.get_many([str(customer_id)])
        if not found:
            raise CustomerNotFound(str(customer_id)) from None
        return str(customer_id), found[str(customer_id)]
    return customer["id"], summaries.of_new(customer)
