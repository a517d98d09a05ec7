"""POST /admin/customer-groups."""

import re
from decimal import Decimal
from typing import Any

import pytest

from shared.runtime import clock
from shared.storage import groups
from tests.api import ADMIN, Client

GROUPS = "/admin/customer-groups"


def test_returns_the_whole_group(api: Client) -> None:
    answer = api.post(GROUPS, {"name": "VIP", "metadata": {"discount_percent": 10}})

    assert answer.status == 200
    group = answer.group
    assert re.fullmatch(r"cusgroup_[0-9A-HJKMNP-TV-Z]{26}", group["id"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", group["created_at"])
    assert group == {
        "id": group["id"],
        "key": None,
        "name": "VIP",
        "customer_count": 0,
        "metadata": {"discount_percent": 10},
        "rule": None,
        "rule_status": None,
        "rule_job_id": None,
        "version": 1,
        "created_by": ADMIN["sub"],
        "created_at": group["created_at"],
        "updated_at": group["created_at"],
        "deleted_at": None,
    }


def test_returns_the_version_as_etag(api: Client) -> None:
    assert api.post(GROUPS, {"name": "VIP"}).etag == '"1-0"'


def test_returns_what_fields_selects(api: Client) -> None:
    group = api.post(f"{GROUPS}?fields=name", {"name": "VIP"}).group
    assert set(group) == {"id", "name"}


def test_is_found_immediately(api: Client) -> None:
    group = api.create_group("Wholesale", {"terms": "net 30"})
    assert api.get(f"{GROUPS}/{group['id']}").group == group


def test_appends_its_change(api: Client) -> None:
    group = api.create_group("VIP", {"tier": "gold"})
    (change,) = api.table.changes(group["id"])
    assert (change["type"], change["actor"], change["version"]) == ("created", ADMIN["sub"], 1)
    assert change["after"] == '{"name":"VIP","key":null,"metadata":{"tier":"gold"},"rule":null}'


def test_distinguishes_null_and_empty_metadata(api: Client) -> None:
    assert api.create_group("No metadata")["metadata"] is None
    assert api.post(GROUPS, {"name": "Null metadata", "metadata": None}).group["metadata"] is None
    assert api.create_group("Empty metadata", {})["metadata"] == {}


def test_trims_the_name(api: Client) -> None:
    assert api.create_group("  Early birds\t\n ")["name"] == "Early birds"


@pytest.mark.parametrize(
    "name", ["V", "x" * 255, "Größenwahn & Söhne", "🦄 unicorns 👩‍👩‍👧", "日本のお客様", "50% off_*", "a#b"]
)
def test_accepts_names_of_1_to_255_characters(api: Client, name: str) -> None:
    group = api.create_group(name)
    assert api.get(f"{GROUPS}/{group['id']}").group["name"] == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "x" * 256,
        "x" * 10_000,
        "VI\0P",
        "VI\nP",
        "VI\x7fP",
        "VI\u0085P",
        "VI\u2028P",
        7,
        True,
        None,
        ["VIP"],
        {"text": "VIP"},
    ],
    ids=repr,
)
def test_refuses_other_names(api: Client, name: object) -> None:
    answer = api.post(GROUPS, {"name": name})
    assert (answer.status, answer.body["type"], answer.faults) == (400, "invalid_data", {"name"})


def test_refuses_a_body_without_name(api: Client) -> None:
    answer = api.post(GROUPS, {"metadata": {}})
    assert (answer.status, answer.message) == (400, "name: Field required")


@pytest.mark.parametrize("again", ["VIP", "vip", "  Vip "])
def test_refuses_a_taken_name_regardless_of_case_and_surrounding_spaces(api: Client, again: str) -> None:
    api.create_group("VIP")
    answer = api.post(GROUPS, {"name": again})
    assert (answer.status, answer.body["type"], answer.body["code"]) == (
        400,
        "invalid_data",
        "customer_group_name_taken",
    )
    assert answer.message == f"Customer group with name: {again.strip()}, already exists."
    assert answer.faults == {"name"}


@pytest.mark.parametrize(("name", "again"), [("Straße", "STRASSE"), ("Caf\u00e9", "cafe\u0301"), ("ΣΑΣ", "σας")])
def test_treats_different_unicode_forms_as_the_same_name(api: Client, name: str, again: str) -> None:
    api.create_group(name)
    assert api.post(GROUPS, {"name": again}).body["code"] == "customer_group_name_taken"


