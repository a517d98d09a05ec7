"""Which chunks and transactions of a job are done, so that each is counted once."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from shared.domain import exact_json
from shared.dynamodb import actions, reads, transactions
from shared.dynamodb.actions import Action
from shared.dynamodb.expressions import ABSENT, Condition
from shared.runtime import clock
from shared.storage import keys
from shared.storage.jobs import TOTALS

MARKS_KEPT_SECONDS: Final = 14 * 24 * 3600
"""How long the marks of a job's transactions and chunks are kept: longer than any job runs."""


class AlreadyDoneError(Exception):
    """Another run of the same chunk has committed this transaction before."""


def transaction_marks(job_id: str, chunk: str) -> dict[int, list[Any]]:
    """The outcomes of the chunk's transactions that are already committed, by the index of their first row."""
    mine = Condition(
        "PK = :job AND begins_with(SK, :done)",
        {":job": keys.job(job_id).PK, ":done": keys.job_transaction_prefix(chunk)},
    )
    return {
        int(item["SK"].rpartition("#")[2]): exact_json.loads(item["outcomes"])
        for item in reads.query(mine, consistent=True)
    }


def transaction_mark(job_id: str, chunk: str, first_row: int, outcomes: Sequence[Any]) -> Action:
    """The action that stores the outcomes of a transaction, so that no other run of the chunk repeats it."""
    item = {
        **keys.job_transaction(job_id, chunk, first_row)._asdict(),
        "outcomes": exact_json.dumps(outcomes),
        "expires_at": clock.epoch_seconds() + MARKS_KEPT_SECONDS,
    }
    return actions.put(item, ABSENT, AlreadyDoneError())


def begin(job_id: str, chunk: str) -> None:
    """Store that a run of the chunk is about to create records, which it does before its transactions."""
    expires_at = clock.epoch_seconds() + MARKS_KEPT_SECONDS
    transactions.commit([actions.put({**keys.job_begun(job_id, chunk)._asdict(), "expires_at": expires_at})])


def has_begun(job_id: str, chunk: str) -> bool:
    return reads.get(keys.job_begun(job_id, chunk), consistent=True) is not None


def count_chunk(job_id: str, chunk: str, totals: Mapping[str, int]) -> None:
    """Add the totals of a chunk to the job's totals, once.

    Totals of a finished job are those of its results, so a chunk that ends later is not counted.
    """
    item = {
        **keys.job_chunk(job_id, chunk)._asdict(),
        **totals,
        "expires_at": clock.epoch_seconds() + MARKS_KEPT_SECONDS,
    }
    try:
        transactions.commit(
            [
                actions.put(item, ABSENT, AlreadyDoneError()),
                actions.update(
                    keys.job(job_id),
                    add=totals,
                    condition="attribute_exists(PK) AND attribute_not_exists(finished_at)",
                    refused=AlreadyDoneError(),
                ),
            ]
        )
    except AlreadyDoneError:
        return


def completed_chunks(job_id: str) -> dict[str, dict[str, int]]:
    """The totals of the completed chunks, by their names."""
    mine = Condition(
        "PK = :job AND begins_with(SK, :chunk)", {":job": keys.job(job_id).PK, ":chunk": keys.CHUNK_PREFIX}
    )
    return {
        item["SK"].removeprefix(keys.CHUNK_PREFIX): {name: item[name] for name in TOTALS if name in item}
        for item in reads.query(mine, consistent=True)
    }
