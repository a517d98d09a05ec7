"""The commands of `make run`, `up`, `down`, `reset`, `token` and `logs`."""

import json
import os
import signal
import sys
import time
from datetime import UTC, datetime
from types import FrameType
from typing import NoReturn

import botocore.exceptions

from local import stack as stacks
from local.problems import LocalProblem
from local.progress import console, step
from local.stack import HOME, Stack


def run() -> None:
    """Start everything, wait for Ctrl-C, then stop everything."""
    stack = _start()
    console.print("\nStop it with Ctrl-C.")
    try:
        while (fault := stack.fault()) is None:
            time.sleep(1)
    finally:
        console.print()
        _stop()
    raise LocalProblem(fault)


def up() -> None:
    """Start everything in the background."""
    _start()
    console.print("\nStop it with [bold]make down[/].")


def down() -> None:
    """Stop the local stack."""
    if not _stop():
        console.print("Nothing was running.")


def reset() -> None:
    """Stop the local stack and delete its data."""
    stacks.delete_data()
    console.print("The local data was deleted. The next start creates new data.")


def token() -> None:
    """Print an access token and nothing else."""
    print(stacks.running().token())


def logs() -> None:
    """Follow the logs of the functions."""
    stack = stacks.running()
    client = stack.cloud.client("logs")
    since, seen = int((time.time() - 600) * 1000), set[str]()
    while True:
        pages = client.get_paginator("filter_log_events").paginate(logGroupName=stack.function_logs, startTime=since)
        for event in (event for page in pages for event in page["events"]):
            key = f"{event['timestamp']} {event['logStreamName']} {event['message']}"
            if key not in seen and event["message"].startswith("{"):
                _show(event["timestamp"], event["message"])
            seen.add(key)
            since = max(since, event["timestamp"])
        time.sleep(1)


def _show(timestamp: int, message: str) -> None:
    when = datetime.fromtimestamp(timestamp / 1000, UTC).astimezone().strftime("%H:%M:%S")
    try:
        line = json.loads(message)
    except ValueError:
        line = {"message": message.rstrip()}
    print(when, line.get("function_name", ""), line.get("level", ""), json.dumps(line, ensure_ascii=False))


def _start() -> Stack:
    stack = stacks.start(HOME, _port(), with_demo_data=True)
    groups, curl = f"{stack.api_url}/admin/customer-groups", 'curl -H "Authorization: Bearer $TOKEN"'
    console.print(f"""
[bold]Liqnic Customer Groups[/] is running at [bold]{stack.api_url}[/]
Sign in as [bold]{stack.username}[/] with the password [bold]{stack.password}[/]

Three requests to try:

  TOKEN=$(make token)
  {curl} '{groups}?q=wholesale'
  {curl} '{groups}?order=-created_at&limit=3&fields=name,customer_count'
  {curl} -H 'Content-Type: application/json' -d '{{"name": "Early birds"}}' {groups}""")
    return stack


def _stop() -> bool:
    if stacks.current() is None:
        return stacks.stop()
    with step("Stopping, and saving the data"):
        return stacks.stop()


def _port() -> int:
    given = os.environ.get("PORT", "8000")
    if not given.isascii() or not given.isdecimal() or not 0 < int(given) < 65536:  # noqa: PLR2004 - the first invalid port
        raise LocalProblem(f"PORT must be a number from 1 to 65535, not {given!r}.")
    return int(given)


def _interrupted(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


COMMANDS = {command.__name__: command for command in (run, up, down, reset, token, logs)}


def main() -> int:
    """Run a command. Expected errors are printed without a traceback."""
    # A closed terminal or a `kill` stops everything cleanly, like Ctrl-C.
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, _interrupted)
    command = COMMANDS.get(sys.argv[1] if len(sys.argv) == 2 else "")  # noqa: PLR2004 - the program and its command
    if command is None:
        print(f"Choose a command: {', '.join(COMMANDS)}", file=sys.stderr)
        return 2
    try:
        command()
    except KeyboardInterrupt:
        return 0 if command in (run, logs) else 130
    except LocalProblem as problem:
        print(problem, file=sys.stderr)
    except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as problem:
        print(f"The local cloud returned an error or did not respond: {problem}", file=sys.stderr)
    except OSError as problem:
        print(f"Operating system error: {problem}", file=sys.stderr)
    else:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
