"""The state file of an audit: ids, numbers and keyed digests of any number of items.

It does not contain names, e-mail addresses or search texts. Values that must be equal in two places (a lock and its
name, a token and its text, a copy and its original, a rule in its group and among the rules) are stored as digests,
with a random key for each audit.
"""

import hashlib
import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final, Self

from local.problems import LocalProblem
from operations import automatic_groups, consistency, rule_members
from operations.facts import KINDS, is_deleted, is_of_rule
from shared.domain import exact_json
from shared.dynamodb.expressions import Item, Key
from shared.storage import keys, tokens
from shared.storage.kind import Kind, locks
from shared.storage.kinds import GROUP
from shared.storage.rules import store

CACHE_KIB: Final = 32 * 1024
"""The memory that SQLite may use. Larger sorts use temporary files."""
SCHEMA: Final = """
CREATE TABLE audit (key BLOB, segments INTEGER);
CREATE TABLE segment (number INTEGER, items INTEGER);
CREATE TABLE record (segment INTEGER, subject TEXT, kind TEXT, alive INTEGER, version INTEGER, counted INTEGER,
    copy INTEGER, in_place INTEGER, may_expire INTEGER, is_foreign INTEGER, relied INTEGER,
    rule_state INTEGER, rule_since INTEGER, is_applied INTEGER, term_at TEXT);
CREATE TABLE summary (segment INTEGER, subject TEXT, counted INTEGER, copy INTEGER, version INTEGER);
CREATE TABLE membership (segment INTEGER, in_group TEXT, customer TEXT, copy INTEGER, ends INTEGER, counted INTEGER,
    term_at TEXT);
CREATE TABLE mark (segment INTEGER, subject TEXT, rule TEXT, digest INTEGER, wanted INTEGER);
CREATE TABLE change (segment INTEGER, subject TEXT, version INTEGER, is_deletion INTEGER);
CREATE TABLE addition (segment INTEGER, in_group TEXT, customer TEXT, times INTEGER);
CREATE TABLE reference (segment INTEGER, in_group TEXT);
CREATE TABLE counter (segment INTEGER, list TEXT, total INTEGER);
CREATE TABLE rule (segment INTEGER, in_group TEXT, state INTEGER);
CREATE TABLE mention (segment INTEGER, in_group TEXT, by_group TEXT, times INTEGER);
CREATE TABLE exception (segment INTEGER, in_group TEXT, customer TEXT);
CREATE TABLE decision (segment INTEGER, in_group TEXT, customer TEXT, since INTEGER, known INTEGER);
"""


TABLES: Final = (
    "record", "summary", "membership", "mark", "change", "addition", "counter", "reference",
    "rule", "mention", "exception", "decision",
)  # fmt: skip
DECIDED: Final = 1
"""In `decision`: the rule says that the customer belongs to the group."""
ENTERED: Final = 2
"""In `decision`: the summary of the customer says so."""


