"""Runs the code blocks of docs/migrate.md."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import httpx

from local.stack import Stack

PAGE: Final = Path(__file__).parent.parent.parent / "docs" / "migrate.md"
BLOCK: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_groups_customers_and_memberships_keep_their_ids(stack: Stack, admin: httpx.Client, tmp_path: Path) -> None:
    blocks = BLOCK.findall(PAGE.read_text())
    write_files, run_it = (text for kind, text in blocks if kind == "sh")
    (script,) = (text for kind, text in blocks if kind == "python")
    (shown,) = (text for kind, text in blocks if kind == "")
    (tmp_path / "move.py").write_text(script)

    assert _run(write_files, stack, tmp_path) == ""
    assert _run(run_it, stack, tmp_path) == shown
    assert re.findall(r"\d+", _run(run_it, stack, tmp_path)) == ["0", "0", "0"]

    vip = admin.get("/admin/customer-groups/shop-7:vip", params={"fields": "name,customers.id"}).json()
    assert [one["id"] for one in vip["customer_group"]["customers"]] == ["crm-42", "cus_01J9ADA00000000000000000000"]
    wholesale = admin.get("/admin/customer-groups/cusgroup_01J9WHOLESALE000000000000").json()["customer_group"]
    assert wholesale["metadata"] == {"discount_percent": 25}
    ada = admin.get("/admin/customers/cus_01J9ADA00000000000000000000").json()["customer"]
    assert (ada["email"], ada["has_account"], ada["phone"]) == ("ada@moved.example", True, None)


def _run(commands: str, stack: Stack, folder: Path) -> str:
    """Uses the Python of the tests for python3."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {"PATH": path, "API": stack.api_url, "TOKEN": stack.token()}
    command = ["bash", "-eu", "-c", commands]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True).stdout
