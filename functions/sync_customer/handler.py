"""On the event bus: takes over what other systems tell of their customers."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel, Field, StrictBool, ValidationError

from shared import dead_letters
from shared.bodies import Profile
from shared.errors import CustomerEmailTaken
from shared.models import Id
from shared.refusals import as_refusal
from shared.storage import sources
from shared.storage.sources import State

NUMBERING: Final = {"id", "version", "updated_at"}

logger = Logger()


class Detail(Profile):
    """A customer as its source tells it. What is not given stays as it is; what is unknown to us is ignored."""

    id: Id
    version: Annotated[int, Field(ge=0, le=10**15)] | None = None
    updated_at: datetime | None = None
    has_account: StrictBool = False


class Told(BaseModel):
    """The event of the rule."""

    source: str
    time: datetime
    type: Annotated[Literal["customer.created", "customer.updated", "customer.deleted"], Field(alias="detail-type")]
    detail: Detail

    @property
    def state(self) -> State:
        """Which state of the customer this is: by the source's version, or the time of its change, or of the event."""
        moment = self.detail.updated_at or self.time
        milliseconds = int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1_000)
        return State(self.source, milliseconds if self.detail.version is None else self.detail.version)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _: LambdaContext) -> None:
    """Create, change or delete the customer that an event tells of. Late and repeated events do no harm."""
    try:
        take_over(Told.model_validate(event))
    except ValidationError as error:
        dead_letters.bury(event, as_refusal(error.errors()))
    except CustomerEmailTaken as error:
        dead_letters.bury(event, error)


def take_over(told: Told) -> None:
    if told.type == "customer.deleted":
        sources.remove(told.detail.id, told.state)
        return
    given = told.detail.model_dump(include=told.detail.model_fields_set - NUMBERING)
    sources.upsert(told.detail.id, given, told.state)
