"""Processing after a write, on the running stack: events, purges, dead letters, other systems, prices."""

# ruff: noqa: T201 - prints measured times and prices, with pytest -s

import json
import os
import secrets
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from examples.pricing import __main__ as pricing
from local.stack import Stack
from operations import redrive
from operations.deployment import Deployment, on_this_machine
from tests.event_schemas import schema
from tests.stack import Post, eventually

GROUPS: Final = "/admin/customer-groups"
MEMBERS: Final = int(os.environ.get("PURGED_MEMBERS", "400"))
"""The size of the large group. The local cloud creates about 20 customers a second; tests/storage/test_purge.py does
the same with 20,000 on another engine (`make purge-at-scale`)."""


@pytest.fixture(scope="module")
def deployment(stack: Stack) -> Deployment:
    return on_this_machine(stack)


class Subscriber:
    """Another system: a queue with a rule for all events on the bus."""

    def __init__(self, deployment: Deployment, name: str) -> None:
        self._sqs = deployment.client("sqs")
        self._url = self._sqs.create_queue(QueueName=name)["QueueUrl"]
        arn = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        self._rule = {"Name": name, "EventBusName": deployment.outputs["EventBusName"]}
        self._events = deployment.client("events")
        self._events.put_rule(**self._rule, EventPattern=json.dumps({"source": ["liqnic.customer-groups"]}))
        bus = deployment.outputs["EventBusName"]
        self._events.put_targets(Rule=name, EventBusName=bus, Targets=[{"Id": "queue", "Arn": arn}])
        self.received: list[tuple[str, dict[str, Any]]] = []

    def receives(self, about: str, number: int) -> list[tuple[str, dict[str, Any]]]:
        """Wait for a number of events about a group or customer, and validate them with their schemas."""
        return eventually(lambda: found if len(found := self._about(about)) >= number else []) or self._about(about)

    def _about(self, one: str) -> list[tuple[str, dict[str, Any]]]:
        for message in self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get("Messages", []):
            event = json.loads(message["Body"])
            schema(event["detail-type"]).validate(event["detail"])
            self.received.append((event["detail-type"], event["detail"]))
            self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
        ids = ("customer_group_id", "customer_id")
        return [(kind, detail) for kind, detail in self.received if one in (detail.get(name) for name in ids)]

    def leave(self) -> None:
        self._events.remove_targets(Rule=self._rule["Name"], EventBusName=self._rule["EventBusName"], Ids=["queue"])
        self._events.delete_rule(**self._rule)
        self._sqs.delete_queue(QueueUrl=self._url)


@pytest.fixture
def subscriber(deployment: Deployment, unique: str) -> Iterator[Subscriber]:
    one = Subscriber(deployment, f"subscriber-{unique}")
    yield one
    one.leave()


def test_each_write_publishes_one_event_in_order(
    admin: httpx.Client, subscriber: Subscriber, new_group: Post, new_customer: Post, unique: str
) -> None:
    group, ada = new_group(metadata={"discount_percent": 10}), new_customer(first_name="Ada")
    path = f"{GROUPS}/{group['id']}"
    admin.post(f"{path}/customers", json={"add": [ada["id"]]})
    admin.post(path, json={"name": f"Renamed {unique}", "metadata": {"discount_percent": 12}})
    admin.post(f"{path}/customers", json={"add": [ada["id"]]})  # already a member, so there is no event
    admin.post(f"{path}/customers", json={"remove": [ada["id"]]})
    admin.post(f"/admin/customers/{ada['id']}", json={"last_name": "Lovelace"})
    admin.delete(f"/admin/customers/{ada['id']}")
    admin.delete(path)

    published = subscriber.receives(group["id"], 5)
    assert [kind.removeprefix("customer-group.") for kind, _ in published] == [
        "created",
        "customers-added",
        "updated",
        "customers-removed",
        "deleted",
    ]
    created = {"name": group["name"], "key": None, "metadata": {"discount_percent": 10}, "rule": None}
    assert published[0][1]["new"] == created
    assert published[1][1]["customer_ids"] == published[3][1]["customer_ids"] == [ada["id"]]
    assert published[2][1]["previous"] == {"name": group["name"], "metadata": {"discount_percent": 10}}
    assert published[2][1]["new"] == {"name": f"Renamed {unique}", "metadata": {"discount_percent": 12}}
    assert [published[number][1]["version"] for number in (0, 2, 4)] == [1, 2, 3]

    of_ada = subscriber.receives(ada["id"], 3)
    assert [kind for kind, _ in of_ada] == ["customer.created", "customer.updated", "customer.deleted"]
    assert of_ada[1][1]["new"] == {"last_name": "Lovelace"}


