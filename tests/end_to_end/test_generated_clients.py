"""Clients generated from docs/openapi.json, in Python and TypeScript, run the steps of README."""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from local.stack import Stack
from tests import npm

ROOT: Final = Path(__file__).parent.parent.parent
STORIES: Final = ROOT / "tests" / "generated"
DOCUMENT: Final = ROOT / "docs" / "openapi.json"
PYTHON_TOOLS: Final = ROOT / ".local" / "environments" / "clients" / "bin"
NODE_TOOLS: Final = ROOT / "admin" / "node_modules"


def test_a_python_client(stack: Stack, unique: str, tmp_path: Path) -> None:
    settings = tmp_path / "settings.yaml"
    settings.write_text("post_hooks: []")
    generate: list[str | Path] = [
        PYTHON_TOOLS / "openapi-python-client",
        "generate",
        "--path",
        DOCUMENT,
        "--config",
        settings,
    ]
    _run([*generate, "--meta", "none", "--output-path", tmp_path / "client", "--fail-on-warning"], tmp_path)
    shutil.copy(STORIES / "story.py", tmp_path)
    assert _lived_by([PYTHON_TOOLS / "python", "story.py"], tmp_path, stack, unique) == _story(unique)


def test_a_typescript_client(stack: Stack, unique: str, tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(NODE_TOOLS)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    shutil.copy(STORIES / "story.ts", tmp_path)
    node = npm.program("node")
    generate: list[str | Path] = [
        node,
        NODE_TOOLS / "openapi-typescript" / "bin" / "cli.js",
        DOCUMENT,
        "--output",
        "schema.d.ts",
    ]
    # Fields with a default are optional in requests.
    _run([*generate, "--default-non-nullable", "false"], tmp_path)
    options = ["--strict", "--noEmit", "--allowImportingTsExtensions", "--target", "esnext", "--module", "nodenext"]
    _run([node, NODE_TOOLS / "typescript" / "bin" / "tsc", *options, "--skipLibCheck", "story.ts"], tmp_path)
    assert _lived_by([node, "story.ts"], tmp_path, stack, unique) == _story(unique)


def _story(unique: str) -> list[Any]:
    return [
        ["created", f"Night owls {unique}", 0, {"discount_percent": 5}, '"1-0"'],
        ["added", True, 1],
        ["listed", [f"Night owls {unique}"], 1, None],
        ["renamed", f"Night Owls Club {unique}", 2],
        ["refused", 412, "precondition_failed"],
        ["removed", 0],
        ["deleted", True],
        ["gone", 404, "customer_group_not_found"],
    ]


def _lived_by(command: Sequence[str | Path], folder: Path, stack: Stack, unique: str) -> list[Any]:
    environment = {"API": stack.api_url, "TOKEN": stack.token(), "UNIQUE": unique}
    return [json.loads(line) for line in _run(command, folder, environment).splitlines()]


def _run(command: Sequence[str | Path], folder: Path, environment: dict[str, str] | None = None) -> str:
    run = subprocess.run(
        command, cwd=folder, env=os.environ | (environment or {}), capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout
