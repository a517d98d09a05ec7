"""The functions, routes and the table in template.yaml."""

import re
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

ROOT: Final = Path(__file__).parent.parent


class Route(NamedTuple):
    """A method, a path, and its function."""

    method: str
    path: str
    operation: str


class _Loader(yaml.SafeLoader):
    """Reads `!Ref x` as `{"Ref": x}`, and so on."""


def _intrinsic(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        return {name: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)
    return {name: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _intrinsic)


@cache
def document() -> dict[str, Any]:
    found: dict[str, Any] = yaml.load((ROOT / "template.yaml").read_text(), _Loader)  # noqa: S506 - safe
    return found


@cache
def resources() -> dict[str, Any]:
    """All resources, with each `Fn::ForEach` expanded (tests/drift/test_transform.py compares this with SAM)."""
    found: dict[str, Any] = {}
    for name, one in document()["Resources"].items():
        found |= _repeated(*one) if name.startswith("Fn::ForEach::") else {name: one}
    return found


def _repeated(variable: str, values: list[str], fragment: dict[str, Any]) -> dict[str, Any]:
    def filled(part: Any, value: str) -> Any:
        if part == {"Ref": variable}:
            return value
        if isinstance(part, dict):
            return {name.replace(f"${{{variable}}}", value): filled(inner, value) for name, inner in part.items()}
        if isinstance(part, list):
            return [filled(inner, value) for inner in part]
        return part.replace(f"${{{variable}}}", value) if isinstance(part, str) else part

    return {name: one for value in values for name, one in filled(fragment, value).items()}


def function_time_limit() -> int:
    """The timeout of the functions of the API, in seconds."""
    limit: int = document()["Globals"]["Function"]["Timeout"]
    return limit


def functions() -> dict[str, dict[str, Any]]:
    """The properties of every function, by its logical id."""
    return {name: one["Properties"] for name, one in resources().items() if one["Type"] == "AWS::Serverless::Function"}


@cache
def routes() -> tuple[Route, ...]:
    """Every route of the API."""
    return tuple(
        Route(event["Properties"]["Method"].upper(), event["Properties"]["Path"], operation_of(properties))
        for properties in functions().values()
        for event in properties.get("Events", {}).values()
        if event["Type"] == "Api"
    )


def operation_of(properties: dict[str, Any]) -> str:
    """The name of the operation: the folder of its function."""
    return Path(properties["CodeUri"]).name


def logical_id(operation: str) -> str:
    return "".join(word.capitalize() for word in operation.split("_"))


def path_pattern(path: str) -> re.Pattern[str]:
    """A pattern for the requests of a path such as `/admin/customers/{id}` in API Gateway."""
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path)))


def table_definition(name: str) -> dict[str, Any]:
    """The arguments of CreateTable for the table in template.yaml, without its stream.

    Tests do not read the stream, and it makes dynoxide slower with each write.
    """
    properties = resources()["Table"]["Properties"]
    return {
        "TableName": name,
        "BillingMode": properties["BillingMode"],
        "AttributeDefinitions": properties["AttributeDefinitions"],
        "KeySchema": properties["KeySchema"],
        "GlobalSecondaryIndexes": properties["GlobalSecondaryIndexes"],
    }
