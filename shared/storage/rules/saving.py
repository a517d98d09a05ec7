"""Saves the rule of a group: what is written beside the group itself, in the same transaction.

That is the rule among all rules, a new version of them, a reference on each group that the rule mentions, and the job
that applies the rule to all customers.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from shared.domain import exact_json, ids
from shared.domain.errors import InvalidData, JobNotFound
from shared.dynamodb import actions, retries, transactions
from shared.dynamodb.actions import Action
from shared.dynamodb.expressions import Item
from shared.dynamodb.retries import Stale
from shared.dynamodb.transactions import ConditionsFailed
from shared.storage import creation_marks, jobs, keys, membership_reads, record_writes, records, references
from shared.storage.items import GroupItem
from shared.storage.kinds import GROUP
from shared.storage.record_writes import NO_EXTRA, Extra
from shared.storage.records import IS_LIVE
from shared.storage.rules import mentioned_groups, store

ATTRIBUTES: Final = ("rule_version", "rule_since", "rule_status", "rule_job_id")
"""What a group has beside its rule."""
MANUAL: Final[Mapping[str, Any]] = {"rule_version": 0, "rule_status": None, "rule_job_id": None}
NO_EXCEPTIONS: Final[Mapping[str, Any]] = {"always": [], "never": []}


def beside(
    group_id: str,
    before: GroupItem | None,
    values: Mapping[str, Any],
    actor: str,
    *,
    exceptions: Mapping[str, Any] = NO_EXCEPTIONS,
) -> Extra:
    """What to write beside a group whose values are about to be set. Raises InvalidData for a rule that cannot be.

    A new group can have `exceptions` from the beginning; a present one keeps its own. Setting the same rule again
    applies it again if the job that applied it did not succeed.
    """
    old = before.get("rule") if before else None
    if "rule" not in values:
        return NO_EXTRA
    rule = values["rule"]
    if rule is None:
        return _removal(group_id) if old else NO_EXTRA
    if exact_json.same(old, rule) and not _has_failed(before):
        return NO_EXTRA
    version = next_version(before) if before else 1
    name = str(values.get("name") or (before and before["name"]))
    return _saved(group_id, before, rule, version, name, actor, exceptions=exceptions)


def next_version(group: GroupItem) -> int:
    """The version of a group's next rule. Applying a rule again gives it a new version, but not the group."""
    return max(group["version"], group.get("rule_version", 0)) + 1


def as_read(group: GroupItem | None) -> dict[str, Any]:
    """What must still hold when the next version of a group's rule is written.

    Applying a rule again takes a version without changing that of the group. Two rules must not have the same one.
    """
    return {"rule_version": group.get("rule_version") if group else None}


def deletion(group: GroupItem, used_by: Iterable[Mapping[str, str]]) -> list[Action]:
    """The actions for the deletion of a group: its rule is removed, and rules that mention the group are read again."""
    if group.get("rule"):
        return list(_removal(group["id"]).actions)
    return [store.renew()] if any(one["system"] == references.RULES for one in used_by) else []


def _has_failed(group: GroupItem | None) -> bool:
    job_id = group.get("rule_job_id") if group else None
    try:
        return bool(job_id) and jobs.is_over(jobs.get(str(job_id), consistent=True))
    except JobNotFound:
        return True


def _removal(group_id: str) -> Extra:
    stored = store.get(group_id)
    unmentioned = mentioned_groups.unmention(group_id, stored["group_ids"].values()) if stored else []
    return Extra(MANUAL, [actions.delete(keys.rule(group_id)), store.renew(), *unmentioned])


def _saved(
    group_id: str,
    before: GroupItem | None,
    rule: Mapping[str, Any],
    version: int,
    name: str,
    actor: str,
    *,
    exceptions: Mapping[str, Any],
) -> Extra:
    if before and not before.get("rule_version") and next(membership_reads.term_keys(group_id, page_size=1), None):
        raise InvalidData.at(
            "rule", "the group has memberships that begin or end at a set time; a rule cannot keep them"
        )
    stored = store.get(group_id) if before else None
    rules_version = store.version()
    group_ids = mentioned_groups.ids_by_name(dict(rule))
    if group_ids:
        mentioned_groups.check_no_circle(group_id, group_ids, rules_version)
    since = before["rule_since"] if before and before.get("rule_version") else version
    kept = stored or exceptions
    item = store.item(group_id, rule, group_ids, version, since)
    item |= {name: kept[name] for name in store.EXCEPTIONS if name in kept}
    job = _job(group_id, version, actor)
    attributes = {"rule_version": version, "rule_since": since, **_applying(job)}
    old, new = set(stored["group_ids"].values() if stored else ()), set(group_ids.values())
    writes = [
        actions.put(item),
        store.renew(rules_version, must_be_read=bool(group_ids)),
        actions.put(job),
        *mentioned_groups.unmention(group_id, old - new),
        *mentioned_groups.mention(group_id, new - old, name, actor),
    ]
    return Extra(attributes, writes, {"term_change": before.get("term_change") if before else None, **as_read(before)})


def _job(group_id: str, version: int, actor: str) -> Item:
    work = {"customer_group_id": group_id, "rule_version": version}
    return jobs.new(
        ids.new("job"),
        "apply_rule",
        {"type": "apply_rule", "customer_group_id": group_id},
        actor,
        dry_run=False,
        work=exact_json.dumps(work),
        format="csv",
        target=group_id,
    )


@retries.when_stale
def apply_again(group_id: str, request_key: str) -> str | None:
    """Apply the rule of a group once more, because a group that it mentions was deleted. Returns the id of the job.

    A repetition (same `request_key`) returns the job that was made before. None if the group has no rule any more.
    """
    group = records.get_many(GROUP, [group_id], consistent=True).get(group_id)
    if group is None or not group.get("rule_version"):
        return None
    stored, version = store.get(group_id), next_version(group)
    if stored is None:
        raise Stale
    job = _job(group_id, version, group["created_by"])
    writes = [
        creation_marks.creation_mark(request_key, job["id"]),
        actions.put(job),
        # Another version, so that nothing is written that was decided while the mentioned group existed.
        actions.put({**stored, "version": version}, "version = :read", Stale(), where={":read": stored["version"]}),
        store.renew(),
    ]
    extra = Extra({"rule_version": version, **_applying(job)}, writes)
    try:
        record_writes.update_unchanged(GROUP, group, {}, "rules", extra=extra)
    except creation_marks.AlreadyCreatedError:
        return creation_marks.created_by_request(request_key)
    return str(job["id"])


def complete(group_id: str, job_id: str) -> None:
    """Say that a job has applied the current rule of a group to all customers, unless there is a newer job."""
    write = actions.update(
        keys.group(group_id),
        set={"rule_status": "current", "rule_job_id": None},
        condition=f"{IS_LIVE} AND rule_job_id = :job",
        where={":job": job_id},
    )
    try:
        transactions.transact([write])
    except ConditionsFailed:
        return


def _applying(job: Item) -> dict[str, Any]:
    return {"rule_status": "applying", "rule_job_id": job["id"]}
