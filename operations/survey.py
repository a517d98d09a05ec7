"""One audit of a table: read once from end to end, in steps that survive an interruption, then look again and repair.

To be imported after the settings are there: `shared` reads them when it is imported.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from operations import repair
from operations.consistency import HEAVY, Facts, Fault, faults, faults_of
from shared.storage import table
from shared.storage.table import from_wire

type Page = dict[str, Any]

ITEMS_PER_PAGE: Final = 1_000
"""So few that even the local cloud answers in the three seconds that the functions' client waits."""
MOST_ROUNDS: Final = 5
"""A repair may bring another fault to light: a membership that goes changes a count."""


class Outcome(NamedTuple):
    """A fault, and what became of it."""

    fault: Fault
    now: str


def read(table_name: str, state: Path, advance: Callable[[int], None]) -> Facts:
    """Gather the facts of a whole table. What is read is kept in `state`, where an interrupted audit goes on."""
    facts, start = Facts(), None
    for page in _kept(state):
        start = _take_in(facts, page, advance)
    if start is None and state.exists() and state.stat().st_size:
        return facts
    with state.open("a") as kept:
        for page in _pages(table_name, start):
            kept.write(json.dumps(page) + "\n")
            kept.flush()
            _take_in(facts, page, advance)
    return facts


def look(facts: Facts, advance: Callable[[int], None] = lambda _: None) -> list[Fault]:
    """The faults that are there, and not merely seen because others wrote meanwhile."""
    suspicions = faults_of(facts)
    found: list[Fault] = []
    for suspicion in suspicions:
        found += repair.confirmed([suspicion])
        advance(1)
    return found


def mend(found: list[Fault], *, for_real: bool) -> list[Outcome]:
    """Put right what can be put right, or tell what would be."""
    outcomes: dict[Fault, Outcome] = {}
    for _ in range(MOST_ROUNDS):
        for fault in found:
            outcomes[fault] = Outcome(fault, _mend_one(fault, for_real=for_real))
        if not for_real:
            break
        # What was put right may have changed what other rules see of the same records.
        found = [again for fault in outcomes for again in _again(fault)]
        if not found:
            break
    return list(outcomes.values())


def _mend_one(fault: Fault, *, for_real: bool) -> str:
    writes = repair.repair(fault)
    if writes is None:
        return "[yellow]needs a decision[/]"
    if not for_real:
        return f"would be put right: {', '.join(write.action for write in writes)}"
    return "[green]put right[/]" if repair.carry_out(writes) else "[yellow]changed meanwhile; audit again[/]"


def _again(fault: Fault) -> Iterator[Fault]:
    """What is repairable and still or newly wrong around a fault that was dealt with."""
    if fault.what == "counter":
        return
    for near in faults(repair.surroundings(fault)):
        if near.what != "counter" and repair.repair(near) is not None:
            yield from repair.confirmed([near])


def _kept(state: Path) -> Iterator[Page]:
    """The pages of an audit that was interrupted; a last one that was not written whole is read again."""
    if not state.exists():
        return
    with state.open("r+") as kept:
        whole = 0
        while line := kept.readline():
            if not line.endswith("\n"):
                kept.truncate(whole)
                return
            whole = kept.tell()
            yield json.loads(line)


def _pages(table_name: str, start: Any) -> Iterator[Page]:
    request: Any = {"TableName": table_name, "ConsistentRead": True, "Limit": ITEMS_PER_PAGE}
    while True:
        page = table.client.scan(**request | ({"ExclusiveStartKey": start} if start else {}))
        start = page.get("LastEvaluatedKey")
        kept = [
            {name: value for name, value in item.items() if name not in HEAVY}
            for item in page["Items"]
            if not item["PK"]["S"].startswith("IDEMPOTENCY#")
        ]
        yield {"items": kept, "read": len(page["Items"]), "next": start}
        if not start:
            return


def _take_in(facts: Facts, page: Page, advance: Callable[[int], None]) -> Any:
    for item in page["items"]:
        facts.add(from_wire(item))
    advance(page["read"])
    return page["next"]
