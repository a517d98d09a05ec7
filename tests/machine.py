"""Runs jobs with the definition in `machine.asl.json`, with the functions in this process."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from shared.jobs import files
from shared.runtime import environment
from tests.api import Context, handler
from tests.template import ROOT
from tests.trouble import Killed

type State = dict[str, Any]

FUNCTIONS: Final = {"PrepareJob": "prepare_job", "DoJobChunk": "do_job_chunk", "FinishJob": "finish_job"}


class FailedError(Exception):
    """A state failed and the error was not caught. The message is the name of the error."""


@dataclass
class Machine:
    """A state machine. `invoke` calls the functions."""

    invoke: Callable[[str, State], Any] = lambda operation, event: handler(operation)(event, Context(operation))
    invoked: Counter[str] = field(default_factory=Counter)
    concurrency: int = 1

    def run(self, job_id: str) -> None:
        """Run a job to its end."""
        self._run(definition(), {"job_id": job_id, "plan": None})

    def _run(self, machine: Mapping[str, Any], state: State) -> None:
        name: str | None = machine["StartAt"]
        while name is not None:
            name = self._step(machine["States"][name], state)

    def _step(self, step: Mapping[str, Any], state: State) -> str | None:
        if step["Type"] == "Choice":
            return _chosen(step, state)
        work = self._map if step["Type"] == "Map" else self._task
        try:
            result = work(step, state)
        except FailedError as error:
            caught = next((one for one in step.get("Catch", ()) if "States.ALL" in one["ErrorEquals"]), None)
            if caught is None:
                raise
            state[caught["ResultPath"].removeprefix("$.")] = {"Error": str(error)}
            return str(caught["Next"])
        if step.get("ResultPath", "$") is not None and "ResultPath" in step:
            state[step["ResultPath"].removeprefix("$.")] = result
        return step.get("Next")

    def _task(self, step: Mapping[str, Any], state: State) -> Any:
        operation = FUNCTIONS[step["Resource"].strip("${}")]
        tried: Counter[int] = Counter()
        while True:
            self.invoked[operation] += 1
            try:
                return self.invoke(operation, dict(state))
            except (Exception, Killed) as error:
                name = type(error).__name__
                place, retrier = _retrier(step, name)
                tried[place] += 1
                if tried[place] > retrier["MaxAttempts"]:
                    raise FailedError(name) from error

    def _map(self, step: Mapping[str, Any], state: State) -> None:
        reader, processor = step["ItemReader"], step["ItemProcessor"]
        assert reader["Resource"].endswith("s3:listObjectsV2")
        assert step["ToleratedFailurePercentage"] == 100
        keys = list(listed(_at(reader["Parameters"]["Prefix.$"], state)))

        def child(key: str) -> None:
            try:
                self._run(processor, {"job_id": state["job_id"], "key": key, "phases": state["plan"]["phases"]})
            except FailedError:
                return

        with ThreadPoolExecutor(self.concurrency) as pool:
            list(pool.map(child, keys))


@cache
def definition() -> dict[str, Any]:
    text = (ROOT / "machine.asl.json").read_text().replace("${JobConcurrency}", "4")  # it is a number
    found: dict[str, Any] = json.loads(text)
    return found


def _chosen(step: Mapping[str, Any], state: State) -> str:
    for choice in step["Choices"]:
        if _at(choice["Variable"], state) == choice["StringEquals"]:
            return str(choice["Next"])
    return str(step["Default"])


def _at(place: str, state: State) -> Any:
    found: Any = state
    for name in place.removeprefix("$.").split("."):
        found = found[name]
    return found


def _retrier(step: Mapping[str, Any], error: str) -> tuple[int, Mapping[str, Any]]:
    for place, one in enumerate(step.get("Retry", ())):
        if error in one["ErrorEquals"] or "States.ALL" in one["ErrorEquals"]:
            return place, one
    return -1, {"MaxAttempts": 0}


def listed(prefix: str) -> Iterator[str]:
    """The keys of the objects in the bucket whose keys begin so, in order."""
    pages = files.s3().get_paginator("list_objects_v2").paginate(Bucket=environment.jobs_bucket(), Prefix=prefix)
    return (one["Key"] for page in pages for one in page.get("Contents", []))
