"""Delivers dead letters again, after their cause is fixed: `make redrive`.

A message is deleted when its function succeeds, or sends it to the queue again with a new reason. Otherwise it stays on
the queue. Nothing is lost in either case. `--discard ID --because "…"` deletes a message that can never be processed,
and stores the reason.
"""

import argparse
import json
import sys
from collections.abc import Callable
from typing import Any

import botocore.exceptions
from rich.progress import Progress
from rich.table import Table

from local.problems import LocalProblem
from local.progress import console
from operations import dead_letter_queue, dead_letters, discard
from operations.dead_letter_queue import DeadLetterQueue, receiver
from operations.dead_letters import UndeliverableError
from operations.deployment import Deployment, in_the_cloud, on_this_machine

type Report = Callable[[str, str, str, str], None]
"""Called for each message with its id, its receiver, its reason, and the outcome."""


def redrive(deployment: Deployment, *, is_dry: bool, report: Report) -> int:
    """Deliver the messages on both dead-letter queues again. Returns how many failed."""
    failed = 0
    for queue in dead_letter_queue.both(deployment):
        delivered: set[str] = set()
        for message in queue.messages():
            failed += not _redrive_one(queue, message, delivered, is_dry, report)
    return failed


def _redrive_one(
    queue: DeadLetterQueue,
    message: dict[str, Any],
    delivered: set[str],
    is_dry: bool,  # noqa: FBT001 - private
    report: Report,
) -> bool:
    to, reason = "?", "?"
    try:
        dead_letter = queue.read(message)
        to, reason = receiver(dead_letter, queue.deployment), dead_letter.reason
        content = json.dumps(dead_letter.content, sort_keys=True)
        if content in delivered:
            # The function sent it to the queue again: the cause is not fixed.
            raise UndeliverableError("came back: the cause is not fixed")  # noqa: TRY301 - reported like every failure
        if is_dry:
            report(message["MessageId"], to, reason, "would be delivered again")
            return True
        dead_letters.deliver(dead_letter, queue.deployment)
    except UndeliverableError as error:
        report(message["MessageId"], to, reason, f"[red]not delivered:[/] {error}")
        return False
    delivered.add(content)
    queue.delete(message)
    report(message["MessageId"], to, reason, "[green]delivered[/]")
    return True


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make redrive", description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="show the messages without delivering them")
    parser.add_argument("--discard", nargs="+", metavar="ID", default=[], help="delete these messages permanently")
    parser.add_argument("--because", help="the reason for discarding them; it is stored, so do not name people")
    parser.add_argument("--discarded", action="store_true", help="show discarded messages and the reasons")
    parser.add_argument("--stack", help="a stack in AWS; the default is the local stack")
    arguments = parser.parse_args()
    if bool(arguments.discard) != bool((arguments.because or "").strip()):
        parser.error("--discard and --because must be used together")
    return arguments


def main() -> int:
    """Redrive or discard, and print a table of the outcomes."""
    arguments = _arguments()
    shown = Table("Message", "For", "Reason", "Outcome", title="Dead letters")
    try:
        deployment = in_the_cloud(arguments.stack) if arguments.stack else on_this_machine()
        if arguments.discarded:
            return _show_discarded(deployment)
        with Progress(console=console, transient=True) as progress:
            waiting = sum(queue.waiting() for queue in dead_letter_queue.both(deployment))
            bar = progress.add_task("Reading the queues", total=waiting)

            def report(*cells: str) -> None:
                shown.add_row(*cells)
                progress.advance(bar)

            if arguments.discard:
                failed = discard.discard(deployment, set(arguments.discard), arguments.because, report)
            else:
                failed = redrive(deployment, is_dry=arguments.dry_run, report=report)
    except (LocalProblem, botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as problem:
        print(problem, file=sys.stderr)
        return 2
    console.print(shown if shown.row_count else "There are no dead letters.")
    return 1 if failed else 0


def _show_discarded(deployment: Deployment) -> int:
    shown = Table("When", "By", "For", "Reason", "Why it was discarded", title="Discarded")
    for one in discard.discarded(deployment):
        shown.add_row(one.at, one.by, one.function, one.cause, one.because)
    console.print(shown if shown.row_count else "Nothing was discarded.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
