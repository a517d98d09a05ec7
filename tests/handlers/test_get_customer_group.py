"""GET /admin/customer-groups/{id}."""

import pytest

from shared.http import views
from tests.api import Client

GROUPS = "/admin/customer-groups"
NOBODY = "cusgroup_01JD9Z0000000000000000000A"


def test_returns_the_group_and_its_etag(api: Client) -> None:
    group = api.create_group("VIP", {"discount_percent": 10})
    answer = api.get(f"{GROUPS}/{group['id']}")
    assert answer.group == group
    assert answer.etag == '"1-0"'


def test_includes_the_number_of_customers(api: Client) -> None:
    group = api.create_group("VIP")
    api.add(group, api.create_customer("ada@example.com"), api.create_customer("grace@example.com"))
    assert api.count_of(group) == 2


@pytest.mark.parametrize(
    "group_id",
    [NOBODY, "cus_01JD9Z0000000000000000000A", "VIP", "x" * 300, "%zz", "%00", "a%2Fb", "ü", "a b", "'", "*"],
)
def test_returns_404_for_an_id_that_is_not_of_a_group(api: Client, group_id: str) -> None:
    answer = api.get(f"{GROUPS}/{group_id}")
    assert (answer.status, answer.body["type"]) == (404, "not_found")
    assert answer.body["code"] in {"customer_group_not_found", "route_not_found"}


def test_names_the_group_that_was_not_found(api: Client) -> None:
    answer = api.get(f"{GROUPS}/{NOBODY}")
    assert answer.message == f"Customer group with id: {NOBODY} not found"
    assert answer.body["code"] == "customer_group_not_found"


def test_does_not_show_a_customer_under_its_id(api: Client) -> None:
    customer = api.create_customer("ada@example.com")
    assert api.get(f"{GROUPS}/{customer['id']}").status == 404


def test_does_not_show_a_deleted_group(api: Client) -> None:
    group = api.create_group("VIP")
    api.delete(f"{GROUPS}/{group['id']}")
    assert api.get(f"{GROUPS}/{group['id']}").status == 404


@pytest.mark.parametrize("etag", ['"1-0"', '"7-0", "1-0"', 'W/"1-0"', "*"])
def test_returns_304_for_the_current_etag(api: Client, etag: str) -> None:
    group = api.create_group("VIP")
    answer = api.get(f"{GROUPS}/{group['id']}", If_None_Match=etag)
    assert (answer.status, answer.text, answer.etag) == (304, "", '"1-0"')


def test_returns_the_group_when_its_count_has_changed(api: Client) -> None:
    group, ada = api.create_group("VIP"), api.create_customer("ada@example.com")
    known = api.get(f"{GROUPS}/{group['id']}").etag
    api.add(group, ada)
    answer = api.get(f"{GROUPS}/{group['id']}", If_None_Match=known)
    assert (answer.group["customer_count"], answer.etag) == (1, '"1-1"')
    assert api.get(f"{GROUPS}/{group['id']}", If_None_Match=answer.etag).status == 304


@pytest.mark.parametrize("fields", ["*customers", "customers.id", "name,+customers.email"])
def test_always_returns_members_because_the_etag_does_not_cover_them(api: Client, fields: str) -> None:
    group = api.create_group("VIP")
    api.add(group, api.create_customer("ada@example.com"))
    answer = api.get(f"{GROUPS}/{group['id']}?fields={fields}", If_None_Match='"1-1"')
    assert len(answer.group["customers"]) == 1


@pytest.mark.parametrize("etag", ['"0-0"', "1-0", "", '"1-0', '"1"', '"1-1"', "VIP"])
def test_returns_the_group_for_another_version(api: Client, etag: str) -> None:
    group = api.create_group("VIP")
    assert api.get(f"{GROUPS}/{group['id']}", If_None_Match=etag).group["name"] == "VIP"


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ("name", {"id", "name"}),
        ("id", {"id"}),
        ("name,metadata", {"id", "name", "metadata"}),
        (
            "-metadata,-id",
            {
                *("id", "key", "name", "customer_count", "rule", "rule_status", "rule_job_id", "version"),
                *("created_by", "created_at", "updated_at", "deleted_at"),
            },
        ),
        ("name,%2Bversion", {"id", "name", "version"}),
        ("name,+version", {"id", "name", "version"}),
        ("name,-name", {"id"}),
        ("customers.id", {"id", "customers"}),
        ("name,customers.email", {"id", "name", "customers"}),
        ("name,*customers,-customers", {"id", "name"}),
    ],
)
def test_returns_the_selected_fields(api: Client, fields: str, shown: set[str]) -> None:
    group = api.create_group("VIP")
    assert set(api.get(f"{GROUPS}/{group['id']}?fields={fields}").group) == shown


