"""The cost of a deployed stack per month, item by item, idle and busy, from list prices and the template.

`python -m benchmarks.stack_cost` writes the table into docs/performance.md. Nothing is measured: alarms and metrics are
counted in the template after AWS's transforms, and the busy month is an assumption that the table states.
"""

import json
import re
from typing import Any, Final, NamedTuple

from benchmarks.results import FOLDER, ROOT
from shared.storage.keys import SHARDS
from tests import template, transformed

PRICES: Final[dict[str, Any]] = json.loads((FOLDER.parent / "prices.json").read_text())
DOCUMENT: Final = ROOT / "docs" / "performance.md"
README: Final = ROOT / "README.md"
MILLION: Final = 1_000_000
BUSY: Final = {
    "API requests, four fifths of them lists": 3 * MILLION,
    "changes": 300_000,
    "questions of pricing": 2 * MILLION,
    "GB in the table": 5,
    "tokens of machines": 10_000,
}
READ_UNITS, WRITE_UNITS = 12, 46
"""The units of a list of 20, and of a new customer (table and indexes)."""
SECONDS: Final = 0.05
JUDGE_SECONDS, TERMS_SECONDS = 0.03, 0.01
"""The time of a scheduled call that finds nothing. On dynoxide, it takes 12 and 2 ms."""
LOG_BYTES: Final = 900
"""The log bytes of a request: its line in the access log, and those of Lambda."""
LOOKS: Final = 12 * 24 * 30
MINUTES: Final = 60 * 24 * 30
JUDGE_UNITS, TERMS_UNITS = 0.5 * SHARDS, 0.5
"""The read units of looking for due customers in each shard, and for due groups."""
POLLS: Final = 2 * 5 * 3 * MINUTES
"""Lambda polls each of the two queues with five connections, and each request waits for 20 s."""
CUSTOM_METRICS: Final = 14
"""Business metrics and the metrics of alarms."""


class Item(NamedTuple):
    """One line of the table, in dollars."""

    what: str
    idle: float
    busy: float
    how: str


def items() -> list[Item]:
    alarms = transformed.of_type("AWS::CloudWatch::Alarm", transformed.resources(AlarmTopicArn="arn:aws:sns:::alarms"))
    queries = [name for name, one in alarms.items() if "Metrics" in one]
    metrics = sum(max(1, json.dumps(alarms[name]).count("FunctionName = '")) for name in queries)
    plain = len(alarms) - len(queries)
    requests, changes, questions, stored, tokens = BUSY.values()
    calls = requests + questions + 2 * changes
    reads = READ_UNITS * requests * 4 // 5 + questions
    gigabytes_logged = LOG_BYTES * calls / 1e9
    price = PRICES
    looks = LOOKS * (price["lambda_request"] + SECONDS * price["lambda_gb_second_arm64"])
    judging, terms = (
        MINUTES
        * (price["lambda_request"] + seconds * price["lambda_gb_second_arm64"] + units * price["dynamodb_read_unit"])
        for seconds, units in ((JUDGE_SECONDS, JUDGE_UNITS), (TERMS_SECONDS, TERMS_UNITS))
    )
    polls = POLLS * price["sqs_request"]
    snapshots = sum("SnapStart" not in properties for properties in template.functions().values())
    snapshot = price["snapstart_cache_gb_second"] * MINUTES * 60
    return [
        Item(f"{plain} alarms", plain * price["alarm"], plain * price["alarm"], "always there"),
        Item("looking for jobs to resume, every five minutes", looks, looks, f"{LOOKS:,} calls"),
        Item("looking for customers whose rules are due, every minute", judging, judging, f"{MINUTES:,} calls"),
        Item("looking for memberships that begin or end, every minute", terms, terms, f"{MINUTES:,} calls"),
        Item("polling two queues", polls, polls, f"{POLLS:,} requests; the first million of an account is free"),
        Item("API requests", 0, requests * price["api_gateway_request"], f"{requests:,}"),
        Item(
            "functions",
            0,
            calls * (price["lambda_request"] + SECONDS * price["lambda_gb_second_arm64"]),
            f"{calls:,} calls",
        ),
        Item("table, reads", 0, reads * price["dynamodb_read_unit"], f"{reads:,} units"),
        Item(
            "table, writes", 0, changes * WRITE_UNITS * price["dynamodb_write_unit"], f"{changes * WRITE_UNITS:,} units"
        ),
        Item("table, storage and recovery", 0, stored * (price["dynamodb_gb"] + price["recovery_gb"]), f"{stored} GB"),
        Item("events and archive", 0, changes * price["event"] * 2, f"{changes:,} published and archived"),
        Item("metrics of our own", 0, CUSTOM_METRICS * price["custom_metric"], "billed in hours with traffic"),
        Item("logs", 0, gigabytes_logged * price["log_gb"], f"{gigabytes_logged:.1f} GB"),
        Item("traces", 0, 0.05 * (requests + questions) * price["trace"], "a twentieth is recorded"),
        Item(
            "with `SignInDomainPrefix`: the machines' client",
            price["machine_client"],
            price["machine_client"] + tokens * price["machine_token"],
            f"{tokens:,} tokens",
        ),
        Item(
            f"with `AlarmTopicArn`: {len(queries)} alarms over {metrics} metrics",
            0,
            metrics * price["alarm"],
            "busy functions only",
        ),
        Item(
            "with `CreateDashboard=true`",
            price["dashboard"],
            price["dashboard"],
            "the first three of an account are free",
        ),
        Item(
            f"with `SnapStart=PublishedVersions`: {snapshots} functions of 1,024 MB",
            snapshots * snapshot,
            snapshots * snapshot,
            "without the price of restoring",
        ),
        Item(
            "with `RequestsPerCaller`",
            price["web_acl"] + price["web_acl_rule"],
            price["web_acl"] + price["web_acl_rule"] + requests * price["web_acl_request"],
            "a web ACL and a rule",
        ),
    ]


def table() -> str:
    """The table. Its total only includes what every stack has."""
    lines = items()
    always = [one for one in lines if not one.what.startswith("with ")]
    rows = ["| a month, in dollars | idle | busy | busy is |", "|---|---:|---:|---|"]
    rows += [f"| {one.what} | {one.idle:.2f} | {one.busy:.2f} | {one.how} |" for one in always]
    rows += [
        f"| **in all** | **{sum(one.idle for one in always):.2f}** | **{sum(one.busy for one in always):.2f}** | |"
    ]
    rows += [f"| {one.what} | {one.idle:.2f} | {one.busy:.2f} | {one.how} |" for one in lines if one not in always]
    return "\n".join([f"List prices of {PRICES['region']}, {PRICES['as_of']}, without free tiers.", "", *rows, ""])


def main() -> None:
    text = DOCUMENT.read_text()
    part = re.compile(r"(<!-- prices -->\n).*?(<!-- end of prices -->)", re.DOTALL)
    DOCUMENT.write_text(part.sub(lambda found: f"{found[1]}\n{table()}\n{found[2]}", text))
    print(table())


if __name__ == "__main__":
    main()
