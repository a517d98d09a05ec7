"""Keys: within DynamoDB's limits, and in the order that people expect."""

from hypothesis import given
from hypothesis import strategies as st

from shared import keys, search

names = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=255)
ids = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9_.:\-]{0,127}\Z")


@given(names, ids)
def test_every_key_is_within_dynamodbs_limits(name: str, item_id: str) -> None:
    folded = search.fold(name)
    for key in (
        keys.group(item_id),
        keys.customer(item_id),
        keys.membership(item_id, item_id),
        keys.name_lock(folded),
        keys.email_lock(folded, has_account=True),
        keys.counter(keys.GROUPS, item_id),
        keys.change(keys.group(item_id), "change_01JD9Z0000000000000000000A"),
    ):
        assert 1 <= len(key.PK.encode()) <= 2_048
        assert 1 <= len(key.SK.encode()) <= 1_024
    assert len(keys.sort_key(folded, item_id).encode()) <= 1_024


@given(st.lists(st.tuples(names, ids), unique_by=lambda pair: pair[1], max_size=8))
def test_sort_keys_order_by_name_and_then_by_id(pairs: list[tuple[str, str]]) -> None:
    folded = [(search.fold(name), item_id) for name, item_id in pairs]
    by_key = sorted(folded, key=lambda pair: keys.sort_key(*pair).encode())
    assert by_key == sorted(folded, key=lambda pair: (pair[0].encode()[:864], pair[1].encode()))


@given(names, names)
def test_two_names_share_a_lock_only_if_they_are_the_same_folded(one: str, other: str) -> None:
    same = search.fold(one) == search.fold(other)
    assert (keys.name_lock(search.fold(one)) == keys.name_lock(search.fold(other))) is same


@given(ids)
def test_an_id_is_found_again_in_its_keys(item_id: str) -> None:
    assert keys.is_possible_id(item_id)
    assert keys.id_of(keys.group(item_id).PK) == keys.id_of(keys.customer(item_id).PK) == item_id
    assert keys.sort_key("a#b", item_id).rpartition("#")[2] == item_id


def test_a_name_stands_before_what_begins_with_it() -> None:
    written = ["VIP", "VIP Gold", "VIP!", "VIP#1", "VIP2"]
    assert sorted(written, key=lambda name: keys.sort_key(search.fold(name), "cusgroup_1")) == written


def test_long_names_keep_locks_of_their_own() -> None:
    one, other = "🦄" * 255 + "a", "🦄" * 255 + "b"
    assert len(keys.email_lock(one * 3, has_account=True).PK.encode()) <= 2_048
    assert keys.email_lock(one * 3, has_account=True) != keys.email_lock(other * 3, has_account=True)


@given(st.text())
def test_what_is_no_id_never_becomes_a_key(text: str) -> None:
    if keys.is_possible_id(text):
        assert text.isascii()
        assert "#" not in text
        assert len(text) <= 128
