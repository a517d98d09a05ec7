"""How each kind of job finds its rows and processes a chunk."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from shared.domain import exact_json, search
from shared.dynamodb.expressions import Item
from shared.jobs import dry_runs, exports, files, imports, members, row_terms, rows, rules, sources
from shared.jobs.candidates import EmailIsAmbiguous
from shared.jobs.chunks import Phase
from shared.jobs.plans import Find, Kind, Position
from shared.jobs.rows import Result, Row
from shared.jobs.seen import Seen
from shared.jobs.sources import Matching
from shared.jobs.work import Work
from shared.storage import customers, groups, jobs, membership_reads
from shared.storage.lists import Listing
from shared.storage.membership_steps import Verb

type Arguments = Mapping[str, Any]


def plan_of(job: Item, matching: Matching) -> Kind:
    """How the rows of a job are found."""
    return _PLANS[job["type"]](job, exact_json.loads(job["work"]), matching)


def carry_out(work: Work, some: Sequence[Row]) -> tuple[Iterable[str], Mapping[str, int]]:
    """Process the rows of a chunk. Returns their lines for the result, piece by piece, and the totals."""
    if work.job["type"] == "export":
        return exports.carry_out(work, some)
    results = _WORK[work.job["type"]](work, some)
    if work.is_dry:
        return [dry_runs.pack(results)], rows.totals(dry_runs.corrected(lambda: results))
    return [rows.write(results, work.job)], rows.totals(results)


def complete(job: Item) -> None:
    """Do what remains when all chunks of a job are done."""
    if job["type"] == "apply_rule":
        rules.complete(job)
    if job["type"] == "import":
        imports.complete(job)


def is_corrected(job: Item) -> bool:
    """Whether the results of chunks are provisional, because each only sees the table. An export has no results."""
    return bool(job["dry_run"]) and job["type"] != "export"


def header(job: Item) -> str:
    """The first line of the result."""
    return exports.header(job["format"]) if job["type"] == "export" else rows.header(job)


def _plan_change(job: Item, arguments: Arguments, matching: Matching) -> Kind:
    source, group_id = arguments["source"], arguments["customer_group_id"]
    groups.get(group_id)
    if "input" in job:
        terms = sources.TermColumns.of(source) if arguments["action"] == "add" else None
        named = partial(_in_file, column=source["column"], terms=terms)
    else:
        named = partial(_matching, listing=matching(source["filter"]))
    others = partial(_others, group_id=group_id)
    return Kind((named, others) if arguments["action"] == "set" else (named,), _after)


def _plan_move(job: Item, arguments: Arguments, matching: Matching) -> Kind:
    for one in ("from", "to"):
        groups.get(arguments[one])
    if "input" in job:
        return Kind((partial(_with_terms, _in_file, arguments["from"]),), _after)
    if arguments.get("filter") is not None:
        among = {**arguments["filter"], "groups": [arguments["from"]]}
        matched = partial(_matching, listing=matching(among))
        return Kind((partial(_with_terms, matched, arguments["from"]),), _after)
    return Kind((partial(_members, group_id=arguments["from"]),), _after)


def _plan_copy(_: Item, arguments: Arguments, __: Matching) -> Kind:
    source = arguments["customer_group_id"]
    found: Find = partial(_members, group_id=source) if arguments["with_members"] else _nobody
    return Kind((partial(_into_new, found, arguments["name"], groups.get(source)["metadata"]),), _after)


def _plan_combination(_: Item, arguments: Arguments, __: Matching) -> Kind:
    into = arguments["into"]
    group_ids = arguments["customer_group_ids"]
    for group_id in group_ids:
        groups.get(group_id)
    found: Find = partial(_combined, operation=arguments["operation"], group_ids=group_ids, target=into["id"])
    return Kind((found if into["name"] is None else partial(_into_new, found, into["name"], None),), _after)


def _plan_export(_: Item, arguments: Arguments, __: Matching) -> Kind:
    return exports.plan(arguments["customer_group_ids"])


def _change(work: Work, some: Sequence[Row]) -> list[Result]:
    verb: Verb = "remove" if work.arguments["action"] == "remove" or work.phase > 1 else "add"
    given = partial(row_terms.given, arguments=work.arguments)
    return members.change(work, some, verb, work.arguments["customer_group_id"], terms_of=given)


def _move(work: Work, some: Sequence[Row]) -> list[Result]:
    return members.move(work, some, work.arguments["from"], work.arguments["to"])


def _fill(work: Work, some: Sequence[Row]) -> list[Result]:
    return members.change(work, some, "add", work.job.get("target", members.NO_GROUP), terms_of=row_terms.planned)


_PLANS: Final[Mapping[str, Callable[[Item, Arguments, Matching], Kind]]] = {
    "change_members": _plan_change,
    "move_members": _plan_move,
    "copy_group": _plan_copy,
    "combine_groups": _plan_combination,
    "export": _plan_export,
    "import": lambda job, _, __: imports.plan(job),
    "apply_rule": lambda job, _, __: rules.plan(job),
}
_WORK: Final[Mapping[str, Callable[[Work, Sequence[Row]], list[Result]]]] = {
    "change_members": _change,
    "move_members": _move,
    "copy_group": _fill,
    "combine_groups": _fill,
    "import": imports.carry_out,
    "apply_rule": rules.carry_out,
}


def _after(row: Row) -> Position:
    return {"line": row.line, "after": row.value, "at": row.more.get("at")}


def _in_file(
    job: Item,
    _: Sequence[Phase],
    position: Position | None,
    column: str | None = None,
    terms: sources.TermColumns | None = None,
) -> Iterator[Row]:
    return sources.values(job, column, position["line"] if position else None, terms)


def _with_terms(
    find: Find, group_id: str, job: Item, phases: Sequence[Phase], position: Position | None
) -> Iterator[Row]:
    return sources.with_terms(find(job, phases, position), group_id)


def _matching(_: Item, __: Sequence[Phase], position: Position | None, listing: Listing) -> Iterator[Row]:
    return sources.matches(listing, position)


def _members(_: Item, __: Sequence[Phase], position: Position | None, group_id: str) -> Iterator[Row]:
    return sources.members(group_id, position)


def _nobody(_: Item, __: Sequence[Phase], ___: Position | None) -> Iterator[Row]:
    return iter(())


def _into_new(
    find: Find,
    name: str,
    metadata: Mapping[str, Any] | None,
    job: Item,
    phases: Sequence[Phase],
    position: Position | None,
) -> Iterator[Row]:
    """Rows for a new group, which is created when all of them are found: nothing is left of a plan that fails."""
    yield from find(job, phases, position)
    _create_target(job, name, metadata)


def _combined(
    _: Item,
    __: Sequence[Phase],
    position: Position | None,
    operation: str,
    group_ids: Sequence[str],
    target: str | None,
) -> Iterator[Row]:
    return sources.combined(operation, group_ids, target, position)


def _others(job: Item, phases: Sequence[Phase], position: Position | None, group_id: str) -> Iterator[Row]:
    """The members of a group, now or later, that are not in the list which the group is set to."""
    named = Seen()
    for name in (name for phase in phases for name in phase.names()):
        for customer_id in _named(list(_cells(job, name))):
            named.add(customer_id)
    after = position["after"] if position else None
    for one in membership_reads.not_over(group_id, after=after):
        if one.customer_id not in named:
            yield Row(None, one.customer_id, row_terms.as_planned(one.terms))


def _cells(job: Item, name: str) -> Iterator[Mapping[str, str | None]]:
    """The results of a chunk."""
    if job["dry_run"]:
        return (one._asdict() for one in dry_runs.read(job, name))
    return rows.read(b"".join(files.read(files.outcomes(job["id"], name))).decode(), job["format"])


def _named(results: Sequence[Mapping[str, str | None]]) -> Iterator[str]:
    """The customers whom rows name. If an address is that of two, it is not clear who is meant: both may stay."""
    yield from (customer_id for one in results if (customer_id := one["customer_id"]))
    addresses = [search.fold(one["value"] or "") for one in results if one["code"] == EmailIsAmbiguous.code]
    for both in customers.by_email(addresses).values():
        yield from both.values()


def _create_target(job: Item, name: str, metadata: Mapping[str, Any] | None) -> None:
    """Create the group that the job fills, once."""
    if "target" in job or job["dry_run"]:
        return
    made = groups.create(name, metadata, job["created_by"], request_key=job["id"], reason=jobs.reason(job["id"]))
    job["target"] = made["id"]
    jobs.update_progress(job["id"], target=made["id"])
