"""What a function on a stream or a queue answers to Lambda."""

from typing import TypedDict


class Failure(TypedDict):
    """One record that was not dealt with."""

    itemIdentifier: str


class Failures(TypedDict):
    """Lambda brings these messages again; of a stream, the first of these records and all after it."""

    batchItemFailures: list[Failure]
