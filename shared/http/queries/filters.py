"""The filter of a job: the parameters of the list of customers, in JSON."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from shared.domain.errors import InvalidData, UnrecognizedFields
from shared.domain.validation import as_refusal
from shared.http.queries.customers import CustomersQuery
from shared.http.request import holds_list
from shared.storage.lists import Listing

PAGE: Final = 500
_OF_A_PAGE: Final = {"limit", "offset", "cursor", "order", "fields"}
_KNOWN: Final = {
    field.alias or name: holds_list(field.annotation)
    for name, field in CustomersQuery.model_fields.items()
    if name not in _OF_A_PAGE
}


def listing(given: Mapping[str, Any], field: str = "source.filter") -> Listing:
    """A listing of the customers that match. Raises InvalidData for the field."""
    flat = _flat(given)
    if unknown := [name for name in flat if name not in _KNOWN]:
        raise UnrecognizedFields([f"{field}.{name}" for name in unknown])
    several = {name: value if isinstance(value, list) or not _KNOWN[name] else [value] for name, value in flat.items()}
    try:
        query = CustomersQuery.model_validate({**several, "limit": PAGE})
        return query.listing()
    except ValidationError as error:
        refusal = as_refusal(error.errors())
    except InvalidData as error:
        refusal = error
    raise InvalidData.at(field, refusal.message)


def _flat(given: Mapping[str, Any]) -> dict[str, Any]:
    """`{"created_at": {"$gte": "2026"}}` as `{"created_at[$gte]": "2026"}`."""
    flat: dict[str, Any] = {}
    for name, value in given.items():
        if isinstance(value, Mapping):
            flat |= {f"{name}[{operator}]": bound for operator, bound in value.items()}
        else:
            flat[name] = value
    return flat
