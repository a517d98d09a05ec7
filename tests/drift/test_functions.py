"""All files of a function exist, use the same name, and agree."""

import ast
import importlib
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from textwrap import dedent

import pytest

from local import seed
from shared.http.api import Api
from tests import samples, template
from tests.afterwards import Surroundings
from tests.api import Client, Context, handler
from tests.template import ROOT

OPERATIONS = sorted(path.parent.name for path in ROOT.glob("functions/*/handler.py"))
HTTP_OPERATIONS = sorted(route.operation for route in template.routes())
THIRD_PARTIES = {"aws_lambda_powertools", "pydantic"}
"""What a handler can import in addition to `shared`: no other function, and not the AWS SDK."""

FILTERING = {"list_customer_groups", "list_customers", "list_group_customers", "preview_rule", "start_job"}
"""The operations that need lists and their filters."""

every_operation = pytest.mark.parametrize("operation", OPERATIONS)
every_http_operation = pytest.mark.parametrize("operation", HTTP_OPERATIONS)


@pytest.fixture
def world(api: Client) -> Client:
    """The records of the sample events: Ada, who is in the group VIP."""
    samples.fill()
    return api


def test_no_sample_event_uses_a_name_or_address_of_the_demo_data() -> None:
    """Otherwise they would be refused on the stack of `make run`."""
    texts = "".join(path.read_text() for path in (ROOT / "events").glob("create_*.json")).lower()
    texts += (ROOT / "events" / "sync_customer.json").read_text().lower()
    demo = [group.name for group in seed.GROUPS] + [customer["email"] for customer in seed.demo_customers()]
    assert [each for each in demo if f'"{each.lower()}' in texts.replace("\\", "")] == []


def test_there_are_functions() -> None:
    assert len(OPERATIONS) >= 14
    assert len(HTTP_OPERATIONS) >= 14


@every_operation
def test_a_folder_has_one_file(operation: str) -> None:
    files = [path.name for path in (ROOT / "functions" / operation).iterdir() if path.name != "__pycache__"]
    assert files == ["handler.py"]


@every_operation
def test_a_function_is_in_the_template_with_its_name(operation: str) -> None:
    name = template.logical_id(operation)
    assert name in template.functions(), f"template.yaml has no function {name}"
    properties = template.functions()[name]
    assert properties["CodeUri"] == f"functions/{operation}/"
    assert properties["Description"]


def test_the_template_has_no_other_functions() -> None:
    others = set(template.functions()) - set(map(template.logical_id, OPERATIONS))
    assert not others, f"functions in template.yaml that have no folder in functions/: {others}"


@every_http_operation
def test_a_function_that_others_may_invoke_is_an_output(operation: str) -> None:
    name = template.logical_id(operation)
    outputs = template.document()["Outputs"]
    assert f"{name}Arn" in outputs, f"the outputs of template.yaml lack {name}Arn"
    assert outputs[f"{name}Arn"]["Value"] == {"Ref": f"{name}.Alias"}


@every_operation
def test_a_function_can_use_the_key_of_the_table(operation: str) -> None:
    name = template.logical_id(operation)
    roles = template.resources()["UseOfTableKey"]["Properties"]["Roles"]
    assert {"Ref": f"{name}Role"} in roles, f"UseOfTableKey in template.yaml lacks {name}Role"


@every_http_operation
def test_a_route_is_the_same_in_template_code_and_openapi_document(operation: str) -> None:
    (route,) = (route for route in template.routes() if route.operation == operation)
    api: Api = importlib.import_module(f"functions.{operation}.handler").api
    assert (api.declared.method, api.declared.path) == (route.method, route.path)
    document = json.loads((ROOT / "docs" / "openapi.json").read_text())
    assert document["paths"][route.path][route.method.lower()]["operationId"] == operation


def test_the_openapi_document_has_no_other_routes() -> None:
    document = json.loads((ROOT / "docs" / "openapi.json").read_text())
    described = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert described == {(route.method, route.path) for route in template.routes()}


def test_the_package_the_page_and_the_openapi_document_have_one_version() -> None:
    package = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    page = json.loads((ROOT / "admin" / "package.json").read_text())
    document = json.loads((ROOT / "docs" / "openapi.json").read_text())
    assert package["version"] == page["version"] == document["info"]["version"]


