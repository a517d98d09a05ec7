"""The code blocks of the documents, run unchanged with the AWS CLI and `make`."""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from local.cloud import ENVIRONMENTS, ROOT
from local.stack import Stack

COMMANDS: Final = re.compile(r"^```(?:sh)?\n((?:(?!```).*\n)*?.*\b(?:aws|sam) .*\n(?:(?!```).*\n)*?)```$", re.MULTILINE)
BLOCK: Final = re.compile(r"^ *```(?:sh)?\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def section(document: str, heading: str) -> str:
    """The text below a heading of any level."""
    text = (ROOT / document).read_text()
    (found,) = re.findall(rf"^##+ {re.escape(heading)}$(.*?)(?=^##+ |\Z)", text, re.MULTILINE | re.DOTALL)
    return str(found)


def commands(text: str) -> str:
    """The only block of AWS commands in a text."""
    (found,) = COMMANDS.findall(text)
    return str(found)


def blocks(text: str) -> list[str]:
    """All blocks of commands in a text."""
    return [str(one) for one in BLOCK.findall(text)]


def attempt(
    stack: Stack,
    script: str,
    folder: Path = ROOT,
    *,
    placeholders: Mapping[str, str] = {},
    typed: str = "",
    path: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run commands with placeholders replaced, and return the outcome. `path` has programs that precede all others."""
    for written, meant in placeholders.items():
        assert written in script
        script = script.replace(written, meant)
    tools = [ENVIRONMENTS / "aws" / "bin", ENVIRONMENTS / "sam" / "bin"]
    programs = os.pathsep.join([*map(str, [path, *tools] if path else tools), os.environ["PATH"]])
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],  # noqa: S607 - any bash
        cwd=folder,
        env=stack.cloud.environment(PATH=programs, AWS_REGION=stack.region, COLUMNS="300"),
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )


def run(
    stack: Stack, script: str, folder: Path = ROOT, *, placeholders: Mapping[str, str] = {}, typed: str = ""
) -> str:
    """Run commands with placeholders replaced, and return what they print. They must succeed."""
    done = attempt(stack, script, folder, placeholders=placeholders, typed=typed)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
