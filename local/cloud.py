"""The local cloud: one process that speaks AWS on loopback, and how to talk to it and to nothing else."""

import json
import os
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import boto3
import httpx

from local import processes
from local.problems import LocalProblem

REGION: Final = "us-east-1"
ROOT: Final = Path(__file__).parent.parent
ENVIRONMENTS: Final = ROOT / ".local" / "environments"
# The local cloud takes this key for the account's root; everybody else is held to their policies.
ROOT_KEY: Final = "test"


def environment(endpoint_url: str, **more: str) -> dict[str, str]:
    """Environment of a child process that can reach the local cloud only: no profile, key or proxy of the person's."""
    inherited = {name: os.environ[name] for name in ("HOME", "LANG", "LC_ALL", "TERM") if name in os.environ}
    return inherited | {
        "PATH": os.pathsep.join([str(ROOT / ".venv" / "bin"), os.environ.get("PATH", os.defpath)]),
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_ACCESS_KEY_ID": ROOT_KEY,
        "AWS_SECRET_ACCESS_KEY": ROOT_KEY,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "SAM_CLI_TELEMETRY": "0",
        **more,
    }


def session() -> boto3.Session:
    """A session for clients of the local cloud; give each client its `endpoint_url`."""
    return boto3.Session(aws_access_key_id=ROOT_KEY, aws_secret_access_key=ROOT_KEY, region_name=REGION)


def architecture() -> str:
    """The processor of this machine, in Lambda's words."""
    return "arm64" if platform.machine().lower() in {"arm64", "aarch64"} else "x86_64"


def start(home: Path, port: int) -> int:
    """Start the local cloud with its state in `home`, wait until it answers, and return its process id."""
    log, temporary = home / "stack.log", home / "tmp"
    temporary.mkdir(parents=True, exist_ok=True)
    _rewind_streams(home / "state")
    endpoint_url = f"http://{processes.LOOPBACK}:{port}"
    settings: Mapping[str, str] = {
        "AUTH": "true",  # policies are enforced, as in the real cloud
        "BIND_HOST": processes.LOOPBACK,
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "MINISTACK_REGION": REGION,
        "PERSIST_STATE": "1",
        "STATE_DIR": str(home / "state"),
        "TMPDIR": str(temporary),
    }
    # Its functions run under the interpreter that runs it: 3.13, as in the real runtime.
    program = ENVIRONMENTS / "stack" / "bin" / "ministack"
    pid = processes.start([program], log, environment(endpoint_url, **settings))
    processes.wait_until(
        lambda: is_ready(endpoint_url), pid, 60, f"The local cloud did not start; its last words are in {log}."
    )
    return pid


def _rewind_streams(state: Path) -> None:
    """Let stream consumers begin anew: their positions survive a restart, the records that they point into do not."""
    kept = state / "lambda.json"
    if kept.exists():
        saved = json.loads(kept.read_text())
        saved["payload"].pop("dynamodb_stream_positions", None)
        kept.write_text(json.dumps(saved))


def is_ready(endpoint_url: str) -> bool:
    try:
        return httpx.get(f"{endpoint_url}/_ministack/ready", trust_env=False).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def require_tools() -> None:
    """Raise LocalProblem when `make` has not prepared the environments."""
    for tool in ("sam/bin/sam", "stack/bin/ministack"):
        if not (ENVIRONMENTS / tool).exists():
            raise LocalProblem("The tools are not installed yet: start this through make, for example make run.")
