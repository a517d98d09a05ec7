"""DynamoDB on SQLite as a process of its own, for tests that need threads, size or true capacity numbers."""

import fcntl
import os
import platform
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "engine"
STARTS_WITHIN_SECONDS: Final = 10


@contextmanager
def running(*arguments: str, within_seconds: int = STARTS_WITHIN_SECONDS) -> Iterator[str]:
    """Start one in memory and yield its address; it ends with the block. It is empty, unless `arguments` say more."""
    port = _free_port()
    command = [_binary(), *arguments, "--port", str(port)]
    engine = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, engine, within_seconds)
        yield f"http://127.0.0.1:{port}"
    finally:
        engine.terminate()
        engine.wait()


def is_there() -> bool:
    """Whether there is one for this platform, installed or to be installed."""
    return shutil.which("dynoxide") is not None or (platform.system(), platform.machine()) == ("Linux", "x86_64")


def _binary() -> str:
    """The one on the PATH, or the pinned one, installed on first use."""
    if found := shutil.which("dynoxide"):
        return found
    with (FOLDER / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _installed():
            _install()
    return str(_installed()[0])


def _installed() -> list[Path]:
    return list(FOLDER.glob("node_modules/@dynoxide/*/dynoxide"))


def _install() -> None:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    npm = shutil.which("npm", path=path)
    if npm is None:
        raise RuntimeError("npm is needed to install dynoxide; `make setup` puts it into .venv")
    subprocess.run([npm, "ci", "--silent"], cwd=FOLDER, env=os.environ | {"PATH": path}, check=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int, engine: subprocess.Popen[bytes], within_seconds: int) -> None:
    deadline = time.monotonic() + within_seconds
    while time.monotonic() < deadline and engine.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError("dynoxide did not start")
