"""Exceptions from rules, and previews."""

from typing import Annotated

from pydantic import Field

from shared.domain.values import Model
from shared.http.answers.resources import Customer


class Exceptions(Model):
    """The ids of customers who are always in an automatic group, and of those who never are."""

    always: list[str]
    never: list[str]


class ExceptionsAnswer(Model):
    exceptions: Exceptions


class PreviewAnswer(Model):
    """The customers that meet a rule. If there are too many to judge, only the newest are."""

    count: int
    count_is_exact: Annotated[bool, Field(description="Whether all customers were judged. If not, there may be more.")]
    customers: Annotated[list[Customer], Field(description="The ten newest, without their metadata.", max_length=10)]
