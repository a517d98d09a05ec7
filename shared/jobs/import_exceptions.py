"""The exceptions of imported groups, whose customers may have other ids than in the file.

An import uses a customer who is there already, found by e-mail address. The exceptions name that customer from the
moment when the group is created, because nobody must join for a moment who never should.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from shared.domain import ids, search
from shared.domain.errors import CustomerKeyTaken
from shared.domain.exact_json import Json
from shared.jobs.candidates import Candidate
from shared.jobs.import_rows import has_account
from shared.jobs.rows import Row
from shared.storage import customers, own_keys, summaries
from shared.storage.kinds import CUSTOMER
from shared.storage.rules import exceptions


class Named:
    """The customers whom a file has as exceptions, with what else it says of them: there are few."""

    def __init__(self) -> None:
        self.ids: set[str] = set()
        self._known: dict[str, Sequence[Json]] = {}

    def watched(self, groups: Iterable[Row]) -> Iterator[Row]:
        """The rows of groups. Remembers their exceptions."""
        for row in groups:
            self.ids.update(_ids_in(row))
            yield row

    def learn(self, row: Row) -> None:
        """Remember the address and the own key of a customer's row. They are those of its first row."""
        customer_id = row.more["id"]
        if customer_id in self.ids:
            self._known.setdefault(customer_id, [row.value, has_account(row), row.more["profile"]["key"]])

    def joined(self, group: Row) -> Row:
        """The row of a group with what is known of its exceptions."""
        known = {one: self._known[one] for one in _ids_in(group) if one in self._known}
        return group._replace(more={**group.more, "customers": known}) if known else group


def as_now(always: Sequence[str], never: Sequence[str], known: Mapping[str, Sequence[Json]]) -> dict[str, list[str]]:
    """Both lists with the ids of live customers: found by id, then by e-mail address, then by own key.

    Who is not found keeps the id, because the import may create the customer. Of a customer in both, `never` stays.
    """
    live = summaries.get_many([*always, *never])
    missing = {one: known[one] for one in (*always, *never) if one not in live and one in known}
    held = customers.by_email(search.fold(email) for email, _, _ in missing.values() if "@" in email)
    now = {one: _holder(held, *parts) or one for one, parts in missing.items()}
    return exceptions.renamed(always, never, now)._asdict()


def follow(job_id: str, each: Sequence[Candidate]) -> None:
    """Let the exceptions that this import has brought name the customers of rows that have another id by now."""
    found = {one.row.more["id"]: _customer_of(one) for one in each}
    now = {given: customer_id for given, customer_id in found.items() if given and customer_id not in (None, given)}
    if now:
        exceptions.rename(job_id, now)


def _customer_of(one: Candidate) -> str | None:
    """The customer of a row. One that is refused because of its own key is the one who has the key."""
    if isinstance(one.refusal, CustomerKeyTaken):
        return own_keys.holder(CUSTOMER, one.row.more["profile"]["key"])
    return None if one.refusal else one.customer_id


def _holder(held: Mapping[str, Mapping[bool, str]], email: str, has_account: bool, own_key: str | None) -> str | None:  # noqa: FBT001 - in the order of the row's parts
    by_address = held.get(search.fold(email), {}).get(has_account)
    is_key = own_key is not None and ids.own_key(f"{ids.OWN_KEY_PREFIX}{own_key}") is not None
    return by_address or (own_keys.holder(CUSTOMER, str(own_key)) if is_key else None)


def _ids_in(group: Row) -> list[str]:
    """The ids in a group's exceptions. Malformed ones are refused later, in the group's own row."""
    given = group.more["exceptions"]
    lists = given.values() if isinstance(given, Mapping) else ()
    return [one for some in lists if isinstance(some, list) for one in some if isinstance(one, str)]
