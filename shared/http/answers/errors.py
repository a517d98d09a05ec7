"""Errors."""

from typing import Annotated, Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from shared.domain.values import Model
from shared.http.answers.references import Reference


class ErrorProblem(Model):
    path: str
    message: str


class ErrorAnswer(Model):
    """Every error has this shape."""

    type: Literal[
        "invalid_data",
        "unauthorized",
        "forbidden",
        "not_found",
        "conflict",
        "precondition_failed",
        "payload_too_large",
        "unprocessable",
        "too_many_requests",
        "unexpected_state",
    ]
    code: Annotated[str, Field(description="Stable, e.g. `customer_group_not_found`.")]
    message: str
    request_id: str
    errors: Annotated[list[ErrorProblem] | SkipJsonSchema[None], Field(description="The fields with errors.")] = None
    references: Annotated[
        list[Reference] | SkipJsonSchema[None], Field(description="With `customer_group_in_use`: the first ten.")
    ] = None
    count: Annotated[
        int | SkipJsonSchema[None], Field(description="With `customer_group_in_use`: the total number.")
    ] = None
