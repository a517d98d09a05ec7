"""The `order` parameter: an attribute that the list can be sorted by, with `-` in front for descending order."""

from pydantic import GetPydanticSchema
from pydantic_core import core_schema


def one_of(attributes: tuple[str, ...]) -> GetPydanticSchema:
    """Like `Literal`, for values that are only known at run time."""
    allowed = [f"{sign}{attribute}" for attribute in attributes for sign in ("", "-")]
    return GetPydanticSchema(lambda _source, _handler: core_schema.literal_schema(allowed))
