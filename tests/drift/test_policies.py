"""Least privilege: each function has exactly the permissions that a run of all its paths uses."""

import tests.afterwards
import tests.machine

# isort: split

import importlib
import json
import re
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import Any, Final

import pytest
from botocore.client import BaseClient

from shared.domain import moments
from shared.domain.errors import Unavailable
from shared.dynamodb import actions, transactions
from shared.dynamodb.expressions import Key
from shared.jobs import chunks, files, machine, resumption
from shared.runtime import clock, environment
from shared.storage import keys
from shared.storage.customers import GROUPS_LEFT_ON_DELETION
from shared.storage.lists import ORDERS, plan
from shared.storage.rules import store
from tests import api as http
from tests import samples, template, trouble
from tests.afterwards import HurriedContext, on_queue, on_stream, straight_to, stream_record
from tests.api import Client, Context, handler
from tests.clocks import Clock
from tests.machine import Machine

type Grants = set[tuple[str, str]]

IN_TRANSACTION: Final = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
POLLING: Final = {
    ("dynamodb:ListStreams", "Table.Arn/stream/*"),
    *(("dynamodb:" + action, "Table.StreamArn") for action in ("DescribeStream", "GetRecords", "GetShardIterator")),
    ("dynamodb:ListStreams", "Table.Arn/stream/*"),
    *(
        (f"sqs:{action}", f"{queue}.Arn")
        for queue in ("PurgeQueue", "RulesQueue")
        for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
    ),
}
"""The actions that Lambda itself uses with a function's role, to read its event source."""
EXECUTIONS: Final = "arn:AWS::Partition:states:AWS::Region:AWS::AccountId:execution:AWS::StackName-jobs:*"
GROUPS: Final = "/admin/customer-groups"
_RECENT: Final = {"field": "metadata.ordered_at", "operator": "inLast", "value": 30}


@pytest.fixture
def used(monkeypatch: pytest.MonkeyPatch) -> dict[str, Grants]:
    """The actions and resources that each function has used so far."""
    grants: dict[str, Grants] = defaultdict(set)
    running: list[str] = []
    call_aws = BaseClient._make_api_call  # type: ignore[attr-defined] # botocore has no public hook around a call
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

    def presigned(method: str, Params: dict[str, Any], ExpiresIn: int) -> str:  # noqa: N803 - the names in botocore
        grants[running[-1]].update(_needed("s3", "PutObject" if method == "put_object" else "GetObject", Params))
        return f"https://bucket.example/{Params['Key']}?X-Amz-Expires={ExpiresIn}"

    monkeypatch.setattr(files.s3(), "generate_presigned_url", presigned)
    monkeypatch.setattr(BaseClient, "_make_api_call", recorded)
    monkeypatch.setattr(http, "handler", watched)
    monkeypatch.setattr(tests.afterwards, "handler", watched)
    monkeypatch.setattr(tests.machine, "handler", watched)
    return grants


def _needed(service: str, action: str, request: dict[str, Any]) -> Grants:
    if service == "dynamodb":
        return _needed_of_table(action, request)
    if service == "s3":
        name = "s3:GetObject" if action in ("GetObject", "HeadObject") else "s3:PutObject"
        return {(name, f"JobsBucket.Arn/{request['Key'].partition('/')[0]}/*")}
    if service == "sqs":
        queue = "PurgeQueue" if request["QueueUrl"].endswith("/purge") else "DeadLetterQueue"
        return {(f"sqs:{action}", f"{queue}.Arn")}
    return {
        "stepfunctions": {(f"states:{action}", "JobMachine" if action == "StartExecution" else EXECUTIONS)},
        "events": {("events:PutEvents", "EventBus.Arn")},
        "cognito-idp": {(f"cognito-idp:{action}", "UserPool.Arn")},
    }[service]