def test_generated_documents_are_fresh() -> None:
    check = [sys.executable, "-m", "docs.build", "--check"]
    run = subprocess.run(check, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_authorizer_requires_an_access_token_of_the_same_pool() -> None:
    auth = template.resources()["Api"]["Properties"]["Auth"]
    assert auth["DefaultAuthorizer"] in auth["Authorizers"]
    for authorizer in auth["Authorizers"].values():
        assert authorizer["UserPoolArn"] == auth["Authorizers"]["Viewers"]["UserPoolArn"]
        assert authorizer["AuthorizationScopes"], "without scopes API Gateway takes ID tokens"


@every_operation
def test_a_handler_imports_only_shared(operation: str) -> None:
    tree = ast.parse((ROOT / "functions" / operation / "handler.py").read_text())
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    roots = {name.partition(".")[0] for name in imported} - set(sys.stdlib_module_names)
    assert roots <= {"shared", *(THIRD_PARTIES if operation not in HTTP_OPERATIONS else set())}


@every_operation
def test_a_function_has_its_tests(operation: str) -> None:
    tests = ROOT / "tests" / "handlers" / f"test_{operation}.py"
    assert tests.exists(), f"{tests.relative_to(ROOT)} is missing"
    assert "def test_" in tests.read_text()


@every_http_operation
def test_the_changelog_has_the_path_of_every_operation(operation: str) -> None:
    (path,) = (route.path for route in template.routes() if route.operation == operation)
    assert f"{path}`" in (ROOT / "CHANGELOG.md").read_text(), f"CHANGELOG.md has no line about {path}"


def test_readme_has_a_row_for_every_function_and_no_other() -> None:
    rows = re.findall(r"^\| `(\w+)` \| .+ \| (.+) \|$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert sorted(operation for operation, _ in rows) == OPERATIONS
    reached = dict(rows)
    for route in template.routes():
        assert reached[route.operation] == f"`{route.method} {route.path}`"


@every_operation
def test_a_sample_event_runs(operation: str, world: Client, surroundings: Surroundings) -> None:
    samples.fill_bucket()
    event = samples.event(operation)
    if "requestContext" in event:
        answer = world.send(event)
        assert answer.status == 200, answer.text
    else:
        handler(operation)(event, Context(operation))
        assert surroundings.dead_letters() == []


@every_http_operation
def test_another_service_can_invoke_it_directly(operation: str, world: Client, surroundings: Surroundings) -> None:  # noqa: ARG001 - the fixture is needed, not its value
    samples.fill_bucket()
    event = samples.event(operation)
    if "requestContext" in event:
        event = {
            "path": event["pathParameters"] or {},
            "query": event["multiValueQueryStringParameters"] or {},
            "body": json.loads(event["body"] or "null"),
        }
    answer = handler(operation)({**event, "actor": "nightly-import"}, Context(operation))
    assert answer.keys() <= set(answer_properties(operation)), "the plain object, no response of HTTP"


def answer_properties(operation: str) -> dict[str, object]:
    """The properties that the OpenAPI document says an answer has."""
    document = json.loads((ROOT / "docs" / "openapi.json").read_text())
    (one,) = (
        one for methods in document["paths"].values() for one in methods.values() if one["operationId"] == operation
    )
    name = one["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    properties: dict[str, object] = document["components"]["schemas"][name]["properties"]
    return properties


@every_operation
def test_a_sample_event_is_of_the_kind_that_readme_says(operation: str) -> None:
    through_gateway, direct = ("requestContext" in samples.event(operation), "path" in samples.event(operation))
    assert (through_gateway or direct) == (operation in HTTP_OPERATIONS)


@pytest.mark.parametrize("operation", [one for one in HTTP_OPERATIONS if "requestContext" in samples.event(one)])
def test_a_sample_event_is_for_its_own_function(operation: str) -> None:
    event = samples.event(operation)
    (route,) = (route for route in template.routes() if route.operation == operation)
    assert (event["httpMethod"], event["resource"]) == (route.method, route.path)
    assert template.path_pattern(route.path).fullmatch(event["path"])


def test_there_are_no_other_sample_events() -> None:
    assert sorted(path.stem for path in ROOT.glob("events/*.json")) == OPERATIONS


@every_http_operation
def test_a_cold_start_only_loads_what_the_operation_uses(operation: str) -> None:
    """Users wait for imports (docs/performance.md)."""
    route = next(one for one in template.routes() if one.operation == operation)
    needless = {"boto3", "s3transfer", "shared.http.answers", "shared.http.idempotency"}
    if route.method == "GET":
        needless.add("shared.http.bodies")
    if operation not in FILTERING:
        needless |= {"shared.http.queries.lists", "shared.storage.lists"}
    assert not needless.intersection(_loaded_modules()[operation])


@cache
def _loaded_modules() -> Mapping[str, Sequence[str]]:
    """The modules that each operation loads. One process forks for each, after it has loaded what all need."""
    command = [sys.executable, "-c", dedent(LOAD), *HTTP_OPERATIONS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return {operation: modules for operation, *modules in map(str.split, done.stdout.splitlines())}


LOAD = """
    import importlib, os, sys
    import shared.http.api
    for operation in sys.argv[1:]:
        if os.fork() == 0:
            importlib.import_module(f"functions.{operation}.handler")
            print(operation, *sys.modules, flush=True)
            os._exit(0)
        assert os.wait()[1] == 0, operation
"""
