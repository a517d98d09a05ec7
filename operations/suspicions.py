"""Suspected faults in the evidence of an audit: each rule of `consistency` as a query.

A suspicion can be wrong, because requests write to the table while it is read. Every fault causes a suspicion.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import Final, NamedTuple

from operations.evidence import Evidence
from operations.facts import KINDS, Fault, What
from shared.dynamodb.expressions import Key
from shared.storage import keys, references

COUNTS: Final = """
SELECT subject, kind FROM (
    SELECT subject, kind, counted FROM record WHERE kind = 'GROUP'
    UNION ALL SELECT subject, 'CUSTOMER', counted FROM summary
) LEFT JOIN (
    SELECT in_group AS side, SUM(counted) AS there FROM membership GROUP BY in_group
    UNION ALL SELECT customer, COUNT(*) FROM membership GROUP BY customer
) ON side = subject WHERE counted <> IFNULL(there, 0)
"""
SUMMARIES: Final = """
SELECT record.subject, 'SUMMARY' FROM record LEFT JOIN summary USING (subject)
WHERE kind = 'CUSTOMER' AND alive AND (
    summary.subject IS NULL OR summary.copy <> record.copy OR summary.version NOT BETWEEN 1 AND record.version
)
UNION ALL SELECT summary.subject, 'SUMMARY' FROM summary LEFT JOIN record USING (subject)
WHERE record.subject IS NULL OR NOT alive
"""
ROWS: Final = "SELECT subject, kind FROM record WHERE NOT in_place"
MISSING_MARKS: Final = """
SELECT DISTINCT mark.subject, kind, rule FROM mark JOIN record USING (subject)
GROUP BY mark.subject, rule, digest HAVING SUM(wanted) > 0
"""
STRAY_MARKS: Final = """
SELECT MIN(mark.segment) AS place, digest FROM mark LEFT JOIN record USING (subject)
GROUP BY mark.subject, rule, digest HAVING SUM(wanted) < 0 ORDER BY place
"""
VERSIONS: Final = """
SELECT record.subject, kind FROM record LEFT JOIN (
    SELECT subject, COUNT(*) AS changes, COUNT(DISTINCT version) AS versions,
        MIN(version) AS first, MAX(version) AS last
    FROM change GROUP BY subject
) AS history ON history.subject = record.subject
WHERE CASE
    WHEN changes IS NULL THEN version > 0 AND NOT may_expire AND NOT is_foreign
    WHEN versions < changes THEN TRUE
    WHEN is_foreign THEN last > version
    ELSE last <> version OR changes <> last - first + 1 OR (first <> 1 AND NOT may_expire)
END
"""
LEFT_BEHIND: Final = """
SELECT subject, is_deletion FROM (
    SELECT subject, MAX(version), is_deletion, COUNT(*) AS changes, COUNT(DISTINCT version) AS versions
    FROM change GROUP BY subject
) AS history WHERE subject NOT IN (SELECT subject FROM record) AND (NOT is_deletion OR versions < changes)
"""
MEMBERS_OF_HISTORY: Final = """
SELECT DISTINCT in_group, kind FROM (
    SELECT in_group, customer, times, 1 AS is_change FROM addition
    UNION ALL SELECT in_group, customer, -1, 0 FROM membership WHERE counted
) JOIN record ON subject = in_group GROUP BY in_group, customer
HAVING CASE WHEN alive THEN SUM(times) <> 0 ELSE SUM(times * is_change) NOT IN (0, 1) END
"""
MEMBERSHIPS: Final = """
SELECT in_group, customer FROM membership
LEFT JOIN record AS g ON g.subject = in_group LEFT JOIN record AS c ON c.subject = customer
WHERE g.subject IS NULL OR c.subject IS NULL OR NOT c.alive OR (g.alive AND (NOT ends OR membership.copy <> c.copy))
"""
REFERENCES: Final = """
SELECT subject, kind FROM record LEFT JOIN (
    SELECT in_group, COUNT(*) AS there FROM reference GROUP BY in_group
) ON in_group = subject WHERE kind = 'GROUP' AND alive AND relied <> IFNULL(there, 0)
UNION ALL SELECT DISTINCT in_group, 'GROUP' FROM reference WHERE in_group NOT IN (SELECT subject FROM record)
"""
TERMS: Final = """
SELECT in_group, customer, MIN(membership.term_at) FROM membership JOIN record ON subject = in_group
WHERE alive AND membership.term_at IS NOT NULL AND (record.term_at IS NULL OR record.term_at > membership.term_at)
GROUP BY in_group
"""
"""The first membership of a group whose moment is before the group's. SQLite takes its customer from the same row."""
RULES: Final = """
SELECT subject FROM record LEFT JOIN rule ON in_group = subject
WHERE kind = 'GROUP' AND alive AND rule_state IS NOT state
UNION SELECT in_group FROM rule LEFT JOIN record ON subject = in_group WHERE subject IS NULL OR NOT alive
"""
MENTIONS: Final = """
SELECT in_group, by_group FROM mention JOIN record ON subject = in_group WHERE alive
GROUP BY in_group, by_group HAVING SUM(times) <> 0
"""
EXCEPTIONS: Final = """
SELECT DISTINCT in_group FROM exception LEFT JOIN record ON subject = customer WHERE subject IS NULL OR NOT alive
"""
RULE_MEMBERS: Final = """
SELECT in_group, customer FROM (
    SELECT in_group, customer, since, known FROM decision
    UNION ALL SELECT in_group, customer, 0, 4 FROM membership
) JOIN record ON subject = in_group WHERE alive AND is_applied AND since IN (0, rule_since)
GROUP BY in_group, customer HAVING SUM(known) <> 7
"""
"""Decided by the rule (1), entered in the summary (2), a member (4): all or nothing."""

