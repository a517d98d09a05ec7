"""The event filters and event patterns of template.yaml, between the table, the bus and the functions."""

import json
from functools import cache
from typing import Any, Final

from tests import template

PARAMETERS: Final = {"CustomerSources": ["liqnic.storefront"], "ReferenceSources": ["liqnic.pricing"]}
"""The default values of the parameters that patterns refer to."""


@cache
def filters(operation: str) -> list[dict[str, Any]]:
    """The filters of the function. A stream record must match one of them."""
    (found,) = [
        one["Properties"]["FilterCriteria"]["Filters"]
        for one in template.resources().values()
        if one["Type"] == "AWS::Lambda::EventSourceMapping"
        and "FilterCriteria" in one["Properties"]
        and one["Properties"]["FunctionName"] == {"Ref": f"{template.logical_id(operation)}.Alias"}
    ]
    return [json.loads(one["Pattern"]) for one in found]


@cache
def rule(name: str) -> dict[str, Any]:
    """The event pattern of a rule, or of an event of a function: `Function.Event`."""
    resource, _, event = name.partition(".")
    properties = template.resources()[resource]["Properties"]
    pattern = properties["Events"][event]["Properties"]["Pattern"] if event else properties["EventPattern"]
    filled: dict[str, Any] = _filled(pattern)
    return filled


def all_of_them() -> set[str]:
    """The names of all filters and patterns in the template."""
    found = set()
    for name, resource in template.resources().items():
        properties = resource.get("Properties", {})
        found |= {name} & {name for key in ("FilterCriteria", "EventPattern") if key in properties}
        events = properties.get("Events", {}) if resource["Type"] == "AWS::Serverless::Function" else {}
        found |= {f"{name}.{event}" for event, one in events.items() if "Pattern" in one["Properties"]}
    return found


def _filled(part: Any) -> Any:
    if isinstance(part, dict):
        return PARAMETERS[part["Ref"]] if set(part) == {"Ref"} else {name: _filled(one) for name, one in part.items()}
    return [_filled(one) for one in part] if isinstance(part, list) else part
