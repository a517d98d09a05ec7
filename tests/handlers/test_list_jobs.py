"""GET /admin/customer-group-jobs."""

import pytest

from tests import jobs
from tests.api import Client
from tests.jobs import JOBS

pytestmark = pytest.mark.usefixtures("surroundings")


def test_lists_jobs_newest_first_in_pages(api: Client) -> None:
    started = [jobs.start(api, type="export")["id"] for _ in range(3)]
    page = api.get(f"{JOBS}?limit=2").body
    assert [job["id"] for job in page["jobs"]] == [started[2], started[1]]
    assert (page["count"], page["limit"], "count_is_exact" in page) == (3, 2, False)
    last = api.get(f"{JOBS}?limit=2&cursor={page['next_cursor']}").body
    assert [job["id"] for job in last["jobs"]] == [started[0]]
    assert last["next_cursor"] is None


def test_is_empty_without_jobs(api: Client) -> None:
    assert api.get(JOBS).body == {"jobs": [], "count": 0, "limit": 20, "next_cursor": None}


def test_refuses_a_cursor_of_another_list_and_unknown_parameters(api: Client) -> None:
    assert api.get(f"{JOBS}?cursor=abc").faults == {"cursor"}
    assert api.get(f"{JOBS}?limit=101").faults == {"limit"}
    assert api.get(f"{JOBS}?color=red").status == 400


def test_is_for_viewers(api: Client) -> None:
    assert api.signed_in_as("viewer").get(JOBS).status == 200
    assert api.signed_in_as("nobody").get(JOBS).status == 403


def test_returns_who_started_them_if_requested(api: Client, colleagues: dict[str, str]) -> None:
    ada, grace = (api.signed_in_as("editor", who) for who in colleagues.values())
    jobs.start(ada, type="export")
    job = jobs.start(grace, type="export")
    named = api.get(f"{JOBS}?actor_names=true").body["jobs"]
    assert [job["created_by_name"] for job in named] == ["grace@liqnic.example", "Ada Lovelace"]
    assert [job["created_by_name"] for job in api.get(JOBS).body["jobs"]] == [None, None]
    assert api.get(f"{JOBS}/{job['id']}?actor_names=true").body["job"]["created_by_name"] == "grace@liqnic.example"
