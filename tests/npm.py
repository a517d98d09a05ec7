"""Installs npm packages for tests on first use, from their lock file."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path


def installed(folder: Path) -> Path:
    """The folder with the packages in the lock file of `folder`."""
    packages = folder / "node_modules"
    with (folder / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (packages / ".package-lock.json").exists():
            subprocess.run([program("npm"), "ci", "--silent"], cwd=folder, env=_environment(), check=True)
    return packages


def program(name: str) -> str:
    """`npm` or `node` of .venv, or else of this machine."""
    found = shutil.which(name, path=_environment()["PATH"])
    if found is None:
        raise RuntimeError(f"{name} is needed; `make setup` puts it into .venv")
    return found


def _environment() -> dict[str, str]:
    return os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
