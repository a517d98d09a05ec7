"""The real Lambda runtime without Docker: the interface emulator that SAM ships and the interface client."""

import os
import platform
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.results import ROOT
from local import processes
from local.cloud import ENVIRONMENTS
from local.deployment import BUILD
from tests import template

ARTIFACTS: Final = BUILD / "artifacts"
LAYERS: Final = (ARTIFACTS / "DependenciesLayer" / "python", ARTIFACTS / "SharedLayer" / "python")
RUNTIME: Final = ROOT / ".local" / "benchmarks" / "runtime"
MANAGED: Final = ("awslambdaric", "snapshot_restore_py.py", "simplejson", "runtime_client.*.so")
"""The packages of the managed runtime. Everything else must come from the function and its layers."""
_INIT: Final = re.compile(r"INIT REPORT\(durationMs: ([\d.]+)\)")


class Start(NamedTuple):
    """One cold start, in milliseconds: the init phase by the emulator's clock, and the CPU that the runtime took."""

    wall: float
    cpu: float


def prepare() -> None:
    """Lay out the managed runtime's own packages, away from those of this environment."""
    shutil.rmtree(RUNTIME, ignore_errors=True)
    RUNTIME.mkdir(parents=True)
    site = next((ROOT / ".venv" / "lib").glob("python3.13")) / "site-packages"
    for pattern in MANAGED:
        for found in site.glob(pattern):
            (RUNTIME / found.name).symlink_to(found)


def start(task: Path, layers: Sequence[Path] = LAYERS) -> Start:
    """Start the function in `task` cold, let it answer once, and end it."""
    ports = processes.free_port(), processes.free_port()
    command = [_emulator(), "--runtime-interface-emulator-address", f"127.0.0.1:{ports[0]}"]
    command += ["--runtime-api-address", f"127.0.0.1:{ports[1]}"]
    command += [str(Path(sys.executable).resolve()), "-m", "awslambdaric", "handler.handler"]
    environment = {
        "PATH": os.defpath,
        "PYTHONPATH": os.pathsep.join(map(str, [task, *layers, RUNTIME])),
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "benchmark",
        "AWS_SECRET_ACCESS_KEY": "benchmark",
        **_variables(task.name),
    }
    emulator = subprocess.Popen(
        command, cwd=task, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        cpu = _invoke(ports[0], emulator.pid)
    except TimeoutError:  # the emulator does not answer if the init phase fails
        cpu = 0.0
    finally:
        emulator.terminate()
        output = emulator.communicate()[0]
    if not cpu or (init := _INIT.search(output)) is None:
        raise RuntimeError(output)
    return Start(float(init[1]), cpu)


def _variables(function: str) -> dict[str, str]:
    """The environment variables of a function in the template, without optional ones.

    What only exists in a deployment is "benchmark".
    """
    places = [template.document()["Globals"]["Function"], template.functions().get(function, {})]
    variables = {
        name: value for one in places for name, value in one.get("Environment", {}).get("Variables", {}).items()
    }
    required = {name: value for name, value in variables.items() if isinstance(value, str) or "Fn::If" not in value}
    return {name: value if isinstance(value, str) else "benchmark" for name, value in required.items()}


def _invoke(port: int, emulator: int) -> float:
    url = f"http://127.0.0.1:{port}/2015-03-31/functions/function/invocations"
    for _ in range(200):
        try:
            urllib.request.urlopen(urllib.request.Request(url, b"{}"), timeout=30).read()
            return _cpu_of_child(emulator)
        except urllib.error.URLError:
            time.sleep(0.02)
    raise RuntimeError("The emulator does not answer")


def _cpu_of_child(parent: int) -> float:
    """The CPU time that the runtime has used so far, in milliseconds. That of its one empty request is negligible."""
    for status in Path("/proc").glob("[0-9]*/stat"):
        fields = status.read_text().rpartition(")")[2].split()
        if int(fields[1]) == parent:
            return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _emulator() -> str:
    machine = "arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64"
    (found,) = (ENVIRONMENTS / "sam").glob(f"lib/*/site-packages/samcli/local/rapid/aws-lambda-rie-{machine}")
    return str(found)
