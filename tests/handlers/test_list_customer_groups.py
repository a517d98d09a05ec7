"""GET /admin/customer-groups."""

import time
from typing import Any

import pytest

from shared.storage.lists import counts
from tests.api import ADMIN, Client

GROUPS = "/admin/customer-groups"
NAMES = ["VIP", "Wholesale", "Early birds", "50% off_*", "VIP Gold", "Größe XL", "vip lounge"]


@pytest.fixture
def groups(api: Client) -> dict[str, dict[str, Any]]:
    """Groups by name, created one after the other."""
    made = {}
    for name in NAMES:
        made[name] = api.create_group(name)
        time.sleep(0.002)
    return made


def names(api: Client, query: str) -> list[str]:
    return api.get(f"{GROUPS}?{query}").shown("name")


def test_lists_in_the_order_of_creation(api: Client, groups: dict[str, dict[str, Any]]) -> None:
    answer = api.get(GROUPS)
    assert answer.body == {
        "customer_groups": list(groups.values()),
        "count": 7,
        "offset": 0,
        "limit": 50,
        "next_cursor": None,
    }
    assert answer.shown("name") == NAMES


def test_is_empty_without_groups(api: Client) -> None:
    empty = {"customer_groups": [], "count": 0, "offset": 0, "limit": 50, "next_cursor": None}
    assert api.get(GROUPS).body == empty
    assert api.get(f"{GROUPS}?q=vip").body == empty


@pytest.mark.usefixtures("groups")
def test_pages_by_offset(api: Client) -> None:
    assert names(api, "limit=3") == NAMES[:3]
    assert names(api, "limit=3&offset=3") == NAMES[3:6]
    assert names(api, "limit=3&offset=6") == NAMES[6:]
    assert names(api, "limit=3&offset=7") == []
    assert names(api, "offset=10000") == []
    answer = api.get(f"{GROUPS}?limit=2&offset=4")
    assert (answer.body["count"], answer.body["offset"], answer.body["limit"]) == (7, 4, 2)


@pytest.mark.usefixtures("groups")
def test_returns_only_the_count_with_limit_0(api: Client) -> None:
    for query, count in (("limit=0", 7), ("limit=0&q=vip", 3), ("limit=0&created_at[$gte]=2020-01-01", 7)):
        body = api.get(f"{GROUPS}?{query}").body
        assert (body["customer_groups"], body["count"], body["next_cursor"]) == ([], count, None)


@pytest.mark.parametrize(
    "order", ["created_at", "-created_at", "name", "-name", "updated_at", "-updated_at", "id", "-id"]
)
@pytest.mark.parametrize(
    "filters", ["", "&q=vip", "&q=i", "&created_at[$gte]=2020-01-01", "&updated_at[$gt]=2020-01-01"]
)
@pytest.mark.usefixtures("groups")
def test_paging_by_cursor_returns_the_same_as_one_large_page(api: Client, order: str, filters: str) -> None:
    whole = names(api, f"order={order}{filters}")
    walked, cursor = [], ""
    for _ in range(10):
        answer = api.get(f"{GROUPS}?order={order}{filters}&limit=2{cursor}")
        assert answer.body["count"] == len(whole)
        walked += answer.shown("name")
        if answer.body["next_cursor"] is None:
            break
        cursor = f"&cursor={answer.body['next_cursor']}"
    assert walked == whole


@pytest.mark.usefixtures("groups")
def test_continues_after_the_cursor_even_if_that_group_is_deleted(api: Client) -> None:
    answer = api.get(f"{GROUPS}?limit=2")
    api.delete(f"{GROUPS}/{answer.shown('id')[1]}")
    assert names(api, f"limit=2&cursor={answer.body['next_cursor']}") == NAMES[2:4]


@pytest.mark.usefixtures("groups")
def test_limit_and_fields_can_change_between_pages(api: Client) -> None:
    cursor = api.get(f"{GROUPS}?limit=2").body["next_cursor"]
    answer = api.get(f"{GROUPS}?limit=3&fields=name&cursor={cursor}")
    assert answer.shown("name") == NAMES[2:5]
    assert set(answer.body["customer_groups"][0]) == {"id", "name"}


