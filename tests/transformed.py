"""template.yaml after AWS's transforms: all loops and SAM resources are expanded."""

import json
import subprocess
from functools import cache
from typing import Any, Final

from tests.template import ROOT

PYTHON: Final = ROOT / ".local" / "environments" / "sam" / "bin" / "python"


def resources(build: str = "one", **parameters: str) -> dict[str, Any]:
    """The resources after the transforms."""
    found: dict[str, Any] = _document(json.dumps({"parameters": parameters, "build": build}))["Resources"]
    return found


def of_type(kind: str, resources: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The properties of all resources of a type, by their names."""
    found = {name: one.get("Properties", {}) for name, one in resources.items() if one["Type"] == kind}
    assert found, f"there is no {kind}"
    return found


@cache
def _document(request: str) -> dict[str, Any]:
    command = [str(PYTHON), str(ROOT / "tests" / "drift" / "transform.py"), request]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document