def _needed_of_table(action: str, request: dict[str, Any]) -> Grants:
    if action == "TransactWriteItems":
        actions = {IN_TRANSACTION[verb] for item in request["TransactItems"] for verb in item}
        return {(f"dynamodb:{one}", "Table.Arn") for one in actions}
    index = f"/index/{request['IndexName']}" if "IndexName" in request else ""
    return {(f"dynamodb:{action}", f"Table.Arn{index}")}


def granted(operation: str) -> Grants:
    """The permissions of a function in template.yaml, by action and resource."""
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
    if isinstance(written, list):  # !If: a resource of this stack, or an existing one
        return _resource(written[1])
    return re.sub(r"\$\{(.+?)\}", r"\1", written)


@pytest.fixture
def story(
    table: Any,
    surroundings: Any,  # noqa: ARG001 - the bus and the queues
    used: dict[str, Grants],
    monkeypatch: pytest.MonkeyPatch,
) -> dict[str, Grants]:
    """Run every function with all cases that can happen."""
    api = Client(table, watches_table=False)
    _samples(api, monkeypatch)
    _groups_and_customers(api)
    _by_own_keys(api)
    _readers(api, monkeypatch)
    _lost_answers(api, monkeypatch)
    _other_systems(api)
    _references(api)
    _rules(api, monkeypatch)
    _terms(api, monkeypatch)
    _aftermath(api)
    _jobs(api, monkeypatch)
    return used