@pytest.mark.parametrize(
    "other", ["order=-created_at", "order=name", "q=vip", "created_by=x", "created_at[$gt]=2020-01-01"]
)
@pytest.mark.usefixtures("groups")
def test_refuses_a_cursor_of_another_query(api: Client, other: str) -> None:
    cursor = api.get(f"{GROUPS}?limit=2").body["next_cursor"]
    answer = api.get(f"{GROUPS}?limit=2&{other}&cursor={cursor}")
    assert (answer.status, answer.faults) == (400, {"cursor"})


@pytest.mark.usefixtures("groups")
def test_refuses_a_cursor_of_another_list(api: Client) -> None:
    cursor = api.get(f"{GROUPS}?limit=2").body["next_cursor"]
    assert api.get(f"/admin/customers?limit=2&cursor={cursor}").status == 400


@pytest.mark.usefixtures("groups")
def test_refuses_a_damaged_cursor(api: Client) -> None:
    cursor = api.get(f"{GROUPS}?limit=2").body["next_cursor"]
    edited = [
        "x",
        "",
        cursor[:-1],
        cursor + "A",
        cursor[1:],
        cursor.swapcase(),
        "=" * 30,
        "ü" * 30,
        "A" * 2_049,
        "%00",
        cursor + "=",
    ]
    for cursor in edited:
        answer = api.get(f"{GROUPS}?limit=2&cursor={cursor}")
        assert cursor == "" or (answer.status, answer.faults) == (400, {"cursor"}), cursor


def test_refuses_offset_together_with_cursor(api: Client, groups: dict[str, dict[str, Any]]) -> None:
    assert len(groups) == 7
    cursor = api.get(f"{GROUPS}?limit=2").body["next_cursor"]
    assert api.get(f"{GROUPS}?limit=2&offset=2&cursor={cursor}").faults == {"offset"}


def test_orders_by_name_regardless_of_case(api: Client, groups: dict[str, dict[str, Any]]) -> None:
    expected = ["50% off_*", "Early birds", "Größe XL", "VIP", "VIP Gold", "vip lounge", "Wholesale"]
    assert set(expected) == set(groups)
    assert names(api, "order=name") == expected
    assert names(api, "order=-name") == expected[::-1]
    assert names(api, "order=name&q=vip") == ["VIP", "VIP Gold", "vip lounge"]
    assert names(api, "order=name&created_at[$gt]=2020-01-01") == expected


def test_orders_by_time_of_update(api: Client, groups: dict[str, dict[str, Any]]) -> None:
    api.post(f"{GROUPS}/{groups['VIP']['id']}", {"metadata": {"touched": True}})
    assert names(api, "order=updated_at") == [*NAMES[1:], "VIP"]
    assert names(api, "order=-updated_at&limit=1") == ["VIP"]
    assert names(api, "order=-updated_at&q=vip") == ["VIP", "vip lounge", "VIP Gold"]


def test_orders_by_id_and_creation_descending(api: Client, groups: dict[str, dict[str, Any]]) -> None:
    assert names(api, "order=-created_at") == names(api, "order=-id") == NAMES[::-1] == list(groups)[::-1]


@pytest.mark.parametrize("order", ["email", "customer_count", "Name", "--name", "name,id", "", "PK", "metadata"])
def test_refuses_other_orders(api: Client, order: str) -> None:
    answer = api.get(f"{GROUPS}?order={order}")
    assert (answer.status, answer.faults) == (400, {"order"})


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("vip", ["VIP", "VIP Gold", "vip lounge"]),
        ("VIP", ["VIP", "VIP Gold", "vip lounge"]),
        ("ip", ["VIP", "VIP Gold", "vip lounge"]),
        ("gold+vip", ["VIP Gold"]),
        ("ol+vi", ["VIP Gold"]),
        ("+gold++", ["VIP Gold"]),
        ("vip+vip", ["VIP", "VIP Gold", "vip lounge"]),
        ("gold+wholesale", []),
        ("ÖSSE", ["Größe XL"]),
        ("xl", ["Größe XL"]),
        ("50%25", ["50% off_*"]),
        ("%25", ["50% off_*"]),
        ("_", ["50% off_*"]),
        ("*", ["50% off_*"]),
        ("_*", ["50% off_*"]),
        ("e", ["Wholesale", "Early birds", "vip lounge", "Größe XL"]),
        ("e+l", ["Wholesale", "Early birds", "vip lounge", "Größe XL"]),
        ("v", ["VIP", "VIP Gold", "vip lounge"]),
        ("", NAMES),
        ("++", NAMES),
        ("viper", []),
        ("vipgold", []),
    ],
)
@pytest.mark.usefixtures("groups")
def test_finds_groups_that_contain_every_word(api: Client, q: str, found: list[str]) -> None:
    answer = api.get(f"{GROUPS}?q={q}")
    assert sorted(answer.shown("name")) == sorted(found)
    assert answer.body["count"] == len(found)


