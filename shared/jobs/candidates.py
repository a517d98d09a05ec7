"""Finds the customers of rows, by id or e-mail address.

If the job asks for it, a customer is created for an e-mail address that no customer has. Later rows with the address
mean that customer. A row that is processed again, because an earlier run died, finds the customer that the earlier run
created.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

from pydantic import TypeAdapter, ValidationError

from shared.domain import ids, search
from shared.domain.errors import ApiError, Conflict, CustomerEmailTaken, CustomerNotFound, InvalidData
from shared.domain.profiles import Profile
from shared.domain.validation import as_refusal
from shared.domain.values import Email
from shared.dynamodb.expressions import Item
from shared.jobs import cells, row_terms, rows
from shared.jobs.rows import DUPLICATE_ROW, NAMED_BEFORE, Row
from shared.jobs.work import Work
from shared.storage import creation_marks, customers, jobs, own_keys, summaries
from shared.storage.items import SummaryItem
from shared.storage.kinds import CUSTOMER

DRY_RUN_ID_PREFIX: Final = "dry-run:"
"""Of the id of a customer that a dry run does not create."""
_EMAIL: Final = TypeAdapter(Email)

type Create = Callable[[Row, Mapping[str, Any]], Item]


class EmailIsAmbiguous(Conflict):
    """409: a guest and a customer with an account have the same address."""

    def __init__(self) -> None:
        super().__init__("Two customers have this e-mail address; name one of them by id")


class DuplicateRow(Conflict):
    """409: the value occurs earlier in the list. Not an error: there is nothing left to do for the row."""

    code = DUPLICATE_ROW

    def __init__(self) -> None:
        super().__init__(NAMED_BEFORE)


class Candidate(NamedTuple):
    """A row, and its customer or the reason why it has none."""

    row: Row
    customer_id: str | None = None
    refusal: ApiError | None = None
    is_created: bool = False
    cannot_be_created: bool = False
    """Whether it is only refused because its customer is missing, and cannot be created with this profile."""


class Candidates(NamedTuple):
    """Rows with their customers, in the order of the rows."""

    each: list[Candidate]
    customers: dict[str, SummaryItem]
    """The attributes that memberships need, of the live customers."""

    def split(self, sizes: Iterable[int]) -> list["Candidates"]:
        """The same in parts of so many rows, each with its own customers."""
        rows = iter(self.each)
        parts = [list(islice(rows, size)) for size in sizes]
        named = [{one.customer_id for one in part if one.customer_id} for part in parts]
        customers = [{one: self.customers[one] for one in some if one in self.customers} for some in named]
        return list(map(Candidates, parts, customers))


def find(
    some: Sequence[Row],
    create: Create | None = None,
    created: Mapping[int, str] | None = None,
    *,
    refused: Mapping[int, ApiError] | None = None,
    consistent: bool = False,
) -> Candidates:
    """Find the customers of rows. `created` has those that an earlier run created, by the index of their row.

    Rows before such a row do not find its customer, who did not exist for them in the earlier run, either. Those after
    it with the same address find nobody else.
    `refused` has the rows that are refused for another reason, by their index.
    """
    emails = [email for row in some if "repeated" not in row.more and (email := _email(row.value))]
    held = customers.by_email(emails, consistent=consistent)
    named = _by_own_keys(some)
    created = created or {}
    others = _others(held, set(created.values()))
    before = enumerate(_created_before(some, created))
    each = [_candidate(some[at], others, created.get(at), named[at], one) for at, one in before]
    live = summaries.get_many({one.customer_id for one in each if one.customer_id})
    each = list(_with_created(each, refused or {}, create, live))
    return Candidates([_checked(one, live) for one in each], live)


def named(work: Work, first: int, batch: Sequence[Row]) -> Candidates:
    """The customers that the rows name. Missing ones are created if the job asks for it."""
    refused = _refused_terms(work, batch) if work.phase == 1 else {}  # after it, customers are only removed
    if not work.arguments.get("create_missing"):
        return find(batch, refused=refused)

    def create(row: Row, profile: Mapping[str, Any]) -> Item:
        if work.is_dry:
            return {"id": simulated_id(row)}
        work.begin()
        request_key = work.request_key(first + batch.index(row))
        return dict(customers.create(profile, work.actor, request_key=request_key, reason=jobs.reason(work.id)))

    return find(batch, create, {} if work.is_dry else created(work, first, batch), refused=refused)


def created(work: Work, first: int, batch: Sequence[Row]) -> dict[int, str]:
    """The customers that the rows of a batch have created, by the index of the row in the batch."""
    request_keys = {index: work.request_key(first + index) for index in range(len(batch))}
    known = creation_marks.created_by_requests(request_keys.values())
    return {index: known[one] for index, one in request_keys.items() if one in known}


def simulated_id(row: Row) -> str:
    """The id of the customer that a dry run does not create for a row: one for each address."""
    return f"{DRY_RUN_ID_PREFIX}{rows.digest(search.fold(row.value))}"


def profile_of(row: Row, model: type[Profile] = Profile) -> dict[str, Any]:
    """The profile of the customer to create for a row. Raises InvalidData."""
    for column in row.more.get("nested", ()):
        raise InvalidData.at(column, cells.NESTED)
    given = row.more.get("profile", {})
    has_account = cells.yes_or_no(row.more.get("has_account"), "has_account")
    try:
        found = model.model_validate({**given, "email": row.value or None}).model_dump()
    except ValidationError as error:
        raise as_refusal(error.errors()) from None
    return {**found, "has_account": has_account}


def _email(value: str) -> str | None:
    return search.fold(value) if "@" in value else None


def _by_own_keys(some: Sequence[Row]) -> list[str]:
    """The rows' values, with ids instead of own keys that customers have."""
    return own_keys.resolved(CUSTOMER, (row.value for row in some))


