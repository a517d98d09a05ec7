"""Exceptions take precedence over the rule of a group, and apply immediately."""

from typing import Any

import pytest

from shared.storage.rules import judging
from tests.afterwards import Surroundings
from tests.api import Client, Context, handler
from tests.meddling import meddle_once
from tests.rules import BIG_SPENDERS, GROUPS, Rules


@pytest.fixture
def rules(api: Client, surroundings: Surroundings) -> Rules:
    return Rules(api, surroundings)


@pytest.fixture
def vip(rules: Rules) -> dict[str, Any]:
    return rules.automatic("VIP", BIG_SPENDERS, key="vip")


@pytest.fixture
def ada(api: Client, rules: Rules, vip: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - the rule comes first
    """A member by rule."""
    found = api.create_customer("ada@mail.example", metadata={"total_spent": 1200})
    rules.finish()
    return found


@pytest.fixture
def bela(api: Client, rules: Rules, vip: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - as above
    """No member by rule."""
    found = api.create_customer("bela@mail.example", key="bela")
    rules.finish()
    return found


def path_of(group: dict[str, Any]) -> str:
    return f"{GROUPS}/{group['id']}/exceptions"


def test_exceptions_apply_immediately_and_take_precedence(
    api: Client, rules: Rules, vip: dict[str, Any], ada: dict[str, Any], bela: dict[str, Any]
) -> None:
    answer = api.put(path_of(vip), {"always": ["key:bela"], "never": [ada["id"]]})
    assert answer.body == {"exceptions": {"always": [bela["id"]], "never": [ada["id"]]}}
    assert api.member_ids(vip) == [bela["id"]]
    for customer, spent in ((ada, 9000), (bela, 1)):
        api.post(f"/admin/customers/{customer['id']}", {"metadata": {"total_spent": spent}})
    rules.finish()
    assert api.member_ids(vip) == [bela["id"]]
    assert api.get(path_of(vip)).body == answer.body

    assert api.put(path_of(vip), {}).body == {"exceptions": {"always": [], "never": []}}
    assert api.member_ids(vip) == [ada["id"]]


def test_exceptions_are_in_the_history_and_in_an_event(
    api: Client, rules: Rules, vip: dict[str, Any], ada: dict[str, Any]
) -> None:
    api.put(path_of(vip), {"never": [ada["id"]]})
    api.put(path_of(vip), {"never": [ada["id"]]})
    updates = [one for one in api.get(f"{GROUPS}/{vip['id']}/history").body["changes"] if one["type"] == "updated"]
    assert [(one["version"], one["before"], one["after"]) for one in updates] == [
        (
            2,
            {"exceptions": {"always": [], "never": []}},
            {"exceptions": {"always": [], "never": [ada["id"]]}},
        )
    ]
    rules.finish()
    (event,) = [one for one in rules.published if one["detail-type"] == "customer-group.updated"]
    assert event["detail"]["new"] == {"exceptions": {"always": [], "never": [ada["id"]]}}


def test_an_interrupted_request_is_completed_by_its_event(
    api: Client,
    rules: Rules,
    vip: dict[str, Any],
    ada: dict[str, Any],
    bela: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as dying:
        dying.setattr(judging, "apply", lambda customer_ids, *_, **__: set(customer_ids))
        api.put(path_of(vip), {"always": [bela["id"]], "never": [ada["id"]]})
    assert api.member_ids(vip) == [ada["id"]]
    rules.finish()
    assert api.member_ids(vip) == [bela["id"]]


def test_exceptions_are_kept_when_the_rule_changes_and_deleted_with_it(
    api: Client, rules: Rules, vip: dict[str, Any], bela: dict[str, Any]
) -> None:
    api.put(path_of(vip), {"always": [bela["id"]]})
    api.post(f"{GROUPS}/{vip['id']}", {"rule": {**BIG_SPENDERS, "combinator": "or"}})
    rules.finish()
    assert api.member_ids(vip) == [bela["id"]]
    api.post(f"{GROUPS}/{vip['id']}", {"rule": None})
    assert api.get(path_of(vip)).body == {"exceptions": {"always": [], "never": []}}
    assert api.member_ids(vip) == [bela["id"]]


def test_exceptions_can_depend_on_the_version(api: Client, vip: dict[str, Any], bela: dict[str, Any]) -> None:
    etag = api.get(path_of(vip)).etag
    assert api.put(path_of(vip), {"always": [bela["id"]]}, If_Match=etag).status == 200
    assert api.put(path_of(vip), {"always": []}, If_Match=etag).status == 412
    assert api.get(path_of(vip), If_None_Match=api.get(path_of(vip)).etag).status == 304


def test_what_cannot_be_is_refused(api: Client, vip: dict[str, Any], bela: dict[str, Any]) -> None:
    retail = api.create_group("Retail")
    manual = api.put(path_of(retail), {"always": [bela["id"]]})
    assert (manual.status, manual.body["code"]) == (400, "customer_group_is_manual")
    both = api.put(path_of(vip), {"always": [bela["id"]], "never": ["key:bela"]})
    assert (both.status, both.body["errors"][0]["path"]) == (400, "never")
    unknown = api.put(path_of(vip), {"always": ["cus_none"]})
    assert (unknown.status, unknown.body["code"]) == (404, "customer_not_found")
    many = api.put(path_of(vip), {"always": [f"cus_{number}" for number in range(501)]})
    assert (many.status, many.body["errors"][0]["path"]) == (400, "always")
    assert api.put(f"{GROUPS}/cusgroup_none/exceptions", {}).status == 404
    assert api.get(f"{GROUPS}/cusgroup_none/exceptions").status == 404


def test_a_deleted_customer_can_stay_in_the_lists(api: Client, vip: dict[str, Any], bela: dict[str, Any]) -> None:
    api.put(path_of(vip), {"always": [bela["id"]]})
    api.delete(f"/admin/customers/{bela['id']}")
    ada = api.create_customer("ada@mail.example")
    assert api.put(path_of(vip), {"always": [bela["id"], ada["id"]]}).status == 200
    assert api.member_ids(vip) == [ada["id"]]


def test_a_deleted_customer_is_removed_from_the_exceptions(
    api: Client, rules: Rules, vip: dict[str, Any], ada: dict[str, Any], bela: dict[str, Any]
) -> None:
    api.put(path_of(vip), {"always": [bela["id"]], "never": [ada["id"]]})
    api.delete(f"/admin/customers/{bela['id']}")
    rules.finish()
    assert api.get(path_of(vip)).body == {"exceptions": {"always": [], "never": [ada["id"]]}}
    last = api.get(f"{GROUPS}/{vip['id']}/history").body["changes"][0]
    assert (last["type"], last["actor"]) == ("updated", "rules")
    assert api.member_ids(vip) == []


def test_a_customer_who_is_deleted_during_the_request_is_no_exception(
    api: Client, vip: dict[str, Any], ada: dict[str, Any], bela: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The event of the deletion may be earlier than the exception."""
    quiet = Client(api.table, watches_table=False)
    meddle_once(monkeypatch, lambda: quiet.delete(f"/admin/customers/{bela['id']}"))
    answer = quiet.put(path_of(vip), {"always": [bela["id"]], "never": [ada["id"]]})
    assert answer.body == quiet.get(path_of(vip)).body == {"exceptions": {"always": [], "never": [ada["id"]]}}


def test_a_customer_whom_its_source_has_created_again_stays_an_exception(
    api: Client, rules: Rules, vip: dict[str, Any]
) -> None:
    detail = {"id": "shop-1", "version": 1, "email": "emil@mail.example"}
    event = {"source": "shop", "time": "2026-11-23T10:00:00Z", "detail-type": "customer.created", "detail": detail}
    handler("sync_customer")(event, Context("sync_customer"))
    rules.finish()
    api.put(path_of(vip), {"always": ["shop-1"]})
    api.delete("/admin/customers/shop-1")
    events = rules.publish()
    handler("sync_customer")({**event, "detail": {**detail, "version": 2}}, Context("sync_customer"))
    rules.deliver(events)
    rules.finish()
    assert api.get(path_of(vip)).body == {"exceptions": {"always": ["shop-1"], "never": []}}
    assert api.member_ids(vip) == ["shop-1"]
