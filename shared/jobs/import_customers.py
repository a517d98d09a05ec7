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
from shared.jobs import candidates, cells, import_exceptions, row_terms, rows
from shared.jobs.candidates import Candidate, Candidates
from shared.jobs.import_rows import has_account
from shared.jobs.rows import Row
from shared.jobs.work import Work
from shared.storage import creation_marks, customers, jobs, summaries
from shared.storage.creation_marks import Creation
from shared.storage.items import CustomerItem, SummaryItem


class ImportedProfile(Profile):
    """A profile with the own key."""

    key: OwnKey | None = None


def find(work: Work, first: int, batch: Sequence[Row]) -> Candidates:
    """The customers of exported members."""
    created = creation_marks.creations(_request_key(work, row) for row in batch)
    own = [row.more["id"] for row in batch if ids.is_possible(row.more["id"])]
    held = customers.by_email(search.fold(row.value) for row in batch if "@" in row.value)
    wanted = [*own, *(one.id for one in created.values()), *(one for both in held.values() for one in both.values())]
    live = summaries.get_many(wanted)
    each = [_candidate(work, first + index, row, created, live, held) for index, row in enumerate(batch)]
    import_exceptions.follow(work.id, each)
    return Candidates(each, live)


def created(work: Work, first: int, batch: Sequence[Row]) -> dict[int, str]:
    """The customers that the rows of a batch have created, by the index of the row in the batch."""
    made = creation_marks.creations(_request_key(work, row) for row in batch)
    found = ((index, made.get(_request_key(work, row))) for index, row in enumerate(batch))
    return {index: one.id for index, one in found if one and one.row == work.request_key(first + index)}


def identity(row: Row) -> str:
    """What the file calls the customer of a row: by the original id, or else by the e-mail address."""
    return row.more["id"] or search.fold(row.value)


def refused(row: Row) -> InvalidData | None:
    """Why a row is refused, whatever there is in the table."""
    if not identity(row):
        return InvalidData.at("customer_id", "is needed where there is no e-mail address")
    try:
        if "neither_yes_nor_no" in row.more:
            cells.yes_or_no(row.more["neither_yes_nor_no"], "has_account")
        row_terms.exported(row)
    except InvalidData as refusal:
        return refusal
    return None


def _request_key(work: Work, row: Row) -> str:
    """The request key for creating a customer: a job creates each customer once, even if several rows name it."""
    return f"{work.id}#{rows.digest(identity(row))}"


def _candidate(
    work: Work,
    index: int,
    row: Row,
    created: dict[str, Creation],
    live: dict[str, SummaryItem],
    held: Mapping[str, Mapping[bool, str]],
) -> Candidate:
    if refusal := refused(row):
        return Candidate(row, refusal=refusal)
    before = created.get(_request_key(work, row))
    if before and before.id in live:
        return Candidate(row, before.id, is_created=before.row == work.request_key(index))
    by_address = held.get(search.fold(row.value), {}).get(has_account(row))
    present = (row.more["id"] if row.more["id"] in live else None) or by_address
    return Candidate(row, present) if present in live else _created(work, index, row, created, live)


def _created(work: Work, index: int, row: Row, created: dict[str, Creation], live: dict[str, SummaryItem]) -> Candidate:
    request_key = _request_key(work, row)
    try:
        customer = _create(work, index, row)
    except creation_marks.AlreadyCreatedError:  # a row of another chunk, or another run of this one, did a moment ago
        created |= creation_marks.creations([request_key])
        return _found_meanwhile(row, created[request_key].id, live)._replace(
            is_created=created[request_key].row == work.request_key(index)
        )
    except CustomerIdTaken:
        return _found_meanwhile(row, row.more["id"], live)
    except CustomerEmailTaken as refusal:
        return _created_meanwhile(row, live) or Candidate(row, refusal=refusal)
    except ApiError as refusal:
        return Candidate(row, refusal=refusal)
    live[customer["id"]] = summaries.of_new(customer)
    created[request_key] = Creation(customer["id"], work.request_key(index))
    return Candidate(row, customer["id"], is_created=True)


def _found_meanwhile(row: Row, customer_id: str, live: dict[str, SummaryItem]) -> Candidate:
    """The row with the customer who has the id. It is refused if that customer was deleted."""
    live |= summaries.get_many([customer_id], consistent=True)
    return Candidate(row, customer_id) if customer_id in live else Candidate(row, refusal=CustomerNotFound(customer_id))


def _created_meanwhile(row: Row, live: dict[str, SummaryItem]) -> Candidate | None:
    """The customer that has the e-mail address, created by an earlier row of the batch or by another request."""
    held = customers.by_email([search.fold(row.value)], consistent=True).get(search.fold(row.value), {})
    customer_id = held.get(has_account(row))
    live |= summaries.get_many([customer_id] if customer_id else [], consistent=True)
    return Candidate(row, customer_id) if customer_id in live else None


def _create(work: Work, index: int, row: Row) -> CustomerItem:
    """Create the customer with its original id.

    Raises AlreadyCreatedError, CustomerIdTaken, CustomerEmailTaken, CustomerKeyTaken, and InvalidData.
    """
    profile = candidates.profile_of(row, ImportedProfile)
    work.begin()
    return customers.create(
        profile,
        work.actor,
        chosen_id=row.more["id"] if ids.is_possible(row.more["id"]) else None,
        request_key=_request_key(work, row),
        row=work.request_key(index),
        reason=jobs.reason(work.id),
    )
