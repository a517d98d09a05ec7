"""The table of plans in docs/performance.md is that of the code."""

import re

from shared.storage.lists import counts, pages, plan, probes
from shared.storage.lists.plan import Plan
from tests.template import ROOT

SECTION = (ROOT / "docs" / "performance.md").read_text().partition("### How a list is read")[2].partition("\n## ")[0]
ROWS = {name: row for row in SECTION.splitlines() if (name := row.strip("| ").partition(" ")[0]) in Plan.__members__}


def test_all_plans_are_in_the_order_in_which_they_are_tried() -> None:
    assert list(ROWS) == [one.name for one in Plan]


def test_the_thresholds_of_the_leads_are_those_of_the_code() -> None:
    many, few = f"{plan.FEW_ROWS:,}", f"{plan.FEW_RECORDS}"
    expected = {
        "MEMBERS": [many, few],
        "WORDS": [many, few],
        "RELATED": [few],
        "UPDATED": [few],
        "CREATED": [few],
        "ACCOUNTS": [many, few],
    }
    assert {name: re.findall(r"\d[\d,]*", ROWS[name]) for name in expected} == expected


def test_the_other_thresholds_are_those_of_the_code() -> None:
    text = " ".join(SECTION.split())
    one, two, three, four = (plan.FEW_RECORDS // (1 + number) for number in range(1, 5))
    assert f"is {one} with one group or customer, {two} with two, {three} with three and {four} with four" in text
    assert f"{probes.ROWS_OF_EACH} records of each of up to {probes.LEADS} beginnings" in text
    assert f"begins with {pages.ROWS_TO_FILTER} rows per call" in text
    assert f"counts up to {counts.MAX_COUNTED:,} matches" in text
