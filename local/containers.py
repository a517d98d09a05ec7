"""What `sam local` needs in addition to a stack: Docker, Lambda's image, and access from containers to loopback.

`python -m local.containers check` reports what is missing. `python -m local.containers forward` lets containers reach
the local stack.
"""

import asyncio
import ipaddress
import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from threading import Event, Thread
from typing import Final
from urllib.parse import urlsplit

from local import cloud, processes
from local import stack as stacks
from local.problems import LocalProblem

IMAGE: Final = f"public.ecr.aws/lambda/python:3.13-{cloud.architecture()}"
CHUNK: Final = 65_536


def require_docker() -> None:
    """Raise LocalProblem if Docker is not running."""
    if shutil.which("docker") is None:
        raise LocalProblem("sam local runs functions in containers and needs Docker, which is not installed here.")
    if (version := _docker("info", "--format", "{{.ServerVersion}}")) is None or not version.strip():
        raise LocalProblem("sam local needs Docker, which is not running. Start Docker Desktop or dockerd.")


def has_image() -> bool:
    """Whether Lambda's image is available. Otherwise `sam local` pulls it from Amazon's public registry."""
    return bool((_docker("images", "--quiet", IMAGE) or "").strip())


@contextmanager
def reachable(port: int) -> Iterator[None]:
    """Let containers reach this port of loopback as host.docker.internal during the block."""
    address = _bridge()
    if address is None:
        yield  # Docker Desktop forwards host.docker.internal to loopback itself
        return
    ready, loop = Event(), asyncio.new_event_loop()
    forwarder = Thread(target=loop.run_until_complete, args=(_forward(address, port, ready),), daemon=True)
    forwarder.start()
    while not ready.wait(0.1):
        if not forwarder.is_alive():
            raise LocalProblem(f"Containers cannot reach the stack: port {port} of {address} is taken.")
    try:
        yield
    finally:
        for task in asyncio.all_tasks(loop):
            loop.call_soon_threadsafe(task.cancel)
        forwarder.join()
        loop.close()


def _bridge() -> str | None:
    """The address of this machine on Docker's bridge, which only containers can reach. None with Docker Desktop."""
    networks = json.loads(_docker("network", "inspect", "bridge", "--format", "{{json .IPAM.Config}}") or "[]")
    for each in networks:
        network = ipaddress.ip_network(each["Subnet"])
        address = each.get("Gateway") or str(next(network.hosts()))
        if network.version == 4 and _is_ours(address):  # noqa: PLR2004 - IPv4
            return str(address)
    return None


def _is_ours(address: str) -> bool:
    with closing(socket.socket()) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True


async def _forward(address: str, port: int, ready: Event) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection(processes.LOOPBACK, port)
        await asyncio.gather(_pass(reader, there_writer), _pass(there_reader, writer))

    with suppress(asyncio.CancelledError):
        server = await asyncio.start_server(serve, address, port)
        ready.set()
        await server.serve_forever()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while chunk := await reader.read(CHUNK):
            writer.write(chunk)
            await writer.drain()
    writer.close()


def _docker(*arguments: str) -> str | None:
    """The output of a Docker command. None if it fails."""
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)  # noqa: S607 - docker is on the path
    return done.stdout if done.returncode == 0 else None


def main() -> int:
    """Check, or forward until Ctrl-C."""
    try:
        require_docker()
        if sys.argv[1:] == ["forward"]:
            port = urlsplit(stacks.running().endpoint_url).port or 0
            with reachable(port), suppress(KeyboardInterrupt):
                print(f"Containers reach the stack at host.docker.internal:{port}. Stop with Ctrl-C.")
                Event().wait()
    except LocalProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
