"""Jobs on a running stack, as a client of the API starts and watches them."""

import time
from typing import Any

import httpx

from local.stack import Stack

JOBS = "/admin/customer-group-jobs"
ENOUGH_SECONDS = 600


def uploaded(admin: httpx.Client, stack: Stack, content: str) -> str:
    """Upload like the page: after a preflight request, from the page's origin."""
    body = {"filename": "customers.csv", "content_type": "text/csv", "size": len(content.encode())}
    upload = admin.post("/admin/customer-group-uploads", json=body).json()["upload"]
    origin = {"Origin": stack.api_url}
    asked = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type, if-none-match"}
    allowed = httpx.options(upload["url"], headers={**origin, **asked}, timeout=60, trust_env=False)
    assert allowed.headers["Access-Control-Allow-Origin"] in ("*", stack.api_url)

    def put(**headers: str) -> httpx.Response:
        headers = {**upload["headers"], **headers}
        return httpx.put(upload["url"], content=content.encode(), headers=headers, timeout=60, trust_env=False)

    assert (first := put(**origin)).status_code == 200, first.text
    assert put().status_code == 412, "an uploaded file cannot be replaced"
    return str(upload["id"])


def ended(admin: httpx.Client, **body: Any) -> dict[str, Any]:
    answer = admin.post(JOBS, json=body)
    assert answer.status_code == 200, answer.text
    return at_its_end(admin, answer.json()["job"]["id"])


def at_its_end(admin: httpx.Client, job_id: str) -> dict[str, Any]:
    deadline = time.monotonic() + ENOUGH_SECONDS
    while True:
        job: dict[str, Any] = admin.get(f"{JOBS}/{job_id}").json()["job"]
        if job["finished_at"] or time.monotonic() > deadline:
            return job
        time.sleep(0.5)
