"""Rules and jobs: what follows from events, and the job that applies a rule to all customers."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from shared.domain.errors import CustomerNotFound
from shared.dynamodb import parallel, retries
from shared.dynamodb.expressions import Item
from shared.jobs import leases, machine, rows
from shared.jobs.chunks import Phase
from shared.jobs.leases import Lease
from shared.jobs.plans import Kind, Position
from shared.jobs.rows import Result, Row
from shared.jobs.work import Work
from shared.storage import customers, groups, job_chunks, jobs, records, references
from shared.storage.jobs import Outcome
from shared.storage.kinds import GROUP
from shared.storage.membership_steps import Verb
from shared.storage.rules import exceptions, judging, saving, store, writing
from shared.storage.rules.writing import Cause, Verdict

_OUTCOMES: Final[Mapping[Verb, Outcome]] = {"add": "added", "remove": "removed"}

type Verdicts = Sequence[Verdict] | None
"""What the rule has decided about a batch. None if another job applies a newer rule, or there is no rule any more."""


def follow(detail_type: str, detail: Mapping[str, Any]) -> None:
    """Do what an event requires. It can come late or more than once: the current state is judged."""
    if detail_type in ("customer.created", "customer.updated"):
        judging.apply([detail["customer_id"]], Cause())
    elif detail_type == "customer.deleted":
        exceptions.follow_deletion(detail["customer_id"])
    elif detail_type in ("customer-group.customers-added", "customer-group.customers-removed"):
        if detail["customer_group_id"] in store.current().mentioned:
            judging.apply(detail["customer_ids"], Cause())
    elif detail_type in ("customer-group.created", "customer-group.updated"):
        _follow_group(detail)
    elif detail_type == "customer-group.deleted":
        _follow_deletion(detail)


def plan(job: Item) -> Kind:
    """A row for each customer, unless the rule has been changed or removed since."""
    # A group from before the job was made would end the job, and with it the application of the rule.
    is_wanted = groups.get(job["target"], consistent=True).get("rule_job_id") == job["id"]
    return Kind((_every_customer,) if is_wanted else (), _after, is_limited=False)


def carry_out(work: Work, some: Sequence[Row]) -> list[Result]:
    """Judge the customers of a chunk. One in which nobody joins or leaves does not need the lease on the group."""
    results: list[Result] = []
    with (
        leases.from_first_turn([work.job["target"]], work.holder) as lease,
        parallel.read_ahead(partial(_decide, work), work.batches(some, judging.AT_ONCE)) as deciding,
    ):
        for (first, batch), verdicts in deciding:
            results += work.results_before(first, batch) or _carry_out(work, lease, first, batch, verdicts)
    return results


def complete(job: Item) -> None:
    """The rule has been applied to all customers."""
    saving.complete(job["target"], job["id"])


def _follow_group(detail: Mapping[str, Any]) -> None:
    """Start the job of a new rule. Exceptions have been applied by the request, unless that was interrupted."""
    group_id, new, previous = detail["customer_group_id"], detail["new"], detail.get("previous", {})
    if new.get("rule"):
        group = groups.find(group_id)
        if group and (job_id := group.get("rule_job_id")):
            machine.start(job_id)
    if "exceptions" in new or "exceptions" in previous:
        old, now = ({*one["always"], *one["never"]} for one in map(_exceptions, (previous, new)))
        exceptions.apply(group_id, old | now)


def _exceptions(values: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
    found: Mapping[str, Sequence[str]] = values.get("exceptions", {"always": [], "never": []})
    return found


def _follow_deletion(detail: Mapping[str, Any]) -> None:
    """Apply the rules again that mention a deleted group."""
    for reference in detail.get("references", ()):
        if reference["system"] == references.RULES:
            job_id = saving.apply_again(reference["id"], f"{detail['event_id']}#{reference['id']}")
            if job_id:
                machine.start(job_id)


def _every_customer(_: Item, __: Sequence[Phase], position: Position | None) -> Iterator[Row]:
    for at, customer_id in customers.every(after=position["at"] if position else None):
        yield Row(None, customer_id, {"at": at})


def _after(row: Row) -> Position:
    return {"at": row.more["at"]}


def _decide(work: Work, of: tuple[int, Sequence[Row]]) -> Verdicts:
    """Judge a batch that is not done yet, while the one before is written."""
    first, batch = of
    if work.is_marked(first) or not _is_wanted(work.job):
        return None
    return retries.when_stale(judging.decide)([row.value for row in batch], only=work.job["target"])


def _is_wanted(job: Item) -> bool:
    """Whether a job still applies the rule of its group. Another rule has a job of its own."""
    found = records.get_many(GROUP, [job["target"]], consistent=True, attributes=("rule_job_id",))
    return any(group.get("rule_job_id") == job["id"] for group in found.values())


def _carry_out(work: Work, lease: Lease, first: int, batch: Sequence[Row], verdicts: Verdicts) -> list[Result]:
    """Write what was decided, unless another run of the chunk has done it meanwhile."""
    if verdicts is None or not any(one.changes_something for one in verdicts):
        return _results(batch, verdicts)
    lease.take_turn()
    work.check_time(first)  # again, because it was decided ahead
    try:
        return _results(batch, _write(work, first, batch, verdicts))
    except job_chunks.AlreadyDoneError:
        work.read_marks_again()
        return work.results_before(first, batch) or []


def _write(work: Work, first: int, batch: Sequence[Row], verdicts: Sequence[Verdict]) -> Verdicts:
    """Write what was decided. If something has changed since then, it is judged again."""
    cause = Cause(jobs.action(work.id), lambda verdicts: work.mark(first, _results(batch, verdicts)))
    try:
        writing.write(verdicts, cause)
    except retries.Stale:
        if not _is_wanted(work.job):
            return None
        return judging.judge([row.value for row in batch], cause, only=work.job["target"])
    return verdicts


def _results(batch: Sequence[Row], verdicts: Verdicts) -> list[Result]:
    if verdicts is None:
        return [rows.of(row, "unchanged", row.value) for row in batch]
    found = {one.customer_id: one for one in verdicts}
    return [_result(row, found.get(row.value)) for row in batch]


def _result(row: Row, verdict: Verdict | None) -> Result:
    if verdict is None:
        return rows.refused(row, CustomerNotFound(row.value))  # deleted since it was planned
    outcome: Outcome = _OUTCOMES[verdict.steps[0].verb] if verdict.steps else "unchanged"
    return rows.of(row, outcome, row.value)
