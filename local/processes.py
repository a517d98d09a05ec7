"""Starts background processes, waits for them, and stops them."""

import atexit
import os
import secrets
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
NAMES: Final = (LOOPBACK, "localhost")
"""Host names of this machine in a browser."""
PORTS: Final = range(10_000, 32_000)
"""Ports for servers. Outgoing connections get higher ones, from 32768 on Linux."""


def is_free(port: int) -> bool:
    """Whether the port is free. Recently closed connections do not matter."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A free port, which this function returns to no other process until this one ends. Raises LocalProblem.

    Its server can start minutes later. Until then, the UDP port of the same number is held as a sign for others.
    """
    for port in secrets.SystemRandom().sample(PORTS, 100):
        sign = socket.socket(type=socket.SOCK_DGRAM)
        with suppress(OSError):
            sign.bind((LOOPBACK, port))
            if is_free(port):
                atexit.register(sign.close)
                return port
        sign.close()
    raise LocalProblem("No port is free. Stop other programs.")


def start(command: Sequence[str | Path], log: Path, environment: Mapping[str, str]) -> int:
    """Start a program in its own session, so that it does not receive Ctrl-C, and return its process id."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
        )
    # Without this, Python would warn that the process is still running. It is meant to continue.
    process.returncode = 0
    return process.pid


def wait_until(is_ready: Callable[[], bool], pid: int, seconds: float, otherwise: str) -> None:
    """Wait until a new process is ready. Raises LocalProblem(otherwise) if it exits or takes too long."""
    deadline = time.monotonic() + seconds
    while not is_ready():
        if not is_alive(pid) or time.monotonic() > deadline:
            raise LocalProblem(otherwise)
        time.sleep(0.1)


def is_alive(pid: int) -> bool:
    with suppress(ChildProcessError):
        # Remove an exited child process from the process table.
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def runs(pid: int, mark: str) -> bool:
    """Whether the process runs and its command line contains `mark`, because process ids are reused."""
    return is_alive(pid) and mark in _command_line(pid)


def _command_line(pid: int) -> str:
    path = Path(f"/proc/{pid}/cmdline")
    if path.exists():
        return path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
    # Systems without /proc, such as macOS, have ps.
    command = ["/bin/ps", "-ww", "-o", "args=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def kill(pid: int, mark: str) -> None:
    """Kill the process and those that it started, at once."""
    if runs(pid, mark):
        os.killpg(pid, signal.SIGKILL)  # `start` makes it the leader of its group


def stop(pid: int, mark: str, seconds: float = 60) -> None:
    """Terminate the process, so that it can save its state. Kill it after `seconds`."""
    if not runs(pid, mark):
        return
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + seconds
    while is_alive(pid):
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
            return
        time.sleep(0.05)
