"""Sets the members of a customer group from a file in a bucket, every night.

Uploads the file and starts a job that sets the group's members to the list. It does not wait for the job, whose result
is in the event `customer-group.job.finished`. If the function fails, Lambda runs it again with the same event id. The
id is part of each `Idempotency-Key`, so there is no second job.
"""

import json
import os
from http import HTTPStatus
from typing import Any

import boto3
import urllib3

functions = boto3.client("lambda")
s3 = boto3.client("s3")
http = urllib3.PoolManager()


def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Start tonight's job, and return its id."""
    file = s3.get_object(Bucket=os.environ["BUCKET"], Key=os.environ["KEY"])
    file_facts = {"filename": os.environ["KEY"], "content_type": "text/csv", "size": file["ContentLength"]}
    upload = invoke(os.environ["CREATE_UPLOAD_ARN"], file_facts, f"upload {event['id']}")["upload"]
    put(upload, file["Body"], file["ContentLength"])
    order = {
        "type": "change_members",
        "customer_group_id": os.environ["CUSTOMER_GROUP_ID"],
        "action": "set",
        "create_missing": os.environ["CREATE_MISSING"] == "true",
        "source": {"upload_id": upload["id"]},
    }
    job: dict[str, Any] = invoke(os.environ["START_JOB_ARN"], order, f"job {event['id']}")["job"]
    return {"job_id": job["id"], "status": job["status"]}


def invoke(function: str, body: dict[str, Any], key: str) -> dict[str, Any]:
    """Invoke an operation of the customer groups service. Raises its errors with their messages."""
    event = {"body": body, "actor": "nightly-import", "headers": {"Idempotency-Key": key}}
    answer = functions.invoke(FunctionName=function, Payload=json.dumps(event))
    found: dict[str, Any] = json.loads(answer["Payload"].read())
    if answer.get("FunctionError"):
        raise RuntimeError(f"{found.get('errorType')}: {found.get('errorMessage')}")
    return found


def put(upload: dict[str, Any], body: Any, size: int) -> None:
    """Upload a file of any size in pieces, unless an earlier attempt of this function has."""
    headers = {**upload["headers"], "Content-Length": str(size)}
    answer = http.request(upload["method"], upload["url"], body=body, headers=headers)
    if answer.status not in (HTTPStatus.OK, HTTPStatus.PRECONDITION_FAILED):
        raise RuntimeError(f"The upload failed with {answer.status}")