def _others(held: Mapping[str, Mapping[bool, str]], created: Container[str]) -> dict[str, list[str]]:
    """The customers of each address that these rows have not created."""
    return {email: [one for one in both.values() if one not in created] for email, both in held.items()}


def _created_before(some: Sequence[Row], created: Mapping[int, str]) -> Iterator[str | None]:
    """For each row, the customer that an earlier row has created for its address."""
    of_address: dict[str | None, str] = {}
    for index, row in enumerate(some):
        email = _email(row.value)
        yield of_address.get(email)
        if index in created:
            of_address.setdefault(email, created[index])


def _candidate(
    row: Row, others: Mapping[str, Sequence[str]], created: str | None, named: str, before: str | None
) -> Candidate:
    if refusal := _refusal(row):
        return Candidate(row, refusal=refusal)
    if created:
        return Candidate(row, created, is_created=True)
    email = _email(row.value)
    if email is None:
        return _by_id(row, named)
    try:
        _EMAIL.validate_python(row.value)
    except ValidationError:
        return Candidate(row, refusal=InvalidData.at("value", "must be an id or an e-mail address"))
    holders = [before] if before else others.get(email, [])
    if len(holders) > 1:
        return Candidate(row, refusal=EmailIsAmbiguous())
    return Candidate(row, next(iter(holders), None))


def _refusal(row: Row) -> ApiError | None:
    """Why a row is refused, whomever it names."""
    if "repeated" in row.more:
        return DuplicateRow()
    return InvalidData.at(row.more["unreadable"], cells.NESTED) if "unreadable" in row.more else None


def _by_id(row: Row, named: str) -> Candidate:
    if ids.own_key(named):
        return Candidate(row, refusal=CustomerNotFound(row.value))
    if not ids.is_possible(named):
        return Candidate(
            row, refusal=InvalidData.at("value", "must be an id, key: and an own key, or an e-mail address")
        )
    return Candidate(row, named)


def _with_created(
    each: Iterable[Candidate], refused: Mapping[int, ApiError], create: Create | None, live: dict[str, SummaryItem]
) -> Iterator[Candidate]:
    """The candidates, with a customer for each address that no customer has, from the first row that can create one."""
    of_address: dict[str, str] = {}
    for index, one in enumerate(each):
        if one.refusal:
            yield one
            continue
        email = search.fold(one.row.value)
        found = one._replace(customer_id=one.customer_id or of_address.get(email), refusal=refused.get(index))
        if create and not found.customer_id and not found.refusal:
            found = _created(found, create, live)
            if found.customer_id:
                of_address[email] = found.customer_id
        yield found


def _created(one: Candidate, create: Create, live: dict[str, SummaryItem]) -> Candidate:
    """Create the customer, whose e-mail address nobody had."""
    try:
        customer = create(one.row, profile_of(one.row))
    except CustomerEmailTaken:
        again = find([one.row], consistent=True)  # another request created the customer a moment ago
        live.update(again.customers)
        return again.each[0]
    except InvalidData as refusal:
        return one._replace(refusal=refusal, cannot_be_created=True)
    live[customer["id"]] = summaries.of_new(customer)
    return one._replace(customer_id=customer["id"], is_created=True)


def _checked(one: Candidate, live: Mapping[str, SummaryItem]) -> Candidate:
    if one.refusal or one.customer_id in live:
        return one
    by = "id" if _email(one.row.value) is None else "email"
    return one._replace(refusal=one.refusal or CustomerNotFound(one.row.value, by))


def _refused_terms(work: Work, batch: Sequence[Row]) -> dict[int, ApiError]:
    """Why rows with impossible terms are refused, by their index."""
    refused: dict[int, ApiError] = {}
    for index, row in enumerate(batch):
        try:
            row_terms.check(row, work.arguments)
        except InvalidData as refusal:
            refused[index] = refusal
    return refused
