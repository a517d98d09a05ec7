"""Rules and jobs: what follows from events, and the job that applies a rule to all customers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from shared.domain.errors import CustomerNotFound
from shared.dynamodb.expressions import Item
from shared.jobs import machine, rows
from shared.jobs.chunks import Phase
from shared.jobs.plans import Kind, Position
from shared.jobs.rows import Result, Row
from shared.jobs.work import Work
from shared.storage import customers, groups, job_chunks, jobs, references
from shared.storage.jobs import Outcome
from shared.storage.membership_steps import Verb
from shared.storage.rules import exceptions, judging, saving, store
from shared.storage.rules.writing import Cause, Verdict

_OUTCOMES: Final[Mapping[Verb, Outcome]] = {"add": "added", "remove": "removed"}


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
    """Judge the customers of a chunk."""
    results: list[Result] = []
    for first, batch in work.batches(some, judging.AT_ONCE):
        results += work.results_before(first, batch) or _judge(work, first, batch)
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


def _every_customer(_: Item, __: Sequence[Phase], position: Position) -> Iterator[Row]:
    for at, customer_id in customers.every(after=position["at"] if position else None):
        yield Row(None, customer_id, {"at": at})


def _after(row: Row) -> Position:
    return {"at": row.more["at"]}


def _judge(work: Work, first: int, batch: Sequence[Row]) -> list[Result]:
    cause = Cause(jobs.action(work.id), lambda verdicts: work.mark(first, _results(batch, verdicts)))
    try:
        with work.writing():
            verdicts = judging.judge([row.value for row in batch], cause, only=work.job["target"])
        return _results(batch, verdicts)
    except job_chunks.AlreadyDoneError:
        work.read_marks_again()
        return work.results_before(first, batch) or []


def _results(batch: Sequence[Row], verdicts: Sequence[Verdict]) -> list[Result]:
    found = {one.customer_id: one for one in verdicts}
    return [_result(row, found.get(row.value)) for row in batch]


def _result(row: Row, verdict: Verdict | None) -> Result:
    if verdict is None:
        return rows.refused(row, CustomerNotFound(row.value))  # deleted since it was planned
    outcome: Outcome = _OUTCOMES[verdict.steps[0].verb] if verdict.steps else "unchanged"
    return rows.of(row, outcome, row.value)
