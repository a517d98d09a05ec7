"""docs/new-operation.md, followed in a copy of the repository: it is complete, and a missing part is reported."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Final

import pytest

from tests import database, dynoxide
from tests.template import ROOT

SECTION: Final = re.compile(r"^## \d\. `(.+?)`$(.*?)(?=^## )", re.MULTILINE | re.DOTALL)
BLOCK: Final = re.compile(r"^```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PARTS: Final = [
    (path, block)
    for path, text in SECTION.findall((ROOT / "docs" / "new-operation.md").read_text())
    for block in BLOCK.findall(text)
]
"""The code blocks of the page, each with the path of its file."""
SIMILAR: Final = "ReplaceCustomerGroupMetadata"
"""The function whose lines in template.yaml show where those of the new function belong."""
NOT_COPIED: Final = (".*", "admin", "node_modules", "__pycache__")

CHECKS: Final = ("tests/drift/test_functions.py", "tests/drift/test_operations.py")
ALL_CHECKS: Final = (
    *CHECKS,
    "tests/drift/test_policies.py",
    "tests/drift/test_promises.py",
    "tests/handlers/test_copy_customer_group.py",
)
CONCERNED: Final = "copy_customer_group or no_other or alarms_of_operations or exactly_the_permissions"
REPORTED: Final = (
    "no folder in functions/: {'CopyCustomerGroup'}",
    "cannot import name 'CopyCustomerGroup' from 'shared.http.bodies'",
    "cannot import name 'group_copies' from 'shared.storage'",
    "template.yaml has no function CopyCustomerGroup",
    "the query of OperationErrors in template.yaml",
    "UseOfTableKey in template.yaml lacks CopyCustomerGroupRole",
    "the outputs of template.yaml lack CopyCustomerGroupArn",
    "events/copy_customer_group.json",
    "tests/handlers/test_copy_customer_group.py is missing",
    "CHANGELOG.md has no line about /admin/customer-groups/{id}/copy",
)
"""What a failing test says if a part is left out, in the order of the parts."""
LEFT_OUT: Final = ((0,), (1,), (2,), (3,), (7,), (4, 5, 6, 8, 9))
"""The parts that are left out at a time. Those that do not depend on each other are left out together, to save time."""
PRESENCE: Final = (
    "no_other_functions or alarms_of_operations or (copy_customer_group and (in_the_template or is_an_output"
    " or key_of_the_table or route_is_the_same or has_its_tests or the_changelog))"
)
"""The tests of what a function needs, without those that run it."""

type Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def bytecode(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder for bytecode, which each test reuses: compiling takes longer than the tests."""
    return tmp_path_factory.mktemp("bytecode")


@pytest.fixture
def copy(bytecode: Path) -> Iterator[Path]:
    """A copy of the repository, with the same path in each test, so that the bytecode is valid."""
    folder = bytecode.parent / "copy"
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*NOT_COPIED))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def run(copy: Path, bytecode: Path) -> Run:
    """Run a Python module in the copy. It has the engine of this repository and installs none."""
    unset = ("PYTHONDONTWRITEBYTECODE", "PYTEST_ADDOPTS", "AWS_ENDPOINT_URL_DYNAMODB")
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    environment |= {"PYTHONPYCACHEPREFIX": str(bytecode), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    if not database.IS_MOTO:
        environment["PATH"] = f"{Path(dynoxide.binary()).parent}:{environment['PATH']}"

    def run_module(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", *arguments]
        return subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)

    return run_module


def follow(copy: Path, *, without: Collection[int] = ()) -> None:
    """Add the parts of the operation."""
    for number, (path, block) in enumerate(PARTS):
        if number not in without:
            _add(copy / path, block)


def _add(file: Path, block: str) -> None:
    before = file.read_text() if file.exists() else ""
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.name == "template.yaml":
        first, _, more = block.partition("\n")
        place = first.replace("CopyCustomerGroup", SIMILAR) + "\n"
        assert before.count(place) == 1, place
        file.write_text(before.replace(place, block + ("\n" if more else "") + place))
    elif file.name == "CHANGELOG.md":
        file.write_text(before.replace("### Added\n\n", f"### Added\n\n{block}", 1))
    else:
        file.write_text(f"{before}\n\n{block}" if before else block)


def test_the_page_contains_all_that_a_new_operation_needs(copy: Path, run: Run) -> None:
    follow(copy)
    for command in (
        ("docs.build",),
        ("ruff", "format", "--check", "."),
        ("ruff", "check", "."),
        ("pytest", "-q", "-k", CONCERNED, *ALL_CHECKS),
    ):
        done = run(*command)
        assert done.returncode == 0, done.stdout + done.stderr


def test_every_part_is_left_out_once() -> None:
    assert sorted(part for parts in LEFT_OUT for part in parts) == list(range(len(PARTS))) == list(range(len(REPORTED)))


@pytest.mark.parametrize("parts", LEFT_OUT, ids=lambda parts: ", ".join(PARTS[part][0] for part in parts))
def test_parts_that_are_left_out_are_reported(copy: Path, run: Run, parts: tuple[int, ...]) -> None:
    follow(copy, without=parts)
    done = run("pytest", "-q", "-k", PRESENCE, *CHECKS)
    assert done.returncode != 0
    for part in parts:
        assert REPORTED[part] in done.stdout
