"""Starting programs that outlive us, waiting for them, and stopping the right ones."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from local.problems import LocalProblem

LOOPBACK: Final = "127.0.0.1"


def is_free(port: int) -> bool:
    """Whether nothing listens on the port. A connection that has just ended does not count."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port that the system had to spare a moment ago."""
    with closing(socket.socket()) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def start(command: Sequence[str | Path], log: Path, environment: Mapping[str, str]) -> int:
    """Start a program in a session of its own, so that Ctrl-C here does not reach it, and return its process id."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
        )
    # Python would warn about a process that still runs when it is forgotten; this one is meant to outlive us.
    process.returncode = 0
    return process.pid


def wait_until(is_ready: Callable[[], bool], pid: int, seconds: float, otherwise: str) -> None:
    """Wait for a program that was just started. Raises LocalProblem(otherwise) if it dies or takes too long."""
    deadline = time.monotonic() + seconds
    while not is_ready():
        if not is_alive(pid) or time.monotonic() > deadline:
            raise LocalProblem(otherwise)
        time.sleep(0.1)


def is_alive(pid: int) -> bool:
    with suppress(ChildProcessError):
        # Our own children stay in the process table until somebody asks for them.
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def runs(pid: int, mark: str) -> bool:
    """Whether the process is alive and ours: process ids are used again, so its command line must hold `mark`."""
    return is_alive(pid) and mark in _command_line(pid)


def _command_line(pid: int) -> str:
    shown = Path(f"/proc/{pid}/cmdline")
    if shown.exists():
        return shown.read_bytes().replace(b"\0", b" ").decode(errors="replace")
    # Systems without /proc, such as macOS, have ps.
    command = ["/bin/ps", "-ww", "-o", "args=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def stop(pid: int, mark: str, seconds: float = 20) -> None:
    """Ask the process to end and let it save its state; after `seconds` make it."""
    if not runs(pid, mark):
        return
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + seconds
    while is_alive(pid):
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
            return
        time.sleep(0.05)
