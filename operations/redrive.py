"""Delivers again what lies on the dead-letter queues, once the cause is gone: `make redrive`.

A message is deleted when its function has taken it. What fails again stays where it is; what the function buries once
more, because the cause is not gone, lies on the queue with its new reason. Nothing is lost either way.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import botocore.exceptions
from rich.progress import Progress
from rich.table import Table

from local.problems import LocalProblem
from local.progress import console
from operations import letters
from operations.deployment import Deployment, in_the_cloud, on_this_machine
from operations.letters import Letter, UndeliverableError

HIDDEN_SECONDS: Final = 900
"""For so long a message is ours alone; no function runs longer than a third of it."""

type Reader = Callable[[dict[str, Any], Deployment], Letter]


@dataclass
class Redrive:
    """One run over one queue."""

    deployment: Deployment
    queue_url: str
    read: Reader
    is_dry: bool
    report: Callable[[str, str, str], None]
    """Is told of each message: whose it is, why it is here, what became of it."""
    failed: int = 0
    _delivered: set[str] = field(default_factory=set)
    _held: list[str] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    def run(self) -> int:
        """Deliver every message once; return how many were not taken."""
        try:
            for message in self._messages():
                self._handle(message)
        finally:
            for receipt in self._held:
                self._queue.change_message_visibility(
                    QueueUrl=self.queue_url, ReceiptHandle=receipt, VisibilityTimeout=0
                )
        return self.failed

    @property
    def _queue(self) -> Any:
        return self.deployment.client("sqs")

    def _messages(self) -> Iterator[dict[str, Any]]:
        """Each message of the queue once, hidden from others meanwhile."""
        while True:
            answer = self._queue.receive_message(
                QueueUrl=self.queue_url,
                MaxNumberOfMessages=10,
                VisibilityTimeout=HIDDEN_SECONDS,
                WaitTimeSeconds=1,  # asks all of SQS's servers, not a sample of them
                AttributeNames=["ApproximateReceiveCount"],
                MessageAttributeNames=["All"],
            )
            messages = answer.get("Messages", [])
            if not messages:
                return
            for message in messages:
                if message["MessageId"] not in self._seen:
                    self._seen.add(message["MessageId"])
                    yield message

    def _handle(self, message: dict[str, Any]) -> None:
        to, reason = "?", "?"
        try:
            letter = self.read(message, self.deployment)
            to, reason = _called(letter, self.deployment), letter.reason
            content = json.dumps(letter.content, sort_keys=True)
            if content in self._delivered:
                # The function took it a moment ago and buried it: the cause is not gone.
                raise UndeliverableError("buried again")  # noqa: TRY301 - reported like every other failure
            if self.is_dry:
                self._held.append(message["ReceiptHandle"])
                self.report(to, reason, "would be delivered again")
                return
            letters.deliver(letter, self.deployment)
        except UndeliverableError as error:
            self.failed += 1
            self._held.append(message["ReceiptHandle"])
            self.report(to, reason, f"[red]stays here:[/] {error}")
            return
        self._delivered.add(content)
        self._queue.delete_message(QueueUrl=self.queue_url, ReceiptHandle=message["ReceiptHandle"])
        self.report(to, reason, "[green]delivered[/]")


def redrive(deployment: Deployment, *, is_dry: bool, report: Callable[[str, str, str], None]) -> int:
    """Deliver what lies on both dead-letter queues again; return how many messages were not taken."""
    queues: tuple[tuple[str, Reader], ...] = (
        ("DeadLetterQueueUrl", letters.read),
        ("PurgeDeadLetterQueueUrl", letters.read_purge),
    )
    return sum(Redrive(deployment, deployment.outputs[output], read, is_dry, report).run() for output, read in queues)


def _called(letter: Letter, deployment: Deployment) -> str:
    """The receiver as the template calls it."""
    return next((name for name, real in deployment.resources.items() if real == letter.to), letter.to)


def _waiting(deployment: Deployment) -> int:
    attributes = [
        deployment.client("sqs").get_queue_attributes(
            QueueUrl=deployment.outputs[output], AttributeNames=["ApproximateNumberOfMessages"]
        )["Attributes"]
        for output in ("DeadLetterQueueUrl", "PurgeDeadLetterQueueUrl")
    ]
    return sum(int(one["ApproximateNumberOfMessages"]) for one in attributes)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make redrive", description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="show what is there and deliver nothing")
    parser.add_argument("--stack", help="a stack in the cloud; without it, the one that runs on this machine")
    return parser.parse_args()


def main() -> int:
    """Redrive, with a bar while it lasts and a table at the end."""
    arguments = _arguments()
    shown = Table("For", "Why it was here", "Now", title="Dead letters")
    try:
        deployment = in_the_cloud(arguments.stack) if arguments.stack else on_this_machine()
        with Progress(console=console, transient=True) as progress:
            bar = progress.add_task("Delivering again", total=_waiting(deployment))

            def report(to: str, reason: str, outcome: str) -> None:
                shown.add_row(to, reason, outcome)
                progress.advance(bar)

            failed = redrive(deployment, is_dry=arguments.dry_run, report=report)
    except (LocalProblem, botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as problem:
        print(problem, file=sys.stderr)
        return 2
    console.print(shown if shown.row_count else "Nothing is there.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