def test_finds_words_longer_than_a_token(api: Client) -> None:
    name = "x" * 70 + "needle" + "y" * 10
    api.create_group(name)
    api.create_group("x" * 70 + "y" * 16)
    assert names(api, f"q={'x' * 70}need") == [name]
    assert names(api, f"q={'x' * 66}z") == []


@pytest.mark.parametrize("q", ["x" * 256, "a%00b", "a%0Ab"])
def test_refuses_a_search_that_no_name_could_match(api: Client, q: str) -> None:
    assert api.get(f"{GROUPS}?q={q}").faults == {"q"}


def test_filters_by_id_in_every_format(api: Client, groups: dict[str, dict[str, Any]]) -> None:
    one, other = groups["VIP"]["id"], groups["Early birds"]["id"]
    for query in (
        f"id[]={one}&id[]={other}",
        f"id[0]={one}&id[1]={other}",
        f"id={one}&id={other}",
        f"id={other}&id[]={one}&id[0]={one}",
    ):
        assert names(api, query) == ["VIP", "Early birds"]
    assert names(api, f"id={one}") == names(api, f"id[]={one}") == names(api, f"id[0]={one}") == ["VIP"]
    assert names(api, f"id={one}&id=nobody&id=&id=%00&id=ü") == ["VIP"]
    assert names(api, "id=nobody") == []


def test_filters_by_name(api: Client, groups: dict[str, dict[str, Any]]) -> None:
    assert len(groups) == 7
    assert names(api, "name=VIP") == ["VIP"]
    assert names(api, "name[]=VIP&name[]=Wholesale&name[]=Nobody") == ["VIP", "Wholesale"]
    assert names(api, "name=VI") == names(api, "name=vip") == names(api, "name=") == []


def test_filters_by_creator(api: Client) -> None:
    api.signed_in_as("editor", sub="e1").create_group("By one")
    api.signed_in_as("editor", sub="e2").create_group("By two")
    api.create_group("By admin")
    assert names(api, "created_by=e1") == ["By one"]
    assert names(api, "created_by[]=e1&created_by[]=e2") == ["By one", "By two"]
    assert names(api, "created_by=e3") == []
    assert names(api, "created_by=e1&q=by") == ["By one"]


def test_filters_by_customers(api: Client, groups: dict[str, dict[str, Any]]) -> None:
    ada, grace = api.create_customer("ada@example.com"), api.create_customer("grace@example.com")
    api.add(groups["VIP"], ada)
    api.add(groups["Wholesale"], ada, grace)
    assert names(api, f"customers={ada['id']}") == ["VIP", "Wholesale"]
    assert names(api, f"customers[]={grace['id']}") == ["Wholesale"]
    assert names(api, f"customers={grace['id']}&customers={ada['id']}") == ["VIP", "Wholesale"]
    assert names(api, f"customers={ada['id']}&order=-name&limit=1") == ["Wholesale"]
    assert names(api, f"customers={ada['id']}&q=vip") == ["VIP"]
    assert names(api, "customers=nobody") == names(api, "customers=") == []