def test_an_invalid_record_does_not_block_and_goes_to_the_dead_letter_queue(
    deployment: Deployment, subscriber: Subscriber, new_group: Post, unique: str
) -> None:
    poison = {"PK": f"GROUP#{unique}", "SK": "CHANGE#poison", "subject": "voucher", "type": "created"}
    item = {name: {"S": value} for name, value in poison.items()}
    deployment.client("dynamodb").put_item(TableName=deployment.outputs["TableName"], Item=item)
    group = new_group()
    assert [kind for kind, _ in subscriber.receives(group["id"], 1)] == ["customer-group.created"]

    waiting: list[tuple[str, ...]] = []
    redrive.redrive(deployment, is_dry=True, report=lambda *published: waiting.append(published))
    expected = ("PublishChanges", "PoisonError: no change: KeyError", "would be delivered again")
    assert expected in [published[1:] for published in waiting]
    # The cause is not fixed: the message comes back and is not lost.
    delivered: list[tuple[str, ...]] = []
    assert redrive.redrive(deployment, is_dry=False, report=lambda *published: delivered.append(published)) >= 1
    assert any("came back" in outcome for *_, reason, outcome in delivered if reason == expected[1])


def send_event(deployment: Deployment, kind: str, source: str = "liqnic.storefront", **detail: Any) -> None:
    """Send an event of another system about its customer."""
    entry = {"Source": source, "DetailType": f"customer.{kind}", "Detail": json.dumps(detail)}
    bus = deployment.outputs["EventBusName"]
    assert deployment.client("events").put_events(Entries=[{"EventBusName": bus, **entry}])["FailedEntryCount"] == 0


def test_customers_of_other_systems_are_synchronized(admin: httpx.Client, deployment: Deployment, unique: str) -> None:
    path, address = f"/admin/customers/shop-{unique}", f"grace-{unique}@mail.example"
    send_event(deployment, "created", "somewhere.unknown", id=f"spam-{unique}", version=1)
    send_event(deployment, "created", id=f"shop-{unique}", version=1, email=address, first_name="Grace")
    assert eventually(lambda: admin.get(path).status_code == httpx.codes.OK)
    send_event(deployment, "updated", id=f"shop-{unique}", version=3, last_name="Hopper")
    assert eventually(lambda: admin.get(path).json()["customer"]["last_name"] == "Hopper")
    send_event(deployment, "updated", id=f"shop-{unique}", version=2, last_name="Late")
    send_event(deployment, "deleted", id=f"shop-{unique}", version=4)
    assert eventually(lambda: admin.get(path).status_code == httpx.codes.NOT_FOUND)
    assert admin.get(f"/admin/customers/spam-{unique}").status_code == httpx.codes.NOT_FOUND


@pytest.fixture(scope="module")
def readers(admin: httpx.Client) -> list[str]:
    """The ids of many customers."""
    addresses = [f"{secrets.token_hex(8)}@mail.example" for _ in range(MEMBERS)]
    with ThreadPoolExecutor(3) as several:
        answers = several.map(lambda email: admin.post("/admin/customers", json={"email": email}).json(), addresses)
        return [str(answer["customer"]["id"]) for answer in answers]


class Worker:
    """The processes of the purge of one stack. Functions have the same names in all stacks of this machine."""

    def __init__(self, stack_home: Path, deployment: Deployment) -> None:
        self._mark = str(stack_home / "tmp" / f"ministack-lambda-{deployment.resources['PurgeDeleted']}")

    def signal(self, what: signal.Signals) -> bool:
        """Send a signal to all of them. Returns whether there is any."""
        is_there = False
        for shown in Path("/proc").glob("[0-9]*/cmdline"):
            if self._mark in _read(shown):
                with suppress(ProcessLookupError):
                    os.kill(int(shown.parent.name), what)
                    is_there = True
        return is_there


@pytest.fixture
def worker(stack_home: Path, deployment: Deployment) -> Worker:
    return Worker(stack_home, deployment)


@pytest.mark.parametrize("deaths", [0, 2], ids=["undisturbed", "with the worker killed twice"])
def test_a_large_group_is_deleted_immediately_and_purged_completely(
    admin: httpx.Client, deployment: Deployment, worker: Worker, new_group: Post, readers: list[str], deaths: int
) -> None:
    ids = readers
    group = new_group()
    vip = new_group(name=f"VIP {group['name']}")
    for start in range(0, MEMBERS, 1_000):
        admin.post(f"{GROUPS}/{group['id']}/customers", json={"add": ids[start : start + 1_000]})
    admin.post(f"{GROUPS}/{vip['id']}/customers", json={"add": ids[:3]})
    # The message of a killed worker is delivered again after the visibility timeout: half an hour, or seconds here.
    queue = {"QueueUrl": deployment.resources["PurgeQueue"]}
    deployment.client("sqs").set_queue_attributes(**queue, Attributes={"VisibilityTimeout": "3"})

    # The local cloud ends processes that have been idle for long; a new one would start at once.
    is_suspended = bool(deaths) and worker.signal(signal.SIGSTOP)
    begun = time.monotonic()
    assert admin.delete(f"{GROUPS}/{group['id']}").status_code == httpx.codes.OK
    answered_after = time.monotonic() - begun
    assert not is_suspended or _left(deployment, group) == MEMBERS, "the request itself removes nobody"
    assert admin.post(GROUPS, json={"name": group["name"]}).status_code == httpx.codes.OK, "the name is not free"
    _check_reads(admin, group, vip, ids)
    for _ in range(deaths):
        _kill(worker, deployment, group)
        _check_reads(admin, group, vip, ids)
    assert eventually(lambda: _left(deployment, group) == 0, seconds=120 + MEMBERS / 20)
    print(f"\n{MEMBERS} members: answered after {answered_after:.2f} s, gone after {time.monotonic() - begun:.1f} s")

    assert not _has_memberships(deployment, group)
    _check_reads(admin, group, vip, ids)
    assert _group_counts(deployment, ids) == [1] * 3 + [0] * (MEMBERS - 3)
    admin.delete(f"{GROUPS}/{vip['id']}")
    assert eventually(lambda: not _has_memberships(deployment, vip))
    deployment.client("sqs").set_queue_attributes(**queue, Attributes={"VisibilityTimeout": "1800"})


