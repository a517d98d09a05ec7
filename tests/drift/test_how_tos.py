"""Every section of a document with commands or code, and every how-to, is followed by a test, or has a reason here."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.template import ROOT

DOCUMENTS: Final = sorted([ROOT / "README.md", *ROOT.glob("docs/*.md"), *ROOT.glob("examples/**/*.md")])
DEPLOYMENT: Final = (ROOT / "docs" / "deployment.md").read_text()
E2E: Final = "tests/end_to_end"

FOLLOWED: Final = {
    "README.md": {
        "First requests": f"{E2E}/test_readme.py",
        "Deploy": "tests/drift/test_deployment_docs.py",
    },
    "docs/deployment.md": {
        "The first time": f"{E2E}/test_how_to.py",
        "Give a colleague access": f"{E2E}/test_how_to.py",
        "Set a parameter": "tests/drift/test_deployment_docs.py",
        "A second environment, a second region": "tests/drift/test_deployment_docs.py",
        "Use an existing user pool": "tests/drift/test_deployment_docs.py",
        "Access for a machine outside AWS": f"{E2E}/test_how_to.py",
        "Call it from Step Functions": f"{E2E}/test_step_functions.py",
        "Rotate the machine's secret": f"{E2E}/test_cloud_only.py",
        "Watch the cost": f"{E2E}/test_cloud_only.py",
        "Upgrade a dependency": "tests/drift/test_dependencies.py",
        "Upgrade data of an earlier version": "tests/operations/test_upgrade.py",
        "Delete a stack": f"{E2E}/test_deploy.py",
    },
    "docs/events.md": {
        "Subscribing": f"{E2E}/test_how_to.py",
        "Archive and replay": "tests/drift/test_deployment_docs.py",
        "Customers of other systems": f"{E2E}/test_how_to.py",
        "Systems that use groups": f"{E2E}/test_how_to.py",
    },
    "docs/migrate.md": {"Move from another system": f"{E2E}/test_migrate.py"},
    "docs/new-operation.md": dict.fromkeys(
        [
            *re.findall(r"^## (\d\. .+)$", (ROOT / "docs" / "new-operation.md").read_text(), re.MULTILINE),
            "Generate and check",
        ],
        "tests/drift/test_new_operation.py",
    ),
    "docs/operations.md": {
        "Redrive": f"{E2E}/test_operators.py",
        "Discard": f"{E2E}/test_operators.py",
        "Audit": f"{E2E}/test_operators.py",
        "Restore the table to an earlier time": f"{E2E}/test_restore.py",
    },
    "docs/privacy.md": {
        "Deleting a customer": f"{E2E}/test_how_to.py",
        "After a restore": f"{E2E}/test_restore.py",
    },
    "docs/rules.md": dict.fromkeys(["Example", "The rule", "Preview"], "tests/drift/test_requests_of_docs.py"),
    "docs/sam-local.md": dict.fromkeys(
        [
            "Setup",
            "On Linux: let containers reach the stack",
            "Invoke one operation with its sample event",
            "Run the whole API",
        ],
        "tests/sam_local/test_sam_local.py",
    ),
    "docs/jobs.md": {"Jobs: many customers at once": "tests/drift/test_requests_of_docs.py"},
    "docs/terms.md": {
        "Terms: memberships that begin or end at a set time": "tests/drift/test_requests_of_docs.py",
    },
    "examples/nightly_import/README.md": {"A nightly import": f"{E2E}/test_how_to.py"},
}
"""The test that follows the blocks of each section."""
NOT_FOLLOWED: Final = {
    ("README.md", "Run it"): "`make test` runs this test; all end-to-end tests start the stack as `make run` does",
    ("docs/deployment.md", "Limit the rate of each caller"): "the WAF of the local cloud counts nothing",
    ("docs/deployment.md", "Roll back"): "deploys another commit",
    ("docs/operations.md", "Operations"): "a query of CloudWatch Logs Insights, which the local cloud does not have",
    ("docs/architecture.md", "Architecture"): "a diagram",
    ("docs/architecture.md", "The packages of `shared/`"): "a diagram",
}


def sections_with_blocks(document: Path) -> Iterator[str]:
    heading, is_block = "", False
    for line in document.read_text().splitlines():
        if re.match(r" *```", line):
            is_block = not is_block
            if is_block:
                yield heading
        elif not is_block and line.startswith("#"):
            heading = line.strip("# ")


def test_every_section_is_followed_or_has_a_reason() -> None:
    found = {(str(one.relative_to(ROOT)), heading) for one in DOCUMENTS for heading in sections_with_blocks(one)}
    found |= {("docs/deployment.md", heading) for heading in re.findall(r"^## (.+)$", DEPLOYMENT, re.MULTILINE)}
    listed = {(document, heading) for document, sections in FOLLOWED.items() for heading in sections}
    assert found == listed | NOT_FOLLOWED.keys()
    assert not listed & NOT_FOLLOWED.keys()


def test_the_tests_exist_and_name_their_documents() -> None:
    for document, sections in FOLLOWED.items():
        for test in sections.values():
            text = (ROOT / test).read_text()
            assert any(part in text for part in (document, Path(document).name, f'"{Path(document).stem}"')), test
