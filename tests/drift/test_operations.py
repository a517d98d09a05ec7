"""Every alarm has a section in docs/operations.md, and every kind of event a row in docs/events.md."""

import re

from shared.events.translation import KINDS
from tests import template

DOCS = template.ROOT / "docs"


def alarms() -> set[str]:
    return {name for name, one in template.resources().items() if one["Type"] == "AWS::CloudWatch::Alarm"}


def test_alarms_and_their_sections_match() -> None:
    text = (DOCS / "operations.md").read_text().partition("## Alarms")[2].partition("\n## ")[0]
    assert set(re.findall(r"^### (\w+)$", text, re.MULTILINE)) == alarms()


def test_every_alarm_has_a_description_and_notifies_the_topic() -> None:
    for name in alarms():
        properties = template.resources()[name]["Properties"]
        assert properties["AlarmDescription"]
        assert properties["TreatMissingData"] == "notBreaching"
        assert "AlarmTopicArn" in str(properties["AlarmActions"]), name
        assert properties["OKActions"] == properties["AlarmActions"], name


def test_every_function_of_the_api_is_in_the_alarms_of_operations() -> None:
    watched = {template.logical_id(route.operation) for route in template.routes()}
    watched |= {"ResolveCustomerGroups", "SyncReference", "ApplyRules", "JudgeDue", "ApplyTerms"}
    for alarm in ("OperationErrors", "OperationThrottles"):
        (query,) = [
            one["Expression"]["Fn::Sub"]
            for one in template.resources()[alarm]["Properties"]["Metrics"]
            if one["Id"] == "found"
        ]
        counted = {name for name in template.functions() if f"'${{{name}}}'" in query}
        assert counted == watched, f"the query of {alarm} in template.yaml"


def test_every_kind_of_event_is_described() -> None:
    text = (DOCS / "events.md").read_text()
    assert set(re.findall(r"^\| `([\w.-]+)` \|.*\(events/\1\.schema\.json\)", text, re.MULTILINE)) == set(KINDS)
