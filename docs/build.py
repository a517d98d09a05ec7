"""Write the documents that are made from the code: `python docs/build.py`; with `--check`, fail if one is stale."""

import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parent.parent
DOCS: Final = ROOT / "docs"
FUNCTIONS: Final = ROOT / "functions"

# The functions read their settings when they are imported; nothing is called.
SETTINGS: Final = ("TABLE_NAME", "EVENT_BUS_NAME", "DEAD_LETTER_QUEUE_URL", "PURGE_QUEUE_URL")
os.environ |= dict.fromkeys(SETTINGS, "documentation")
os.environ["AWS_DEFAULT_REGION"] = "eu-central-1"
sys.path.insert(0, str(ROOT))

from aws_lambda_powertools.event_handler.openapi.merge import OpenAPIMerge  # noqa: E402
from pydantic import BaseModel  # noqa: E402

from shared import answers  # noqa: E402
from shared.access import SCOPE_PREFIX, Role  # noqa: E402
from shared.api import JSON, Api  # noqa: E402
from shared.events import KINDS  # noqa: E402

BEARER: Final = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "An access token of the user pool.",
}
HEADERS: Final = {
    "Idempotency-Key": "A repeat with the same key within 24 hours is answered with the first answer.",
    "If-Match": "An ETag, or up to 100. The request is refused with 412 if the resource has changed since.",
    "If-None-Match": "An ETag. The answer is an empty 304 if the resource has not changed since.",
}


SCOPES: Final = {Role.VIEWER: "read", Role.EDITOR: "write", Role.ADMIN: "admin"}
ACCESS: Final = """# Who may do what

Made from the code by `docs/build.py`: each function says what it needs. People have the role of their group in the user
pool, machines that of their scopes; each role may do what those below it may. API Gateway refuses what has no valid
access token or none of the route's scopes (401), the function tokens of other applications (401) and who lacks the role
(403). AWS services that invoke a
function directly are let in by their own IAM role, and act as an admin.

| route | operation | people | machines |
|---|---|---|---|
"""


def apis() -> dict[str, Api]:
    """The resolver of every function that answers HTTP requests, by the name of its folder."""
    found = {}
    for path in sorted(FUNCTIONS.glob("*/handler.py")):
        spec = importlib.util.spec_from_file_location(f"functions.{path.parent.name}", path)
        if not spec or not spec.loader:
            raise ImportError(path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        if isinstance(api := getattr(module, "api", None), Api):
            found[path.parent.name] = api
    return found


def openapi() -> dict[str, Any]:
    """The OpenAPI document of the whole API."""
    merged = OpenAPIMerge(
        title="Liqnic Customer Groups",
        version="1.0.0",
        description="Customer groups, their members and their metadata. See `docs/compatibility.md` for what is ours.",
        on_conflict="error",
    )
    queries: dict[str, dict[str, Any]] = {}
    for name, api in apis().items():
        _say_what_it_answers(api)
        merged.add_schema(api.get_openapi_schema().model_dump(by_alias=True, exclude_none=True, mode="json"))
        queries[name] = api.query_schema()
    document = merged.get_openapi_schema()
    document["components"]["securitySchemes"] = {"bearer": BEARER}
    document["security"] = [{"bearer": []}]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            in_path = [one for one in operation.get("parameters", []) if one["in"] == "path"]
            in_query = [_parameter(name, schema) for name, schema in queries[operation["operationId"]].items()]
            operation["parameters"] = [*in_path, *in_query, *map(_header, _headers(method, path))]
    _drop_unused(document)
    return document


def access() -> str:
    """Who may do what: one row for each route, by what each function declares."""
    needs = {name: api.needs for name, api in apis().items()}
    rows = sorted(
        (path, method.upper(), one["operationId"])
        for path, operations in openapi()["paths"].items()
        for method, one in operations.items()
    )
    return ACCESS + "".join(f"| {_access_row(*row, needs[row[2]])} |\n" for row in rows)


def _access_row(path: str, method: str, operation: str, needed: Role) -> str:
    roles = [role for role in Role if role >= needed]
    people = ", ".join(role.name.lower() for role in roles)
    machines = ", ".join(f"`{SCOPE_PREFIX}{SCOPES[role]}`" for role in roles)
    return f"{method} `{path}` | `{operation}` | {people} | {machines}"


def documents() -> dict[Path, str]:
    """Every generated file and what it should hold."""
    schemas = {DOCS / "events" / f"{name}.schema.json": _schema(name, model) for name, model in KINDS.items()}
    data = {path: _text(document) for path, document in ({DOCS / "openapi.json": openapi()} | schemas).items()}
    return {DOCS / "access.md": access()} | data


def _schema(detail_type: str, model: type[BaseModel]) -> dict[str, Any]:
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": detail_type, **model.model_json_schema()}


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _headers(method: str, path: str) -> list[str]:
    changes = method != "get"
    one = path.endswith("{id}") or changes
    conditional = ["If-Match" if changes else "If-None-Match"] if "{id}" in path and one else []
    return [*(["Idempotency-Key"] if changes else []), *conditional]


def _header(name: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "schema": {"type": "string"}, "description": HEADERS[name]}


def _parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """A query parameter with the limits that its model has; Powertools' own description knows only simple types."""
    schema = {key: value for key, value in schema.items() if key not in ("title", "default") or value is not None}
    schema.pop("title", None)
    described = {"description": schema.pop("description")} if "description" in schema else {}
    if "anyOf" in schema:
        schema |= next(choice for choice in schema.pop("anyOf") if choice.get("type") != "null")
    return {"name": name, "in": "query", "required": False, **described, "schema": schema}


def _say_what_it_answers(api: Api) -> None:
    """Tell Powertools, which would otherwise build these models in each function's first request, too."""
    route = api.only_route
    refusals = dict.fromkeys(_refusals(route.method, route.openapi_path), answers.ErrorAnswer)
    models: dict[HTTPStatus, type[BaseModel]] = {HTTPStatus.OK: getattr(answers, api.answer), **refusals}
    route.responses = {
        int(status): {
            "description": "Done" if status == HTTPStatus.OK else status.phrase,
            "content": {JSON: {"model": model}},
        }
        for status, model in models.items()
    }
    if "If-None-Match" in _headers(route.method.lower(), route.openapi_path):
        route.responses[int(HTTPStatus.NOT_MODIFIED)] = {"description": HTTPStatus.NOT_MODIFIED.phrase, "content": {}}


def _refusals(method: str, path: str) -> Iterator[HTTPStatus]:
    """What an operation may answer other than 200."""
    yield from (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS)
    yield from (HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE)
    if "{" in path or method != "GET":
        # Of a creation, too: that is repeated with its key when what it created is gone again.
        yield HTTPStatus.NOT_FOUND
    if method != "GET":
        yield from (HTTPStatus.CONFLICT, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY)
    if method != "GET" and "{" in path:
        yield HTTPStatus.PRECONDITION_FAILED


def _drop_unused(document: dict[str, Any]) -> None:
    """Leave out the schemas that nothing refers to."""
    schemas = document["components"]["schemas"]
    while unused := [name for name in schemas if f'"#/components/schemas/{name}"' not in json.dumps(document)]:
        for name in unused:
            del schemas[name]


def main() -> int:
    stale = [path for path, text in documents().items() if not path.exists() or path.read_text() != text]
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is stale: run `make docs`")
        return len(stale)
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(documents()[path])
        print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
