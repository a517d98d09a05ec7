"""The numbered states of other systems' records. With numbers, events can arrive in any order and more than once."""

from typing import NamedTuple

from shared.dynamodb.expressions import Item


class State(NamedTuple):
    """One state of a record at its source. Later states have higher numbers."""

    source: str
    number: int
    replayed_from: str | None = None
    """When a replayed event was first sent. It becomes `created_at`, so that a later erasure still applies."""

    def is_newer_than(self, present: Item | None) -> bool:
        return present is None or self.number > present.get("source_number", -1)
