"""The example of a nightly import, deployed next to the stack: a file in its bucket sets the members of a group."""

import json
from pathlib import Path
from typing import Any, Final

import httpx

from examples import stacks
from local.stack import Stack
from tests.end_to_end.jobs import at_its_end
from tests.stack import Post

TEMPLATE: Final = Path(__file__).parents[2] / "examples" / "nightly_import" / "template.yaml"
NAME: Final = "customer-groups-nightly-import"


def run(stack: Stack, event_id: str) -> dict[str, Any]:
    function = stacks.output(stack, NAME, "NightlyImportFunction")
    answer = stack.cloud.client("lambda").invoke(FunctionName=function, Payload=json.dumps({"id": event_id}))
    result: dict[str, Any] = json.loads(answer["Payload"].read())
    assert not answer.get("FunctionError"), result
    return result


def test_a_file_becomes_the_members_of_a_group_and_a_repeated_run_starts_no_second_job(
    stack: Stack, admin: httpx.Client, new_group: Post, new_customer: Post, unique: str
) -> None:
    group, old, ada, grace = new_group(), new_customer(), new_customer(), new_customer()
    admin.post(f"/admin/customer-groups/{group['id']}/customers", json={"add": [old["id"]]})
    arns = {name: stacks.output(stack, "customer-groups", name) for name in ("CreateUploadArn", "StartJobArn")}
    stacks.deploy(stack, TEMPLATE, NAME, CustomerGroupId=group["id"], **arns)
    bucket = stack.cloud.client("s3")
    file = {"Bucket": stacks.output(stack, NAME, "BucketName"), "Key": "customers.csv"}
    bucket.put_object(**file, Body=f"email\n{ada['email']}\n{grace['email']}\nnobody@\n".encode())
    first, again = run(stack, unique), run(stack, unique)
    assert again["job_id"] == first["job_id"]
    job = at_its_end(admin, first["job_id"])
    assert (job["status"], job["created_by"]) == ("succeeded", "nightly-import"), job
    assert [job["totals"][name] for name in ("added", "removed", "refused")] == [2, 1, 1]
    members = admin.get(f"/admin/customer-groups/{group['id']}/customers").json()["customers"]
    assert {one["id"] for one in members} == {ada["id"], grace["id"]}
    bucket.put_object(**file, Body=f"email\n{ada['email']}\n".encode())
    job = at_its_end(admin, run(stack, f"next {unique}")["job_id"])
    assert [job["totals"][name] for name in ("unchanged", "removed")] == [1, 1]
