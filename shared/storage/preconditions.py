"""Preconditions: which versions of a record a client accepts."""

from typing import Final

from shared.domain.errors import PreconditionFailed


class Precondition:
    """The `If-Match` of a request: the versions that the client accepts, or any version."""

    def __init__(self, versions: frozenset[int] | None = None, *, needs_record: bool = False) -> None:
        self.versions = versions
        self._needs_record = needs_record

    def check_absent(self) -> None:
        """Raise PreconditionFailed unless the client accepts that there is no record yet."""
        if self.versions is not None or self._needs_record:
            raise PreconditionFailed("There is no resource with this key.")

    def check(self, version: int) -> None:
        """Raise PreconditionFailed unless the client accepts the version."""
        if self.versions is not None and version not in self.versions:
            raise PreconditionFailed(f"The resource is at version {version} now; it was changed since you read it.")

    def as_condition(self) -> tuple[str, dict[str, int]]:
        """The same check as a DynamoDB condition, to be appended to another one, with its values."""
        if self.versions is None:
            return "", {}
        values = {f":version_{place}": version for place, version in enumerate(sorted(self.versions))}
        return f" AND version IN ({', '.join(values)})", values


ANY_VERSION: Final = Precondition()
