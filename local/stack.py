"""A local stack: starts it, describes it in a file while it runs, stops it, and deletes its data.

All files of a stack are in its `home`, so `make run` and the end-to-end tests can run stacks at the same time.
"""

import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

import httpx

from local import cloud, deployment, processes, seed, users
from local.cloud import Cloud
from local.problems import LocalProblem
from local.progress import step

HOME: Final = Path(os.environ.get("LOCAL_HOME") or cloud.ROOT / ".local").absolute()
"""The folder for data and logs. A second stack can run with another LOCAL_HOME and PORT."""


@dataclass(frozen=True)
class Stack:
    """The contents of `stack.json` while a stack runs."""

    api_url: str
    """The base URL of `/admin/…` and of the page."""
    admin_url: str
    """The admin web app."""
    endpoint_url: str
    """The address of the local cloud."""
    access_key_id: str
    """The root key, which is new at every start. Other valid keys are those of functions."""
    secret_access_key: str
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
    def cloud(self) -> Cloud:
        return Cloud(self.endpoint_url, self.access_key_id, self.secret_access_key)

    @property
    def users(self) -> users.UserPool:
        return users.UserPool(self.cloud, self.user_pool_id, self.client_id)

    def token(self) -> str:
        """An access token of the admin user."""
        return self.users.access_token(self.username, self.password)

    def fault(self) -> str | None:
        """Which process has stopped. None while everything runs."""
        if not processes.runs(self.cloud_pid, cloud.MARK):
            return "The local cloud has stopped unexpectedly. See the end of stack.log, next to stack.json."
        if not processes.runs(self.front_pid, "local.front"):
            return "The front server has stopped unexpectedly. See the end of front.log, next to stack.json."
        return None


def current(home: Path = HOME) -> Stack | None:
    """The stack that runs in `home`, or None."""
    stack = _described(home)
    return stack if stack and processes.runs(stack.cloud_pid, cloud.MARK) else None


def _described(home: Path) -> Stack | None:
    """The contents of the file, which may be outdated if the process was killed."""
    try:
        return Stack(**json.loads((home / "stack.json").read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def running(home: Path = HOME) -> Stack:
    """The stack that runs in `home`. Raises LocalProblem if none does."""
    stack = current(home)
    if stack is None:
        raise LocalProblem("Nothing is running here. Start it with make run, or with make up in the background.")
    return stack


def start(home: Path, port: int, *, with_demo_data: bool) -> Stack:
    """Build, deploy and start a stack, with its front server on `port`. Stops it again on failure."""
    cloud.require_tools()
    home.mkdir(parents=True, exist_ok=True)
    if (already := current(home)) is not None:
        raise LocalProblem(f"It is already running at {already.api_url}. Stop it with make down.")
    stop(home)  # the front server of a stack whose cloud has stopped
    if not processes.is_free(port):
        raise LocalProblem(f"Port {port} is used by another program. Choose another one: make run PORT={port + 1}")
    for log in ("stack.log", "front.log"):
        (home / log).unlink(missing_ok=True)
    with step("Starting the local cloud"):
        this_cloud = cloud.at(_cloud_port(home))
        cloud_pid = cloud.start(this_cloud, home, (f"http://{host}:{port}" for host in processes.NAMES))
    try:
        return _complete(home, port, this_cloud, cloud_pid, with_demo_data)
    except BaseException:
        stop(home)
        processes.stop(cloud_pid, cloud.MARK)
        raise


def _complete(home: Path, port: int, this_cloud: Cloud, cloud_pid: int, with_demo_data: bool) -> Stack:  # noqa: FBT001 - private, with one caller
    api_url = f"http://{processes.LOOPBACK}:{port}"
    outputs = deployment.deploy(this_cloud, api_url, home / "deploy.log")
    pool = users.UserPool(this_cloud, outputs["UserPoolId"], outputs["UserPoolClientId"])
    password = _password(home)
    pool.ensure(users.ADMIN, password, "admin")
    stack = Stack(
        api_url=api_url,
        admin_url=f"{api_url}/",
        endpoint_url=this_cloud.endpoint_url,
        access_key_id=this_cloud.access_key_id,
        secret_access_key=this_cloud.secret_access_key,
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
    _describe_for_tools(home, stack)
    stack = replace(stack, front_pid=_start_front(home, stack))
    _describe(home, stack)
    if with_demo_data:
        seed.create(api_url, stack.token(), home / "state" / "seeded")
    return stack


def _start_front(home: Path, stack: Stack) -> int:
    log = home / "front.log"
    command = [sys.executable, "-m", "local.front", str(home / "stack.json")]
    pid = processes.start(command, log, cloud.isolated_environment(PYTHONPATH=str(cloud.ROOT)))

    def answers() -> bool:
        try:
            return httpx.get(f"{stack.api_url}/config.json", trust_env=False).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    processes.wait_until(answers, pid, 180, f"The front server did not start. See the end of {log}.")
    return pid


def _describe(home: Path, stack: Stack) -> None:
    described = home / "stack.json"
    described.touch(mode=0o600)
    described.write_text(json.dumps(asdict(stack), indent=2) + "\n")


def _describe_for_sam_local(home: Path, stack: Stack) -> None:
    """Write the environment for functions in `sam local`, where this machine has another host name."""
    settings = {
        "TABLE_NAME": stack.table_name,
        "APP_CLIENT_IDS": "4s2adminwebappexample",  # as in the sample events
        "AWS_ENDPOINT_URL_DYNAMODB": stack.endpoint_url.replace(processes.LOOPBACK, "host.docker.internal"),
    }
    (home / "sam-local.json").write_text(json.dumps({"Parameters": settings}, indent=2) + "\n")


def _describe_for_tools(home: Path, stack: Stack) -> None:
    """Write a config file for the AWS CLI: `AWS_CONFIG_FILE=.local/aws-config aws dynamodb list-tables`."""
    settings = {
        "region": stack.region,
        "endpoint_url": stack.endpoint_url,
        "aws_access_key_id": stack.access_key_id,
        "aws_secret_access_key": stack.secret_access_key,
    }
    described = home / "aws-config"
    described.touch(mode=0o600)
    described.write_text("[default]\n" + "".join(f"{name} = {value}\n" for name, value in settings.items()))


def _cloud_port(home: Path) -> int:
    """The local cloud's port. It does not change as long as there is data, because queue URLs contain it."""
    path = home / "state" / "port"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(str(processes.free_port()))
    port = int(path.read_text())
    if not processes.is_free(port):
        raise LocalProblem(f"Port {port}, where the local cloud keeps its queues, is taken; free it, or make reset.")
    return port


def _password(home: Path) -> str:
    """The admin user's password. It is generated once and stored with the data."""
    path = home / "state" / "password"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(users.new_password())
    return path.read_text()


def stop(home: Path = HOME) -> bool:
    """Stop the stack in `home` and save its data. Returns False if it was not running."""
    ran = current(home) is not None
    _end(home, processes.stop)
    return ran


def _end(home: Path, end: Callable[[int, str], None]) -> None:
    if (stack := _described(home)) is not None:
        end(stack.front_pid, "local.front")
        end(stack.cloud_pid, cloud.MARK)
    for described in ("stack.json", "sam-local.json", "aws-config"):
        (home / described).unlink(missing_ok=True)
    shutil.rmtree(home / "tmp", ignore_errors=True)


def delete_data(home: Path = HOME) -> None:
    """Stop the stack and delete its data. It does not save them before, which takes up to a minute."""
    _end(home, processes.kill)
    shutil.rmtree(home / "state", ignore_errors=True)
