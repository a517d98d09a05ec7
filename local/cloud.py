"""The local cloud: a process that emulates AWS on loopback, and clients that can only reach this process."""

import json
import os
import platform
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import boto3
import httpx

from local import processes
from local.problems import LocalProblem

REGION: Final = "us-east-1"
ROOT: Final = Path(__file__).parent.parent
ENVIRONMENTS: Final = ROOT / ".local" / "environments"
# Started through a guard, which refuses requests of other programs. MARK identifies the process.
PROGRAM: Final = ROOT / "local" / "guard.py"
MARK: Final = "local/guard.py"


@dataclass(frozen=True)
class Cloud:
    """The address of a local cloud and the root key of its account. Other keys are limited by their policies."""

    endpoint_url: str
    access_key_id: str
    secret_access_key: str

    def session(self) -> boto3.Session:
        """A session for clients of this cloud. Each client needs the `endpoint_url`."""
        return boto3.Session(
            aws_access_key_id=self.access_key_id,
            aws_secret_access_key=self.secret_access_key,
            region_name=REGION,
        )

    def client(self, service: str) -> Any:
        """A client for one of its services."""
        return self.session().client(service, endpoint_url=self.endpoint_url)  # type: ignore[call-overload] # boto3's types only accept literal names of services

    def environment(self, **more: str) -> dict[str, str]:
        """The environment of a child process that can only reach this cloud."""
        return isolated_environment(
            AWS_ENDPOINT_URL=self.endpoint_url,
            AWS_ACCESS_KEY_ID=self.access_key_id,
            AWS_SECRET_ACCESS_KEY=self.secret_access_key,
            **more,
        )


def isolated_environment(**more: str) -> dict[str, str]:
    """The environment of a child process without your AWS profile, keys or proxy."""
    inherited = {name: os.environ[name] for name in ("HOME", "LANG", "LC_ALL", "TERM") if name in os.environ}
    return inherited | {
        "PATH": os.pathsep.join([str(ROOT / ".venv" / "bin"), os.environ.get("PATH", os.defpath)]),
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "SAM_CLI_TELEMETRY": "0",
        "SAM_CLI_ENABLE_LANGUAGE_EXTENSIONS": "1",  # the template has Fn::ForEach
        **more,
    }


def architecture() -> str:
    """The processor architecture of this machine, as Lambda names it."""
    return "arm64" if platform.machine().lower() in {"arm64", "aarch64"} else "x86_64"


def at(port: int) -> Cloud:
    """A cloud that will be started on this port, with a new root key."""
    return Cloud(f"http://{processes.LOOPBACK}:{port}", secrets.token_hex(16).upper(), secrets.token_hex(32))


def start(cloud: Cloud, home: Path, allowed_origins: Iterable[str]) -> int:
    """Start the local cloud with its state in `home`, wait until it responds, and return its process id."""
    log, temporary = home / "stack.log", home / "tmp"
    temporary.mkdir(parents=True, exist_ok=True)
    _rewind_streams(home / "state")
    settings: Mapping[str, str] = {
        "AUTH": "true",  # enforces IAM policies, like AWS
        "BIND_HOST": processes.LOOPBACK,
        "GATEWAY_PORT": cloud.endpoint_url.rpartition(":")[2],
        "GUARD_ALLOWED_ORIGINS": " ".join(allowed_origins),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "MINISTACK_REGION": REGION,
        "PERSIST_STATE": "1",
        "STATE_DIR": str(home / "state"),
        "TMPDIR": str(temporary),
    }
    # Functions run with the same interpreter: 3.13, like Lambda. Without -P they could import this project's modules
    # even if their layer does not have them.
    program: list[str | Path] = [ENVIRONMENTS / "stack" / "bin" / "python", "-P", PROGRAM]
    pid = processes.start(program, log, cloud.environment(**settings))
    processes.wait_until(
        lambda: is_ready(cloud.endpoint_url), pid, 180, f"The local cloud did not start; see the end of {log}."
    )
    return pid


def _rewind_streams(state: Path) -> None:
    """Reset the positions of stream consumers. They are saved, but the stream's records are not."""
    path = state / "lambda.json"
    if path.exists():
        saved = json.loads(path.read_text())
        saved["payload"].pop("dynamodb_stream_positions", None)
        path.write_text(json.dumps(saved))


def is_ready(endpoint_url: str) -> bool:
    try:
        return httpx.get(f"{endpoint_url}/_ministack/ready", trust_env=False).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def require_tools() -> None:
    """Raise LocalProblem if `make` has not installed the tools."""
    for tool in ("sam/bin/sam", "stack/bin/ministack"):
        if not (ENVIRONMENTS / tool).exists():
            raise LocalProblem("The tools are not installed yet: start this through make, for example make run.")
