"""The published JavaScript SDK of Medusa, run against the service.

It calls every method of the SDK for customers and groups, with all parameters of its types. The result is the
table in docs/compatibility.md; `WRITE_TABLE=1` writes it there.
"""

import json
import os
import subprocess
from itertools import groupby
from pathlib import Path
from typing import Final, TypedDict

from local.stack import Stack
from tests import npm

SDK: Final = Path(__file__).parent.parent / "sdk"
PAGE: Final = Path(__file__).parent.parent.parent / "docs" / "compatibility.md"
BEGIN, END = "<!-- table of the SDK: written by tests/end_to_end/test_sdk.py -->\n", "<!-- end of the table -->\n"
TITLES: Final = {
    "method": "Methods",
    "customer list": "`customer.list` takes",
    "group list": "`customerGroup.list` takes",
    "customer body": "`customer.create`, `customer.update` take",
    "group body": "`customerGroup.create`, `customerGroup.update` take",
}
REFUSALS: Final = {400: "refused: 400", 404: "no route: 404"}


class Result(TypedDict):
    kind: str
    name: str
    status: int | str


def test_the_table_of_sdk_methods_is_correct(stack: Stack, unique: str) -> None:
    shown = PAGE.read_text()
    before, _, rest = shown.partition(BEGIN)
    old, _, after = rest.partition(END)
    table = _table(_results(stack, unique))
    if os.environ.get("WRITE_TABLE"):
        PAGE.write_text(f"{before}{BEGIN}{table}{END}{after}")
    else:
        assert old == table


def _results(stack: Stack, unique: str) -> list[Result]:
    npm.installed(SDK)
    environment = os.environ | {"API": stack.api_url, "TOKEN": stack.token(), "UNIQUE": unique}
    command = [npm.program("node"), "every-method.mjs"]
    run = subprocess.run(command, cwd=SDK, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


def _table(results: list[Result]) -> str:
    rows = ["| what the SDK has | works | does not |", "|---|---|---|"]
    for kind, of_kind in groupby(results, lambda result: result["kind"]):
        some = list(of_kind)
        works = ", ".join(f"`{result['name']}`" for result in some if result["status"] == 200)
        fails = [
            f"`{result['name']}` ({REFUSALS[int(result['status'])]})" for result in some if result["status"] != 200
        ]
        rows.append(f"| {TITLES[kind]} | {works} | {', '.join(fails) or 'nothing'} |")
    return "\n".join(rows) + "\n"
