"""The results of rows that change memberships."""

from collections.abc import Mapping, Sequence
from typing import Final

from shared.domain.errors import CustomerNotFound
from shared.jobs import rows
from shared.jobs.candidates import Candidate, Candidates, DuplicateRow
from shared.jobs.rows import Result
from shared.storage.jobs import Outcome
from shared.storage.membership_steps import Step, Verb

_OUTCOMES: Final[Mapping[Verb, Outcome]] = {"add": "added", "remove": "removed"}


def of(found: Candidates, steps: Sequence[Step]) -> list[Result]:
    """The results of the rows after these steps. They belong to the first row of each customer that is not refused."""
    changed = {step.customer_id: _OUTCOMES[step.verb] for step in steps}
    seen: set[str] = set()
    results = []
    for one in found.each:
        results.append(_result(one, found, changed, seen))
        if one.customer_id and not one.refusal:
            seen.add(one.customer_id)
    return results


def _result(one: Candidate, found: Candidates, changed: Mapping[str, Outcome], seen: set[str]) -> Result:
    if isinstance(one.refusal, DuplicateRow):
        return rows.of(one.row, "unchanged")._replace(code=one.refusal.code, message=one.refusal.message)
    if one.refusal:
        return rows.refused(one.row, one.refusal, one.customer_id if one.customer_id in found.customers else None)
    customer_id = str(one.customer_id)
    if customer_id not in found.customers:
        return rows.refused(one.row, CustomerNotFound(customer_id))  # deleted since it was read
    if one.is_created:
        return rows.of(one.row, "created", customer_id)
    if customer_id in seen:
        return rows.of(one.row, "unchanged", customer_id)
    return rows.of(one.row, changed.get(customer_id, "unchanged"), customer_id)
