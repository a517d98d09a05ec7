"""Documents only link to what exists, and only name files that exist."""

import re
from pathlib import Path
from typing import Final

import pytest

from tests.template import ROOT

DOCUMENTS: Final = sorted(
    path
    for pattern in ("*.md", "docs/*.md", "examples/**/*.md", "benchmarks/**/*.md", "tests/**/*.md")
    for path in ROOT.glob(pattern)
    if "node_modules" not in path.parts
)
FOLDERS: Final = "shared|functions|operations|local|tests|docs|benchmarks|examples|admin|events"
EXAMPLES: Final = set(re.findall(r"^## \d\. `(.+)`$", (ROOT / "docs" / "new-operation.md").read_text(), re.MULTILINE))
"""The files of the operation that docs/new-operation.md adds."""


def prose(document: Path) -> str:
    return re.sub(r"^```.*?^```", "", document.read_text(), flags=re.DOTALL | re.MULTILINE)


def anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", prose(document), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def name(document: Path) -> str:
    return str(document.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_links_are_valid(document: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(document)):
        if "://" in link:
            continue
        file, _, anchor = link.partition("#")
        target = document.parent / file if file else document
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("document", [one for one in DOCUMENTS if one.name != "decisions.md"], ids=name)
def test_files_that_are_named_exist(document: Path) -> None:  # decisions.md also names files of the past
    for path in re.findall(rf"`((?:{FOLDERS})/[\w./-]*)`", prose(document)):
        assert (ROOT / path).exists() or path in EXAMPLES, path
