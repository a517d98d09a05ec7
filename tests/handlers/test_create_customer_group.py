"""POST /admin/customer-groups."""

import re
from decimal import Decimal
from typing import Any

import pytest

from tests.api import ADMIN, Client

GROUPS = "/admin/customer-groups"


def test_answers_with_the_whole_group(api: Client) -> None:
    answer = api.post(GROUPS, {"name": "VIP", "metadata": {"discount_percent": 10}})

    assert answer.status == 200
    group = answer.group
    assert re.fullmatch(r"cusgroup_[0-9A-HJKMNP-TV-Z]{26}", group["id"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", group["created_at"])
    assert group == {
        "id": group["id"],
        "name": "VIP",
        "customer_count": 0,
        "metadata": {"discount_percent": 10},
        "version": 1,
        "created_by": ADMIN["sub"],
        "created_at": group["created_at"],
        "updated_at": group["created_at"],
        "deleted_at": None,
    }


def test_gives_the_version_as_etag(api: Client) -> None:
    assert api.post(GROUPS, {"name": "VIP"}).etag == '"1"'


def test_shows_what_fields_asks_for(api: Client) -> None:
    group = api.post(f"{GROUPS}?fields=name", {"name": "VIP"}).group
    assert set(group) == {"id", "name"}


def test_is_found_at_once(api: Client) -> None:
    group = api.create_group("Wholesale", {"terms": "net 30"})
    assert api.get(f"{GROUPS}/{group['id']}").group == group


def test_writes_its_change(api: Client) -> None:
    group = api.create_group("VIP", {"tier": "gold"})
    (change,) = api.table.changes(group["id"])
    assert (change["type"], change["actor"], change["version"]) == ("created", ADMIN["sub"], 1)
    assert change["after"] == '{"name":"VIP","metadata":{"tier":"gold"}}'


def test_keeps_metadata_null_apart_from_empty(api: Client) -> None:
    assert api.create_group("No metadata")["metadata"] is None
    assert api.post(GROUPS, {"name": "Null metadata", "metadata": None}).group["metadata"] is None
    assert api.create_group("Empty metadata", {})["metadata"] == {}


def test_trims_the_name(api: Client) -> None:
    assert api.create_group("  Early birds\t\n ")["name"] == "Early birds"


@pytest.mark.parametrize(
    "name", ["V", "x" * 255, "Größenwahn & Söhne", "🦄 unicorns 👩‍👩‍👧", "日本のお客様", "50% off_*", "a#b"]
)
def test_takes_names_of_1_to_255_characters(api: Client, name: str) -> None:
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
        "VI\ud800P",
        7,
        True,
        None,
        ["VIP"],
        {"text": "VIP"},
    ],
    ids=repr,
)
def test_refuses_any_other_name(api: Client, name: object) -> None:
    answer = api.post(GROUPS, {"name": name})
    assert (answer.status, answer.body["type"], answer.faults) == (400, "invalid_data", {"name"})


def test_refuses_a_body_without_name(api: Client) -> None:
    answer = api.post(GROUPS, {"metadata": {}})
    assert (answer.status, answer.message) == (400, "name: Field required")


@pytest.mark.parametrize("again", ["VIP", "vip", "  Vip "])
def test_refuses_a_name_that_is_taken_whatever_its_case_and_outer_spaces(api: Client, again: str) -> None:
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
def test_sees_one_name_in_all_spellings_of_its_letters(api: Client, name: str, again: str) -> None:
    api.create_group(name)
    assert api.post(GROUPS, {"name": again}).body["code"] == "customer_group_name_taken"


@pytest.mark.parametrize("other", ["V I P", "VIP.", "VÍP"])
def test_takes_a_name_that_differs_in_more(api: Client, other: str) -> None:
    api.create_group("VIP")
    assert api.create_group(other)["name"] == other


def test_takes_the_name_of_a_deleted_group_at_once(api: Client) -> None:
    first = api.create_group("VIP")
    api.delete(f"{GROUPS}/{first['id']}")
    second = api.create_group("vip")
    assert second["id"] != first["id"]


def test_takes_the_name_that_a_renamed_group_had_at_once(api: Client) -> None:
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
def test_round_trips_every_value_of_metadata(api: Client, value: Any) -> None:
    group = api.create_group("VIP", {"value": value})
    stored = api.get(f"{GROUPS}/{group['id']}").group["metadata"]
    for shown in (group["metadata"], stored):
        assert shown == {"value": value}
        assert type(shown["value"]) is type(value) or isinstance(shown["value"], Decimal | int)


def test_keeps_a_number_apart_from_text_and_truth(api: Client) -> None:
    text = api.post(GROUPS, '{"name":"Mixed","metadata":{"a":"52","b":52,"c":true,"d":1,"e":52.5}}').text
    assert '"metadata":{"a":"52","b":52,"c":true,"d":1,"e":52.5}' in text


def test_takes_any_metadata_key_of_1_to_255_characters(api: Client) -> None:
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


def test_takes_metadata_of_30_levels_and_refuses_31(api: Client) -> None:
    assert api.post(GROUPS, f'{{"name":"Deep","metadata":{{"a":{"[" * 29}1{"]" * 29}}}}}').status == 200
    assert api.post(GROUPS, f'{{"name":"Deeper","metadata":{{"a":{"[" * 30}1{"]" * 30}}}}}').status == 400


def test_takes_metadata_up_to_100_kilobytes_of_json(api: Client) -> None:
    room = 100_000 - len('{"a":""}')
    assert api.post(GROUPS, {"name": "Full", "metadata": {"a": "x" * room}}).status == 200
    assert api.post(GROUPS, {"name": "Too full", "metadata": {"a": "x" * (room + 1)}}).faults == {"metadata"}
    assert api.post(GROUPS, {"name": "In bytes", "metadata": {"a": "ü" * (room // 2 + 1)}}).status == 400


def test_names_every_unknown_field(api: Client) -> None:
    answer = api.post(GROUPS, {"name": "VIP", "nickname": "V", "id": "cusgroup_1"})
    assert (answer.status, answer.body["code"]) == (400, "unrecognized_fields")
    assert answer.message == "Unrecognized fields: 'nickname', 'id'"
    assert answer.faults == {"nickname", "id"}


def test_is_for_editors(api: Client) -> None:
    assert api.signed_in_as("editor").create_group("Made by an editor")["created_by"] != ADMIN["sub"]
    assert api.signed_in_as("viewer").post(GROUPS, {"name": "VIP"}).status == 403
