"""Writes of records. Each is one transaction, which also appends the change to the history."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, cast

from shared.domain import ids
from shared.domain.errors import InvalidData
from shared.dynamodb import actions, retries, transactions
from shared.dynamodb.actions import Action
from shared.dynamodb.expressions import ABSENT
from shared.dynamodb.retries import Stale
from shared.runtime import clock
from shared.storage import changes, keys, large_metadata, locks, records, summaries, tokens
from shared.storage.creation_marks import AlreadyCreatedError, created_by_request, creation_mark
from shared.storage.items import ListedItem
from shared.storage.kind import LISTED, Kind, row
from shared.storage.preconditions import Precondition
from shared.storage.records import IS_LIVE


class Extra(NamedTuple):
    """What a write has beside the values that clients set: attributes that are not in the history, and further actions.

    Extra attributes alone do not increase the version.
    """

    attributes: Mapping[str, Any] = {}
    actions: Sequence[Action] = ()
    unchanged: Mapping[str, Any] = {}
    """Further attributes that must still have these values, None for one that must be missing."""


NO_EXTRA: Final = Extra()


def create[R](
    kind: Kind[R],
    item_id: str,
    values: Mapping[str, Any],
    actor: str,
    *,
    over: R | None = None,
    is_chosen: bool = False,
    request_key: str | None = None,
    row: str | None = None,
    reason: changes.Reason | None = None,
    extra: Extra = NO_EXTRA,
) -> R:
    """Create a record, or replace a tombstone (`over`).

    An id that the client has chosen (`is_chosen`) does not contain the time of creation, and may be taken already.
    A repeated request (same `request_key`) returns the record that it created before.
    With `row`, a row of a job, it raises AlreadyCreatedError instead: several rows may be one request.
    Raises the kind's error for a name or id that is taken, and Stale when the item was created meanwhile.
    """
    item = _new(kind, item_id, {**values, **extra.attributes}, actor, is_chosen=is_chosen)
    marks = [creation_mark(request_key, item_id, row)] if request_key else []
    essential = [
        *locks.hold(kind, None, item),
        actions.update(keys.counter(kind.list, item_id), add={"total": 1}),
        changes.append(
            kind.key(item_id),
            "created",
            actor,
            version=item["version"],
            after=records.visible(kind, item),
            reason=reason,
        ),
        *large_metadata.writes(kind.key(item_id), None, item),
        *summaries.writes(kind, None, item),
        *extra.actions,
    ]
    placed = put(item, over=over, refused=kind.id_taken(item_id) if is_chosen else None)
    try:
        # The mark is first: a repeated request must fail with AlreadyCreatedError, not because its id is taken.
        transactions.commit([*marks, placed, *essential, *tokens.difference(kind, None, item)])
    except AlreadyCreatedError:
        if row:
            raise
        return records.get(kind, created_by_request(str(request_key)), consistent=True)
    created: R = item
    return created


def _new(kind: Kind, item_id: str, values: Mapping[str, Any], actor: str, *, is_chosen: bool) -> Any:
    """The item of a new record."""
    created_at = str(values.get("created_at") or (clock.now() if is_chosen else ids.created_at(item_id)))
    item = {
        **kind.key(item_id)._asdict(),
        "id": item_id,
        "created_by": actor,
        "created_at": created_at,
        "updated_at": created_at,
        "version": 1,
        **values,
    }
    return item | row(kind, item)


@retries.when_stale
def update[R](
    kind: Kind[R], item_id: str, actor: str, precondition: Precondition, revision: Callable[[R], Mapping[str, Any]]
) -> R:
    """Read a record, set the attributes that `revision` returns for it, and retry when it changed meanwhile.

    Writes nothing when nothing changes. Raises NotFound, PreconditionFailed, and the error for a taken name.
    """
    item = records.get(kind, item_id, consistent=True)
    precondition.check(cast("ListedItem", item)["version"])
    return update_unchanged(kind, item, revision(item), actor)


def update_unchanged[R](kind: Kind[R], item: R, values: Mapping[str, Any], actor: str, *, extra: Extra = NO_EXTRA) -> R:
    """Set attributes of a record that is unchanged since it was read. Raises Stale."""
    difference = changes.difference(records.visible(kind, item), values)
    if difference[1]:
        revised: R = write_revision(kind, item, values, actor, difference, extra)
        return revised
    if extra.attributes:
        transactions.commit([_update(kind, item, extra.attributes, extra.unchanged), *extra.actions])
        return cast("R", {**cast("Any", item), **extra.attributes})
    return item


def delete(
    kind: Kind,
    item: Any,
    actor: str,
    *,
    before: Mapping[str, Any] | None,
    forget: Iterable[str] = (),
    also: Iterable[Action] = (),
    where: Mapping[str, Any] | None = None,
    references: Sequence[Mapping[str, str]] = (),
    set: Mapping[str, Any] | None = None,  # noqa: A002 - the name of DynamoDB's clause
) -> None:
    """Remove a record from all lists and searches, release its lock, and turn it into a tombstone: one transaction.

    `where` has further attributes that must still have these values, None for one that must be missing; `forget` names
    attributes to remove; `references` go into the change. Raises Stale.
    """
    expected = dict(where or {})
    unchanged, as_read = _unchanged(item)
    version = item["version"] + 1
    essential = [
        *locks.hold(kind, item, None),
        actions.update(keys.counter(kind.list, item["id"]), add={"total": -1}),
        changes.append(kind.key(item["id"]), "deleted", actor, version=version, before=before, references=references),
        *large_metadata.writes(kind.key(item["id"]), item, None),
        *also,
    ]
    tombstone = actions.update(
        kind.key(item["id"]),
        set={"deleted_at": clock.now(), "version": version, **(set or {})},
        remove=[name for name in dict.fromkeys((*LISTED, *forget, *large_metadata.ATTRIBUTES)) if name in item],
        condition=" AND ".join([IS_LIVE, unchanged, *(_is_as_read(name, value) for name, value in expected.items())]),
        where={f":old_{name}": value for name, value in expected.items() if value is not None} | as_read,
        names=expected,
        refused=Stale(),
        contended=kind.contended(item["id"]),
    )
    transactions.commit([tombstone, *essential, *tokens.difference(kind, item, None)])


def check_unchanged(kind: Kind, item: Any) -> Action:
    """The action that checks that a live record is unchanged since it was read. Refused with Stale."""
    unchanged, as_read = _unchanged(item)
    return actions.check(kind.key(item["id"]), f"{IS_LIVE} AND {unchanged}", as_read, Stale())


def write_revision(
    kind: Kind,
    item: Any,
    values: Mapping[str, Any],
    actor: str,
    difference: tuple[Mapping[str, Any], Mapping[str, Any]],
    extra: Extra,
) -> Any:
    """Write the next version of a record. The history gets the `difference`, before and after. Raises Stale."""
    was, became = difference
    version = item["version"] + 1
    revised = {**item, **values, **extra.attributes, "version": version, "updated_at": clock.now()}
    revised |= row(kind, revised)
    essential = [changes.append(kind.key(item["id"]), "updated", actor, version=version, before=was, after=became)]
    essential += large_metadata.writes(kind.key(item["id"]), item, revised) if "metadata" in became else []
    essential += [*locks.hold(kind, item, revised), *summaries.writes(kind, item, revised)]
    changed = {name: value for name, value in revised.items() if name in became or value != item.get(name)}
    writes = [
        _update(kind, item, changed, extra.unchanged),
        *essential,
        *extra.actions,
        *tokens.difference(kind, item, revised),
    ]
    if len(writes) > transactions.MAX_ACTIONS:
        raise InvalidData("The request changes too much at once. Change one field after the other.")
    transactions.commit(writes)
    return revised


def _is_as_read(name: str, value: object) -> str:
    return f"attribute_not_exists(#{name})" if value is None else f"#{name} = :old_{name}"


def _update(kind: Kind, item: Any, values: Mapping[str, Any], expected: Mapping[str, Any]) -> Action:
    """The action that sets attributes of a record, under the condition that it is unchanged since it was read."""
    unchanged, as_read = _unchanged(item)
    stored = large_metadata.as_stored(values)
    given = ("metadata", *large_metadata.ATTRIBUTES) if "metadata" in values else ()
    return actions.update(
        kind.key(item["id"]),
        set=stored,
        remove=[name for name in given if name not in stored],
        condition=" AND ".join([IS_LIVE, unchanged, *(_is_as_read(name, value) for name, value in expected.items())]),
        where={f":old_{name}": value for name, value in expected.items() if value is not None} | as_read,
        names=expected,
        refused=Stale(),
        contended=kind.contended(item["id"]),
    )


def _unchanged(item: Any) -> tuple[str, dict[str, Any]]:
    """The condition that a record is unchanged since it was read, with its values.

    It includes `source_number`, which increases without the version when a source sends values that are already stored.
    """
    as_read = {":read_version": item["version"]}
    if "source_number" not in item:
        return "version = :read_version AND attribute_not_exists(source_number)", as_read
    return "version = :read_version AND source_number = :read_number", {
        **as_read,
        ":read_number": item["source_number"],
    }


def put(item: Mapping[str, object], *, over: Any, refused: Exception | None = None) -> Action:
    """Put an item where there is none, or over an item that is unchanged since it was read (`over`).

    Refused with Stale, or with `refused` if given.
    """
    if over is None:
        return actions.put(large_metadata.as_stored(item), ABSENT, refused or Stale())
    unchanged, as_read = _unchanged(over)
    return actions.put(large_metadata.as_stored(item), unchanged, Stale(), where=as_read)
