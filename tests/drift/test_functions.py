"""One name, every place: what belongs to a function is there, and says the same."""

import ast
import importlib
import json
import re
import subprocess
import sys
from typing import Any

import pytest

from shared.api import Api
from shared.clock import born
from shared.storage import memberships, records
from shared.storage.kinds import CUSTOMER, GROUP
from tests import template
from tests.afterwards import Surroundings
from tests.api import Client, Context, handler
from tests.template import ROOT

OPERATIONS = sorted(path.parent.name for path in ROOT.glob("functions/*/handler.py"))
HTTP_OPERATIONS = sorted(route.operation for route in template.routes())
THIRD_PARTIES = {"aws_lambda_powertools", "pydantic"}
"""What a handler may import beside `shared`: never a sibling, never the AWS SDK."""

VIP = "cusgroup_01KASXKZ4V8S6T1W7Q2M3N5P9R"
ADA = "cus_01KASXM6H2Y4Z8B3D5F7G9J1K0"
"""The group and the customer of whom the sample events tell."""

every_operation = pytest.mark.parametrize("operation", OPERATIONS)
every_http_operation = pytest.mark.parametrize("operation", HTTP_OPERATIONS)


def sample(operation: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((ROOT / "events" / f"{operation}.json").read_text())
    return event


@pytest.fixture
def world(api: Client) -> Client:
    """What the sample events find: Ada, who is in the group VIP."""
    assert born(VIP) < born(ADA)
    records.create(GROUP, VIP, {"name": "VIP", "metadata": {"discount_percent": 10}, "customer_count": 0}, "seed")
    profile = {"email": "ada@example.com", "first_name": "Ada", "has_account": True, "metadata": None}
    unknown = dict.fromkeys(("last_name", "company_name", "phone"))
    records.create(CUSTOMER, ADA, {**profile, **unknown, "group_count": 0}, "seed")
    memberships.change_members(VIP, [ADA], [], "seed")
    return api


def test_there_are_functions() -> None:
    assert len(OPERATIONS) >= 14
    assert len(HTTP_OPERATIONS) >= 14


@every_operation
def test_a_folder_holds_one_file(operation: str) -> None:
    files = [path.name for path in (ROOT / "functions" / operation).iterdir() if path.name != "__pycache__"]
    assert files == ["handler.py"]


@every_operation
def test_a_function_is_in_the_template_under_its_name(operation: str) -> None:
    properties = template.functions()[template.logical_id(operation)]
    assert properties["CodeUri"] == f"functions/{operation}/"
    assert properties["Description"]


def test_the_template_has_no_other_functions() -> None:
    assert set(template.functions()) == set(map(template.logical_id, OPERATIONS))


@every_http_operation
def test_a_route_is_the_same_in_template_code_and_openapi_document(operation: str) -> None:
    (route,) = (route for route in template.routes() if route.operation == operation)
    api: Api = importlib.import_module(f"functions.{operation}.handler").api
    assert (api._method, api._path) == (route.method, route.path)
    document = json.loads((ROOT / "docs" / "openapi.json").read_text())
    assert document["paths"][route.path][route.method.lower()]["operationId"] == operation


def test_the_openapi_document_has_no_other_routes() -> None:
    document = json.loads((ROOT / "docs" / "openapi.json").read_text())
    described = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert described == {(route.method, route.path) for route in template.routes()}


def test_generated_documents_are_fresh() -> None:
    check = [sys.executable, str(ROOT / "docs" / "build.py"), "--check"]
    told = subprocess.run(check, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


@every_http_operation
def test_a_route_has_its_authorizer(operation: str) -> None:
    api = template.resources()["Api"]["Properties"]["Auth"]
    assert api["DefaultAuthorizer"] == "UserPoolTokens"
    assert api["Authorizers"]["UserPoolTokens"]["AuthorizationScopes"]
    for event in template.functions()[template.logical_id(operation)]["Events"].values():
        if event["Type"] == "Api":
            own = event["Properties"].get("Auth", {"Authorizer": "UserPoolTokens"})
            assert own["Authorizer"] == "UserPoolTokens"
            assert own.get("AuthorizationScopes", ["default"])


@every_operation
def test_a_handler_imports_only_shared(operation: str) -> None:
    tree = ast.parse((ROOT / "functions" / operation / "handler.py").read_text())
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    roots = {name.partition(".")[0] for name in imported} - set(sys.stdlib_module_names)
    assert roots <= {"shared", *(THIRD_PARTIES if operation not in HTTP_OPERATIONS else set())}


@every_operation
def test_a_function_has_its_tests(operation: str) -> None:
    assert "def test_" in (ROOT / "tests" / "handlers" / f"test_{operation}.py").read_text()


def test_readme_has_a_row_for_every_function_and_no_other() -> None:
    rows = re.findall(r"^\| `(\w+)` \| .+ \| (.+) \|$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert sorted(operation for operation, _ in rows) == OPERATIONS
    reached = dict(rows)
    for route in template.routes():
        assert reached[route.operation] == f"`{route.method} {route.path}`"


@every_operation
def test_a_sample_event_runs(operation: str, world: Client, surroundings: Surroundings) -> None:
    event = sample(operation)
    if "requestContext" in event:
        answer = world.send(event)
        assert answer.status == 200, answer.text
    else:
        handler(operation)(event, Context(operation))
        assert surroundings.dead_letters() == []


@pytest.mark.parametrize("operation", [one for one in HTTP_OPERATIONS if "requestContext" in sample(one)])
def test_a_sample_event_goes_to_its_own_function(operation: str) -> None:
    event = sample(operation)
    (route,) = (route for route in template.routes() if route.operation == operation)
    assert (event["httpMethod"], event["resource"]) == (route.method, route.path)
    assert template.path_pattern(route.path).fullmatch(event["path"])


def test_there_are_no_other_sample_events() -> None:
    assert sorted(path.stem for path in ROOT.glob("events/*.json")) == OPERATIONS


@every_http_operation
def test_a_cold_start_loads_nothing_that_the_operation_does_not_use(operation: str) -> None:
    """What is imported is what a user waits for (docs/performance.md)."""
    route = next(one for one in template.routes() if one.operation == operation)
    needless = {"boto3", "s3transfer", "shared.answers", "shared.idempotency"}
    if route.method == "GET":
        needless.add("shared.bodies")
    if not operation.startswith("list_") or operation == "list_customer_group_history":
        needless |= {"shared.queries.lists", "shared.storage.lists"}
    load = f"import functions.{operation}.handler, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", load], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not needless.intersection(done.stdout.split())
