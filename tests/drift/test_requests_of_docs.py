"""The requests and answers in docs/rules.md, docs/terms.md and docs/jobs.md are those of the service."""

import json
import re
from typing import Any, Final, get_args

from shared.http import job_bodies, job_sources
from shared.jobs import chunks, plans
from shared.storage.jobs import OUTCOMES
from tests import jobs
from tests.afterwards import Surroundings
from tests.api import Client
from tests.template import ROOT

GROUPS: Final = "/admin/customer-groups"


def blocks(document: str) -> list[str]:
    return re.findall(r"^```json\n(.*?)^```$", (ROOT / "docs" / document).read_text(), re.MULTILINE | re.DOTALL)


def names(shown: str, of: str) -> set[str]:
    """The attributes of an object in an answer that is shortened with `…`."""
    content = shown[shown.index(f'"{of}"') :].partition(": ")[2]
    return set(re.findall(r'"(\w+)": ', content))


def test_the_rule_of_the_example_makes_a_group_automatic(api: Client) -> None:
    example, answer, *_ = blocks("rules.md")
    api.create_group("Wholesale", key="wholesale")
    group = api.post(GROUPS, json.loads(example)).group
    assert group["rule"] == json.loads(example)["rule"]
    assert (group["name"], group["rule_status"]) == ("VIP", "applying")
    assert group["rule_job_id"].startswith("job_")
    assert names(answer, "customer_group") <= group.keys()


def test_a_fault_of_a_rule_is_named_by_its_path(api: Client) -> None:
    (error,) = (one for one in blocks("rules.md") if "invalid_data" in one)
    condition = {"field": "metadata.total_spent", "operator": ">", "value": "a lot"}
    rule = {"combinator": "and", "not": False, "rules": [condition]}
    refused = api.post(GROUPS, {"name": "VIP", "rule": rule})
    shown = json.loads(error)
    assert {**refused.body, "request_id": "…"} == shown


def test_the_preview_has_the_attributes_that_are_shown(api: Client) -> None:
    (answer,) = (one for one in blocks("rules.md") if "count_is_exact" in one)
    api.create_customer("ada@mail.example")
    rule = {"combinator": "and", "not": False, "rules": [{"field": "email", "operator": "notNull"}]}
    preview: dict[str, Any] = api.post(f"{GROUPS}/preview", {"rule": rule}).body
    assert preview.keys() == {"count", "count_is_exact", "customers"} <= names("{" + f'"all": {answer}', "all")
    assert {"id", "email"} <= preview["customers"][0].keys()


def test_customers_are_added_with_and_without_terms(api: Client) -> None:
    (body,) = blocks("terms.md")
    vip, ada, grace = api.create_group("VIP"), api.create_customer("ada@x.example"), api.create_customer("g@x.example")
    for customer in (ada, grace):
        body = body.replace("cus_…", customer["id"], 1)
    # The years are far in the future, so that the test does not depend on the date.
    added = api.post(
        f"{GROUPS}/{vip['id']}/customers", json.loads(body.replace("2026-", "2096-").replace("2027-", "2097-"))
    )
    assert added.body["added"] == [ada["id"], grace["id"]]
    assert added.group["customer_count"] == 1, "the membership of Ada begins later"
    scheduled = api.get(f"{GROUPS}/{vip['id']}/customers?membership=scheduled&fields=+membership").body["customers"]
    assert [one["id"] for one in scheduled] == [ada["id"]]
    assert scheduled[0]["membership"]["starts_at"] == "2096-12-01T00:00:00.000Z"


def test_the_job_of_the_example_adds_customers_by_address_key_and_id(
    api: Client,
    surroundings: Surroundings,  # noqa: ARG001 - the bucket and the machine
) -> None:
    (body,) = blocks("jobs.md")
    vip, ada, grace = (
        api.create_group("VIP"),
        api.create_customer("ada@mail.example"),
        api.create_customer("g@x.example"),
    )
    api.put("/admin/customers/key:crm-17", {"email": "bela@mail.example"})
    order = json.loads(body.replace("cusgroup_…", vip["id"]).replace("cus_…", grace["id"]))
    job = jobs.run(api, **order)
    assert [outcome for _, outcome in jobs.outcomes(job)] == ["added"] * 3
    assert {ada["id"], grace["id"]} < set(api.member_ids(vip))


def test_the_documented_outcomes_and_limits_of_jobs_are_those_of_the_code() -> None:
    document = (ROOT / "docs" / "jobs.md").read_text()
    outcomes = document[document.index("| `outcome`") :].partition("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", outcomes, re.MULTILINE)) - {"outcome"} == set(OUTCOMES)
    kinds = document[document.index("| `type`") :].partition("\n\n")[0]
    known = {get_args(one.model_fields["type"].annotation)[0] for one in get_args(job_bodies.AnyJob.__value__)}
    assert set(re.findall(r"^\| `(\w+)` \|", kinds, re.MULTILINE)) - {"type"} == known
    for limit in (plans.MAX_ROWS, job_sources.MAX_VALUES, job_bodies.MAX_GROUPS, chunks.ROWS):
        assert re.search(rf"\b{limit:,}\b", document), limit
