"""Valid and invalid requests generated from the OpenAPI document: all responses are documented, and none is a 5xx.

The client of the tests validates every response with the document, and checks that refused requests write nothing.
HOSTILE_EXAMPLES=500 generates more requests than `make test`.
"""

import tests.database  # noqa: F401 - imported before `shared`

# isort: split

import os
import re
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
@pytest.mark.usefixtures("surroundings")
def test_every_request_is_answered_as_documented(api: Client, route: template.Route, mode: GenerationMode) -> None:
    vip, ada = api.create_group("VIP"), api.create_customer("ada@mail.example")
    known = {"groups": vip["id"], "customers": ada["id"]}["customers" if "customers/{" in route.path else "groups"]

    @bounded
    @given(
        case=DOCUMENT[route.path][route.method].as_strategy(generation_mode=mode),
        finds_something=some.booleans(),
    )
    def ask(case: Any, finds_something: bool) -> None:  # noqa: FBT001 - passed by name by hypothesis
        given = {name: quote(str(value), safe="") or "x" for name, value in (case.path_parameters or {}).items()}
        path = re.sub(
            r"{(\w+)}", lambda name: (given | {"id": known} if finds_something else given)[name[1]], route.path
        )
        query = urlencode(_plain(case.query), doseq=True)
        headers = {name: str(value) for name, value in _plain(case.headers).items() if _can_be_sent(str(value))}
        body = None if isinstance(case.body, NotSet) else case.body
        # The client validates the response and fails on a 5xx.
        api.request(route.method, f"{path}?{query}", body if _is_json(body) else repr(body), headers)

    ask()


def _plain(values: Any) -> dict[str, Any]:
    return {} if values is None or isinstance(values, NotSet) else dict(values)


def _can_be_sent(value: str) -> bool:
    """Characters that are valid in a header. The gateway refuses others."""
    return value.isascii() and value.isprintable()


def _is_json(body: Any) -> bool:
    return body is None or isinstance(body, dict | list | str | int | float | bool)
