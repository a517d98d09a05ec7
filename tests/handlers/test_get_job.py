"""GET /admin/customer-group-jobs/{id}."""

import pytest

from shared.runtime import clock
from shared.storage import job_chunks
from shared.storage import jobs as stored
from tests import jobs
from tests.api import Client
from tests.jobs import JOBS

pytestmark = pytest.mark.usefixtures("surroundings")


def test_shows_its_progress(api: Client) -> None:
    job = jobs.start(api, type="export")
    stored.begin(stored.get(job["id"]))
    stored.update_progress(job["id"], rows=1_000)
    job_chunks.count_chunk(job["id"], "1-a-000000", {"done": 960})
    job_chunks.count_chunk(job["id"], "1-a-000000", {"done": 960})  # counted once, however often it ends
    shown = jobs.get(api, job)
    assert (shown["status"], shown["totals"]["rows"], shown["totals"]["done"]) == ("running", 1_000, 960)
    assert shown["started_at"] is not None


def test_its_result_is_available_for_thirty_days(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    job = jobs.run(api, type="export")
    assert job["status"] == "succeeded"
    assert job["result"]["url_expires_at"] < job["result"]["expires_at"]
    assert "X-Amz-Expires=900" in job["result"]["url"]
    assert "X-Amz-Signature" in job["result"]["url"]
    now = clock.epoch_seconds()
    monkeypatch.setattr(clock, "epoch_seconds", lambda: now + 31 * 24 * 3600)
    assert jobs.get(api, job)["result"] is None


def test_an_unknown_job_is_not_found(api: Client) -> None:
    answer = api.get(f"{JOBS}/job_never")
    assert (answer.status, answer.body["code"]) == (404, "job_not_found")
    assert api.get(f"{JOBS}/not%20an%20id").status == 404


def test_is_for_viewers(api: Client) -> None:
    job = jobs.start(api, type="export")
    assert api.signed_in_as("viewer").get(f"{JOBS}/{job['id']}").status == 200
