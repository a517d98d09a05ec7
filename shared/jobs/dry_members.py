"""The customers and memberships of a dry run as earlier rows would have left them.

Only what several rows name is kept, so that a million rows need little memory. Names are kept as Python's hashes, of
64 bits and different in each process.
"""

from collections.abc import Container, Iterator
from functools import partial
from typing import NamedTuple

from shared.domain.errors import CustomerKeyTaken
from shared.domain.terms import Terms
from shared.jobs import import_groups, rows
from shared.jobs.bases import ChangeBasis, Error, MemberBasis, MembershipBasis, WrittenTerms
from shared.jobs.dry_groups import Found
from shared.jobs.rows import Result
from shared.runtime import clock
from shared.storage.membership_reads import Membership
from shared.storage.membership_steps import Meeting, Step
from shared.storage.membership_transactions import for_present

type Name = int
"""The hash of what something is called."""


class Left(NamedTuple):
    """A membership as the rows so far would have left it, and the last transaction with a row for it."""

    batch: str
    terms: Terms | None
    """None for no membership."""


class Memberships:
    """The memberships of those whom several rows name. In one transaction, only the first of them does something."""

    def __init__(self) -> None:
        self._left: dict[Name, Left] = {}
        self._last = Left("", None)
        self._now = clock.now()

    def find(self, pair: Name) -> Left | None:
        return self._left.get(pair)

    def add(self, pair: Name, basis: MembershipBasis, before: Terms | None, meets: Meeting) -> bool:
        """Remember what a row leaves. Returns whether it changes something."""
        step = Step("add", "", "", _terms(basis.get("wants")), meets=meets) if basis.get("adds") else None
        present = Membership("", "", before, before.next_change(self._now)) if before else None
        changed = for_present(step, present, self._now) if step else None
        left = Left(basis["batch"], changed.terms_at(self._now) if changed else before)
        if left != self._last:
            self._last = left  # one for all rows of a transaction takes less memory
        self._left[pair] = self._last
        return changed is not None


class Changes:
    """Rows that add customers to one group, remove them, or move them."""

    def __init__(self, repeated: Container[Name]) -> None:
        self._repeated = repeated
        self._memberships = Memberships()

    @staticmethod
    def names(basis: ChangeBasis) -> Iterator[Name]:
        """What other rows may have in common with this one."""
        yield hash(("customer", basis["customer"]))

    def result(self, one: Result, basis: ChangeBasis) -> Result:
        """The result of a row after those before it. Who was removed or moved is not in the group any more.

        A row that cannot create its customer is only refused if no earlier row creates them.
        """
        (name,) = self.names(basis)
        if name not in self._repeated:
            return one
        left = self._memberships.find(name)
        if left is None and "cannot" in basis:
            return one
        with_outcome = partial(rows.with_outcome, one, is_named_before="named_before" in basis)
        if left and left.batch == basis["batch"]:
            return with_outcome("unchanged")
        before = left.terms if left else _terms(basis.get("has"))
        is_changed = self._memberships.add(name, basis, before, "replace")
        if left is None:
            return one
        return with_outcome("added" if is_changed else "unchanged")


class Members:
    """The members of an import. Customers are found as the import finds them, or would be created."""

    def __init__(self, repeated: Container[Name]) -> None:
        self._repeated = repeated
        self._memberships = Memberships()
        self._created: set[Name] = set()
        self._by_address: dict[Name, Name] = {}
        self._keys: set[Name] = set()
        self._batch = ""
        self._addresses_of_batch: set[Name] = set()

    @classmethod
    def names(cls, basis: MemberBasis) -> Iterator[Name]:
        """What other rows may have in common with this one."""
        yield from cls._customers(basis)
        if basis.get("key"):
            yield hash(("key", basis["key"]))

    def result(self, one: Result, basis: MemberBasis, group: Found | None) -> Result:
        """The result of a member's row, or of a customer's row without a group, after those before it."""
        if basis["batch"] != self._batch:
            self._batch = basis["batch"]
            self._addresses_of_batch.clear()
        if group is None and "group" in basis:
            return rows.refusing(one, import_groups.not_found(*basis["group"]["given"]))
        if "refused" in basis:
            return _refused(one, basis["refused"])
        found = self._find(basis)
        if found is not None:
            return self._added(one, basis, group, found, is_created=False)
        refusal = self._refusal(one, basis)
        if refusal:
            return refusal
        return self._added(one, basis, group, self._create(basis), is_created=True)

    def _find(self, basis: MemberBasis) -> Name | None:
        name = hash(("customer", basis["identity"]))
        if name in self._created:
            return name
        if "found" in basis:
            return hash(("customer", basis["found"]))
        address = self._address(basis)
        # Within a transaction, the address is only found to be taken after everything else was checked.
        is_hidden = address in self._addresses_of_batch and "cannot" in basis
        return None if address is None or is_hidden else self._by_address.get(address)

    def _refusal(self, one: Result, basis: MemberBasis) -> Result | None:
        if "cannot" in basis:
            return _refused(one, basis["cannot"])
        own_key = basis.get("key")
        if own_key and ("key_is_taken" in basis or hash(("key", own_key)) in self._keys):
            return rows.refusing(one, CustomerKeyTaken(own_key))
        return None

    def _create(self, basis: MemberBasis) -> Name:
        name = hash(("customer", basis["identity"]))
        address, own_key = self._address(basis), hash(("key", basis.get("key")))
        if name in self._repeated:
            self._created.add(name)
        if address is not None and address in self._repeated:
            self._by_address[address] = name
            self._addresses_of_batch.add(address)
        if own_key in self._repeated:
            self._keys.add(own_key)
        return name

    def _added(
        self, one: Result, basis: MemberBasis, group: Found | None, customer: Name, *, is_created: bool
    ) -> Result:
        is_known = "found" in basis and customer == hash(("customer", basis["found"]))
        done = one._replace(customer_id=basis["found"] if is_known else None, given={})
        is_added = False
        if group and not group.is_automatic:  # the rule of an automatic group decides about its members
            is_added = self._is_added(basis, group, customer, is_known=is_known)
        if is_created:
            return done._replace(outcome="created")
        return done._replace(outcome="added" if is_added else "unchanged")

    def _is_added(self, basis: MemberBasis, group: Found, customer: Name, *, is_known: bool) -> bool:
        """Whether the customer joins the group."""
        pair = hash((group.name, customer))
        left = self._memberships.find(pair)
        if left and left.batch == basis["batch"]:
            return False
        stored = _terms(basis.get("has")) if is_known and not group.is_new else None
        before = left.terms if left else stored
        if not any(name in self._repeated for name in self._customers(basis)):
            return basis["adds"] and before is None
        return self._memberships.add(pair, basis, before, "keep")

    @classmethod
    def _customers(cls, basis: MemberBasis) -> Iterator[Name]:
        """The names of a row's customer."""
        yield hash(("customer", basis["identity"]))
        if "found" in basis and basis["found"] != basis["identity"]:
            yield hash(("customer", basis["found"]))
        address = cls._address(basis)
        if address is not None:
            yield address

    @staticmethod
    def _address(basis: MemberBasis) -> Name | None:
        return hash(("email", basis["email"], basis.get("has_account", False))) if basis.get("email") else None


def _terms(written: WrittenTerms | None) -> Terms | None:
    return None if written is None else Terms(*written)


def _refused(one: Result, error: Error) -> Result:
    code, message = error
    return one._replace(outcome="refused", code=code, message=message)
