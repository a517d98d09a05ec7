"""The groups of an import as a dry run would have created them, row by row."""

from typing import NamedTuple

from shared.domain import ids
from shared.domain.errors import ApiError, CustomerGroupKeyTaken
from shared.jobs import rows
from shared.jobs.bases import GroupBasis, GroupNames, NamedGroupBasis
from shared.jobs.rows import Result
from shared.storage.rules import mentioned_groups


class Found(NamedTuple):
    """A group that exists, or that an earlier row would have created. Equal names stand for the same group."""

    name: int
    is_automatic: bool
    is_new: bool


class Groups:
    """What the group rows so far would have created. They come before the members, and all of them are kept."""

    def __init__(self) -> None:
        self._by_id: dict[int, int] = {}
        self._names: set[int] = set()
        self._keys: set[int] = set()
        self._automatic: set[int] = set()

    def result(self, one: Result, basis: GroupBasis) -> Result:
        """The result of a group's row after those before it. Remembers the group if it would be created."""
        if self._created(basis) is not None:
            return one._replace(outcome="unchanged", code=None, message=None)
        if one.outcome == "refused":
            return one
        refusal = self._refusal(basis)
        if refusal:
            return rows.refusing(one, refusal)
        self._create(basis)
        return one

    def found(self, basis: NamedGroupBasis) -> Found | None:
        """The group of a member's row: by id and then by name, as the import finds it."""
        if not basis.get("by_id"):
            created = self._created(basis)
            if created is not None and (hash(basis["id"]) in self._by_id or "found" not in basis):
                return Found(created, created in self._automatic, is_new=True)
        return Found(hash(("id", basis["found"])), "automatic" in basis, is_new=False) if "found" in basis else None

    def _created(self, basis: GroupNames) -> int | None:
        name = hash(basis["name"])
        return self._by_id.get(hash(basis["id"]), name if name in self._names else None)

    def _refusal(self, basis: GroupBasis) -> ApiError | None:
        for name, path in basis["missing"]:
            own_key = ids.own_key(name)
            if hash(own_key) not in self._keys if own_key else hash(name) not in self._by_id:
                return mentioned_groups.no_group(name, path)
        if basis["key"] and (basis["key_is_taken"] or hash(basis["key"]) in self._keys):
            return CustomerGroupKeyTaken(basis["key"])
        return None

    def _create(self, basis: GroupBasis) -> None:
        name = hash(basis["name"])
        self._names.add(name)
        if basis["keeps_id"]:
            self._by_id[hash(basis["id"])] = name
        if basis["key"]:
            self._keys.add(hash(basis["key"]))
        if basis["is_automatic"]:
            self._automatic.add(name)
