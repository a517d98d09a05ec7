"""How to upgrade a dependency in docs/deployment.md: all packages are pinned, and `make lock` updates all or one."""

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Final

import pytest

from tests.template import ROOT

PINS: Final = sorted([*ROOT.glob("requirements/*.txt"), ROOT / "dependencies" / "requirements.txt"])
NAME: Final = r"^([\w.-]+)(?:\[[\w,-]+\])?"


def name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def lock(*variables: str) -> list[str]:
    """The commands of `make lock`, without running them."""
    command = ["make", "-C", str(ROOT), "--no-print-directory", "-n", "lock", *variables]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [line for line in done.stdout.splitlines() if " pip compile " in line]


@pytest.mark.parametrize("file", PINS, ids=name)
def test_every_package_has_an_exact_version_and_hashes(file: Path) -> None:
    entries = re.findall(rf"{NAME}((?:.*\\\n)*.*)", file.read_text(), re.MULTILINE)
    assert entries
    for package, pinned in entries:
        assert re.match(r"==[\w.!+-]+[ ;]", pinned), package
        assert "--hash=sha256:" in pinned, package


@pytest.mark.parametrize("file", PINS, ids=name)
def test_make_lock_writes_the_file(file: Path) -> None:
    (command,) = (one for one in lock() if f"--output-file {name(file)}" in one)
    assert "--upgrade " in command
    assert "--generate-hashes" in command


def test_make_lock_can_update_one_package() -> None:
    commands = lock("PACKAGE=pydantic")
    assert len(commands) == len(PINS)
    for command in commands:
        assert "--upgrade-package pydantic" in command
        assert "--upgrade " not in command


def test_packages_that_are_used_directly_are_pinned() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = {"dependencies/requirements.txt": listed["project"]["dependencies"]}
    groups |= {f"requirements/{group}.txt": packages for group, packages in listed["dependency-groups"].items()}
    assert groups.keys() == set(map(name, PINS))
    for file, packages in groups.items():
        pinned = {one.lower() for one in re.findall(NAME, (ROOT / file).read_text(), re.MULTILINE)}
        direct = {re.findall(NAME, package)[0].lower() for package in packages}
        assert direct <= pinned, f"{file}: run make lock"
