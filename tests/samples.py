"""The sample events in `events/`, and the table that they need.

Ada is in the group VIP, Grace is not, and a job will add her. The group Big companies is automatic.
"""

import json
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from shared.domain import exact_json
from shared.domain.ids import GroupId
from shared.dynamodb import batch_writes
from shared.dynamodb.client import dynamodb
from shared.dynamodb.expressions import Item
from shared.dynamodb.values import deserialize
from shared.jobs import files, rows
from shared.jobs.rows import Row
from shared.runtime import environment
from shared.storage import groups, jobs, memberships, record_writes, references
from shared.storage.kinds import CUSTOMER, GROUP
from shared.storage.references import Use
from tests import template
from tests.template import ROOT

VIP: Final = "cusgroup_01KASXKZ4V8S6T1W7Q2M3N5P9R"
RETAIL: Final = "cusgroup_01KASXP2B5D7F9H1J3M5N7Q9S0"
ADA: Final = "cus_01KASXM6H2Y4Z8B3D5F7G9J1K0"
GRACE: Final = "cus_01KASXN8J4C6E0F2H4K6M8P0R2"
AUTOMATIC: Final = "cusgroup_01KASXR5C7E9G1J3K5M7N9P1Q3"
JOB: Final = "job_01KASXN4V8S6T1W7Q2M3N5P9R0"
CHUNK: Final = "1-4f2a9c01-000000"
FILLED: Final = frozenset({VIP, RETAIL, AUTOMATIC, ADA, GRACE})
RULE: Final = {
    "combinator": "and",
    "not": False,
    "rules": [{"field": "email", "operator": "endsWith", "value": "@big.example"}],
}

HTTP_OPERATIONS: Final = sorted(route.operation for route in template.routes())


class Request(NamedTuple):
    """An HTTP request. `body` is JSON."""

    method: str
    path: str
    query: str = ""
    body: Any = None

    @property
    def url(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path


def event(operation: str) -> dict[str, Any]:
    """The sample event of a function."""
    found: dict[str, Any] = json.loads((ROOT / "events" / f"{operation}.json").read_text())
    return found


def request(operation: str) -> Request:
    """The HTTP request that is equivalent to the sample event of an operation."""
    sample = event(operation)
    if "requestContext" in sample:
        query = urlencode(sample["multiValueQueryStringParameters"] or {}, doseq=True)
        return Request(sample["httpMethod"], sample["path"], query, json.loads(sample["body"] or "null"))
    (route,) = (route for route in template.routes() if route.operation == operation)
    path = route.path.format(**sample.get("path", {}))
    return Request(route.method, path, urlencode(sample.get("query", {}), doseq=True), sample.get("body"))


def fill() -> None:
    """Put the records of the sample events into the empty table."""
    if _items:
        batch_writes.put(_items)
    else:
        _create()
        found = dynamodb().scan(TableName=environment.table_name(), ConsistentRead=True)["Items"]
        _items.extend(map(deserialize, found))


_items: Final[list[Item]] = []
"""The items of the records, after the first call. It takes a tenth of the time to copy them."""


def _create() -> None:
    for group_id, name in ((VIP, "VIP"), (RETAIL, "Retail")):
        values = {"name": name, "metadata": {"discount_percent": 10}, "customer_count": 0}
        record_writes.create(GROUP, group_id, values, "seed")
    groups.create("Big companies", None, "seed", chosen_id=AUTOMATIC, rule=RULE)
    unknown = dict.fromkeys(("last_name", "company_name", "phone", "metadata"))
    for customer_id, name in ((ADA, "Ada"), (GRACE, "Grace")):
        profile = {**unknown, "email": f"{name.lower()}@mail.example", "first_name": name, "has_account": True}
        record_writes.create(CUSTOMER, customer_id, profile, "seed")
    memberships.change_members(VIP, [ADA], [], "seed")
    references.put(GroupId(RETAIL), Use("pricing", "vip-discount"), "VIP: 10 % off", None, "seed")
    source = {"upload_id": None, "column": None, "values": None, "filter": {"q": "grace"}}
    asked = {"type": "change_members", "customer_group_id": VIP, "action": "add", "source": source}
    work = exact_json.dumps(asked | {"create_missing": False})
    jobs.create(
        JOB, "change_members", asked, "seed", request_key=None, dry_run=False, work=work, format="csv", target=VIP
    )


def fill_bucket() -> None:
    """Put the files of the sample events of jobs into the bucket."""
    files.write(files.chunk(JOB, CHUNK), rows.pack([Row(1, GRACE)]))