@pytest.mark.parametrize("other", ["V I P", "VIP.", "VÍP"])
def test_accepts_a_name_with_other_differences(api: Client, other: str) -> None:
    api.create_group("VIP")
    assert api.create_group(other)["name"] == other


def test_accepts_the_name_of_a_deleted_group_immediately(api: Client) -> None:
    first = api.create_group("VIP")
    api.delete(f"{GROUPS}/{first['id']}")
    second = api.create_group("vip")
    assert second["id"] != first["id"]


def test_accepts_the_old_name_of_a_renamed_group_immediately(api: Client) -> None:
    first = api.create_group("VIP")
    api.post(f"{GROUPS}/{first['id']}", {"name": "Very VIP"})
    assert api.create_group("VIP")["version"] == 1


@pytest.mark.parametrize(
    "value",
    [
        "52",
        52,
        "",
        None,
        True,
        False,
        0,
        Decimal("-0.1"),
        Decimal("0.1"),
        Decimal("1.5e-7"),
        Decimal("1e125"),
        9007199254740991,
        -9007199254740993,
        12345678901234567890123456789012345678,
        Decimal("0.12345678901234567890123456789012345678"),
        Decimal("1e-128"),
        10**40,
        Decimal("123e100"),
        [],
        {},
        [1, [2, [3, None, {"deep": ["x", ""]}]]],
        {"nested": {"list": [{"a": 1}, {"a": "1"}]}},
        'emoji 🦄, NUL \0, quote ", backslash \\, line\u2028break',
        "x" * 50_000,
    ],
    ids=lambda value: repr(value)[:40],
)
def test_returns_every_metadata_value_unchanged(api: Client, value: Any) -> None:
    group = api.create_group("VIP", {"value": value})
    stored = api.get(f"{GROUPS}/{group['id']}").group["metadata"]
    for shown in (group["metadata"], stored):
        assert shown == {"value": value}
        assert type(shown["value"]) is type(value) or isinstance(shown["value"], Decimal | int)


def test_distinguishes_numbers_texts_and_booleans(api: Client) -> None:
    text = api.post(GROUPS, '{"name":"Mixed","metadata":{"a":"52","b":52,"c":true,"d":1,"e":52.5}}').text
    assert '"metadata":{"a":"52","b":52,"c":true,"d":1,"e":52.5}' in text


def test_accepts_any_metadata_key_of_1_to_255_characters(api: Client) -> None:
    metadata = {"x" * 255: 1, "🔑": 2, " ": 3, "a.b": 4, "#name": 5, ":value": 6, "\0": 7}
    assert api.create_group("Keys", metadata)["metadata"] == metadata


