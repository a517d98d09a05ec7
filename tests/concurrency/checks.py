"""What must hold after all steps: for the results of calls, the table, histories, and members of automatic groups."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from operations import consistency, survey
from operations.evidence import Evidence
from shared.domain import exact_json
from shared.domain.errors import TooManyRequests, Unavailable
from shared.storage import keys
from shared.storage.membership_reads import Membership
from tests.concurrency import automatic, for_a_time
from tests.concurrency.evaluation import Evaluation

if TYPE_CHECKING:
    from tests.concurrency.world import CallResult, World


def check(world: "World") -> None:
    """Assert that the table is consistent and all results are correct."""
    items = world.table.items()
    found = consistency.faults(items)
    assert not found, "\n".join(f"{fault.what} of {fault.subject}: {fault.message}" for fault in found)
    changes: dict[str, list[Any]] = {}
    for item in items:
        if item["SK"].startswith("CHANGE#"):
            changes.setdefault(item["actor"], []).append(item)
    has_terms = any(call.step.verb in for_a_time.ACTIONS for call in world.calls)
    for call in world.calls:
        _check_call(call, changes.get(call.actor, []), has_terms=has_terms)
    _check_uses(world, items)
    _check_moves(items)
    _check_rules(items)


def _check_rules(items: list[Any]) -> None:
    """The members of automatic groups are those who meet the rules, and the audit finds no fault."""
    found = Evaluation(items, datetime.now(UTC) + automatic.LAST_CLOCK).differences()
    assert not found, "\n".join(found)
    with TemporaryDirectory() as folder, Evidence(Path(folder) / "state") as evidence, automatic.idle():
        survey.read(evidence, len(items), lambda _: None)
        faults = survey.find_faults(evidence)
    assert not faults, "\n".join(f"{fault.what} of {fault.subject}: {fault.message}" for fault in faults)


MOVES: Final = {"joined": 1, "left": -1, "terms_changed": 0}
"""What each entry of a customer's history means for the number of memberships in a group."""


def _check_moves(items: list[Any]) -> None:
    """What each living customer joined and did not leave are the groups that they are in."""
    balance: Counter[tuple[str, str]] = Counter()
    for item in items:
        if item["SK"].startswith("MOVE#"):
            balance[keys.id_of(item["PK"]), item["group"]["id"]] += MOVES[item["type"]]
    memberships = [Membership.of(item) for item in items if "member_group" in item]
    inside = {(one.customer_id, one.group_id) for one in memberships if one.is_counted}
    deletions = {item["subject_id"] for item in items if item["SK"].startswith("CHANGE#") and item["type"] == "deleted"}
    for (customer_id, group_id), number in balance.items():
        if customer_id not in deletions:
            assert number == ((customer_id, group_id) in inside), f"{customer_id} in {group_id}: {number}"


def _check_uses(world: "World", items: list[Any]) -> None:
    """Every acknowledged reference exists, was removed, or is in the event of its group's deletion."""
    there = {(keys.id_of(item["PK"]), item["id"]) for item in items if item["SK"].startswith("REFERENCE#")}
    deletions = [item for item in items if item["SK"].startswith("CHANGE#") and item["type"] == "deleted"]
    in_deletions = {
        (change["subject_id"], one["id"])
        for change in deletions
        for one in exact_json.loads(change.get("references", "[]"))
    }
    assert not there & in_deletions, "a reference in a deletion still exists"
    for call in world.calls:
        if call.step.verb == "rely" and not call.refusal:
            assert call.result in there | in_deletions | world.perhaps_taken_back, f"{call} is lost"
        if call.step.verb == "rely no more" and not call.refusal:
            assert call.result not in there | in_deletions, f"{call} came to nothing"


def _check_call(call: "CallResult", mine: list[Any], *, has_terms: bool) -> None:
    """With terms, an addition need not be a join yet, and a changed beginning can be one, or a leave."""
    kinds = Counter(one["type"] for one in mine)
    if isinstance(call.refusal, Unavailable | TooManyRequests):
        once = Counter((one["subject_id"], one["type"]) for one in mine)
        assert set(once.values()) <= {1}, f"{call} made {mine}"
    elif call.refusal:
        # No customer here has so many groups that its deletion needs several transactions.
        assert not mine, f"{call} was refused and made {mine}"
    elif call.step.verb in ("sync customer", "sync deletion"):
        assert sum(kinds[own] for own in ("created", "updated", "deleted")) <= 1, f"{call} made {mine}"
    elif call.step.verb in ("create", "create automatic", "create customer"):
        assert kinds == {"created": 1}, f"{call} made {mine}"
    elif call.step.verb in ("upsert", "upsert customer"):
        _, result = call.result
        assert kinds == ({} if result == "unchanged" else {result: 1}), f"{call} made {mine}"
    elif call.step.verb in ("rely", "rely no more", "sync use"):
        assert not mine, f"{call} made {mine}"
    elif call.step.verb in ("delete", "delete by force", "delete customer"):
        assert kinds["deleted"] == 1, f"{call} made {mine}"
    elif call.step.verb in ("add", "remove", "join", "leave", "add for a time", "join for a time"):
        added = Counter(one for change in mine for one in change.get("added", ()))
        removed = Counter(one for change in mine for one in change.get("removed", ()))
        expected = (len(call.result.added), len(call.result.removed))
        made = (added.total(), removed.total())
        most = sum(expected) + len(getattr(call.result, "changed", ()))
        assert made == expected or (has_terms and sum(made) <= most), f"{call} made {mine}"
    else:
        assert set(kinds.values()) <= {1}, f"{call} made {mine}"
        if call.step.verb == "merge":
            assert kinds == {"updated": 1}, f"{call} was lost"
