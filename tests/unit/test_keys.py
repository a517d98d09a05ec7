"""Keys are within DynamoDB's limits and sort as expected."""

from hypothesis import given
from hypothesis import strategies as st

from shared.domain import ids, search
from shared.storage import keys

names = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=255)
possible_ids = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9_.:\-]{0,127}\Z")


@given(names, possible_ids)
def test_every_key_is_within_the_limits_of_dynamodb(name: str, item_id: str) -> None:
    folded = search.fold(name)
    for key in (
        keys.group(item_id),
        keys.customer(item_id),
        keys.membership(item_id, item_id),
        keys.name_lock(folded),
        keys.email_lock(folded, has_account=True),
        keys.counter(keys.GROUPS, item_id),
        keys.change(keys.group(item_id), "change_01JD9Z0000000000000000000B", "change_01JD9Z0000000000000000000A"),
    ):
        assert 1 <= len(key.PK.encode()) <= 2_048
        assert 1 <= len(key.SK.encode()) <= 1_024
    assert len(keys.sort_key(folded, item_id).encode()) <= 1_024


@given(st.lists(st.tuples(names, possible_ids), unique_by=lambda pair: pair[1], max_size=8))
def test_sort_keys_order_by_name_and_then_by_id(pairs: list[tuple[str, str]]) -> None:
    folded = [(search.fold(name), item_id) for name, item_id in pairs]
    by_key = sorted(folded, key=lambda pair: keys.sort_key(*pair).encode())
    assert by_key == sorted(folded, key=lambda pair: (pair[0].encode()[:864], pair[1].encode()))


@given(names, names)
def test_two_names_only_have_the_same_lock_if_they_are_equal_when_folded(one: str, other: str) -> None:
    same = search.fold(one) == search.fold(other)
    assert (keys.name_lock(search.fold(one)) == keys.name_lock(search.fold(other))) is same


@given(possible_ids)
def test_ids_can_be_read_from_keys(item_id: str) -> None:
    assert ids.is_possible(item_id)
    assert keys.id_of(keys.group(item_id).PK) == keys.id_of(keys.customer(item_id).PK) == item_id
    assert keys.sort_key("a#b", item_id).rpartition("#")[2] == item_id


def test_a_name_sorts_before_longer_names_that_begin_with_it() -> None:
    written = ["VIP", "VIP Gold", "VIP!", "VIP#1", "VIP2"]
    assert sorted(written, key=lambda name: keys.sort_key(search.fold(name), "cusgroup_1")) == written


def test_long_names_have_different_locks() -> None:
    one, other = "🦄" * 255 + "a", "🦄" * 255 + "b"
    assert len(keys.email_lock(one * 3, has_account=True).PK.encode()) <= 2_048
    assert keys.email_lock(one * 3, has_account=True) != keys.email_lock(other * 3, has_account=True)


@given(st.text())
def test_invalid_ids_never_become_keys(text: str) -> None:
    if ids.is_possible(text):
        assert text.isascii()
        assert "#" not in text
        assert len(text) <= 128


def test_the_counters_of_a_list_are_in_different_partitions() -> None:
    counters = keys.counters(keys.CUSTOMERS)
    assert len({key.PK for key in counters}) == len(counters) == keys.SHARDS
    assert {keys.counter(keys.CUSTOMERS, f"cus_{number}") for number in range(500)} == set(counters)
    assert {keys.list_of_counter(key) for key in counters} == {keys.CUSTOMERS}


def test_phone_numbers_are_in_different_partitions_and_found_by_their_last_digits() -> None:
    numbers = [f"+49 30 1815{last}" for last in range(10)]
    texts = [search.AT_PARTS.text([None, number]) for number in numbers]
    tokens = [next(one for one in search.AT_PARTS.tokens(text) if one.startswith(search.REVERSED)) for text in texts]
    assert len({keys.token_partition(keys.CUSTOMERS, token) for token in tokens}) == len(numbers)
    for token in tokens:
        for length in range(2, 5):
            word = search.AT_PARTS.word(token[1 : length + 1][::-1])
            assert keys.token_partition(keys.CUSTOMERS, word.leads[-1]) == keys.token_partition(keys.CUSTOMERS, token)