def test_accepts_the_ids_of_a_relation_in_every_format(api: Client, groups: dict[str, dict[str, Any]]) -> None:
    ada, grace = api.create_customer("ada@example.com"), api.create_customer("grace@example.com")
    api.add(groups["VIP"], ada)
    api.add(groups["Wholesale"], grace)
    for form in ("customers", "customers[]", "customers[0]", "customers[id]", "customers[id][]", "customers[id][0]"):
        assert names(api, f"{form}={ada['id']}") == ["VIP"]
    assert names(api, f"customers[id][]={ada['id']}&customers[id][]={grace['id']}") == ["VIP", "Wholesale"]
    assert names(api, f"customers[id][0]={ada['id']}&customers[id][1]={grace['id']}") == ["VIP", "Wholesale"]
    assert names(api, f"customers[id]={ada['id']}&fields=name,customers.id&q=whole") == []
    for other in ("customers[name]", "customers[id][$in]", "customers[id][id]", "customers[", "id[id]", "name[id]"):
        answer = api.get(f"{GROUPS}?{other}={ada['id']}")
        assert (answer.status, answer.faults) == (400, {other})


def test_combines_filters(api: Client, groups: dict[str, dict[str, Any]]) -> None:
    some = "&".join(f"id[]={groups[name]['id']}" for name in ("VIP", "VIP Gold", "Wholesale"))
    assert names(api, f"{some}&q=vip") == ["VIP", "VIP Gold"]
    assert names(api, f"{some}&name=VIP") == ["VIP"]
    assert names(api, f"{some}&q=vip&created_at[$gt]={groups['VIP']['created_at']}") == ["VIP Gold"]


@pytest.mark.parametrize("attribute", ["created_at", "updated_at"])
@pytest.mark.parametrize("more", ["", "&order=name", "&q=i", "&order=-updated_at"])
def test_filters_by_time(api: Client, groups: dict[str, dict[str, Any]], attribute: str, more: str) -> None:
    moments = {
        name: group["created_at"]
        for name, group in groups.items()
        if "i" in name.casefold() or not more.startswith("&q")
    }
    middle = groups["50% off_*"]["created_at"]

    def expected(keep: Any) -> list[str]:
        return sorted(name for name, moment in moments.items() if keep(moment))

    def found(query: str) -> list[str]:
        return sorted(names(api, query + more))

    assert found(f"{attribute}[$gte]={middle}") == expected(lambda moment: moment >= middle)
    assert found(f"{attribute}[$gt]={middle}") == expected(lambda moment: moment > middle)
    assert found(f"{attribute}[$lte]={middle}") == expected(lambda moment: moment <= middle)
    assert found(f"{attribute}[$lt]={middle}") == expected(lambda moment: moment < middle)
    assert found(f"{attribute}[$eq]={middle}") == expected(lambda moment: moment == middle)
    assert found(f"{attribute}={middle}") == expected(lambda moment: moment == middle)
    assert found(f"{attribute}[$gt]={middle}&{attribute}[$lt]={middle}") == []
    assert found(f"{attribute}[$gte]=2999-01-01&{attribute}[$lte]=2020-01-01") == []
    assert found(f"{attribute}[$gte]=2020-01-01&{attribute}[$lt]=2999-01-01T00:00:00%2B01:00") == sorted(moments)


@pytest.mark.parametrize("attribute", ["created_at", "updated_at"])
@pytest.mark.parametrize(
    "moment",
    [
        "",
        "yesterday",
        "2026-13-01",
        "1795406400",
        "2026-01-01T25:00",
        "9999-12-31T23:59:59.999999",
        "0001-01-01T00:00:00%2B14:00",
        "x" * 65,
        "%00",
    ],
)
def test_refuses_invalid_times(api: Client, attribute: str, moment: str) -> None:
    for name in (
        attribute,
        f"{attribute}[$gte]",
        f"{attribute}[$gt]",
        f"{attribute}[$lte]",
        f"{attribute}[$lt]",
        f"{attribute}[$eq]",
    ):
        answer = api.get(f"{GROUPS}?{name}={moment}")
        assert (answer.status, answer.faults) == (400, {name})


@pytest.mark.parametrize(
    "name",
    [
        "created_at[$foo]",
        "created_at[gte]",
        "created_at[]",
        "created_at[$in]",
        "updated_at[$ne]",
        "id[$ne]",
        "id[a]",
        "name[$like]",
        "q[]",
        "limit[]",
        "email",
        "groups",
        "has_account",
        "$or",
        "",
        "id[",
        "id]",
    ],
)
def test_refuses_unknown_parameters_and_operators(api: Client, name: str) -> None:
    answer = api.get(f"{GROUPS}?{name}=2026-01-01")
    assert (answer.status, answer.body["code"]) == (400, "unrecognized_fields")
    assert answer.message == f"Unrecognized fields: '{name}'"


