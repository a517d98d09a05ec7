"""Checks what must hold between the items of the table: `make audit`. Writes nothing unless it is told to.

Interrupted, it goes on where it was. `--repair` shows how what it finds would be put right, `--repair --for-real` does
it, every write under the condition that nothing has changed since.
"""

import argparse
import os
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


def aim(deployment: Deployment) -> str:
    """Make `shared` speak to this deployment: it reads its settings when it is imported. Returns the table's name."""
    os.environ["TABLE_NAME"] = deployment.outputs["TableName"]
    if deployment.endpoint_url:
        os.environ |= {"AWS_ENDPOINT_URL_DYNAMODB": deployment.endpoint_url, "AWS_DEFAULT_REGION": cloud.REGION}
        os.environ |= {"AWS_ACCESS_KEY_ID": cloud.ROOT_KEY, "AWS_SECRET_ACCESS_KEY": cloud.ROOT_KEY}
    return os.environ["TABLE_NAME"]


def audit(table_name: str, state: Path, *, wants_repair: bool, for_real: bool) -> int:
    """Audit, show what was found, repair it if asked to; return how many faults are left."""
    from operations import survey  # noqa: PLC0415 - the settings are there only now
    from shared.storage import table  # noqa: PLC0415 - same

    size = table.client.describe_table(TableName=table_name)["Table"].get("ItemCount", 0)
    state.parent.mkdir(parents=True, exist_ok=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        reading = progress.add_task("Reading the table", total=size or None)
        facts = survey.read(table_name, state, lambda read: progress.advance(reading, read))
        looking = progress.add_task("Looking again at what seems wrong", total=None)
        found = survey.look(facts, lambda one: progress.advance(looking, one))
    state.unlink()
    known = f"{len(facts.records):,} groups and customers, {len(facts.memberships):,} memberships"
    if not found:
        console.print(f"[green]All rules hold[/] between {known}.")
        return 0
    shown = Table("Rule", "Of", "What is wrong", "Now", title=f"Faults among {known}")
    if not wants_repair:
        outcomes = [survey.Outcome(fault, "") for fault in found]
    else:
        outcomes = survey.mend(found, for_real=for_real)
    for fault, now in outcomes:
        shown.add_row(fault.what, fault.subject, fault.message, now)
    console.print(shown)
    return sum(now != "[green]put right[/]" for _, now in outcomes)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make audit", description=__doc__)
    parser.add_argument("--stack", help="a stack in the cloud; without it, the one that runs on this machine")
    parser.add_argument("--repair", action="store_true", help="show how what is found would be put right")
    parser.add_argument("--for-real", action="store_true", help="with --repair: do it")
    parser.add_argument("--afresh", action="store_true", help="forget an audit that was interrupted")
    return parser.parse_args()


def main() -> int:
    """0 when all rules hold, 1 when faults are left, 2 when the table cannot be reached."""
    arguments = _arguments()
    try:
        deployment = in_the_cloud(arguments.stack) if arguments.stack else on_this_machine()
        table_name = aim(deployment)
        state = STATES / f"{table_name}.jsonl"
        if arguments.afresh:
            state.unlink(missing_ok=True)
        left = audit(table_name, state, wants_repair=arguments.repair, for_real=arguments.for_real)
    except (LocalProblem, botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as problem:
        print(problem, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted; the next audit goes on here.", file=sys.stderr)
        return 2
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