OF_RECORDS: Final[dict[What, str]] = {
    "count": COUNTS,
    "summary": SUMMARIES,
    "row": ROWS,
    "history": VERSIONS,
    "members' history": MEMBERS_OF_HISTORY,
    "references": REFERENCES,
}


class Stray(NamedTuple):
    """Locks, tokens, due items and term items that belong to no record: their segment and their digests."""

    segment: int
    digests: frozenset[int]


def suspicions(evidence: Evidence) -> Iterator[Fault]:
    """The suspected faults. `key` is the key of the record if no other is known."""
    evidence.rows("CREATE INDEX IF NOT EXISTS by_subject ON record (subject)")
    for what, query in OF_RECORDS.items():
        for subject, kind in evidence.stream(query):
            yield Fault(what, keys.id_of(subject), "", Key(subject, kind))
    for subject, kind, rule in evidence.stream(MISSING_MARKS):
        yield Fault(rule, keys.id_of(subject), "", Key(subject, kind))
    for subject, _ in evidence.stream(LEFT_BEHIND):
        yield Fault("history", keys.id_of(subject), "", Key(subject, subject.partition("#")[0]))
    for group, customer in evidence.stream(MEMBERSHIPS):
        yield Fault("membership", keys.id_of(customer), "", Key(group, customer))
    for group, customer, _ in evidence.stream(TERMS):
        yield Fault("term", keys.id_of(customer), "", keys.group(keys.id_of(group)))
    yield from _of_rules(evidence)
    yield from _counters(evidence)


def strays(evidence: Evidence) -> Iterator[Stray]:
    """The segments that have stray locks, tokens, due items and term items. Their keys are not in the evidence."""
    for segment, rows in groupby(evidence.stream(STRAY_MARKS), key=lambda row: row[0]):
        yield Stray(segment, frozenset(digest for _, digest in rows))


def _of_rules(evidence: Evidence) -> Iterator[Fault]:
    for (group,) in evidence.stream(RULES):
        yield Fault("rule", keys.id_of(group), "", keys.rule(keys.id_of(group)))
    for (group,) in evidence.stream(EXCEPTIONS):
        yield Fault("exceptions", keys.id_of(group), "", keys.rule(keys.id_of(group)))
    for group, by_group in evidence.stream(MENTIONS):
        mentioned = keys.id_of(group)
        yield Fault("rule's reference", mentioned, "", keys.reference(mentioned, references.RULES, by_group))
    for group, customer in evidence.stream(RULE_MEMBERS):
        customer_id = keys.id_of(customer)
        yield Fault("automatic membership", customer_id, "", keys.membership(keys.id_of(group), customer_id))


def _counters(evidence: Evidence) -> Iterator[Fault]:
    for name, kind in KINDS.items():
        ((alive,),) = evidence.rows("SELECT COUNT(*) FROM record WHERE kind = ? AND alive", name)
        ((counted,),) = evidence.rows("SELECT IFNULL(SUM(total), 0) FROM counter WHERE list = ?", kind.list)
        if alive != counted:
            yield Fault("counter", kind.list, "", keys.counters(kind.list)[0])