@pytest.mark.parametrize("fields", ["%2Bcustomers.id", "+customers.id", "*customers", "%2Bcustomers", "", ",", "%2B"])
def test_returns_the_default_fields_and_the_added_ones(api: Client, fields: str) -> None:
    group = api.create_group("VIP")
    shown = api.get(f"{GROUPS}/{group['id']}?fields={fields}").group
    assert {name: value for name, value in shown.items() if name != "customers"} == group
    assert ("customers" in shown) is ("customers" in fields)


def test_expands_the_customers(api: Client) -> None:
    group, ada, grace = (
        api.create_group("VIP"),
        api.create_customer("ada@example.com"),
        api.create_customer("grace@example.com"),
    )
    api.add(group, ada, grace)
    url = f"{GROUPS}/{group['id']}?fields="
    assert api.get(f"{url}customers.id").group["customers"] == [{"id": ada["id"]}, {"id": grace["id"]}]
    assert api.get(f"{url}customers.email").group["customers"] == [
        {"id": ada["id"], "email": "ada@example.com"},
        {"id": grace["id"], "email": "grace@example.com"},
    ]
    assert api.get(f"{url}*customers").group["customers"] == [ada, grace]
    assert api.get(f"{url}customers.*,-customers.metadata").group["customers"][0] == {
        name: value for name, value in ada.items() if name != "metadata"
    }


@pytest.mark.parametrize(
    "fields",
    [
        "nickname",
        "-nickname",
        "*name",
        "*groups",
        "customers.nickname",
        "customers.groups.id",
        "name.first",
        "*",
        "**customers",
        "PK",
    ],
)
def test_refuses_fields_that_do_not_exist(api: Client, fields: str) -> None:
    group = api.create_group("VIP")
    answer = api.get(f"{GROUPS}/{group['id']}?fields={fields}")
    if fields == "*":
        assert answer.status == 200
        return
    assert (answer.status, answer.faults) == (400, {"fields"})
    assert "Unrecognized fields: '" in answer.message


def test_refuses_more_related_records_than_fit_into_one_answer(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    group, ada, grace = (
        api.create_group("VIP"),
        api.create_customer("ada@example.com"),
        api.create_customer("grace@example.com"),
    )
    api.add(group, ada, grace)
    monkeypatch.setattr(views, "MAX_RELATED", 1)
    url = f"{GROUPS}/{group['id']}?fields="
    answer = api.get(f"{url}*customers")
    assert (answer.status, answer.faults) == (400, {"fields"})
    assert "GET /admin/customer-groups/{id}/customers" in answer.message
    assert len(api.get(f"{url}customers.id").group["customers"]) == 2

    monkeypatch.setattr(views, "MAX_RELATED_IDS", 1)
    assert api.get(f"{url}customers.id").status == 400


@pytest.mark.parametrize("query", ["expand=customers", "field=name", "fields[]=name", "limit=1"])
def test_refuses_unknown_parameters(api: Client, query: str) -> None:
    group = api.create_group("VIP")
    answer = api.get(f"{GROUPS}/{group['id']}?{query}")
    assert (answer.status, answer.body["code"]) == (400, "unrecognized_fields")
    assert answer.message == f"Unrecognized fields: '{query.partition('=')[0]}'"


def test_refuses_fields_given_twice(api: Client) -> None:
    group = api.create_group("VIP")
    assert api.get(f"{GROUPS}/{group['id']}?fields=name&fields=id").faults == {"fields"}


def test_is_for_viewers(api: Client) -> None:
    group = api.create_group("VIP")
    assert api.signed_in_as("viewer").get(f"{GROUPS}/{group['id']}").group == group
