"""Least privilege: each function may do what a story that visits all its paths makes it do, and nothing else."""

import tests.afterwards

# isort: split

import re
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import pytest
from botocore.client import BaseClient

from shared.errors import Unavailable
from shared.keys import Key
from shared.storage import table as storage
from tests import api as http
from tests import template, trouble
from tests.afterwards import HurriedContext, on_queue, on_stream, record
from tests.api import Client, Context, handler

type Grants = set[tuple[str, str]]

IN_TRANSACTION: Final = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
POLLING: Final = {
    *(("dynamodb:" + action, "Table.StreamArn") for action in ("DescribeStream", "GetRecords", "GetShardIterator")),
    *(("sqs:" + action, "PurgeQueue.Arn") for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")),
}
"""What Lambda itself does with a function's role, to feed it."""
GROUPS: Final = "/admin/customer-groups"


@pytest.fixture
def used(monkeypatch: pytest.MonkeyPatch) -> dict[str, Grants]:
    """What each function has used until now, of what."""
    grants: dict[str, Grants] = defaultdict(set)
    running: list[str] = []
    call_aws = BaseClient._make_api_call  # type: ignore[attr-defined]
    find = handler

    def watched(operation: str) -> Callable[[Any, Any], Any]:
        def run(event: Any, context: Any) -> Any:
            running.append(operation)
            try:
                return find(operation)(event, context)
            finally:
                running.pop()

        return run

    def recorded(client: Any, action: str, request: dict[str, Any]) -> Any:
        if running:
            grants[running[-1]].update(_needed(client.meta.service_model.service_name, action, request))
        return call_aws(client, action, request)

    monkeypatch.setattr(BaseClient, "_make_api_call", recorded)
    monkeypatch.setattr(http, "handler", watched)
    monkeypatch.setattr(tests.afterwards, "handler", watched)
    return grants


def _needed(service: str, action: str, request: dict[str, Any]) -> Grants:
    if service == "events":
        return {("events:PutEvents", "EventBus.Arn")}
    if service == "sqs":
        queue = "PurgeQueue" if request["QueueUrl"].endswith("/purge") else "DeadLetterQueue"
        return {(f"sqs:{action}", f"{queue}.Arn")}
    if action == "TransactWriteItems":
        actions = {IN_TRANSACTION[verb] for item in request["TransactItems"] for verb in item}
        return {(f"dynamodb:{one}", "Table.Arn") for one in actions}
    index = f"/index/{request['IndexName']}" if "IndexName" in request else ""
    return {(f"dynamodb:{action}", f"Table.Arn{index}")}


def granted(operation: str) -> Grants:
    """What template.yaml lets a function do, by action and resource."""
    properties = template.resources()[template.logical_id(operation)]["Properties"]
    found: Grants = set()
    for policy in properties["Policies"]:
        for statement in policy["Statement"]:
            assert statement["Effect"] == "Allow"
            for action in _several(statement["Action"]):
                found.update((action, _resource(one)) for one in _several(statement["Resource"]))
    return found


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _resource(value: Any) -> str:
    """`Table.Arn/index/ByName` for `!Sub ${Table.Arn}/index/ByName`."""
    assert isinstance(value, dict), f"{value} is no resource of this stack"
    (written,) = value.values()
    return re.sub(r"\$\{(.+?)\}", r"\1", written)


@pytest.fixture
def story(
    table: Any,
    surroundings: Any,  # noqa: ARG001 - the bus and the queues
    used: dict[str, Grants],
    monkeypatch: pytest.MonkeyPatch,
) -> dict[str, Grants]:
    """A day in which every function meets everything that can happen to it."""
    api = Client(table, watches_table=False)
    _groups_and_customers(api)
    _readers(api)
    _keys(api, monkeypatch)
    _strangers(api)
    _aftermath(api)
    return used


def _groups_and_customers(api: Client) -> None:
    vip = api.post(f"{GROUPS}?fields=*customers", {"name": "VIP", "metadata": {"discount": 10}}).group
    ada = api.post("/admin/customers?fields=*groups", {"email": "ada@mail.example"}).customer
    bela = api.create_customer("bela@mail.example")
    assert api.post(GROUPS, {"name": "vip"}).status == 400
    api.post(f"{GROUPS}/{vip['id']}/customers?fields=*customers", {"add": [ada["id"]]})
    api.post(f"{GROUPS}/{vip['id']}/customers", {"add": [ada["id"], bela["id"]]})
    api.post(f"{GROUPS}/{vip['id']}?fields=*customers", {"name": "Very VIP", "metadata": {"tier": "gold"}})
    api.put(f"{GROUPS}/{vip['id']}/metadata?fields=*customers", {"metadata": None})
    api.post(f"/admin/customers/{ada['id']}?fields=*groups", {"email": "ada@new.example"})
    api.post(f"/admin/customers/{bela['id']}/customer-groups?fields=*groups", {"remove": [vip["id"]]})
    api.post(f"/admin/customers/{bela['id']}/customer-groups?fields=*groups", {"add": [vip["id"]]})
    api.post(f"{GROUPS}/{vip['id']}/customers", {"remove": [bela["id"]]})
    api.post(f"{GROUPS}/{vip['id']}/customers", {"add": ["nobody"]})


def _readers(api: Client) -> None:
    (vip,) = api.get(GROUPS).body["customer_groups"]
    ada = api.get("/admin/customers?email=ada@new.example").body["customers"][0]
    for url in (f"{GROUPS}/{vip['id']}", f"{GROUPS}/{vip['id']}?fields=*customers", f"{GROUPS}/{vip['id']}/history"):
        assert api.get(url).status == 200
    assert api.get(f"/admin/customers/{ada['id']}?fields=*groups").status == 200
    for path, relation in (
        (GROUPS, "customers"),
        ("/admin/customers", "groups"),
        (f"{GROUPS}/{vip['id']}/customers", "groups"),
    ):
        orders = ("created_at", "updated_at", "name" if path == GROUPS else "email")
        for query in (*(f"order={order}" for order in orders), "q=v", "q=ada", "created_by=x", f"fields=*{relation}"):
            assert api.get(f"{path}?{query}").status == 200
        assert api.get(f"{path}?id={ada['id']}&id={vip['id']}").status == 200
    assert api.get(f"{GROUPS}?customers={ada['id']}").shown("id") == [vip["id"]]
    assert api.get(f"/admin/customers?groups={vip['id']}&q=ada").shown("id") == [ada["id"]]
    answer = http.handler("resolve_customer_groups")({"customer_id": ada["id"]}, Context("resolve_customer_groups"))
    assert [one["name"] for one in answer["groups"]] == ["Very VIP"]


def _keys(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each change with a key: answered, answered again, and refused."""
    (vip,) = api.get(GROUPS).body["customer_groups"]
    ada = api.get("/admin/customers?q=ada").body["customers"][0]
    changes: list[tuple[str, str, Any]] = [
        ("POST", GROUPS, {"name": "Wholesale"}),
        ("POST", f"{GROUPS}/{vip['id']}", {"name": "VIP"}),
        ("PUT", f"{GROUPS}/{vip['id']}/metadata", {"metadata": {"a": 1}}),
        ("POST", f"{GROUPS}/{vip['id']}/customers", {"remove": [ada["id"]]}),
        ("POST", f"/admin/customers/{ada['id']}/customer-groups", {"add": [vip["id"]]}),
        ("POST", "/admin/customers", {"email": "dora@mail.example"}),
        ("POST", f"/admin/customers/{ada['id']}", {"first_name": "Ada"}),
        ("DELETE", f"/admin/customers/{ada['id']}", None),
        ("DELETE", f"{GROUPS}/{vip['id']}", None),
    ]

    def unavailable(_: Any) -> None:
        raise Unavailable

    for number, (method, url, body) in enumerate(changes):
        with monkeypatch.context() as refusing:
            refusing.setattr(storage, "transact", unavailable)
            with pytest.raises(AssertionError):
                api.request(method, url, body, {"Idempotency-Key": f"refused-{number}"})
        for _ in range(2):
            assert api.request(method, url, body, {"Idempotency-Key": f"key-{number}"}).status == 200, url
    for url, body in ((GROUPS, {"name": "Retail"}), ("/admin/customers", {})):
        with monkeypatch.context() as dying:
            # Its answer could not be kept, and its time ran out: the next request meets its own work.
            left = iter([20_000, 20_000])
            dying.setattr(Context, "get_remaining_time_in_millis", staticmethod(partial(next, left, 0)))
            with (
                trouble.trouble(lambda action, _: trouble.failing if action == "UpdateItem" else None),
                pytest.raises(AssertionError),
            ):
                api.post(url, body, Idempotency_Key=f"died {url}")
        assert api.post(url, body, Idempotency_Key=f"died {url}").status == 200


def _strangers(api: Client) -> None:
    """Customers from elsewhere come, change, go, and cannot be read."""

    def tell(kind: str, number: int, **detail: Any) -> None:
        event = {"source": "shop", "time": "2026-11-23T10:00:00Z", "detail-type": f"customer.{kind}"}
        detail = {"id": "shop-1", "version": number, **detail}
        http.handler("sync_customer")({**event, "detail": detail}, Context("sync_customer"))

    tell("created", 1, email="emil@mail.example")
    tell("updated", 2, email="emil@new.example")
    group = api.create_group("Sources")
    api.post(f"{GROUPS}/{group['id']}/customers", {"add": ["shop-1"]})
    tell("deleted", 3)
    tell("created", 4, email="not an address")


def _aftermath(api: Client) -> None:
    """The stream and the queue."""
    group = api.create_group("Night owls")
    flora = api.create_customer("flora@mail.example")
    api.add(group, flora)
    changed = [item for item in api.table.items() if item["SK"].startswith("CHANGE#")]
    assert on_stream("publish_changes", [record(None, item) for item in changed]) == []
    assert on_stream("publish_changes", [record(None, {"PK": "GROUP#1", "SK": "CHANGE#1"})]) == []
    before = api.table.item(Key(f"CUSTOMER#{flora['id']}", "CUSTOMER"))
    long = " ".join(f"word{number}" for number in range(30))
    assert api.post(f"/admin/customers/{flora['id']}", {"email": "f@new.example", "company_name": long}).status == 200
    after = api.table.item(Key(f"CUSTOMER#{flora['id']}", "CUSTOMER"))
    assert on_stream("refresh_copies", [record(before, after)]) == []
    assert (
        on_stream("refresh_copies", [{"eventName": "MODIFY", "dynamodb": {"SequenceNumber": "1", "NewImage": 5}}]) == []
    )
    api.delete(f"{GROUPS}/{group['id']}")
    told = {"detail": {"customer_group_id": group["id"]}}
    assert on_queue("purge_deleted", [told], HurriedContext("purge_deleted", 0)) == []
    assert on_queue("purge_deleted", [told]) == []


def test_every_function_may_do_exactly_what_it_does(story: dict[str, Grants]) -> None:
    wrong = []
    for properties in template.functions().values():
        operation = template.operation_of(properties)
        may, does = granted(operation) - POLLING, story[operation]
        wrong += [f"{operation} does {action} to {resource}, and may not" for action, resource in sorted(does - may)]
        wrong += [f"{operation} may {action} to {resource}, and never does" for action, resource in sorted(may - does)]
    assert not wrong, "\n".join(wrong)
