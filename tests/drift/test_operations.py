"""Every alarm has its section in docs/operations.md, and every kind of event its row in docs/events.md."""

import re

from shared.events import KINDS
from tests import template

DOCS = template.ROOT / "docs"


def alarms() -> set[str]:
    return {name for name, one in template.resources().items() if one["Type"] == "AWS::CloudWatch::Alarm"}


def test_every_alarm_has_its_section_and_no_section_lacks_its_alarm() -> None:
    text = (DOCS / "operations.md").read_text().partition("## Alarms")[2].partition("\n## ")[0]
    assert set(re.findall(r"^### (\w+)$", text, re.MULTILINE)) == alarms()


def test_every_alarm_says_what_is_the_matter_and_tells_the_topic() -> None:
    for name in alarms():
        properties = template.resources()[name]["Properties"]
        assert properties["AlarmDescription"]
        assert properties["TreatMissingData"] == "notBreaching"
        assert "AlarmTopicArn" in str(properties["AlarmActions"]), name
        assert properties["OKActions"] == properties["AlarmActions"], name


def test_every_kind_of_event_is_described() -> None:
    text = (DOCS / "events.md").read_text()
    assert set(re.findall(r"^\| `([\w.-]+)` \|.*\(events/\1\.schema\.json\)", text, re.MULTILINE)) == set(KINDS)


def test_links_between_the_documents_lead_somewhere() -> None:
    for name in ("operations.md", "events.md"):
        for file, anchor in re.findall(r"\]\(([\w.]*)#([\w-]+)\)", (DOCS / name).read_text()):
            headings = re.findall(r"^#+ (.+)$", (DOCS / (file or name)).read_text(), re.MULTILINE)
            assert anchor in {heading.lower().replace(" ", "-") for heading in headings}, f"{name}: #{anchor}"
