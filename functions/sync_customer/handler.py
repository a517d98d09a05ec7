"""Applies events of other systems about their customers."""

from typing import Annotated, Any, Final, Literal

from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import Field, StrictBool, ValidationError

from shared.domain.errors import CustomerEmailTaken
from shared.domain.profiles import Profile
from shared.domain.validation import as_refusal
from shared.domain.values import Id
from shared.dynamodb import client
from shared.runtime import environment, initialization
from shared.runtime.log import logger
from shared.storage import sources
from shared.workers import dead_letters
from shared.workers.source_events import Numbered, SourceEvent

NUMBERING: Final = {"id", *Numbered.model_fields}

initialization.prepare(client.dynamodb, environment.table_name, dead_letters.client, environment.dead_letter_queue_url)


class Detail(Profile, Numbered):
    """A customer as its source describes it. Missing attributes are not changed, and unknown ones are ignored."""

    id: Id
    has_account: StrictBool = False


class CustomerEvent(SourceEvent):
    """The event that EventBridge delivers."""

    detail: Detail
    type: Annotated[Literal["customer.created", "customer.updated", "customer.deleted"], Field(alias="detail-type")]


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _: LambdaContext) -> None:
    """Create, update or delete the customer of an event. Late and repeated events have no effect."""
    try:
        apply(CustomerEvent.model_validate(event))
    except ValidationError as error:
        dead_letters.send(event, as_refusal(error.errors()))
    except CustomerEmailTaken as error:
        dead_letters.send(event, error)


def apply(event: CustomerEvent) -> None:
    if event.type == "customer.deleted":
        sources.remove(event.detail.id, event.state)
        return
    given = event.detail.model_dump(include=event.detail.model_fields_set - NUMBERING)
    sources.upsert(event.detail.id, given, event.state)
