"""The filter of a job: the parameters of the list of customers, in JSON."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import ValidationError

from shared.domain.errors import InvalidData, UnrecognizedFields
from shared.domain.validation import as_refusal
from shared.http.queries.customers import CustomersQuery
from shared.http.request import Takes, known_parameters, plain_name
from shared.storage.lists import Listing

PAGE: Final = 500
_OF_A_PAGE: Final = {"limit", "offset", "cursor", "order", "fields"}
_KNOWN: Final = {name: takes for name, takes in known_parameters(CustomersQuery).items() if name not in _OF_A_PAGE}


def listing(given: Mapping[str, Any], field: str = "source.filter") -> Listing:
    """A listing of the customers that match. Raises InvalidData for the field."""
    parameters: dict[str, Any] = {}
    for written, value in _flat(given):
        name = plain_name(written, _KNOWN)
        if name not in _KNOWN:
            raise UnrecognizedFields([f"{field}.{written}"])
        if _KNOWN[name] is not Takes.ONE:
            parameters[name] = [*parameters.get(name, ()), *(value if isinstance(value, list) else [value])]
        elif name in parameters:
            raise InvalidData.at(f"{field}.{written}", "is given more than once")
        else:
            parameters[name] = value
    try:
        query = CustomersQuery.model_validate({**parameters, "limit": PAGE})
        return query.listing()
    except ValidationError as error:
        refusal = as_refusal(error.errors())
    except InvalidData as error:
        refusal = error
    raise InvalidData.at(field, refusal.message)


def _flat(given: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """`{"created_at": {"$gte": "2026"}}` as `created_at[$gte]` and `2026`."""
    for name, value in given.items():
        if isinstance(value, Mapping):
            yield from ((f"{name}[{inner}]", one) for inner, one in value.items())
        else:
            yield name, value
