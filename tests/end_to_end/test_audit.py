"""`make audit` on the running stack, with the data of other tests."""

import os
import subprocess
import sys
from pathlib import Path

import httpx

from local import cloud
from local.stack import Stack
from operations.deployment import on_this_machine
from tests.stack import Post, eventually


def audit(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run("operations.audit", home, *arguments)


def run(tool: str, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command like an operator."""
    command = [sys.executable, "-m", tool, *arguments]
    environment = os.environ | {"LOCAL_HOME": str(home), "COLUMNS": "300"}
    return subprocess.run(
        command, cwd=cloud.ROOT, env=environment, capture_output=True, text=True, check=False, timeout=600
    )


def all_rules_hold(done: subprocess.CompletedProcess[str]) -> bool:
    return done.returncode == 0 and "All rules hold" in done.stdout + done.stderr


def test_all_rules_hold_and_a_fault_is_found_and_repaired(
    admin: httpx.Client, stack: Stack, stack_home: Path, new_group: Post, new_customer: Post
) -> None:
    group, ada = new_group(), new_customer(first_name="Ada")
    admin.post(f"/admin/customer-groups/{group['id']}/customers", json={"add": [ada["id"]]})
    assert eventually(lambda: all_rules_hold(audit(stack_home))), "not even after functions of earlier tests have ended"

    on_this_machine(stack).client("dynamodb").update_item(
        TableName=stack.table_name,
        Key={"PK": {"S": f"GROUP#{group['id']}"}, "SK": {"S": "GROUP"}},
        UpdateExpression="SET customer_count = :wrong",
        ExpressionAttributeValues={":wrong": {"N": "7"}},
    )
    found = audit(stack_home)
    assert found.returncode == 1
    assert group["id"] in found.stdout + found.stderr
    assert audit(stack_home, "--repair").returncode == 1, "a dry run has repaired"
    assert audit(stack_home, "--repair", "--apply").returncode == 0
    shown = admin.get(f"/admin/customer-groups/{group['id']}").json()["customer_group"]
    assert shown["customer_count"] == 1
