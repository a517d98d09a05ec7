"""Search: tokens find the same records as a scan of all texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain import search
from shared.domain.search import ANYWHERE, AT_PARTS, WHOLE, Search, Word
from shared.storage import keys

letters = st.characters(exclude_categories=["Cs", "Cc"])
texts = st.text(letters, max_size=60) | st.text("ab1 %_*.@-", max_size=30) | st.text("aáAÅ12 ().+-", max_size=12)
searches = st.sampled_from([ANYWHERE, AT_PARTS])
GRACE = AT_PARTS.text(["Grace.Hopper@mail.example", "Grace", "O'Hopper", "Åkra & Søn S.L.N.E.", "+1 (555) 010-7788"])
EARLIER_GRACE = (
    "\x1fgrace.\x1fhopper@\x1fmail.\x1fexample\x1e\x1fgrace\x1e\x1fo'\x1fhopper"
    "\x1e\x1fåkra & \x1fsøn \x1fs.\x1fl.\x1fn.\x1fe.\x1e+\x1f1 (\x1f555) \x1f010-\x1f7788\x1e\x1d88770105551"
)
"""As releases before 2026-11-30 stored it."""


def leads(word: Word, tokens: set[str]) -> bool:
    """Search like the storage: by the prefix of tokens, or in the whole text."""
    return WHOLE in tokens or any(token.startswith(lead) for lead in word.leads for token in tokens)


@given(searches, texts, texts)
def test_tokens_find_every_text_with_a_word(how: Search, written: str, query: str) -> None:
    text = how.text([written])
    for word in how.words(query):
        if word.leads and word.is_in(text):
            assert leads(word, how.tokens(text))


@given(st.lists(texts, min_size=5, max_size=5), st.data())
def test_every_part_of_a_customers_texts_is_found_while_it_is_typed(fields: list[str], data: st.DataObject) -> None:
    text = AT_PARTS.text(fields)
    for written in data.draw(st.sampled_from([search.line(field) for field in fields])).split():
        begun = written[: data.draw(st.integers(1, len(written)))]
        word = AT_PARTS.word(begun)
        assert word.is_in(text)
        assert not word.leads or leads(word, AT_PARTS.tokens(text))


@given(texts, st.data())
def test_names_match_any_part_of_a_word(written: str, data: st.DataObject) -> None:
    text = ANYWHERE.text([written])
    for word in text.split():
        start = data.draw(st.integers(0, len(word) - 1))
        part = ANYWHERE.word(word[start : data.draw(st.integers(start + 1, len(word)))])
        assert part.is_in(text)
        assert leads(part, ANYWHERE.tokens(text))


@given(searches, texts)
def test_a_text_matches_itself_in_any_case_and_order(how: Search, written: str) -> None:
    text = how.text([written])
    for query in (written, search.fold(written), " ".join(reversed(search.fold(written).split()))):
        assert search.matches(text, how.words(query))


@pytest.mark.parametrize(
    "query",
    [
        "grace", "GR", "hopper", "grace.hop", "hopper@mail", "@mail", "mail.exa", "hopper@mail.example", ".example",
        "o'hop", "åkra", "søn", "&", "s", "s.l.n", "S.L.N.E.", "7788", "010-7788", "0107788", "+15550107788", "+1",
        "(555)", "555", "gra hop mail 88",
    ],
)  # fmt: skip
@pytest.mark.parametrize("text", [GRACE, EARLIER_GRACE])
def test_customers_match_the_start_of_parts_and_the_last_digits_of_the_phone(text: str, query: str) -> None:
    words = AT_PARTS.words(query)
    assert search.matches(text, words)
    assert all(leads(word, AT_PARTS.tokens(text)) for word in words if word.leads)


@pytest.mark.parametrize(
    "query",
    ["race", "opper", "grace.mail", "ail", "example", "akra", "877", "0108", "hopper grace zoe", "%", "_"],
)
def test_customers_do_not_match_anything_else(query: str) -> None:
    assert not search.matches(GRACE, AT_PARTS.words(query))


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("❤\ufe0fAnna", "anna"),
        ("Anna❤\ufe0f", "anna"),
        ("1\ufe0f\u20e3Bob", "bob"),
        ("葛\U000e0100城", "葛\U000e0100城"),
    ],
    ids=["after an emoji", "before an emoji", "after a keycap", "variant of a character"],
)
def test_customers_are_found_by_names_beside_marks_that_only_change_how_a_character_is_drawn(
    name: str, query: str
) -> None:
    text, word = AT_PARTS.text([None, name, None, None, None]), AT_PARTS.word(search.fold(query))
    assert word.is_in(text)
    assert leads(word, AT_PARTS.tokens(text))


@pytest.mark.parametrize("query", ["345", "３４５", "٣٤٥"])  # noqa: RUF001 - on purpose
@pytest.mark.parametrize("phone", ["12345", "１２３４５", "١٢٣٤٥"])  # noqa: RUF001 - on purpose
def test_the_last_digits_of_a_phone_number_match_in_any_script(phone: str, query: str) -> None:
    text, word = AT_PARTS.text([None, None, None, None, phone]), AT_PARTS.word(query)
    assert word.is_in(text)
    assert leads(word, AT_PARTS.tokens(text))


def test_a_text_of_an_earlier_release_keeps_the_tokens_with_such_marks() -> None:
    assert AT_PARTS.tokens("\x1e\x1fanna\ufe0f❤\x1f\ufe0fbea\x1e\x1e\x1e\x1e") == {"anna\ufe0f", "\ufe0fbea"}


def test_a_customer_has_about_eight_tokens() -> None:
    assert AT_PARTS.tokens(AT_PARTS.text(["ada@mail.example", "Ada", "Lovelace", None, "555"])) == {
        "ada", "mail.example", "lovelace", "555", "\x1d555",
    }  # fmt: skip


def test_parts_that_tell_little_are_no_tokens() -> None:
    """Frequent single letters and digits, and the last two digits of a phone number, which is found in reverse."""
    profile = ["zoe@mail.example", None, None, "Haro y Asociados S.L.N.E.", "+33 (0)2 14 67 39"]
    assert AT_PARTS.tokens(AT_PARTS.text(profile)) == {
        "zoe", "mail.example", "haro", "asociados", "n", "33", "14", "67", "\x1d9376412033",
    }  # fmt: skip


def test_a_name_and_its_form_without_accents_share_a_token() -> None:
    assert AT_PARTS.tokens(AT_PARTS.text(["jurgen.muller7@mail.example", "Jürgen", "Müller", None, None])) == {
        "jurgen", "muller7", "mail.example",
    }  # fmt: skip


def test_a_text_of_an_earlier_release_has_the_tokens_that_were_stored_for_it() -> None:
    assert AT_PARTS.tokens(EARLIER_GRACE) == {
        "grace", "hopper", "mail", "example", "o", "åkra", "søn", "l", "n", "1", "555", "010", "7788",
        "\x1d88770105551",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "prefixes"),
    [
        ("grace.hopper7@mail.exa", ("hopper7",)),
        ("mail.exa", ("mail",)),
        ("j.smith", ("smith", "j.smith")),
        ("jörg", ("jorg", "jörg")),
        ("010-7788", ("7788", "\x1d8877010")),
        (".example", ()),
        ("s.l.", ()),
        ("a", ()),
        ("q", ("q",)),
    ],
)
def test_words_are_looked_up_by_their_longest_part(query: str, prefixes: tuple[str, ...]) -> None:
    """A last label of a domain tells little. Names with accents may have been stored with them by earlier releases."""
    assert AT_PARTS.word(query).leads == prefixes


def test_a_token_that_another_begins_with_is_left_out() -> None:
    assert ANYWHERE.tokens("anna") == {"anna", "nna", "na"}
    assert AT_PARTS.tokens(AT_PARTS.text(["ada.byron7@mail.example", "Adam", "Byron", None, None])) == {
        "byron7", "mail.example", "adam",
    }  # fmt: skip


@given(searches, st.text(letters, max_size=255))
def test_tokens_fit_into_keys_and_into_one_transaction(how: Search, written: str) -> None:
    tokens = how.tokens(how.text([written] * 5))
    assert len(tokens) <= search.MAX_TOKENS
    for token in tokens:
        key = keys.token(keys.CUSTOMERS, token, "c" * 128)
        assert len(key.PK.encode()) <= 2_048
        assert len(key.SK.encode()) <= 1_024


@given(st.lists(texts, min_size=1, max_size=5))
def test_the_lines_of_a_search_text_can_be_read_back(fields: list[str]) -> None:
    assert search.lines(AT_PARTS.text(fields))[: len(fields)] == [search.line(field) for field in fields]


@given(texts)
def test_folding_is_idempotent(text: str) -> None:
    assert search.fold(search.fold(text)) == search.fold(text)


def test_words_are_distinct_and_longest_first() -> None:
    assert search.distinct_words("VIP gold  vip Platinum") == ["platinum", "gold", "vip"]
    assert search.distinct_words(" \t ") == []
