"""One local stack: started, described in a file while it runs, stopped, forgotten.

Everything of a stack lies in its `home`, so `make run` and the end-to-end tests can have one each at the same time.
"""

import json
import os
import shutil
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

import httpx

from local import cloud, deployment, processes, seed, users
from local.problems import LocalProblem
from local.progress import step

HOME: Final = Path(os.environ.get("LOCAL_HOME") or cloud.ROOT / ".local").absolute()
"""Where the stack keeps data and logs. LOCAL_HOME moves it: with a PORT of its own, a second stack runs beside it."""


@dataclass(frozen=True)
class Stack:
    """What `stack.json` says while a stack runs."""

    api_url: str
    """To which `/admin/…` is appended; the page is there too."""
    endpoint_url: str
    """The local AWS."""
    region: str
    api_id: str
    stage: str
    table_name: str
    table_stream_arn: str
    function_logs: str
    user_pool_id: str
    client_id: str
    username: str
    password: str
    machine_client_id: str
    machine_client_secret: str
    cloud_pid: int
    front_pid: int = 0

    @property
    def users(self) -> users.UserPool:
        return users.UserPool(self.endpoint_url, self.user_pool_id, self.client_id)

    def token(self) -> str:
        """An access token of the admin user."""
        return self.users.access_token(self.username, self.password)

    def fault(self) -> str | None:
        """What has died, in a sentence; None while everything runs."""
        if not processes.runs(self.cloud_pid, "ministack"):
            return "The local cloud has stopped unexpectedly; its last words are in stack.log, beside stack.json."
        if not processes.runs(self.front_pid, "local.front"):
            return "The front door has stopped unexpectedly; its last words are in front.log, beside stack.json."
        return None


def current(home: Path = HOME) -> Stack | None:
    """The stack that runs in `home`, if one does."""
    stack = _described(home)
    return stack if stack and processes.runs(stack.cloud_pid, "ministack") else None


def _described(home: Path) -> Stack | None:
    """What the file says, whether or not it is still true: a killed process cannot remove it."""
    try:
        return Stack(**json.loads((home / "stack.json").read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def running(home: Path = HOME) -> Stack:
    """The stack that runs in `home`. Raises LocalProblem when none does."""
    stack = current(home)
    if stack is None:
        raise LocalProblem("Nothing is running here. Start it with make run, or with make up in the background.")
    return stack


def start(home: Path, port: int, *, with_demo_data: bool) -> Stack:
    """Start a stack with its front door on `port`: build, deploy, sign-in, demo data. Stops it all again on failure."""
    cloud.require_tools()
    home.mkdir(parents=True, exist_ok=True)
    if (already := current(home)) is not None:
        raise LocalProblem(f"It is running already, at {already.api_url}. Stop it with make down.")
    stop(home)  # the front door of a stack whose cloud has died
    if not processes.is_free(port):
        raise LocalProblem(f"Port {port} is taken by another program. Choose another one: make run PORT={port + 1}")
    for log in ("stack.log", "front.log"):
        (home / log).unlink(missing_ok=True)
    with step("Starting the local cloud"):
        cloud_port = _cloud_port(home)
        cloud_pid = cloud.start(home, cloud_port)
    try:
        return _complete(home, port, f"http://{processes.LOOPBACK}:{cloud_port}", cloud_pid, with_demo_data)
    except BaseException:
        stop(home)
        processes.stop(cloud_pid, "ministack")
        raise


def _complete(home: Path, port: int, endpoint_url: str, cloud_pid: int, with_demo_data: bool) -> Stack:  # noqa: FBT001
    api_url = f"http://{processes.LOOPBACK}:{port}"
    outputs = deployment.deploy(endpoint_url, api_url, home / "deploy.log")
    pool = users.UserPool(endpoint_url, outputs["UserPoolId"], outputs["UserPoolClientId"])
    password = _password(home)
    pool.ensure(users.ADMIN, password, "admin")
    stack = Stack(
        api_url=api_url,
        endpoint_url=endpoint_url,
        region=cloud.REGION,
        api_id=outputs["ApiId"],
        stage=outputs["StageName"],
        table_name=outputs["TableName"],
        table_stream_arn=outputs["TableStreamArn"],
        function_logs=outputs["FunctionLogs"],
        user_pool_id=outputs["UserPoolId"],
        client_id=outputs["UserPoolClientId"],
        username=users.ADMIN,
        password=password,
        machine_client_id=outputs["MachineClientId"],
        machine_client_secret=pool.machine_secret(outputs["MachineClientId"]),
        cloud_pid=cloud_pid,
    )
    _describe(home, stack)
    _describe_for_sam_local(home, stack)
    stack = replace(stack, front_pid=_open_front(home, stack))
    _describe(home, stack)
    if with_demo_data:
        seed.plant(api_url, stack.token(), home / "state" / "seeded")
    return stack


def _open_front(home: Path, stack: Stack) -> int:
    log = home / "front.log"
    command = [sys.executable, "-m", "local.front", str(home / "stack.json")]
    pid = processes.start(command, log, cloud.environment(stack.endpoint_url, PYTHONPATH=str(cloud.ROOT)))

    def answers() -> bool:
        try:
            return httpx.get(f"{stack.api_url}/config.json", trust_env=False).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    processes.wait_until(answers, pid, 30, f"The front door did not open; its last words are in {log}.")
    return pid


def _describe(home: Path, stack: Stack) -> None:
    described = home / "stack.json"
    described.touch(mode=0o600)
    described.write_text(json.dumps(asdict(stack), indent=2) + "\n")


def _describe_for_sam_local(home: Path, stack: Stack) -> None:
    """Write what `sam local` gives to functions in containers: for them, this machine has a name of its own."""
    settings = {
        "TABLE_NAME": stack.table_name,
        "APP_CLIENT_IDS": "4s2adminwebappexample",  # as in the sample events
        "AWS_ENDPOINT_URL_DYNAMODB": stack.endpoint_url.replace(processes.LOOPBACK, "host.docker.internal"),
    }
    (home / "sam-local.json").write_text(json.dumps({"Parameters": settings}, indent=2) + "\n")


def _cloud_port(home: Path) -> int:
    """The local cloud's port: chosen once, kept for as long as the data, because queues are known by their URL."""
    kept = home / "state" / "port"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(str(processes.free_port()))
    port = int(kept.read_text())
    if not processes.is_free(port):
        raise LocalProblem(f"Port {port}, where the local cloud keeps its queues, is taken; free it, or make reset.")
    return port


def _password(home: Path) -> str:
    """The admin user's password: made up once, kept for as long as the data."""
    kept = home / "state" / "password"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(users.new_password())
    return kept.read_text()


def stop(home: Path = HOME) -> bool:
    """Stop what runs of the stack in `home` and save its data. False when nothing ran."""
    ran = current(home) is not None
    if (stack := _described(home)) is not None:
        processes.stop(stack.front_pid, "local.front")
        processes.stop(stack.cloud_pid, "ministack")
    for described in ("stack.json", "sam-local.json"):
        (home / described).unlink(missing_ok=True)
    shutil.rmtree(home / "tmp", ignore_errors=True)
    return ran


def forget(home: Path = HOME) -> None:
    """Stop, and throw the data away."""
    stop(home)
    shutil.rmtree(home / "state", ignore_errors=True)
