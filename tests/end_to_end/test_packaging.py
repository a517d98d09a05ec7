"""The build is complete: in Lambda, a function only has the two layers."""

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from local.deployment import BUILD
from local.stack import Stack

ARTIFACTS: Final = BUILD / "artifacts"
LAYERS: Final = [str(ARTIFACTS / layer / "python") for layer in ("DependenciesLayer", "SharedLayer")]
# -S hides the packages of this environment, so that all packages must come from the layers.
IMPORT_ALL: Final = """
import importlib.util, pathlib, sys
sys.path[:0] = sys.argv[2:]
for file in sorted(pathlib.Path(sys.argv[1]).glob("*/handler.py")):
    spec = importlib.util.spec_from_file_location("handler", file)
    handler = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(handler)
    print(file.parent.name, callable(handler.handler))
"""


def test_every_function_only_imports_from_the_layers(stack: Stack) -> None:
    environment = {
        "TABLE_NAME": stack.table_name,
        "AWS_DEFAULT_REGION": stack.region,
        "EVENT_BUS_NAME": "bus",
        "DEAD_LETTER_QUEUE_URL": "queue",
        "PURGE_QUEUE_URL": "queue",
    }
    done = subprocess.run(
        [sys.executable, "-S", "-I", "-c", IMPORT_ALL, ARTIFACTS, *LAYERS],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    imported = dict(line.split() for line in done.stdout.splitlines())
    functions = {path.parent.name for path in ARTIFACTS.glob("*/handler.py")}
    assert imported == dict.fromkeys(functions, "True")


@pytest.mark.usefixtures("stack")
def test_the_layers_are_compiled() -> None:
    """Without bytecode, a cold start takes two to three times as long."""
    for layer in LAYERS:
        sources = list(Path(layer).rglob("*.py"))
        compiled = [path for path in sources if list(path.parent.glob(f"__pycache__/{path.stem}.*.pyc"))]
        assert len(compiled) == len(sources) > 0
