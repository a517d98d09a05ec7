"""Customers of other systems, from events on the bus."""

from typing import Any

import pytest

from tests.afterwards import Surroundings
from tests.api import Client, Context, handler

TIME = "2026-11-23T09:30:00Z"


def send_event(kind: str, time: str = TIME, source: str = "liqnic.storefront", **detail: Any) -> None:
    event = {"version": "0", "source": source, "time": time, "detail-type": f"customer.{kind}", "detail": detail}
    handler("sync_customer")(event, Context("sync_customer"))


def shown(api: Client, customer_id: str) -> dict[str, Any]:
    return api.get(f"/admin/customers/{customer_id}").customer


def is_gone(api: Client, customer_id: str) -> bool:
    return api.get(f"/admin/customers/{customer_id}").status == 404


@pytest.fixture(autouse=True)
def nothing_is_buried(request: pytest.FixtureRequest, surroundings: Surroundings) -> Any:
    yield
    if "buries" not in request.node.name:
        assert surroundings.dead_letters() == []


def test_creates_a_customer_with_the_sources_id(api: Client) -> None:
    metadata = {"loyalty": {"points": 120, "ratio": 0.25}}
    send_event("created", id="shop-1017", version=1, email="Grace@mail.example", first_name="Grace", metadata=metadata)
    customer = shown(api, "shop-1017")
    assert (customer["email"], customer["first_name"], customer["last_name"]) == ("Grace@mail.example", "Grace", None)
    assert (customer["has_account"], customer["created_by"]) == (False, "liqnic.storefront")
    assert float(customer["metadata"]["loyalty"]["ratio"]) == 0.25
    assert api.get("/admin/customers?q=grace").shown("id") == ["shop-1017"]


def test_sets_the_given_attributes_and_keeps_the_others(api: Client) -> None:
    send_event("created", id="shop-1", version=1, email="grace@mail.example", first_name="Grace", phone="1")
    send_event("updated", id="shop-1", version=2, phone=None, last_name="Hopper")
    customer = shown(api, "shop-1")
    assert [customer[name] for name in ("email", "first_name", "last_name", "phone")] == [
        "grace@mail.example",
        "Grace",
        "Hopper",
        None,
    ]


def test_an_update_can_arrive_first(api: Client) -> None:
    send_event("updated", id="shop-1", version=2, first_name="Grace")
    send_event("created", id="shop-1", version=1, first_name="Gracie")
    assert shown(api, "shop-1")["first_name"] == "Grace"


def test_a_replayed_customer_has_the_same_created_at_as_before(api: Client) -> None:
    """Otherwise `make erasures` would treat an erased customer as a new one and keep it."""
    detail = {"id": "shop-1", "version": 1, "email": "grace@mail.example"}
    event = {"source": "liqnic.storefront", "time": TIME, "detail-type": "customer.created", "detail": detail}
    handler("sync_customer")({**event, "replay-name": "restore-1"}, Context("sync_customer"))
    assert shown(api, "shop-1")["created_at"] == "2026-11-23T09:30:00.000Z"
    send_event("created", id="shop-2", version=1)
    assert shown(api, "shop-2")["created_at"] > "2026-11-23T09:30:00.000Z"


def test_a_repeated_event_changes_nothing(api: Client) -> None:
    send_event("created", id="shop-1", version=1, first_name="Grace")
    before = api.table.contents()
    send_event("created", id="shop-1", version=1, first_name="Grace")
    assert api.table.contents() == before


def test_a_late_event_changes_nothing(api: Client) -> None:
    send_event("created", id="shop-1", version=1, first_name="G.")
    send_event("updated", id="shop-1", version=3, first_name="Grace")
    send_event("updated", id="shop-1", version=2, first_name="Gracie")
    assert shown(api, "shop-1")["first_name"] == "Grace"


def test_without_a_version_states_are_numbered_by_the_time_of_the_change(api: Client) -> None:
    send_event("created", id="shop-1", updated_at="2026-11-23T10:00:00.002+01:00", first_name="Grace")
    send_event("updated", id="shop-1", updated_at="2026-11-23T09:00:00.001Z", first_name="Gracie")
    assert shown(api, "shop-1")["first_name"] == "Grace"
    send_event("updated", id="shop-1", updated_at="2026-11-23T09:00:00.003", first_name="G.")
    assert shown(api, "shop-1")["first_name"] == "G."


