"""One function in its own process, like in Lambda, so that its memory can be measured.

As a program it takes an event on each line of its input, and answers with what came of it, how long that took, and the
most memory that the process has needed so far.
"""

import importlib
import json
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, TextIO
from uuid import uuid4

from tests import template
from tests.template import ROOT


class Taken(NamedTuple):
    """What one invocation took."""

    seconds: float
    megabytes: int


class Function:
    """A function that is kept warm."""

    def __init__(self, operation: str, environment: Mapping[str, str]) -> None:
        self.taken: list[Taken] = []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.function", operation, str(_timeout(operation))],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

        self._answers = iter(self._process.stdout or ())

    def __call__(self, event: Any) -> Any:
        """Invoke it. Raises an error with the name of the function's error."""
        print(json.dumps(event), file=self._process.stdin, flush=True)
        answer = json.loads(next(self._answers))
        self.taken.append(Taken(answer["seconds"], answer["megabytes"]))
        if answer["error"]:
            raise type(answer["error"], (Exception,), {})
        return answer["answer"]

    def end(self) -> None:
        self._process.terminate()
        self._process.communicate()


class Context:
    """The context of an invocation, with the attributes that our functions use."""

    function_version = "1"
    memory_limit_in_mb = 1024

    def __init__(self, operation: str, seconds: int) -> None:
        self.function_name = operation
        self.invoked_function_arn = f"arn:aws:lambda:us-east-1:123456789012:function:{operation}:live"
        self.aws_request_id = str(uuid4())
        self._until = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        return int(1000 * (self._until - time.monotonic()))


def _timeout(operation: str) -> int:
    defaults = template.document()["Globals"]["Function"]
    return int((defaults | template.functions()[template.logical_id(operation)])["Timeout"])


def main(operation: str, seconds: int, answers: TextIO) -> None:
    run = importlib.import_module(f"functions.{operation}.handler").handler
    for line in sys.stdin:
        started, answer, error = time.perf_counter(), None, None
        try:
            answer = run(json.loads(line), Context(operation, seconds))
        except Exception as raised:  # noqa: BLE001 - as Lambda does
            error = type(raised).__name__
            traceback.print_exc()
        taken = {"seconds": time.perf_counter() - started, "megabytes": _megabytes()}
        print(json.dumps({"answer": answer, "error": error, **taken}), file=answers, flush=True)


def _megabytes() -> int:
    """The peak memory of this process. `getrusage` would include that of the parent process."""
    (most,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return round(int(most.split()[1]) / 1024)


if __name__ == "__main__":
    # The log is discarded, but writing it is part of the measurement.
    own = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    main(sys.argv[1], int(sys.argv[2]), own)