def _check_reads(admin: httpx.Client, group: dict[str, Any], vip: dict[str, Any], ids: list[str]) -> None:
    """No read returns the deleted group, and all other results are exact."""
    assert admin.get(f"{GROUPS}/{group['id']}").status_code == httpx.codes.NOT_FOUND
    for customer_id in (ids[0], ids[-1]):
        shown = admin.get(f"/admin/customers/{customer_id}", params={"fields": "groups.id"}).json()["customer"]
        assert [each["id"] for each in shown["groups"]] == ([vip["id"]] if customer_id == ids[0] else [])
    assert admin.get(f"{GROUPS}/{vip['id']}").json()["customer_group"]["customer_count"] == 3


def _kill(worker: Worker, deployment: Deployment, group: dict[str, Any]) -> None:
    """Kill the purge while it is working.

    It is suspended and resumed until some memberships are removed and some are not.
    """
    before, deadline = _left(deployment, group), time.monotonic() + 120
    while (left := _left(deployment, group)) == before and time.monotonic() < deadline:
        worker.signal(signal.SIGCONT)
        time.sleep(0.03)
        worker.signal(signal.SIGSTOP)
    worker.signal(signal.SIGKILL)
    assert 0 < left < before


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""  # the process has ended


def _left(deployment: Deployment, group: dict[str, Any]) -> int:
    """The remaining member count of the deleted group."""
    key = {"PK": {"S": f"GROUP#{group['id']}"}, "SK": {"S": "GROUP"}}
    answer = deployment.client("dynamodb").get_item(TableName=deployment.outputs["TableName"], Key=key)
    return int(answer["Item"]["customer_count"]["N"])


def _has_memberships(deployment: Deployment, group: dict[str, Any]) -> bool:
    answer = deployment.client("dynamodb").query(
        TableName=deployment.outputs["TableName"],
        KeyConditionExpression="PK = :group AND begins_with(SK, :members)",
        ExpressionAttributeValues={":group": {"S": f"GROUP#{group['id']}"}, ":members": {"S": "CUSTOMER#"}},
        Limit=1,
    )
    return bool(answer["Items"])


def _group_counts(deployment: Deployment, ids: list[str]) -> list[int]:
    dynamodb, table = deployment.client("dynamodb"), deployment.outputs["TableName"]
    keys = [{"PK": {"S": f"CUSTOMER#{one}"}, "SK": {"S": "SUMMARY"}} for one in ids]
    return [int(dynamodb.get_item(TableName=table, Key=key)["Item"]["group_count"]["N"]) for key in keys]


def test_the_pricing_example_returns_both_prices_of_the_guide(
    admin: httpx.Client, stack: Stack, new_customer: Post
) -> None:
    ada, nordwind = new_customer(first_name="Ada"), new_customer(company_name="Nordwind Logistik")
    offers = {
        "VIP": {"discount_percent": 10},
        "Wholesale": {"bulk_price": {"from_quantity": 50, "discount_percent": 25}, "payment_days": 30},
    }
    for (name, metadata), member in zip(offers.items(), (ada, nordwind), strict=True):
        admin.post(GROUPS, json={"name": name, "metadata": metadata})  # refused if it already exists
        group = admin.get(GROUPS, params={"name": name}).json()["customer_groups"][0]
        admin.post(f"{GROUPS}/{group['id']}/customers", json={"add": [member["id"]]})

    function = pricing.deploy(stack)
    prices = [pricing.price(stack, function, one["id"], quantity) for one, quantity in ((ada, 1), (nordwind, 50))]
    print(*map(pricing.sentence, ("A VIP", "A wholesale customer"), prices), sep="\n")
    assert [(one["unit_price"], one["total"], one["offer"]) for one in prices] == [
        ("72.00", "72.00", "VIP: 10 % off"),
        ("60.00", "3000.00", "Wholesale: 25 % off from 50 pieces"),
    ]
    assert pricing.price(stack, function, nordwind["id"], 49)["offer"] is None
    assert pricing.price(stack, function, "nobody", 1)["total"] == "80.00"
