"""GET /admin/customers/{id}."""

import pytest

from shared.http import views
from tests.api import Client

CUSTOMERS = "/admin/customers"


def test_returns_the_customer_and_its_etag(api: Client) -> None:
    ada = api.create_customer("ada@example.com", first_name="Ada")
    answer = api.get(f"{CUSTOMERS}/{ada['id']}")
    assert answer.customer == ada
    assert answer.etag == '"1"'
    assert api.get(f"{CUSTOMERS}/{ada['id']}", If_None_Match='"1"').status == 304


@pytest.mark.parametrize("customer_id", ["cus_01JD9Z0000000000000000000A", "crm-4711", "%zz", "x" * 500, "a@b"])
def test_returns_404_for_an_unknown_id(api: Client, customer_id: str) -> None:
    answer = api.get(f"{CUSTOMERS}/{customer_id}")
    assert (answer.status, answer.body["code"]) == (404, "customer_not_found")
    assert answer.message == f"Customer with id: {customer_id} not found"


def test_does_not_show_a_group_under_its_id(api: Client) -> None:
    group = api.create_group("VIP")
    assert api.get(f"{CUSTOMERS}/{group['id']}").status == 404


def test_does_not_show_a_deleted_customer(api: Client) -> None:
    ada = api.create_customer("ada@example.com")
    api.delete(f"{CUSTOMERS}/{ada['id']}")
    assert api.get(f"{CUSTOMERS}/{ada['id']}").status == 404


def test_expands_the_groups(api: Client) -> None:
    ada, vip, wholesale = api.create_customer("ada@example.com"), api.create_group("VIP"), api.create_group("Wholesale")
    api.add(vip, ada)
    api.add(wholesale, ada)
    url = f"{CUSTOMERS}/{ada['id']}?fields="
    assert api.get(f"{url}groups.id").customer == {
        "id": ada["id"],
        "groups": [{"id": vip["id"]}, {"id": wholesale["id"]}],
    }
    assert api.get(f"{url}+groups.name").customer == {
        **ada,
        "groups": [{"id": vip["id"], "name": "VIP"}, {"id": wholesale["id"], "name": "Wholesale"}],
    }
    assert api.get(f"{url}*groups").customer["groups"] == [
        {**vip, "customer_count": 1},
        {**wholesale, "customer_count": 1},
    ]


@pytest.mark.parametrize("fields", ["%2B*addresses", "+addresses", "*addresses", "+addresses.city"])
def test_returns_an_empty_list_of_addresses(api: Client, fields: str) -> None:
    ada = api.create_customer("ada@example.com")
    url = f"{CUSTOMERS}/{ada['id']}?fields={fields}"
    assert api.get(url).customer == {**ada, "addresses": []}
    assert api.get(url, If_None_Match='"1"').status == 304
    assert api.get(f"{CUSTOMERS}?fields={fields}").body["customers"] == [{**ada, "addresses": []}]


def test_does_not_return_deleted_groups(api: Client) -> None:
    ada, vip = api.create_customer("ada@example.com"), api.create_group("VIP")
    api.add(vip, ada)
    api.delete(f"/admin/customer-groups/{vip['id']}")
    for fields in ("groups.id", "groups.name", "*groups"):
        assert api.get(f"{CUSTOMERS}/{ada['id']}?fields={fields}").customer["groups"] == []


def test_refuses_more_groups_than_fit_into_one_answer(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = api.create_customer("ada@example.com")
    for name in ("VIP", "Wholesale"):
        api.add(api.create_group(name), ada)
    monkeypatch.setattr(views, "MAX_RELATED", 1)
    answer = api.get(f"{CUSTOMERS}/{ada['id']}?fields=*groups")
    assert (answer.status, answer.faults) == (400, {"fields"})
    assert "GET /admin/customer-groups?customers={id}" in answer.message


@pytest.mark.parametrize(
    "fields", ["name", "*customers", "groups.email", "addresses.town", "*address", "group_count", "version", "SK"]
)
def test_refuses_fields_that_do_not_exist(api: Client, fields: str) -> None:
    ada = api.create_customer("ada@example.com")
    answer = api.get(f"{CUSTOMERS}/{ada['id']}?fields={fields}")
    assert (answer.status, answer.faults) == (400, {"fields"})


def test_is_for_viewers(api: Client) -> None:
    ada = api.create_customer("ada@example.com")
    assert api.signed_in_as("viewer").get(f"{CUSTOMERS}/{ada['id']}").customer == ada
