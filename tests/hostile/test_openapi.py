"""Requests made from the OpenAPI document, well-formed and not: each is answered as the document says, none with a 5xx.

The client of the tests holds every answer to the document, and every refusal to have written nothing.
HOSTILE_EXAMPLES=500 asks for more of them than fit into `make test`.
"""

import tests.database  # noqa: F401 - before anything of `shared` is imported

# isort: split

import os
from typing import Any, Final
from urllib.parse import quote, urlencode

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some
from schemathesis import GenerationMode
from schemathesis.core import NotSet

from tests import template
from tests.api import Client

EXAMPLES: Final = int(os.environ.get("HOSTILE_EXAMPLES", "12"))
DOCUMENT: Final = schemathesis.openapi.from_path(str(template.ROOT / "docs" / "openapi.json"))

bounded = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="HOSTILE_EXAMPLES" not in os.environ,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.name.lower())
@pytest.mark.parametrize("route", template.routes(), ids=lambda route: route.operation)
def test_every_request_is_answered_as_documented(api: Client, route: template.Route, mode: GenerationMode) -> None:
    vip, ada = api.create_group("VIP"), api.create_customer("ada@mail.example")
    known = {"groups": vip["id"], "customers": ada["id"]}["customers" if "customers/{" in route.path else "groups"]

    @bounded
    @given(
        case=DOCUMENT[route.path][route.method].as_strategy(generation_mode=mode),
        finds_something=some.booleans(),
    )
    def ask(case: Any, finds_something: bool) -> None:  # noqa: FBT001 - hypothesis passes it by name
        given_id = str((case.path_parameters or {}).get("id", ""))
        path = route.path.replace("{id}", known if finds_something else quote(given_id, safe="") or "x")
        query = urlencode(_plain(case.query), doseq=True)
        headers = {name: str(value) for name, value in _plain(case.headers).items() if _can_be_sent(str(value))}
        body = None if isinstance(case.body, NotSet) else case.body
        # Holds the answer to the document, and to no 5xx, by itself.
        api.request(route.method, f"{path}?{query}", body if _is_json(body) else repr(body), headers)

    ask()


def _plain(values: Any) -> dict[str, Any]:
    return {} if values is None or isinstance(values, NotSet) else dict(values)


def _can_be_sent(value: str) -> bool:
    """What HTTP lets into a header: the gateway refuses the rest."""
    return value.isascii() and value.isprintable()


def _is_json(body: Any) -> bool:
    return body is None or isinstance(body, dict | list | str | int | float | bool)
