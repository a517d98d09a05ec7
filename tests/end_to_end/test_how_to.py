"""The commands of the documents, run unchanged against the stack with the AWS CLI."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from examples import stacks
from local.cloud import ROOT
from local.stack import Stack
from local.users import new_password
from tests.end_to_end.documents import COMMANDS, commands, run, section
from tests.stack import Post

ENOUGH_SECONDS: Final = 600


@pytest.fixture
def pool(stack: Stack) -> Iterator[Any]:
    """The users in the groups of the user pool. They are deleted afterwards."""
    cognito, pool_id = stack.cloud.client("cognito-idp"), stacks.output(stack, "customer-groups", "UserPoolId")
    known = {user["Username"] for user in cognito.list_users(UserPoolId=pool_id)["Users"]}

    def groups_of(email: str) -> set[str]:
        found = cognito.admin_list_groups_for_user(UserPoolId=pool_id, Username=email)
        return {group["GroupName"] for group in found["Groups"]}

    yield groups_of
    for user in cognito.list_users(UserPoolId=pool_id)["Users"]:
        if user["Username"] not in known:
            cognito.admin_delete_user(UserPoolId=pool_id, Username=user["Username"])


def test_the_first_administrator_and_a_colleague_get_access(stack: Stack, pool: Any) -> None:
    script = commands(section("docs/deployment.md", "The first time").partition("first administrator")[2])
    # The local cloud generates a password that its own policy refuses.
    script = script.replace("admin-create-user", f"admin-create-user --temporary-password='{new_password()}'")
    run(stack, script)
    assert pool("grace.hopper@mail.example") == {"admin"}
    run(stack, script.replace("--group-name admin", "--group-name viewer").replace("grace.hopper", "ada.lovelace"))
    assert pool("ada.lovelace@mail.example") == {"viewer"}


def test_a_machine_gets_a_token_and_sends_a_request(stack: Stack) -> None:
    script = commands(section("docs/deployment.md", "Access for a machine outside AWS"))
    deployment, _, script = script.partition("\n")
    assert deployment.startswith("make deploy PARAMETERS="), "tests/drift/test_deployment_docs.py follows this command"
    # Addresses in AWS, which the local cloud serves elsewhere.
    local = {'"$(output TokenUrl)"': f"{stack.endpoint_url}/oauth2/token", "$(output ApiUrl)": stack.api_url}
    assert json.loads(run(stack, script, placeholders=local))["customer_groups"] is not None


def test_a_subscriber_receives_the_event_of_a_new_group(stack: Stack, new_group: Post, unique: str) -> None:
    sqs = stack.cloud.client("sqs")
    url = sqs.create_queue(QueueName=f"subscriber-{unique}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    allowed = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage"}
    policy = json.dumps({"Statement": [{**allowed, "Resource": arn}]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    bus = stacks.output(stack, "customer-groups", "EventBusName")
    run(stack, commands(section("docs/events.md", "Subscribing")), placeholders={"BUS": bus, "QUEUE_ARN": arn})
    group, deadline = new_group(), time.monotonic() + ENOUGH_SECONDS
    while group["id"] not in (received := str(sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1))):
        assert time.monotonic() < deadline, received


def test_a_customer_of_another_system_is_created(stack: Stack, admin: httpx.Client) -> None:
    bus = stacks.output(stack, "customer-groups", "EventBusName")
    run(stack, commands(section("docs/events.md", "Customers of other systems")), placeholders={"BUS": bus})
    deadline = time.monotonic() + ENOUGH_SECONDS
    while (answer := admin.get("/admin/customers/shop-1017")).status_code != httpx.codes.OK:
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.2)
    assert answer.json()["customer"]["first_name"] == "Grace"


def test_another_system_registers_its_use_of_a_group(stack: Stack, admin: httpx.Client, new_group: Post) -> None:
    group, bus = new_group(), stacks.output(stack, "customer-groups", "EventBusName")
    text = section("docs/events.md", "Systems that use groups")
    run(stack, commands(text), placeholders={"BUS": bus, "cusgroup_…": group["id"]})
    deadline = time.monotonic() + ENOUGH_SECONDS
    address = f"/admin/customer-groups/{group['id']}/references"
    while not (references := admin.get(address).json()["references"]):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert (references[0]["system"], references[0]["id"]) == ("pricing", "rule-7")


def test_files_of_jobs_can_be_deleted_at_once(stack: Stack) -> None:
    bucket = {"Bucket": stacks.output(stack, "customer-groups", "JobsBucketName")}
    s3 = stack.cloud.client("s3")
    s3.put_object(**bucket, Key="results/job_of_yesterday.csv", Body=b"line,value\n")
    text = section("docs/privacy.md", "Deleting a customer")
    before = {one["Key"] for one in s3.list_objects_v2(**bucket)["Contents"]}
    run(stack, commands(text[text.index("Files and results of jobs") :]))
    left = {one["Key"] for one in s3.list_objects_v2(**bucket).get("Contents", [])}
    assert before & left == set(), "jobs of earlier tests may still write others"


def test_the_nightly_import_is_deployed_and_run_like_in_its_readme(
    stack: Stack, admin: httpx.Client, new_group: Post, new_customer: Post, tmp_path: Path
) -> None:
    folder = ROOT / "examples" / "nightly_import"
    deploy, invoke = COMMANDS.findall((folder / "README.md").read_text())
    group, ada = new_group(), new_customer()
    run(stack, deploy, folder, placeholders={"cusgroup_…": group["id"]})
    file = {"Bucket": stacks.output(stack, "nightly-import", "BucketName"), "Key": "customers.csv"}
    stack.cloud.client("s3").put_object(**file, Body=f"email\n{ada['email']}\n".encode())
    function = stacks.output(stack, "nightly-import", "NightlyImportFunction")
    # The option is only in version 2 of the CLI, which is not on any package index. Version 1 does not need it.
    run(
        stack,
        invoke.replace("--cli-binary-format raw-in-base64-out", ""),
        tmp_path,
        placeholders={"FUNCTION": function},
    )
    job, deadline = json.loads((tmp_path / "answer.json").read_text()), time.monotonic() + ENOUGH_SECONDS
    while admin.get(f"/admin/customer-group-jobs/{job['job_id']}").json()["job"]["status"] != "succeeded":
        assert time.monotonic() < deadline, job
        time.sleep(0.5)
    members = admin.get(f"/admin/customer-groups/{group['id']}/customers").json()["customers"]
    assert [one["id"] for one in members] == [ada["id"]]
