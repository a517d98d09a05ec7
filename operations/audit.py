"""Checks the consistency of the items in the table: `make audit`. By default it writes nothing.

It needs the same memory for millions of items as for thousands. An interrupted audit continues where it stopped. Its
state file contains ids, numbers and keyed digests, but no names, and only its owner can read it. `--repair` shows how
faults would be repaired. `--repair --apply` repairs them, with every write under the condition that nothing has
changed.
"""

import argparse
import os
import resource
import sys
from pathlib import Path
from typing import Final

import botocore.exceptions
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from local import cloud
from local.problems import LocalProblem
from local.progress import console
from local.stack import HOME
from operations.deployment import Deployment, in_the_cloud, on_this_machine

STATES: Final = HOME / "audits"


def configure(deployment: Deployment) -> str:
    """Set the environment that `shared` reads on import to this deployment. Returns the table's name."""
    os.environ["TABLE_NAME"] = deployment.outputs["TableName"]
    if deployment.endpoint_url:
        os.environ |= {"AWS_ENDPOINT_URL_DYNAMODB": deployment.endpoint_url, "AWS_DEFAULT_REGION": cloud.REGION}
        if root := deployment.session.get_credentials():
            os.environ |= {"AWS_ACCESS_KEY_ID": root.access_key, "AWS_SECRET_ACCESS_KEY": root.secret_key}
    return os.environ["TABLE_NAME"]


def state_of(table_name: str) -> Path:
    """The state file of audits of a table. Tables of two accounts, or one that was created again, can share a name."""
    from shared.dynamodb.client import dynamodb  # noqa: PLC0415 - imported after the settings are made

    described = dynamodb().describe_table(TableName=table_name)["Table"]
    return STATES / f"{table_name}-{described['TableId']}.sqlite"


def audit(table_name: str, state: Path, *, wants_repair: bool, apply: bool, restart: bool = False) -> int:
    """Audit, print the faults, and repair them if requested. Returns the number of faults that are left.

    Raises `LocalProblem` if another audit uses the state file. `restart` discards what an interrupted audit has read.
    """
    from operations import survey  # noqa: PLC0415 - imported after the settings are made
    from operations.evidence import Evidence  # noqa: PLC0415 - same
    from shared.dynamodb.client import dynamodb  # noqa: PLC0415 - same

    size = dynamodb().describe_table(TableName=table_name)["Table"].get("ItemCount", 0)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Evidence(state) as evidence, Progress(*columns, console=console, transient=True) as progress:
        if restart:
            evidence.discard()
        reading = progress.add_task("Reading the table", total=size or None)
        survey.read(evidence, size, lambda read: progress.advance(reading, read))
        checking = progress.add_task("Checking suspected faults again", total=None)
        found = survey.find_faults(
            evidence, lambda one: progress.advance(checking, one), patience_seconds=survey.PATIENCE_SECONDS
        )
        known = ", ".join(f"{number:,} {what}" for what, number in evidence.totals().items())
        evidence.delete()
    if not found:
        console.print(f"[green]All rules hold[/] for {known}. The audit used {memory()} of memory.")
        return 0
    shown = Table("Rule", "Of", "What is wrong", "Now", title=f"Faults among {known}")
    if not wants_repair:
        outcomes = [survey.Outcome(fault, "") for fault in found]
    else:
        outcomes = survey.repair_all(found, apply=apply)
    for fault, now in outcomes:
        shown.add_row(fault.what, fault.subject, fault.message, now)
    console.print(shown)
    return sum(now != "[green]repaired[/]" for _, now in outcomes)


def memory() -> str:
    """The peak memory of this process. The system reports it in kilobytes, or in bytes on macOS."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return f"{peak // (1024 * 1024 if sys.platform == 'darwin' else 1024)} MB"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make audit", description=__doc__)
    parser.add_argument("--stack", help="a stack in AWS; the default is the local stack")
    parser.add_argument("--repair", action="store_true", help="show how faults would be repaired")
    parser.add_argument("--apply", action="store_true", help="with --repair: write the repairs")
    parser.add_argument("--restart", action="store_true", help="discard an interrupted audit and start again")
    return parser.parse_args()


def main() -> int:
    """Returns 0 if all rules hold, 1 if faults are left, 2 if the table cannot be reached."""
    arguments = _arguments()
    try:
        deployment = in_the_cloud(arguments.stack) if arguments.stack else on_this_machine()
        table_name = configure(deployment)
        left = audit(
            table_name,
            state_of(table_name),
            wants_repair=arguments.repair,
            apply=arguments.apply,
            restart=arguments.restart,
        )
    except (LocalProblem, botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as problem:
        print(problem, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted. The next audit continues here.", file=sys.stderr)
        return 2
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
