"""The state machines of docs/deployment.md name functions, errors and states that there are."""

import importlib
import json
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

from shared.domain import errors
from shared.http.api import Api
from tests import template

TEXT: Final = (template.ROOT / "docs" / "deployment.md").read_text()
MACHINES: Final[list[dict[str, Any]]] = [json.loads(one) for one in re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)]
BY_STEP_FUNCTIONS: Final = ("Lambda.", "States.")

every_machine = pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: str(machine["StartAt"]))


def tasks(machine: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The tasks of a state machine, each with the operation that it invokes."""
    for state in machine["States"].values():
        if state["Type"] == "Task":
            output = state["Parameters"]["FunctionName"].strip("${}")
            assert output in template.document()["Outputs"]
            name = output.removesuffix("Arn")
            yield next(one.operation for one in template.routes() if template.logical_id(one.operation) == name), state


def test_there_are_state_machines() -> None:
    assert [operation for machine in MACHINES for operation, _ in tasks(machine)] == [
        "manage_group_customers",
        "start_job",
        "get_job",
    ]


@every_machine
def test_what_is_retried_and_caught_are_errors_of_the_operation(machine: dict[str, Any]) -> None:
    for operation, state in tasks(machine):
        declared = importlib.import_module(f"functions.{operation}.handler").api.declared
        can_happen = {error.__name__ for error in declared.errors(has_body=True)}
        for rule in [*state.get("Retry", ()), *state.get("Catch", ())]:
            named = {name for name in rule["ErrorEquals"] if not name.startswith(BY_STEP_FUNCTIONS)}
            assert named <= can_happen, f"{operation} never raises {named - can_happen}"


@every_machine
def test_every_error_that_passes_is_retried(machine: dict[str, Any]) -> None:
    for operation, state in tasks(machine):
        api: Api = importlib.import_module(f"functions.{operation}.handler").api
        retried = {name for rule in state["Retry"] for name in rule["ErrorEquals"]}
        wanted = {errors.TooManyRequests, errors.Unavailable}
        wanted |= {errors.IdempotencyKeyInUse} if api.declared.idempotency_key else set()
        assert {error.__name__ for error in wanted} <= retried


@every_machine
def test_every_state_leads_to_a_state(machine: dict[str, Any]) -> None:
    named = set(re.findall(r'"(?:Next|Default|StartAt)": "(\w+)"', json.dumps(machine)))
    assert named | {machine["StartAt"]} == set(machine["States"])
