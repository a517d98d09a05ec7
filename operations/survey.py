"""One audit of a table: reads all items once, in segments that survive an interruption, then confirms and repairs.

Memory does not grow with the table. The items become `evidence` in a file. Suspicions from the evidence are checked
again in the table, by exact keys and with consistent reads.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, Final, NamedTuple

import botocore.session
from botocore.config import Config

from operations import confirmation, repair
from operations.consistency import faults
from operations.evidence import Evidence
from operations.facts import Fault
from operations.suspicions import Stray, strays, suspicions
from shared.dynamodb import client
from shared.dynamodb.expressions import Item, Key
from shared.dynamodb.values import deserialize
from shared.runtime import environment
from shared.storage import keys, tokens

ITEMS_PER_PAGE: Final = 1_000
SECONDS_PER_PAGE: Final = 120
"""The read timeout. A busy local engine can be slow."""
ITEMS_PER_SEGMENT: Final = 100_000
"""The most items that are read again after an interruption."""
MAX_SEGMENTS: Final = 1_000_000
"""DynamoDB's own limit."""
FOLLOWS_EVENTS: Final = frozenset({"copy", "exceptions", "automatic membership"})
"""What functions update from the stream and from events, so it may be out of date for a moment."""
PATIENCE_SECONDS: Final = 60
"""How long events may be on their way."""
SECONDS_BETWEEN_CHECKS: Final = 2
MAX_ROUNDS: Final = 5
"""A repair can reveal another fault: deleting a membership changes a count."""


class Outcome(NamedTuple):
    """A fault and its outcome."""

    fault: Fault
    now: str


def read(evidence: Evidence, size: int, advance: Callable[[int], None]) -> None:
    """Collect the evidence of a table of about `size` items. Continues an interrupted audit."""
    segments = evidence.begin(min(size // ITEMS_PER_SEGMENT + 1, MAX_SEGMENTS))
    for segment in range(segments):
        if (known := evidence.items_of(segment)) is None:
            evidence.add(segment, _pages(segment, segments, advance))
        else:
            advance(known)


def find_faults(
    evidence: Evidence, advance: Callable[[int], None] = lambda _: None, *, patience_seconds: float = 0
) -> list[Fault]:
    """The confirmed faults. What events may still mend is only a fault if it lasts for some time."""
    found: dict[Fault, None] = {}
    for suspicion in (*suspicions(evidence), *_exact(evidence)):
        found |= dict.fromkeys(confirmation.confirmed(suspicion))
        advance(1)
    return [*(one for one in found if one.what not in FOLLOWS_EVENTS), *_lasting(found, patience_seconds)]


def _lasting(found: Iterable[Fault], patience_seconds: float) -> list[Fault]:
    """The faults in what follows from events that are still there after some time."""
    left, deadline = [one for one in found if one.what in FOLLOWS_EVENTS], time.monotonic() + patience_seconds
    while left and time.monotonic() < deadline:
        time.sleep(SECONDS_BETWEEN_CHECKS)
        left = [again for one in left for again in confirmation.confirmed(one)]
    return left


def repair_all(found: list[Fault], *, apply: bool) -> list[Outcome]:
    """Repair the faults, or describe the repairs."""
    outcomes: dict[Fault, Outcome] = {}
    for _ in range(MAX_ROUNDS):
        for fault in found:
            outcomes[fault] = Outcome(fault, _repair_one(fault, apply=apply))
        if not apply:
            break
        # A repair can change the results of other rules for the same records.
        found = [again for fault in outcomes for again in _again(fault)]
        if not found:
            break
    return list(outcomes.values())


def _repair_one(fault: Fault, *, apply: bool) -> str:
    writes = repair.repair(fault)
    if writes is None:
        return "[yellow]needs a decision[/]"
    if not apply:
        return f"would be repaired: {', '.join(write.verb for write in writes)}"
    return "[green]repaired[/]" if repair.apply(writes) else "[yellow]changed meanwhile; audit again[/]"


def _again(fault: Fault) -> Iterator[Fault]:
    """Faults at the same records that can be repaired and are still there, or are new."""
    if fault.what == "counter":
        return
    for near in faults(confirmation.surroundings(fault)):
        if near.what != "counter" and repair.repair(near) is not None:
            yield from (again for again in confirmation.confirmed(near) if again.key == near.key)


def _exact(evidence: Evidence) -> Iterator[Fault]:
    """Suspected stray locks, tokens, due and term items. Their keys are not in the evidence, so they are read again."""
    ((segments,),) = evidence.rows("SELECT segments FROM audit")
    for stray in strays(evidence):
        for page in _pages(stray.segment, segments, lambda _: None):
            yield from (fault for item in page if (fault := _if_stray(item, stray, evidence)))


def _if_stray(item: Item, stray: Stray, evidence: Evidence) -> Fault | None:
    key = Key(item["PK"], item["SK"])
    if key.SK == "LOCK":
        if evidence.mark_of_lock(key, item["holder"]) in stray.digests:
            return Fault("stray lock", item["holder"], "", key)
    elif key.PK.startswith(keys.DUE_PREFIX):
        if evidence.mark_of_moment(key) in stray.digests:
            return Fault("due", keys.customer_due(key), "", key)
    elif key.SK.startswith(keys.TERM_PREFIX):
        if evidence.mark_of_moment(key) in stray.digests:
            return Fault("term", keys.customer_of_term(key), "", key)
    elif key.PK.startswith("TOKEN#") and evidence.mark_of_token(key, tokens.copy_of(item)) in stray.digests:
        return Fault("token", key.SK.rpartition("#")[2], "", key)
    return None


@cache
def scanner(endpoint_url: str) -> Any:
    """A client with a longer timeout and more retries than that of functions."""
    config = Config(read_timeout=SECONDS_PER_PAGE, retries={"mode": "standard", "total_max_attempts": 10})
    return botocore.session.get_session().create_client("dynamodb", endpoint_url=endpoint_url, config=config)


def _pages(segment: int, segments: int, advance: Callable[[int], None]) -> Iterator[list[Item]]:
    """The items of a segment of the table, page by page."""
    request: Any = {
        "TableName": environment.table_name(),
        "ConsistentRead": True,
        "Limit": ITEMS_PER_PAGE,
        "Segment": segment,
        "TotalSegments": segments,
    }
    while True:
        page = scanner(client.dynamodb().meta.endpoint_url).scan(**request)
        yield [deserialize(item) for item in page["Items"]]
        advance(len(page["Items"]))
        if not (start := page.get("LastEvaluatedKey")):
            return
        request["ExclusiveStartKey"] = start
