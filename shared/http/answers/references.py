"""References: which other systems use a group."""

from typing import Annotated, Literal

from pydantic import Field

from shared.domain.values import Model


class Reference(Model):
    """A use of a customer group by another system."""

    system: str
    id: str
    label: str
    url: str | None
    created_by: str
    created_at: str


class ReferenceAnswer(Model):
    reference: Reference


class ReferencesAnswer(Model):
    references: list[Reference]
    count: Annotated[int, Field(description="The total number of references of the group.")]
    limit: int
    next_cursor: str | None


class DeletedReferenceAnswer(Model):
    id: str
    object: Literal["reference"]
    deleted: Literal[True]
