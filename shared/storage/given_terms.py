"""Terms as clients give them, in requests and in files."""

from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from shared.domain.terms import Terms
from shared.domain.values import Model, PointInTime
from shared.runtime import clock


class GivenTerms(Model):
    """When memberships begin and end. Without `starts_at` they begin at once, without `ends_at` they do not end."""

    starts_at: Annotated[PointInTime | None, Field(description="The first moment of the membership.")] = None
    ends_at: Annotated[PointInTime | None, Field(description="The first moment after the membership.")] = None

    @property
    def terms(self) -> Terms:
        return Terms(self.starts_at, self.ends_at)

    @field_validator("ends_at")
    @classmethod
    def _is_later(cls, ends_at: str | None, info: ValidationInfo) -> str | None:
        starts_at = info.data.get("starts_at")
        if ends_at and starts_at and ends_at <= starts_at:
            raise ValueError("must be after starts_at")
        if ends_at and ends_at <= clock.now():
            raise ValueError("must be in the future")
        return ends_at
