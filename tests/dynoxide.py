"""DynamoDB on SQLite in a separate process, for tests with threads, many items or capacity units."""

import platform
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from local import processes
from tests import npm

FOLDER: Final = Path(__file__).parent / "engine"
STARTS_WITHIN_SECONDS: Final = 60


@contextmanager
def running(*arguments: str, within_seconds: int = STARTS_WITHIN_SECONDS) -> Iterator[str]:
    """Start an empty in-memory instance for the block, and yield its address. `arguments` are passed on."""
    port = processes.free_port()
    command = [binary(), *arguments, "--port", str(port)]
    engine = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, engine, within_seconds)
        yield f"http://127.0.0.1:{port}"
    finally:
        engine.terminate()
        engine.wait()


def run(*arguments: str) -> None:
    """Run one of its commands to the end."""
    subprocess.run([binary(), *arguments], check=True, stdout=subprocess.DEVNULL)


def is_there() -> bool:
    """Whether dynoxide is available for this platform."""
    return shutil.which("dynoxide") is not None or (platform.system(), platform.machine()) == ("Linux", "x86_64")


def binary() -> str:
    """The program on the PATH, or the pinned one, which is installed on first use."""
    if found := shutil.which("dynoxide"):
        return found
    (binary,) = npm.installed(FOLDER).glob("@dynoxide/*/dynoxide")
    return str(binary)


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
