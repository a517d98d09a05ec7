"""`examples/sync`: synchronizes the records of another system, and can be repeated."""

import json
from typing import Any

import httpx
import pytest

from examples.sync.__main__ import DECLARED
from examples.sync.apply import apply
from tests.api import Client


@pytest.fixture
def declared() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(DECLARED.read_text())
    return found


def test_a_second_run_changes_nothing(api: Client, over_http: httpx.Client, declared: dict[str, Any]) -> None:
    assert list(apply(over_http, declared)) == [
        "created: customer group retail-de",
        "created: customer group retail-fr",
        "created: customer erp-4711",
        "created: customer erp-4712",
        "2 added, 0 unchanged: customer group retail-de",
        "1 added, 0 unchanged: customer group retail-fr",
    ]
    before = api.table.contents()
    assert list(apply(over_http, declared)) == [
        "unchanged: customer group retail-de",
        "unchanged: customer group retail-fr",
        "unchanged: customer erp-4711",
        "unchanged: customer erp-4712",
        "0 added, 2 unchanged: customer group retail-de",
        "0 added, 1 unchanged: customer group retail-fr",
    ]
    assert api.table.contents() == before


def test_the_next_run_completes_an_interrupted_one(
    api: Client, over_http: httpx.Client, declared: dict[str, Any]
) -> None:
    first = apply(over_http, declared)
    for _ in range(3):
        next(first)
    list(apply(over_http, declared))
    assert [group["customer_count"] for group in api.get("/admin/customer-groups").body["customer_groups"]] == [2, 1]


def test_changes_only_what_differs(over_http: httpx.Client, declared: dict[str, Any]) -> None:
    list(apply(over_http, declared))
    declared["customer_groups"][1]["metadata"]["discount_percent"] = 7
    changed = [line for line in apply(over_http, declared) if not line.startswith(("unchanged", "0 added"))]
    assert changed == ["updated: customer group retail-fr"]


def test_reports_what_the_service_refuses(over_http: httpx.Client, declared: dict[str, Any]) -> None:
    declared["customer_groups"][1]["name"] = declared["customer_groups"][0]["name"]
    with pytest.raises(httpx.HTTPStatusError) as refused:
        list(apply(over_http, declared))
    assert refused.value.response.json()["code"] == "customer_group_name_taken"
