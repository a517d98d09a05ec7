"""The groups of an import."""

from functools import partial
from typing import Any

from pydantic import ValidationError

from shared.domain import ids
from shared.domain.errors import (
    ApiError,
    CustomerGroupIdTaken,
    CustomerGroupKeyTaken,
    CustomerGroupNameTaken,
    CustomerGroupNotFound,
    InvalidData,
)
from shared.domain.rules import parsing
from shared.domain.validation import as_refusal
from shared.domain.values import Id, Metadata, Model, Name, OwnKey
from shared.jobs import import_exceptions, rows
from shared.jobs.rows import Result, Row
from shared.jobs.work import Work
from shared.storage import creation_marks, groups, jobs, records
from shared.storage.kinds import GROUP
from shared.storage.rules import exceptions, saving


class ImportedExceptions(Model):
    """The exceptions of an imported group."""

    always: list[Id]
    never: list[Id]


class ImportedGroup(Model):
    """The limits of an imported group."""

    name: Name
    key: OwnKey | None
    metadata: Metadata | None
    rule: dict[str, Any] | None
    exceptions: ImportedExceptions | None


def create(work: Work, index: int, row: Row) -> Result:
    """Create a group, unless one with its id or name exists."""
    request_key = work.request_key(index)
    is_created = bool(creation_marks.created_by_request(request_key))
    if named(row.more["group_id"], row.value) is not None:
        return rows.of(row, "created" if is_created else "unchanged")
    try:
        _create(work, row, checked(row), request_key)
    except (CustomerGroupIdTaken, CustomerGroupNameTaken, CustomerGroupKeyTaken) as refusal:
        # Another row or another import may have created the group a moment ago.
        found = named(row.more["group_id"], row.value, consistent=True)
        return rows.refused(row, refusal) if found is None else rows.of(row, "unchanged")
    except ApiError as refusal:
        return rows.refused(row, refusal)
    return rows.of(row, "created")


def named(group_id: str, name: str, *, consistent: bool = False) -> str | None:
    """The id of the existing group with this id, or else with this name."""
    if group_id and records.get_many(GROUP, [group_id], consistent=True):
        return group_id
    return next(iter(records.holders(GROUP, [name], consistent=consistent)), None)


def given(group_id: str, name: str) -> tuple[str, str]:
    """What a member's row calls its group, and what that is: `id` or `name`."""
    return (group_id, "id") if group_id else (name, "name")


def not_found(given: str, by: str) -> ApiError:
    """Why a member's row without a group is refused."""
    if given:
        return CustomerGroupNotFound(given, by)
    return InvalidData.at("group_name", "is needed where there is no group_id")


def is_automatic(group_id: str) -> bool:
    group = groups.find(group_id)
    return bool(group and group.get("rule_version"))


def checked(row: Row) -> ImportedGroup:
    """The group with its rule in the shortest form. Raises InvalidData."""
    try:
        group = ImportedGroup.model_validate({**row.more, "name": row.value})
    except ValidationError as error:
        raise as_refusal(error.errors()) from None
    if group.exceptions:
        exceptions.check(group.exceptions.always, group.exceptions.never)
        if not group.rule:
            raise InvalidData.at("exceptions", "there is no rule to make exceptions from")
    return group.model_copy(update={"rule": parsing.parse(group.rule)}) if group.rule else group


def _create(work: Work, row: Row, group: ImportedGroup, request_key: str) -> None:
    """Create the group with its original id, or with a new id if a deleted group still has it.

    It has its exceptions from the beginning, so that nobody joins who never should. Their customers may not be there
    yet. Raises CustomerGroupIdTaken (a live group has it), CustomerGroupNameTaken, CustomerGroupKeyTaken, InvalidData
    (the rule mentions a group that is missing).
    """
    group_id = row.more["group_id"] if ids.is_possible(row.more["group_id"]) else None
    given = saving.NO_EXCEPTIONS
    if both := group.exceptions:
        now = import_exceptions.as_now(both.always, both.never, row.more.get("customers", {}))
        given = {**now, "brought_by": work.id}
    made = partial(
        groups.create,
        group.name,
        group.metadata,
        work.actor,
        own_key=group.key,
        rule=group.rule,
        exceptions=given,
        request_key=request_key,
        reason=jobs.reason(work.id),
    )
    work.begin()
    try:
        made(chosen_id=group_id)
    except CustomerGroupIdTaken:
        if groups.find(row.more["group_id"]):
            raise
        made()
