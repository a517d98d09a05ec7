"""Reads a dead-letter queue once. Meanwhile its messages are hidden from others; they return unless deleted."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Self

from operations import dead_letters
from operations.dead_letters import DeadLetter
from operations.deployment import Deployment

HIDDEN_SECONDS: Final = 900
"""The visibility timeout of a message. No function that receives dead letters runs longer than a third of it."""
QUEUES: Final[dict[str, Callable[[dict[str, Any], Deployment], DeadLetter]]] = {
    "DeadLetterQueueUrl": dead_letters.read,
    "PurgeDeadLetterQueueUrl": dead_letters.read_purge,
}
"""For the output with each queue's URL, the function that reads its messages."""


@dataclass
class DeadLetterQueue:
    """One run over a queue, as a context manager. At its end, messages that were not deleted become visible again."""

    deployment: Deployment
    output: str
    _held: dict[str, str] = field(default_factory=dict)
    """Receipt handles by message id."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for receipt in self._held.values():
            self._sqs.change_message_visibility(QueueUrl=self._url, ReceiptHandle=receipt, VisibilityTimeout=0)

    def messages(self) -> Iterator[dict[str, Any]]:
        seen: set[str] = set()
        while messages := self._receive():
            for message in messages:
                self._held[message["MessageId"]] = message["ReceiptHandle"]
                if message["MessageId"] not in seen:
                    seen.add(message["MessageId"])
                    yield message

    def read(self, message: dict[str, Any]) -> DeadLetter:
        """Parse a message. Raises UndeliverableError for an unknown format."""
        return QUEUES[self.output](message, self.deployment)

    def delete(self, message: dict[str, Any]) -> None:
        receipt = self._held.pop(message["MessageId"])
        self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=receipt)

    def waiting(self) -> int:
        """The approximate number of messages."""
        name = "ApproximateNumberOfMessages"
        answer = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=[name])
        return int(answer["Attributes"][name])

    def _receive(self) -> list[dict[str, Any]]:
        answer = self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=10,
            VisibilityTimeout=HIDDEN_SECONDS,
            WaitTimeSeconds=1,  # long polling queries all of SQS's servers
            AttributeNames=["ApproximateReceiveCount"],
            MessageAttributeNames=["All"],
        )
        received: list[dict[str, Any]] = answer.get("Messages", [])
        return received

    @property
    def _url(self) -> str:
        return self.deployment.outputs[self.output]

    @property
    def _sqs(self) -> Any:
        return self.deployment.client("sqs")


def both(deployment: Deployment) -> Iterator[DeadLetterQueue]:
    """Both dead-letter queues of a stack."""
    for output in QUEUES:
        with DeadLetterQueue(deployment, output) as queue:
            yield queue


def receiver(dead_letter: DeadLetter, deployment: Deployment) -> str:
    """The receiver's name in the template."""
    return next((name for name, real in deployment.resources.items() if real == dead_letter.to), dead_letter.to)
