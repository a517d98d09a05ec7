"""Lists of jobs: all of them, and those that are not over."""

from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from shared.dynamodb import reads
from shared.dynamodb.expressions import Condition, Item, Key
from shared.storage import jobs, keys

MAX_COUNTED: Final = 1_000
"""More jobs than this are not counted exactly."""


class Page(NamedTuple):
    """Jobs, newest first, how many there are in total, and the position of the last one if there are more."""

    items: list[Item]
    total: int
    total_is_exact: bool
    next_position: str | None


def newest(limit: int, after: str | None) -> Page:
    """A page of jobs, newest first."""
    mine = Condition("#LIST = :list", {":list": keys.JOBS})
    start = {"LIST": keys.JOBS, "by_created": after, **_key_at(after)._asdict()} if after else None
    rows = reads.query(
        mine,
        index=keys.BY_CREATED,
        after=start,
        descending=True,
        page_size=limit + 1,
        attributes=(keys.BY_CREATED.sort,),
    )
    positions = [row[keys.BY_CREATED.sort] for row in islice(rows, limit + 1)]
    shown = positions[:limit]
    found = reads.batch_get(map(_key_at, shown))
    count = reads.count(mine, MAX_COUNTED + 1, index=keys.BY_CREATED)
    return Page(
        [found[key] for key in map(_key_at, shown) if key in found],
        min(count.number, MAX_COUNTED),
        count.is_whole,
        shown[-1] if len(positions) > limit else None,
    )


def under_way(before: str) -> Iterator[Item]:
    """The jobs that were started before a moment and are not over."""
    mine = Condition("#LIST = :list AND by_updated < :before", {":list": keys.JOBS, ":before": before})
    positions = [row["by_updated"] for row in reads.query(mine, index=keys.BY_UPDATED, attributes=("by_updated",))]
    for position in positions:
        job = reads.get(_key_at(position), consistent=True)
        if job and not jobs.is_over(job):
            yield job


def _key_at(position: str) -> Key:
    return keys.job(position.rpartition("#")[2])
