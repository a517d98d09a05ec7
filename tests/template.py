"""What template.yaml says of the functions, their routes and the table, for tests that must not say it again."""

import re
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

ROOT: Final = Path(__file__).parent.parent


class Route(NamedTuple):
    """One method of one path, and the function that answers there."""

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


def resources() -> dict[str, Any]:
    found: dict[str, Any] = document()["Resources"]
    return found


def function_time_limit() -> int:
    """Seconds that a function of the API has for one request."""
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
    """The operation's name: the folder that its function is made of."""
    return Path(properties["CodeUri"]).name


def logical_id(operation: str) -> str:
    return "".join(word.capitalize() for word in operation.split("_"))


def path_pattern(path: str) -> re.Pattern[str]:
    """Which requests a path such as `/admin/customers/{id}` takes, as API Gateway sees it."""
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path)))


def table_definition(name: str) -> dict[str, Any]:
    """The arguments of CreateTable for the table as production has it, but for its stream.

    Nothing here reads one, and with it each write takes dynoxide longer than the last.
    """
    properties = resources()["Table"]["Properties"]
    return {
        "TableName": name,
        "BillingMode": properties["BillingMode"],
        "AttributeDefinitions": properties["AttributeDefinitions"],
        "KeySchema": properties["KeySchema"],
        "GlobalSecondaryIndexes": properties["GlobalSecondaryIndexes"],
    }