@pytest.mark.parametrize(
    "query",
    [
        "limit=-1",
        "limit=1001",
        "limit=ten",
        "limit=",
        "limit=1.5",
        "limit=1e2",
        "offset=-1",
        "offset=10001",
        "offset=x",
        f"limit={'9' * 5_000}",
    ],
)
def test_refuses_limits_out_of_bounds(api: Client, query: str) -> None:
    answer = api.get(f"{GROUPS}?{query}")
    assert (answer.status, answer.faults) == (400, {query.partition("=")[0]})


@pytest.mark.parametrize(
    "name", ["limit", "offset", "order", "q", "fields", "cursor", "created_at", "created_at[$gte]"]
)
def test_refuses_a_parameter_given_twice(api: Client, name: str) -> None:
    answer = api.get(f"{GROUPS}?{name}=1&{name}=2")
    assert (answer.status, answer.faults) == (400, {name})


def test_refuses_too_many_values_of_a_filter(api: Client) -> None:
    assert api.get(f"{GROUPS}?" + "&".join(f"id={n}" for n in range(1_001))).faults == {"id"}
    assert api.get(f"{GROUPS}?" + "&".join(f"created_by={n}" for n in range(101))).faults == {"created_by"}
    assert api.get(f"{GROUPS}?" + "&".join("id=x" for _ in range(201))).status == 200
    assert api.get(f"{GROUPS}?created_by={'x' * 1_025}").status == 400


def test_expands_customers_in_every_group(api: Client, groups: dict[str, dict[str, Any]]) -> None:
    ada = api.create_customer("ada@example.com")
    api.add(groups["VIP"], ada)
    shown = api.get(f"{GROUPS}?fields=name,customers.id&limit=2").body["customer_groups"]
    assert shown == [
        {"id": groups["VIP"]["id"], "name": "VIP", "customers": [{"id": ada["id"]}]},
        {"id": groups["Wholesale"]["id"], "name": "Wholesale", "customers": []},
    ]


def test_reports_if_a_count_is_not_exact(
    api: Client, groups: dict[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counts, "MAX_COUNTED", 3)
    answer = api.get(f"{GROUPS}?created_at[$gte]=2020-01-01&limit=2")
    assert (answer.body["count"], answer.body["count_is_exact"]) == (3, False)
    assert api.get(GROUPS).body["count"] == len(groups)
    assert "count_is_exact" not in api.get(f"{GROUPS}?created_at[$gte]={groups['VIP Gold']['created_at']}").body


def test_is_for_viewers(api: Client) -> None:
    assert api.signed_in_as("viewer").get(GROUPS).status == 200


def test_the_largest_search_fits_into_one_expression(api: Client) -> None:
    letters = [chr(ord("一") + number) for number in range(51)]
    api.create_group(" ".join(letters))
    creators = "&".join(f"created_by={number}" for number in range(99)) + f"&created_by={ADMIN['sub']}"
    spans = "&".join(f"{name}[$gt]=2020-01-01&{name}[$lt]=2099-01-01" for name in ("created_at", "updated_at"))
    widest = f"{GROUPS}?{creators}&{spans}&order=name"
    assert len(api.get(f"{widest}&q={'+'.join(letters[:50])}").body["customer_groups"]) == 1
    assert api.get(f"{widest}&q={'+'.join(letters)}").faults == {"q"}


def test_refuses_related_records_that_are_too_large_for_one_answer(api: Client) -> None:
    heavy = [api.create_customer(f"p{number}@example.com", metadata={"text": "x" * 99_000}) for number in range(10)]
    for number in range(7):
        api.add(api.create_group(f"Group {number}"), *heavy)
    answer = api.get(f"{GROUPS}?fields=*customers")
    assert (answer.status, answer.faults) == (400, {"fields"})
    assert "GET /admin/customer-groups/{id}/customers" in answer.message
    assert len(api.get(f"{GROUPS}?fields=*customers&limit=6").body["customer_groups"]) == 6
    assert len(api.get(f"{GROUPS}?fields=customers.email").body["customer_groups"]) == 7
