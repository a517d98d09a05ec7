"""What a dry run finds out about the rows of an import: the bases of their results.

Nothing is written, so the rows only find what is in the table. `dry_runs` follows what they would create.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

from shared.domain import ids, search
from shared.domain.errors import ApiError, CustomerNotFound, InvalidData
from shared.jobs import candidates, import_customers, import_groups, member_changes, members, row_terms, rows
from shared.jobs.bases import Addition, Error, GroupBasis, MemberBasis, NamedGroupBasis
from shared.jobs.import_rows import group_of, has_account, is_member
from shared.jobs.rows import Result, Row
from shared.jobs.work import Work
from shared.runtime import clock
from shared.storage import customers, membership_reads, own_keys, records, summaries
from shared.storage.kinds import CUSTOMER, GROUP
from shared.storage.membership_steps import Step
from shared.storage.membership_transactions import Present
from shared.storage.rules import mentioned_groups


def carry_out(work: Work, some: Sequence[Row]) -> list[Result]:
    """The provisional results of groups, or of members, with their bases. Batches are those of the import itself."""
    if not any(map(is_member, some)):
        return [_group(row) for row in some]
    results: list[Result] = []
    for named, its in groupby(some, key=group_of):
        batch = list(its)
        group = None if named.is_none else _basis_of_group(named.id, named.name)
        for first, part in work.batches(batch, members.rows_per_write(work, batch), len(results)):
            results += _members(work, first, part, group)
    return results


def _group(row: Row) -> Result:
    group_id = row.more["group_id"]
    if import_groups.named(group_id, row.value) is not None:
        return rows.of(row, "unchanged")
    basis: GroupBasis = {"id": group_id, "name": search.fold(row.value)}
    try:
        group = import_groups.checked(row)
    except InvalidData as refusal:
        return rows.refused(row, refusal)._replace(basis={"group": basis})
    basis |= {
        "keeps_id": ids.is_possible(group_id) and not records.taken(GROUP, [group_id]),
        "key": group.key,
        "key_is_taken": group.key is not None and own_keys.holder(GROUP, group.key) is not None,
        "missing": mentioned_groups.looked_up(group.rule)[1] if group.rule else [],
        "is_automatic": group.rule is not None,
    }
    return rows.of(row, "created")._replace(given=rows.given(row), basis={"group": basis})


def _basis_of_group(group_id: str, name: str) -> NamedGroupBasis:
    found = import_groups.named(group_id, name)
    given = import_groups.given(group_id, name)
    basis: NamedGroupBasis = {"given": given, "id": group_id, "name": search.fold(name)}
    if found is None:
        return basis
    basis["found"] = found
    if found == group_id:
        basis["by_id"] = True
    if import_groups.is_automatic(found):
        basis["automatic"] = True
    return basis


def _members(work: Work, first: int, batch: Sequence[Row], group: NamedGroupBasis | None) -> Iterator[Result]:
    found = _found(batch)
    group_id = group.get("found", "") if group else ""
    is_manual = group is not None and "automatic" not in group
    present = membership_reads.stored((group_id, one) for one in found if one and group_id and is_manual)
    taken = _taken([row for row, one in zip(batch, found, strict=True) if one is None])
    for row, one in zip(batch, found, strict=True):
        basis = _named(row, work.batch(first))
        if group:
            basis["group"] = group
        if one is None:
            _add_creation(basis, row, taken)
        else:
            basis["found"] = one
        if refusal := import_customers.refused(row):
            basis["refused"] = _error(refusal)
        else:
            basis = {**basis, **_addition(row, group_id, one or "", present)}
        yield rows.of(row, "unchanged")._replace(given=rows.given(row), basis={"member": basis})


def _found(batch: Sequence[Row]) -> list[str | None]:
    """The customer of each row, by id and then by e-mail address, as the import finds it."""
    held = customers.by_email(search.fold(row.value) for row in batch if "@" in row.value)
    wanted = [row.more["id"] for row in batch] + [one for both in held.values() for one in both.values()]
    live = summaries.get_many(wanted)
    named = ((row.more["id"], held.get(search.fold(row.value), {}).get(has_account(row))) for row in batch)
    return [next((one for one in both if one in live), None) for both in named]


def _taken(missing: Sequence[Row]) -> set[str]:
    """The ids of deleted customers and the own keys of others, among those that these rows would create."""
    own_ids = records.taken(CUSTOMER, (row.more["id"] for row in missing))
    named = {f"{ids.OWN_KEY_PREFIX}{own_key}" for row in missing if (own_key := row.more["profile"]["key"])}
    each = sorted(one for one in named if ids.own_key(one))
    held = own_keys.resolved(CUSTOMER, each)
    return own_ids | {one for one, holder in zip(each, held, strict=True) if one != holder}


def _named(row: Row, batch: str) -> MemberBasis:
    named: MemberBasis = {"batch": batch, "identity": import_customers.identity(row)}
    if "@" in row.value:
        named |= {"email": search.fold(row.value), "has_account": has_account(row)}
    return named


def _add_creation(basis: MemberBasis, row: Row, taken: Collection[str]) -> None:
    """Add what there is to know about the creation of a row's customer."""
    try:
        own_key = candidates.profile_of(row, import_customers.ImportedProfile)["key"]
    except InvalidData as refusal:
        basis["cannot"] = _error(refusal)
        return
    if row.more["id"] in taken:
        basis["cannot"] = _error(CustomerNotFound(row.more["id"]))
        return
    if own_key:
        basis["key"] = own_key
        if f"{ids.OWN_KEY_PREFIX}{own_key}" in taken:
            basis["key_is_taken"] = True


def _addition(row: Row, group_id: str, customer_id: str, present: Present) -> Addition:
    terms = row_terms.exported(row)
    basis = member_changes.as_basis(Step("add", group_id, customer_id, terms), present)
    return {**basis, "adds": terms is None or not terms.is_over(clock.now())}


def _error(refusal: ApiError) -> Error:
    return [refusal.code, refusal.message]