def _samples(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample request of each operation: without a key, failed with a key, successful with it, and repeated."""
    for operation in samples.HTTP_OPERATIONS:
        for keyed in (False, True):
            api.table.clear()
            samples.fill()
            method, path, query, body = samples.request(operation)
            if not keyed or not _repeats(operation):
                assert api.request(method, f"{path}?{query}", body).status == HTTPStatus.OK
                continue
            with monkeypatch.context() as refusing:
                refusing.setattr(transactions, "transact", _unavailable)
                with pytest.raises(AssertionError):
                    api.request(method, path, body, {"Idempotency-Key": operation})
            for _ in range(2):
                assert api.request(method, path, body, {"Idempotency-Key": operation}).status == HTTPStatus.OK
    api.table.clear()


def _repeats(operation: str) -> bool:
    """Whether an operation supports `Idempotency-Key`."""
    return bool(importlib.import_module(f"functions.{operation}.handler").api.declared.idempotency_key)


def _unavailable(_: Any) -> None:
    raise Unavailable


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
    _join_many_groups(api, bela["id"])
    assert api.delete(f"/admin/customers/{bela['id']}").status == 200


def _join_many_groups(api: Client, customer_id: str) -> None:
    """More groups than one transaction can remove a deleted customer from."""
    ids = [
        api.create_group(f"Campaign {number} of {customer_id}")["id"] for number in range(GROUPS_LEFT_ON_DELETION + 1)
    ]
    assert api.post(f"/admin/customers/{customer_id}/customer-groups", {"add": ids}).status == 200


def _by_own_keys(api: Client) -> None:
    """Every path and list of ids with keys, and PUT, which only accepts keys."""
    key, mine = f"{GROUPS}/key:own", "/admin/customers/key:own"
    for _ in range(2):
        assert api.put(f"{key}?fields=*customers", {"name": "Own"}).status == 200
        assert api.put(f"{mine}?fields=*groups", {"email": "own@mail.example"}).status == 200
    for path in (f"{key}/customers", f"{mine}/customer-groups"):
        assert api.post(path, {"add": ["key:own"]}).status == 200
    for url in (f"{key}?fields=*customers", f"{key}/customers", f"{key}/history", f"{mine}?fields=*groups"):
        assert api.get(url).status == 200
    assert api.put(f"{key}?fields=*customers", {"name": "My own", "metadata": {"large": "x" * 9_000}}).status == 200
    assert api.put(f"{mine}?fields=*groups", {"first_name": "Own", "metadata": {"large": "x" * 9_000}}).status == 200
    for path in (key, mine):
        assert api.post(path, {"metadata": {"a": 1}}).status == 200
    assert api.put(f"{key}/metadata", {"metadata": None}).status == 200
    api.get(f"{GROUPS}?id=key:own&customers=key:own")
    api.get("/admin/customers?id=key:own&groups=key:own")
    http.handler("resolve_customer_groups")({"customer_id": "key:own"}, Context("resolve_customer_groups"))
    source = {"values": ["key:own"]}
    job = {"type": "change_members", "customer_group_id": "key:own", "action": "add", "source": source}
    job_id = str(api.post("/admin/customer-group-jobs", job).body["job"]["id"])
    Machine().run(job_id)
    for path in (mine, key):
        assert api.delete(path).status == 200


def _readers(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    (vip,) = api.get(f"{GROUPS}?name=Very VIP").body["customer_groups"]
    ada = api.get("/admin/customers?email=ada@new.example").body["customers"][0]
    for url in (
        f"{GROUPS}/{vip['id']}",
        f"{GROUPS}/{vip['id']}?fields=*customers",
        f"{GROUPS}/{vip['id']}/history?actor_names=true",
        f"/admin/customers/{ada['id']}/history?actor_names=true",
    ):
        assert api.get(url).status == 200
    assert api.get(f"/admin/customers/{ada['id']}?fields=*groups").status == 200
    for path, relation in (
        (GROUPS, "customers"),
        ("/admin/customers", "groups"),
        (f"{GROUPS}/{vip['id']}/customers", "groups"),
    ):
        orders = [f"order={order}" for order in ORDERS[keys.GROUPS if path == GROUPS else keys.CUSTOMERS]]
        for few in (0, plan.FEW_ROWS):  # as with very many members, and as it is here
            monkeypatch.setattr(plan, "FEW_ROWS", few)
            for query in (*orders, "q=v", "q=ada", "created_by=x", f"fields=*{relation}"):
                assert api.get(f"{path}?{query}").status == 200
        assert api.get(f"{path}?id={ada['id']}&id={vip['id']}").status == 200
    assert api.get(f"{GROUPS}?customers={ada['id']}").shown("id") == [vip["id"]]
    assert api.get(f"/admin/customers?groups={vip['id']}&q=ada").shown("id") == [ada["id"]]
    answer = http.handler("resolve_customer_groups")({"customer_id": ada["id"]}, Context("resolve_customer_groups"))
    assert [one["name"] for one in answer["groups"]] == ["Very VIP"]


def _lost_answers(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A creation whose response is lost, and its repetition."""
    for url, body in ((GROUPS, {"name": "Retail"}), ("/admin/customers", {})):
        with monkeypatch.context() as dying:
            # Its response was not stored, so the repetition finds the record that it created.
            left = iter([20_000, 20_000])
            dying.setattr(Context, "get_remaining_time_in_millis", staticmethod(partial(next, left, 0)))
            with (
                trouble.trouble(lambda _, before: trouble.failing if before >= len(("record", "creation")) else None),
                pytest.raises(AssertionError),
            ):
                api.post(url, body, Idempotency_Key=f"died {url}")
        assert api.post(url, body, Idempotency_Key=f"died {url}").status == 200


def _other_systems(api: Client) -> None:
    """Customers of other systems are created, updated, deleted, and malformed."""

    def send(kind: str, number: int, **detail: Any) -> None:
        event = {"source": "shop", "time": "2026-11-23T10:00:00Z", "detail-type": f"customer.{kind}"}
        detail = {"id": "shop-1", "version": number, **detail}
        http.handler("sync_customer")({**event, "detail": detail}, Context("sync_customer"))

    send("created", 1, email="emil@mail.example")
    send("updated", 2, email="emil@new.example")
    group = api.create_group("Sources")
    api.post(f"{GROUPS}/{group['id']}/customers", {"add": ["shop-1"]})
    send("deleted", 3)
    send("created", 4, email="emil@mail.example")
    _join_many_groups(api, "shop-1")
    send("deleted", 5)
    send("created", 6, email="not an address")


def _references(api: Client) -> None:
    """References to a group, over HTTP and on the bus, also to deleted groups."""
    group = api.create_group("Relied on", key="relied-on")
    path = f"{GROUPS}/key:relied-on"
    for url in (f"{path}/references/pricing/a", f"{path}/references/pricing/b"):
        assert api.put(url, {"label": "A rule"}).status == 200

    def send(kind: str, number: int, **detail: Any) -> None:
        content = {"system": "pricing", "id": "c", "version": number, "customer_group_id": "key:relied-on", **detail}
        event = {"source": "pricing", "time": "2026-11-23T10:00:00Z", "detail": content}
        kind = f"customer-group.reference-{kind}"
        http.handler("sync_reference")({**event, "detail-type": kind}, Context("sync_reference"))

    send("added", 1, label="A rule")
    send("removed", 2)
    send("added", 3, label="A rule")
    send("added", 4, label="")
    assert api.get(f"{path}/references").body["count"] == 3
    assert api.delete(f"{path}/references/pricing/b").status == 200
    assert api.delete(path).status == 409
    assert api.delete(f"{path}?force=true").status == 200
    assert on_queue("purge_deleted", [{"detail": {"customer_group_id": group["id"]}}]) == []


def _terms(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memberships that begin and end, and what is requested before the schedule has run."""
    with monkeypatch.context() as patch:
        watch = Clock()
        patch.setattr(clock, "now", watch.now)
        _memberships_with_terms(api, watch)


def _memberships_with_terms(api: Client, watch: Clock) -> None:
    group = api.create_group("Trial", key="trial")
    path, members = f"{GROUPS}/{group['id']}", f"{GROUPS}/{group['id']}/customers"
    ida, jana = (api.create_customer(f"{name}@mail.example")["id"] for name in ("ida", "jana"))
    ends = {}
    for days in (2, 1):
        begins, ends = {"id": jana, "starts_at": watch.later(days=days)}, {"id": ida, "ends_at": watch.later(days=days)}
        assert api.post(members, {"add": [begins, ends]}).status == 200
    assert api.post(f"/admin/customers/{ida}/customer-groups", {"add": [{"id": group["id"]}]}).status == 200
    assert api.post(members, {"add": [ends]}).status == 200
    watch.pass_(days=1)
    related = f"groups={group['id']}"
    for url in (
        path,
        GROUPS,
        f"{members}?fields=*membership",
        f"/admin/customers?{related}",
        f"{GROUPS}?customers={ida}",
    ):
        assert api.get(url).status == 200
    with_groups = "fields=*groups"
    assert api.get(f"/admin/customers/{jana}?{with_groups}").status == 200
    assert api.post(f"/admin/customers/{jana}?{with_groups}", {"key": "jana"}).status == 200
    assert api.put(f"/admin/customers/key:jana?{with_groups}", {"first_name": "Jana"}).status == 200
    assert (
        api.post(f"/admin/customers/{jana}/customer-groups?{with_groups}", {"remove": [group["id"] + "x"]}).status
        == 200
    )
    for body in ({"metadata": {"a": 1}}, {"rule": {"combinator": "and", "rules": [_RECENT]}}):
        api.post(path, body)
    assert api.put(f"{path}/metadata", {"metadata": None}).status == 200
    assert api.put(f"{GROUPS}/key:trial", {"name": "Trial period"}).status == 200
    assert api.post(members, {"add": [ida]}).body["added"] == [ida]
    transactions.commit([actions.put(keys.term(group["id"], watch.now(), "nobody")._asdict())])
    assert http.handler("apply_terms")({}, Context("apply_terms")) == {"applied": 2}
    both = [{"id": one, "ends_at": watch.later(days=1)} for one in (ida, jana)]
    assert api.post(members, {"add": both}).status == 200
    watch.pass_(days=1)
    job = {"type": "change_members", "customer_group_id": group["id"], "action": "remove"}
    job_id = str(
        api.post("/admin/customer-group-jobs", job | {"source": {"filter": {"groups": [group["id"]]}}}).body["job"][
            "id"
        ]
    )
    Machine().run(job_id)
    assert api.delete(f"/admin/customers/{jana}").status == 200
    assert api.delete(path).status == 200
    assert on_queue("purge_deleted", [{"detail": {"customer_group_id": group["id"]}}]) == []


def _rules(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules of all kinds, what follows from events, exceptions, and time that passes."""
    group = api.create_group("Mentioned", key="mentioned")
    old = {"ordered_at": "2020-01-01T00:00:00Z", "notes": "x" * 9_000}
    gina, hugo = (api.create_customer(f"{name}@mail.example", metadata=old) for name in ("gina", "hugo"))
    api.add(group, hugo)
    conditions = [{"field": "groups", "operator": "=", "value": "key:mentioned"}, {**_RECENT, "operator": "notInLast"}]
    rule = {"combinator": "and", "rules": conditions}
    made = api.post(GROUPS, {"name": "By rule", "rule": {"combinator": "and", "rules": [_RECENT]}}).group
    path = f"{GROUPS}/{made['id']}"
    for body in ({"rule": rule}, {"rule": None}, {"rule": rule}):
        assert api.post(path, body).status == 200
    keyed = f"{GROUPS}/key:by-rule"
    assert api.post(path, {"key": "by-rule"}).status == 200
    for body in ({"rule": None}, {"rule": rule}, {"rule": rule}):
        assert api.put(keyed, body).status == 200
    assert api.put(f"{GROUPS}/key:by-rule-too", {"name": "By rule, too", "rule": rule}).status == 200
    store.Memory.rules = store.NONE  # as in a new container
    third = api.post(GROUPS, {"name": "By rule, as well", "rule": rule}).group
    assert api.delete(f"{GROUPS}/{third['id']}").status == 200
    job_id = str(api.get(path).group["rule_job_id"])

    def deliver(kind: str, **detail: Any) -> None:
        store.Memory.rules = store.NONE  # as in a new container
        assert on_queue("apply_rules", [{"detail-type": kind, "detail": detail}]) == []

    deliver("customer-group.updated", customer_group_id=made["id"], new={"rule": rule})
    Machine().run(job_id)
    for exceptions in ({"always": [gina["id"]]}, {"never": ["key:none", hugo["id"]]}, {"never": [hugo["id"]]}, {}):
        api.put(f"{keyed}/exceptions", exceptions)
    api.get(f"{keyed}/exceptions")
    former = api.create_customer("former@mail.example")
    api.put(f"{keyed}/exceptions", {"never": [former["id"]]})
    api.delete(f"/admin/customers/{former['id']}")
    deliver("customer.deleted", customer_id=former["id"])
    assert api.post(f"{GROUPS}/preview", {"rule": rule}).status == 200
    with monkeypatch.context() as patch:
        watch = Clock()
        patch.setattr(clock, "now", watch.now)
        soon = moments.iso(watch.at - timedelta(days=30) + timedelta(seconds=1))
        api.post(f"/admin/customers/{hugo['id']}", {"metadata": {"ordered_at": soon}})
        deliver("customer.updated", customer_id=hugo["id"])
        deliver("customer-group.customers-added", customer_group_id=group["id"], customer_ids=[hugo["id"]])
        watch.pass_(seconds=1.5)
        assert http.handler("judge_due")({}, Context("judge_due")) == {"judged": 1}
    references = [{"system": "rules", "id": made["id"]}]
    assert api.delete(f"{GROUPS}/key:mentioned?force=true").status == 200
    for _ in range(2):
        deliver("customer-group.deleted", event_id="change_1", customer_group_id=group["id"], references=references)
    assert api.delete(keyed).status == 200
    assert api.delete(f"{GROUPS}/key:by-rule-too").status == 200
    for job in api.get("/admin/customer-group-jobs?limit=100").body["jobs"]:
        if job["status"] == "pending":
            Machine().run(job["id"])


def _aftermath(api: Client) -> None:
    """The functions on the stream and the queue."""
    group = api.create_group("Night owls")
    flora = api.create_customer("flora@mail.example")
    api.add(group, flora)
    changed = [item for item in api.table.items() if item["SK"].startswith("CHANGE#")]
    assert on_stream("publish_changes", [stream_record(None, item) for item in changed]) == []
    assert on_stream("refresh_copies", [stream_record(None, item) for item in changed]) == []
    assert on_stream("publish_changes", [stream_record(None, {"PK": "GROUP#1", "SK": "CHANGE#1"})]) == []
    unreadable = {"eventName": "MODIFY", "dynamodb": {"SequenceNumber": "1", "NewImage": 5}}
    before = api.table.item(Key(f"CUSTOMER#{flora['id']}", "CUSTOMER"))
    long = " ".join(f"word{number}" for number in range(30))
    assert api.post(f"/admin/customers/{flora['id']}", {"email": "f@new.example", "company_name": long}).status == 200
    after = api.table.item(Key(f"CUSTOMER#{flora['id']}", "CUSTOMER"))
    assert on_stream("refresh_copies", [stream_record(before, after)]) == []
    assert straight_to("refresh_copies", [unreadable]) == []
    api.delete(f"{GROUPS}/{group['id']}")
    deleted = {"detail": {"customer_group_id": group["id"]}}
    assert on_queue("purge_deleted", [deleted], HurriedContext("purge_deleted", 0)) == []
    assert on_queue("purge_deleted", [deleted]) == []
    assert api.post(f"/admin/customers/{flora['id']}", {"phone": "1"}, Idempotency_Key="flora").status == 200
    assert api.delete(f"/admin/customers/{flora['id']}").status == 200
    gone = api.table.item(Key(f"CUSTOMER#{flora['id']}", "CUSTOMER"))
    assert on_stream("refresh_copies", [stream_record(after, gone)]) == []


def _jobs(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job of each kind, with files, filters, new customers, and deleted groups."""
    vip, retail = api.create_group("Jobs"), api.create_group("More jobs")
    ada = api.create_customer("jobs@mail.example")

    def run(**body: Any) -> str:
        job_id = str(api.post("/admin/customer-group-jobs", body).body["job"]["id"])
        Machine().run(job_id)
        assert api.get(f"/admin/customer-group-jobs/{job_id}?actor_names=true").body["job"]["status"] == "succeeded"
        return job_id

    change = {"type": "change_members", "customer_group_id": vip["id"]}
    values = {"values": [ada["id"], "new@mail.example"]}
    run(**change, action="add", source=values, create_missing=True)
    run(**change, action="add", source=values, dry_run=True)
    for query in (
        {"updated_at": {"$gte": "2026-01-01"}},
        {"q": "jobs"},
        {"has_account": False, "created_at": {"$gte": "2026-01-01"}},
        {"groups": vip["id"]},
    ):
        run(**change, action="set", source={"filter": query})
    run(**change, action="add", source={"filter": {"email": "jobs@mail.example", "id": ada["id"]}})
    run(type="move_members", **{"from": vip["id"], "to": retail["id"]})
    run(type="copy_group", customer_group_id=retail["id"], name="Copied jobs")
    run(type="combine_groups", operation="union", customer_group_ids=[vip["id"], retail["id"]], into={"name": "All"})
    exported = run(type="export")
    content = b"".join(files.read(files.result(exported, "csv")))
    api.delete(f"/admin/customer-groups/{retail['id']}")
    run(type="import", upload_id=_upload(api, content, "text/csv"))
    exceptions = {"always": ["cus_nobody"], "never": []}
    rule = {"combinator": "and", "rules": [_RECENT]}
    brought = {"record": "customer_group", "group_name": "Brought", "group_rule": rule, "group_exceptions": exceptions}
    run(type="import", upload_id=_upload(api, json.dumps(brought).encode(), "application/jsonl"))
    (automatic,) = api.get("/admin/customer-groups?name=Brought").body["customer_groups"]
    Machine().run(automatic["rule_job_id"])
    assert api.put(f"/admin/customer-groups/{automatic['id']}/exceptions", {"never": [ada["id"]]}).status == 200
    run(type="export", customer_group_ids=[automatic["id"]])
    assert api.get("/admin/customer-group-jobs?actor_names=true").body["count"] > 1
    _cancelled(api, vip, monkeypatch)
    _stopped(api, vip, monkeypatch)


def _upload(api: Client, content: bytes, content_type: str) -> str:
    body = {"filename": "export", "content_type": content_type, "size": len(content)}
    upload_id = str(api.post("/admin/customer-group-uploads", body).body["upload"]["id"])
    files.write(files.uploaded(upload_id), content)
    return upload_id


def _cancelled(api: Client, group: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that is cancelled after its first chunk, and again when it has its result."""
    monkeypatch.setattr(chunks, "ROWS", 1)
    source = {"values": ["cus_1", "cus_2"]}
    body = {"type": "change_members", "customer_group_id": group["id"], "action": "add", "source": source}
    job_id = api.post("/admin/customer-group-jobs", body).body["job"]["id"]
    cancel = partial(api.post, f"/admin/customer-group-jobs/{job_id}/cancel")

    def invoke(operation: str, event: Any) -> Any:
        if operation == "do_job_chunk" and event["key"].endswith("1.jsonl"):
            assert cancel().status == HTTPStatus.OK
        return http.handler(operation)(event, Context(operation))

    Machine(invoke).run(job_id)
    assert cancel().body["job"]["result"]["url"]


def _stopped(api: Client, group: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """A job with a stopped execution, and one that was never started."""
    monkeypatch.setattr(resumption, "YOUNG", timedelta(seconds=-1))
    monkeypatch.setattr(resumption, "QUIET", timedelta(seconds=-1))
    source = {"values": ["cus_1"]}
    body = {"type": "change_members", "customer_group_id": group["id"], "action": "add", "source": source}
    stopped = api.post("/admin/customer-group-jobs", body).body["job"]["id"]
    arn = environment.job_machine_arn().replace(":stateMachine:", ":execution:")
    machine.step_functions().stop_execution(executionArn=f"{arn}:{stopped}")
    with monkeypatch.context() as died:
        died.setattr(machine, "start", lambda _: None)
        api.post("/admin/customer-group-jobs", body)
    assert http.handler("resume_jobs")({}, Context("resume_jobs")) == {"resumed": 2}


def test_every_function_has_exactly_the_permissions_that_it_uses(story: dict[str, Grants]) -> None:
    wrong = []
    for properties in template.functions().values():
        operation = template.operation_of(properties)
        may, does = granted(operation) - POLLING, story[operation]
        wrong += [f"{operation} does {action} to {resource}, and may not" for action, resource in sorted(does - may)]
        wrong += [f"{operation} may {action} to {resource}, and never does" for action, resource in sorted(may - does)]
    assert not wrong, "\n".join(wrong)


def test_the_layer_has_the_service_models_of_all_services_that_functions_call() -> None:
    makefile = (template.ROOT / "dependencies" / "Makefile").read_text()
    shipped = set((re.search(r"^SERVICES = (.+)$", makefile, re.MULTILINE) or [""])[1].split())
    operations = [path.parent.name for path in template.ROOT.glob("functions/*/handler.py")]
    called = {action.partition(":")[0] for operation in operations for action, _ in granted(operation)}
    assert {"stepfunctions" if one == "states" else one for one in called} <= shipped
