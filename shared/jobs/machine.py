"""The state machine that runs jobs. `machine.asl.json` defines it."""

import json
from datetime import datetime
from functools import cache, partial
from typing import Any, NamedTuple

from botocore.config import Config

from shared.runtime import aws, environment


@cache
def step_functions() -> Any:
    """The client of Step Functions."""
    return aws.client(
        "stepfunctions",
        config=Config(connect_timeout=1, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 2}),
    )


class Execution(NamedTuple):
    """One run of the state machine. `ended_at` is None while it is running."""

    ended_at: datetime | None


def start(job_id: str, name: str | None = None) -> None:
    """Start a job. By default the execution is named after the job, so a job cannot be started twice."""
    client = step_functions()
    state = json.dumps({"job_id": job_id, "plan": None})
    try:
        aws.ask(
            partial(
                client.start_execution,
                stateMachineArn=environment.job_machine_arn(),
                name=name or job_id,
                input=state,
            )
        )
    except client.exceptions.ExecutionAlreadyExists:
        return


def find(job_id: str) -> Execution | None:
    """The execution that is named after a job. None if it never started."""
    client = step_functions()
    arn = f"{environment.job_machine_arn().replace(':stateMachine:', ':execution:')}:{job_id}"
    try:
        found = aws.ask(partial(client.describe_execution, executionArn=arn))
    except client.exceptions.ExecutionDoesNotExist:
        return None
    return Execution(found.get("stopDate"))
