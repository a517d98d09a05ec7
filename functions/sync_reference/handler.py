"""Synchronizes references with events of other systems about their use of groups."""

from typing import Annotated, Any, Literal

from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import Field, ValidationError

from shared.domain.errors import CustomerGroupNotFound, InvalidData, TooManyReferences
from shared.domain.ids import GroupId
from shared.domain.validation import as_refusal
from shared.domain.values import Address, Name, Reference, ReferenceId, System
from shared.dynamodb import client
from shared.runtime import environment, initialization
from shared.runtime.log import logger
from shared.storage import own_keys, references
from shared.storage.kinds import GROUP
from shared.storage.references import Use
from shared.workers import dead_letters
from shared.workers.source_events import Numbered, SourceEvent

initialization.prepare(client.dynamodb, environment.table_name, dead_letters.client, environment.dead_letter_queue_url)


class Removal(Numbered):
    """A use of a group that has ended."""

    customer_group_id: Reference
    system: System
    id: ReferenceId

    @property
    def use(self) -> Use:
        return Use(self.system, self.id)


class Registration(Removal):
    """A use of a group, with its text and link."""

    label: Name
    url: Address | None = None


class Added(SourceEvent):
    detail: Registration
    type: Annotated[Literal["customer-group.reference-added"], Field(alias="detail-type")]


class Removed(SourceEvent):
    detail: Removal
    type: Annotated[Literal["customer-group.reference-removed"], Field(alias="detail-type")]


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _: LambdaContext) -> None:
    """Create, change or delete the reference of an event. Late and repeated events have no effect.

    A reference to a deleted group is not created. Its source receives the event of the group's deletion.
    """
    try:
        if event.get("detail-type") == "customer-group.reference-removed":
            remove(Removed.model_validate(event))
        else:
            add(Added.model_validate(event))
    except ValidationError as error:
        dead_letters.send(event, as_refusal(error.errors()))
    except (CustomerGroupNotFound, TooManyReferences, InvalidData) as error:
        dead_letters.send(event, error)


def add(event: Added) -> None:
    added = event.detail
    references.apply_addition(_group(added), added.use, added.label, added.url, event.state)


def remove(event: Removed) -> None:
    """Delete a reference. References of a deleted group are deleted with it."""
    try:
        references.apply_removal(_group(event.detail), event.detail.use, event.state)
    except CustomerGroupNotFound:
        logger.info("the group has been deleted with its references")


def _group(removal: Removal) -> GroupId:
    return GroupId(own_keys.id_of(GROUP, removal.customer_group_id))
