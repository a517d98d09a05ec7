"""What `make restore` pauses. `tests/end_to_end/test_restore.py` tests a whole restore."""

from collections.abc import Callable
from typing import Any
from unittest.mock import MagicMock

import boto3
import pytest

from operations import restore
from operations.deployment import Deployment
from operations.restore import JobsUnderWayError, pause
from shared.domain import ids
from shared.dynamodb.client import dynamodb
from shared.dynamodb.expressions import Item
from shared.storage import jobs
from tests import template
from tests.table import Table


class Stopped(Deployment):
    """A stack of which only the table exists. Calls of other services are recorded."""

    services = MagicMock()

    def client(self, service: str) -> Any:
        return dynamodb() if service == "dynamodb" else self.services


@pytest.fixture
def stack(table: Table, monkeypatch: pytest.MonkeyPatch) -> Stopped:
    monkeypatch.setattr(Stopped, "services", MagicMock())
    monkeypatch.setattr(Stopped, "outputs", {"TableName": table.name, "ApiId": "", "StageName": "", "EventBusName": ""})
    names = (*restore.READERS, *restore.SCHEDULES, *restore.RULES)
    monkeypatch.setattr(Stopped, "resources", {name: name for name in names})
    return Stopped(boto3.Session(), "customer-groups")


def start_job() -> Item:
    return jobs.create(ids.new("job"), "change_members", {}, "grace", request_key=None, dry_run=False)


def test_every_schedule_and_every_reader_is_paused() -> None:
    functions = template.functions()
    schedules = {
        f"{name}{event}"
        for name, one in functions.items()
        for event, given in one.get("Events", {}).items()
        if given["Type"] == "Schedule"
    }
    mappings = [one for one in template.resources().values() if one["Type"] == "AWS::Lambda::EventSourceMapping"]
    readers = {name for name in functions if any(f"'{name}." in str(one["Properties"]) for one in mappings)}
    assert set(restore.SCHEDULES) == schedules
    assert set(restore.READERS) == readers


@pytest.mark.parametrize("change", [lambda _: None, jobs.begin], ids=["pending", "running"])
def test_nothing_is_stopped_while_a_job_is_under_way(stack: Stopped, change: Callable[[Item], object]) -> None:
    job = start_job()
    change(job)
    with pytest.raises(JobsUnderWayError, match=job["id"]):
        pause(stack)
    assert not stack.services.mock_calls


def test_a_job_that_starts_meanwhile_is_reported(stack: Stopped) -> None:
    stack.services.update_stage.side_effect = lambda **_: start_job()
    with pytest.raises(JobsUnderWayError):
        pause(stack)
    assert stack.services.update_stage.called


def test_jobs_that_are_over_do_not_matter(stack: Stopped) -> None:
    jobs.cancel(start_job()["id"])
    pause(stack)
    disabled = {one.kwargs["Name"] for one in stack.services.disable_rule.call_args_list}
    assert disabled == {*restore.SCHEDULES, *restore.RULES}