def test_otherwise_states_are_numbered_by_the_time_of_the_event(api: Client) -> None:
    send_event("created", "2026-11-23T09:00:02Z", id="shop-1", first_name="Grace")
    send_event("updated", "2026-11-23T09:00:01Z", id="shop-1", first_name="Gracie")
    assert shown(api, "shop-1")["first_name"] == "Grace"


def test_deleting_a_customer_keeps_the_counts_of_groups_exact(api: Client) -> None:
    send_event("created", id="shop-1", version=1)
    vip = api.create_group("VIP")
    api.add(vip, {"id": "shop-1"})
    send_event("deleted", id="shop-1", version=2)
    assert is_gone(api, "shop-1")
    assert (api.count_of(vip), api.member_ids(vip)) == (0, [])


def test_a_late_update_does_not_create_a_deleted_customer_again(api: Client) -> None:
    send_event("created", id="shop-1", version=1)
    send_event("deleted", id="shop-1", version=3)
    send_event("updated", id="shop-1", version=2, first_name="Grace")
    assert is_gone(api, "shop-1")


def test_a_deletion_that_arrives_before_the_creation_is_applied(api: Client) -> None:
    send_event("deleted", id="shop-1", version=2)
    send_event("created", id="shop-1", version=1, email="grace@mail.example")
    assert is_gone(api, "shop-1")
    assert api.get("/admin/customers").shown("id") == []
    api.create_customer("grace@mail.example")


def test_a_later_state_can_create_the_customer_again(api: Client) -> None:
    send_event("created", id="shop-1", version=1, email="grace@mail.example", first_name="Grace")
    send_event("deleted", id="shop-1", version=2)
    send_event("created", id="shop-1", version=3, email="grace@mail.example")
    customer = shown(api, "shop-1")
    assert (customer["email"], customer["first_name"]) == ("grace@mail.example", None)


def test_ignores_unknown_attributes(api: Client) -> None:
    send_event("created", id="shop-1", version=1, first_name="Grace", shoe_size=38, addresses=[{"city": "Arlington"}])
    assert shown(api, "shop-1")["first_name"] == "Grace"


@pytest.mark.parametrize(
    ("detail", "field"),
    [
        ({"email": "grace@mail.example"}, "id"),
        ({"id": "bad id"}, "id"),
        ({"id": "shop-1", "email": "no address"}, "email"),
        ({"id": "shop-1", "version": -1}, "version"),
        ({"id": "shop-1", "version": "one"}, "version"),
        ({"id": "shop-1", "updated_at": "yesterday"}, "updated_at"),
        ({"id": "shop-1", "has_account": "yes"}, "has_account"),
        ({"id": "shop-1", "metadata": {"": 1}}, "metadata"),
        ({"id": "shop-1", "first_name": "x" * 256}, "first_name"),
    ],
    ids=str,
)
def test_sends_a_malformed_customer_to_the_dead_letter_queue_with_the_reason(
    api: Client, surroundings: Surroundings, detail: dict[str, Any], field: str
) -> None:
    send_event("created", **detail)
    (letter,) = surroundings.dead_letters()
    assert letter["reason"].startswith(f"InvalidData: {field}: ")
    assert letter["event"]["detail"] == detail
    assert api.table.items() == []


def test_sends_a_customer_with_a_taken_address_to_the_dead_letter_queue(
    api: Client, surroundings: Surroundings
) -> None:
    ada = api.create_customer("ada@mail.example")
    send_event("created", id="shop-1", version=1, email="ada@mail.example")
    (letter,) = surroundings.dead_letters()
    assert letter["reason"].startswith("CustomerEmailTaken: ")
    assert is_gone(api, "shop-1")

    api.delete(f"/admin/customers/{ada['id']}")
    handler("sync_customer")(letter["event"], Context("sync_customer"))
    assert shown(api, "shop-1")["email"] == "ada@mail.example"