class Evidence:
    """The file of one audit, readable only by its owner. An interrupted audit keeps its completed segments.

    Raises `LocalProblem` if another audit uses the file.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self.path = path
        self._file = sqlite3.connect(path, timeout=0, autocommit=True)
        try:
            self._keep_others_out()
        except BaseException:
            self._file.close()
            raise
        self._file.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        self._file.execute("PRAGMA temp_store = FILE")
        self._file.autocommit = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def _keep_others_out(self) -> None:
        """Lock the file until it is closed."""
        self._file.execute("PRAGMA locking_mode = EXCLUSIVE")
        try:
            self._file.executescript("BEGIN EXCLUSIVE; COMMIT")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            raise LocalProblem("Another audit of this table is running on this machine.") from error

    def discard(self) -> None:
        """Forget what an interrupted audit has read."""
        for (table,) in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'"):
            self._file.execute(f"DROP TABLE {table}")
        self._file.commit()

    def delete(self) -> None:
        """Delete the file of a complete audit, which is still locked then."""
        self.path.unlink()

    def begin(self, segments: int) -> int:
        """Prepare the file. Returns the number of segments, which is the earlier one if the audit was interrupted."""
        if not self.rows("SELECT 1 FROM sqlite_master"):
            for statement in SCHEMA.split(";"):
                self._file.execute(statement)
            self._file.execute("INSERT INTO audit VALUES (?, ?)", (secrets.token_bytes(32), segments))
            self._file.commit()
        ((self._key, segments_before),) = self.rows("SELECT key, segments FROM audit")
        return int(segments_before)

    def items_of(self, segment: int) -> int | None:
        """The number of items in a segment, if it was read completely."""
        found = self.rows("SELECT items FROM segment WHERE number = ?", segment)
        return int(found[0][0]) if found else None

    def add(self, segment: int, pages: Iterable[list[Item]]) -> None:
        """Store the facts of one segment, all or nothing."""
        items = 0
        try:
            for page in pages:
                items += len(page)
                facts = self._facts(segment, page)
                facts["decision"] += [(segment, *ids, 0, DECIDED) for ids in rule_members.decided(page)]
                for table, rows in facts.items():
                    if rows:
                        places = ", ".join("?" * len(rows[0]))
                        self._file.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608 - the table names are constants
            self._file.execute("INSERT INTO segment VALUES (?, ?)", (segment, items))
            self._file.commit()
        except BaseException:
            self._file.rollback()
            raise

    def totals(self) -> dict[str, int]:
        """The number of items, records and memberships, for the report."""
        ((items,),) = self.rows("SELECT SUM(items) FROM segment")
        ((found,),) = self.rows("SELECT COUNT(*) FROM record")
        ((members,),) = self.rows("SELECT COUNT(*) FROM membership")
        return {"items": items, "groups and customers": found, "memberships": members}

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return self._file.execute(query, values).fetchall()

    def stream(self, query: str) -> Iterator[tuple[Any, ...]]:
        """Rows, read as they are consumed. There can be as many as the table has items."""
        with closing(self._file.execute(query)) as cursor:
            yield from cursor

    def digest(self, *parts: Any) -> int:
        """A keyed digest of values, as an integer that fits into SQLite."""
        text = "\x1e".join(map(str, parts)).encode()
        return int.from_bytes(hashlib.blake2b(text, digest_size=8, key=self._key).digest(), signed=True)

    def mark_of_lock(self, lock: Key, holder: str) -> int:
        return self.digest(*lock, holder)

    def mark_of_moment(self, due_or_term: Key) -> int:
        return self.digest(*due_or_term)

    def mark_of_token(self, token: Key, copy: dict[str, Any]) -> int:
        return self.digest(*token, *sorted(copy.items()))

    def _facts(self, segment: int, page: list[Item]) -> dict[str, list[tuple[Any, ...]]]:
        facts: dict[str, list[tuple[Any, ...]]] = {name: [] for name in TABLES}
        for item in page:
            for table, *values in self._of(item):
                facts[table].append((segment, *values))
        return facts

    def _of(self, item: Item) -> Iterator[tuple[Any, ...]]:
        """The rows for one item, each with the name of its table first. None if no rule applies to the item."""
        key = Key(item["PK"], item["SK"])
        if key.SK in KINDS:
            yield from self._of_record(KINDS[key.SK], item)
        elif key.SK == keys.SUMMARY:
            carried = self.digest(_in_order(consistency.copy_in(item)))
            yield "summary", key.PK, consistency.counted_by(item), carried, int(item.get("version", 0))
            yield from self._of_summary(key, item)
        elif key.SK == "LOCK":
            kind = "GROUP" if key.PK.startswith("GROUP_") else "CUSTOMER"
            yield "mark", f"{kind}#{item['holder']}", "lock", self.mark_of_lock(key, item["holder"]), -1
        elif key.SK.startswith(keys.CHANGE_PREFIX):
            yield from _of_change(key.PK, item)
        elif key.PK.startswith("TOKEN#"):
            kind = "GROUP" if key.PK.startswith(f"TOKEN#{keys.GROUPS}#") else "CUSTOMER"
            subject = f"{kind}#{key.SK.rpartition('#')[2]}"
            yield "mark", subject, "token", self.mark_of_token(key, tokens.copy_of(item)), -1
        elif key.PK.startswith(keys.COUNTER_PREFIX):
            yield "counter", keys.list_of_counter(key), item["total"]
        elif key.SK.startswith(keys.REFERENCE_PREFIX):
            yield "reference", key.PK
            if is_of_rule(key):
                yield "mention", key.PK, automatic_groups.mentioned_by(key), -1
        elif key.SK.startswith(keys.MEMBERSHIP_PREFIX):
            yield from self._of_membership(key, item)
        else:
            yield from self._of_others(key, item)

    def _of_membership(self, key: Key, item: Item) -> Iterator[tuple[Any, ...]]:
        ends = (item.get("member_customer"), item.get("member_group")) == (key.SK, key.PK)
        copy = consistency.copy_in(item) if item.get("LIST") == consistency.list_of(item) else None
        at = item.get("term_at")
        yield "membership", key.PK, key.SK, self.digest(_in_order(copy)), ends, consistency.is_counted(item), at
        if at:
            term = keys.term(keys.id_of(key.PK), at, keys.id_of(key.SK))
            yield "mark", key.SK, "term", self.mark_of_moment(term), 1

    def _of_summary(self, key: Key, summary: Item) -> Iterator[tuple[Any, ...]]:
        if at := summary.get("due_at"):
            yield "mark", key.PK, "due", self.mark_of_moment(keys.due(at, keys.id_of(key.PK))), 1
        for since, group_id in map(store.parts_of_entry, summary.get("by_rule", ())):
            yield "decision", keys.group(group_id).PK, key.PK, since, ENTERED

    def _of_others(self, key: Key, item: Item) -> Iterator[tuple[Any, ...]]:
        if key.SK.startswith(keys.RULE_PREFIX):
            yield from self._of_rule(item)
        elif key.PK.startswith(keys.DUE_PREFIX):
            yield "mark", keys.customer(keys.customer_due(key)).PK, "due", self.mark_of_moment(key), -1
        elif key.SK.startswith(keys.TERM_PREFIX):
            yield "mark", keys.customer(keys.customer_of_term(key)).PK, "term", self.mark_of_moment(key), -1

    def _of_rule(self, rule: Item) -> Iterator[tuple[Any, ...]]:
        group = keys.group(rule["group_id"]).PK
        yield "rule", group, self._rule(automatic_groups.as_in_rule(rule))
        for mentioned in automatic_groups.mentions(rule):
            yield "mention", keys.group(mentioned).PK, rule["group_id"], 1
        for customer_id in automatic_groups.exceptions(rule):
            yield "exception", group, keys.customer(customer_id).PK

    def _rule(self, rule: list[Any] | None) -> int | None:
        return self.digest(exact_json.canonical(rule)) if rule else None

    def _of_record(self, kind: Kind, item: Item) -> Iterator[tuple[Any, ...]]:
        subject, alive = item["PK"], not is_deleted(item)
        copy = consistency.copy_for(item) if alive and item["SK"] == "CUSTOMER" else None
        yield (
            "record",
            subject,
            item["SK"],
            alive,
            item["version"],
            consistency.counted_by(item) if kind is GROUP else None,
            self.digest(_in_order(copy)),
            not consistency.misplaced(kind, item),
            consistency.may_have_expired_changes(item),
            "source_number" in item,
            int(item.get("reference_count", 0)),
            self._rule(automatic_groups.as_in_group(item)) if alive and kind is GROUP else None,
            int(item.get("rule_since") or 0),
            item.get("rule_status") == "current",
            consistency.term_at(item),
        )
        for lock in locks(kind, item) if alive else ():
            yield "mark", subject, "lock", self.mark_of_lock(lock, item["id"]), 1
        if alive:
            for token, carried in consistency.tokens_of(kind, item).items():
                yield "mark", subject, "token", self.mark_of_token(token, carried), 1


def _of_change(subject: str, change: Item) -> Iterator[tuple[Any, ...]]:
    if "version" in change:
        yield "change", subject, int(change["version"]), change["type"] == "deleted"
    for times, ids in ((1, change.get("added", ())), (-1, change.get("removed", ()))):
        for customer_id in ids:
            yield "addition", subject, f"{keys.MEMBERSHIP_PREFIX}{customer_id}", times


def _in_order(values: dict[str, Any] | None) -> list[tuple[str, Any]] | None:
    return None if values is None else sorted(values.items())
