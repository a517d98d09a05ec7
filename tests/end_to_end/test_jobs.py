"""A job on the running stack: a presigned upload, the state machine with its role, the result."""

import httpx

from local.stack import Stack
from tests.end_to_end.jobs import ended, uploaded
from tests.stack import Post


def test_a_file_sets_the_members_of_a_group(
    stack: Stack, admin: httpx.Client, new_group: Post, new_customer: Post, unique: str
) -> None:
    group, old, known = new_group(), new_customer(), new_customer()
    admin.post(f"/admin/customer-groups/{group['id']}/customers", json={"add": [old["id"]]})
    content = f"email,first_name\n{known['email']},Ada\nnew{unique}@mail.example,Grace\nbroken@,X\n"
    source = {"upload_id": uploaded(admin, stack, content)}
    body = {"type": "change_members", "customer_group_id": group["id"], "action": "set", "create_missing": True}
    job = ended(admin, **body, source=source)
    assert job["status"] == "succeeded", job
    wanted = {"rows": 4, "done": 4, "added": 1, "removed": 1, "unchanged": 0, "created": 1, "refused": 1}
    assert job["totals"] == wanted
    result = httpx.get(job["result"]["url"], timeout=60, trust_env=False).text
    assert [line.split(",")[3] for line in result.splitlines()[1:]] == ["added", "created", "refused", "removed"]
    members = admin.get(f"/admin/customer-groups/{group['id']}/customers").json()["customers"]
    assert {one["email"] for one in members} == {known["email"], f"new{unique}@mail.example"}


def test_an_export_can_be_downloaded(admin: httpx.Client, new_group: Post) -> None:
    group = new_group(metadata={"discount": 10})
    job = ended(admin, type="export", format="jsonl", customer_group_ids=[group["id"]])
    assert job["status"] == "succeeded", job
    assert group["name"] in httpx.get(job["result"]["url"], timeout=60, trust_env=False).text