@pytest.mark.parametrize(
    "metadata",
    [
        '{"":1}',
        '{"nested":{"":1}}',
        f'{{"{"k" * 256}":1}}',
        '{"\\ud800":1}',
        '{"a":"\\ud800"}',
        '{"a":["\\udfff"]}',
        '{"a":123456789012345678901234567890123456789}',
        '{"a":0.123456789012345678901234567890123456789}',
        '{"a":1e126}',
        '{"a":1e-129}',
        '{"a":1e999999}',
        '{"a":1e999999999999999999999}',
        '{"a":-1e-999999999999999999999}',
        f'{{"a":{"9" * 5_000}}}',
        '{"a":[{"b":1e400}]}',
        '{"a":NaN}',
        '{"a":Infinity}',
        '{"a":-Infinity}',
        f'{{"a":{"[" * 40}1{"]" * 40}}}',
        f'{{"a":{'{"b":' * 40}1{"}" * 40}}}',
        f'{{"a":{"[" * 5_000}1{"]" * 5_000}}}',
        f'{{"a":{"[" * 200_000}1{"]" * 200_000}}}',
        '"text"',
        "[]",
        "5",
        f'{{"a":"{"x" * 100_000}"}}',
    ],
    ids=lambda text: text[:30],
)
def test_refuses_metadata_that_cannot_be_stored_as_sent(api: Client, metadata: str) -> None:
    answer = api.post(GROUPS, f'{{"name":"VIP","metadata":{metadata}}}')
    assert (answer.status, answer.body["type"]) == (400, "invalid_data")


def test_accepts_metadata_of_30_levels_and_refuses_31(api: Client) -> None:
    assert api.post(GROUPS, f'{{"name":"Deep","metadata":{{"a":{"[" * 29}1{"]" * 29}}}}}').status == 200
    assert api.post(GROUPS, f'{{"name":"Deeper","metadata":{{"a":{"[" * 30}1{"]" * 30}}}}}').status == 400


def test_accepts_metadata_up_to_100_kilobytes_of_json(api: Client) -> None:
    room = 100_000 - len('{"a":""}')
    assert api.post(GROUPS, {"name": "Full", "metadata": {"a": "x" * room}}).status == 200
    assert api.post(GROUPS, {"name": "Too full", "metadata": {"a": "x" * (room + 1)}}).faults == {"metadata"}
    assert api.post(GROUPS, {"name": "In bytes", "metadata": {"a": "ü" * (room // 2 + 1)}}).status == 400


def test_names_every_unknown_field(api: Client) -> None:
    answer = api.post(GROUPS, {"name": "VIP", "nickname": "V", "created_by": "me"})
    assert (answer.status, answer.body["code"]) == (400, "unrecognized_fields")
    assert answer.message == "Unrecognized fields: 'nickname', 'created_by'"
    assert answer.faults == {"nickname", "created_by"}


def test_is_for_editors(api: Client) -> None:
    assert api.signed_in_as("editor").create_group("Made by an editor")["created_by"] != ADMIN["sub"]
    assert api.signed_in_as("viewer").post(GROUPS, {"name": "VIP"}).status == 403


@pytest.mark.parametrize("chosen", ["cusgroup_01KASXKZ4V8S6T1W7Q2M3N5P0R", "shop-7:vip", "7"])
def test_admins_can_set_an_id_of_another_system(api: Client, chosen: str) -> None:
    before = clock.now()
    group = api.post(GROUPS, {"id": chosen, "name": "VIP"}).group
    assert (group["id"], group["version"]) == (chosen, 1)
    assert before <= group["created_at"] <= clock.now()
    assert api.get(f"{GROUPS}/{chosen}").group == group
    ada = api.create_customer("ada@example.com")
    api.add(group, ada)
    assert api.get(f"{GROUPS}/{chosen}/customers").shown("id") == [ada["id"]]
    assert api.get(f"{GROUPS}/{chosen}/history").body["changes"][-1]["type"] == "created"


def test_lists_are_sorted_by_creation_even_with_chosen_ids(api: Client) -> None:
    for chosen in ("zz", "cusgroup_01KASXKZ4V8S6T1W7Q2M3N5P0R", "aa"):
        api.post(GROUPS, {"id": chosen, "name": f"Group {chosen}"})
    own = api.create_group("Latest")["id"]
    assert api.get(GROUPS).shown("id") == ["zz", "cusgroup_01KASXKZ4V8S6T1W7Q2M3N5P0R", "aa", own]


def test_refuses_a_taken_id(api: Client) -> None:
    api.post(GROUPS, {"id": "vip", "name": "VIP"})
    for name in ("Other", "VIP"):
        answer = api.post(GROUPS, {"id": "vip", "name": name})
        assert (answer.status, answer.body["code"], answer.faults) == (409, "customer_group_id_taken", {"id"})
    assert api.post(GROUPS, {"id": "vip-2", "name": "vip"}).body["code"] == "customer_group_name_taken"
    api.delete(f"{GROUPS}/vip")
    assert api.post(GROUPS, {"id": "vip", "name": "VIP"}).body["code"] == "customer_group_id_taken"


def test_a_repeated_creation_with_an_id_gets_the_first_answer(api: Client) -> None:
    body = {"id": "vip", "name": "VIP"}
    first = api.post(GROUPS, body, Idempotency_Key="import vip")
    assert api.post(GROUPS, body, Idempotency_Key="import vip").group == first.group


def test_a_repeated_request_finds_the_group_that_it_created_before_it_died(api: Client) -> None:
    died = groups.create("B2B", None, "me", chosen_id="b2b", request_key="import b2b")
    assert groups.create("B2B", None, "me", chosen_id="b2b", request_key="import b2b") == died
    assert api.get(GROUPS).shown("id") == ["b2b"]


@pytest.mark.parametrize("chosen", ["", "a b", "ü", "x" * 129, "a/b", "#a", "key:7", 7, "a\n"], ids=repr)
def test_refuses_invalid_ids(api: Client, chosen: object) -> None:
    answer = api.post(GROUPS, {"id": chosen, "name": "VIP"})
    assert (answer.status, answer.faults) == (400, {"id"})


def test_only_admins_can_set_ids(api: Client) -> None:
    editor = api.signed_in_as("editor")
    assert editor.post(GROUPS, {"id": "vip", "name": "VIP"}).status == 403
    assert editor.post(GROUPS, {"id": None, "name": "VIP"}).status == 200
