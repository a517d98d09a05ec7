"""Events of other systems on our bus. Each contains a numbered state of a record."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from shared.domain import moments
from shared.storage.state import State


class Numbered(BaseModel):
    """A detail with the number or the time of the record's state. The default is the event's time."""

    version: Annotated[int, Field(ge=0, le=10**15)] | None = None
    updated_at: datetime | None = None


class SourceEvent(BaseModel):
    """An event as EventBridge delivers it."""

    source: str
    time: datetime
    detail: Numbered
    replay: Annotated[str | None, Field(alias="replay-name")] = None
    """Set if the event is replayed from an archive."""

    @property
    def state(self) -> State:
        """The state of the record."""
        moment = self.detail.updated_at or self.time
        milliseconds = int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1_000)
        number = milliseconds if self.detail.version is None else self.detail.version
        return State(self.source, number, moments.iso(self.time) if self.replay else None)
