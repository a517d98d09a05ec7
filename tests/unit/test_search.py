"""Search: tokens find the same records as a scan of all texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain import search
from shared.domain.search import ANYWHERE, AT_PARTS, WHOLE, Search, Word
from shared.storage import keys

letters = st.characters(exclude_categories=["Cs", "Cc"])
texts = st.text(letters, max_size=60) | st.text("ab1 %_*.@-", max_size=30)
searches = st.sampled_from([ANYWHERE, AT_PARTS])
GRACE = AT_PARTS.text(["Grace.Hopper@mail.example", "Grace", "O'Hopper", "Åkra & Søn", "+1 (555) 010-7788"])


def leads(word: Word, tokens: set[str]) -> bool:
    """Search like the storage: by the prefix of tokens, or in the whole text."""
    return WHOLE in tokens or any(token.startswith(lead) for lead in word.leads for token in tokens)


@given(searches, texts, texts)
def test_tokens_find_every_text_with_a_word(how: Search, written: str, query: str) -> None:
    text = how.text([written])
    for word in how.words(query):
        if word.leads and word.is_in(text):
            assert leads(word, how.tokens(text))


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
        "grace", "GR", "hopper", "grace.hop", "hopper@mail", "@mail", "example", "o'hop", "åkra", "søn", "&",
        "7788", "010-7788", "0107788", "+15550107788", "(555)", "555", "gra hop exa 88",
    ],
)  # fmt: skip
def test_customers_match_the_start_of_parts_and_the_last_digits_of_the_phone(query: str) -> None:
    assert search.matches(GRACE, AT_PARTS.words(query))


@pytest.mark.parametrize("query", ["race", "opper", "grace.mail", "ail", "877", "0108", "hopper grace zoe", "%", "_"])
def test_customers_do_not_match_anything_else(query: str) -> None:
    assert not search.matches(GRACE, AT_PARTS.words(query))


def test_a_customer_has_about_ten_tokens() -> None:
    assert AT_PARTS.tokens(AT_PARTS.text(["ada@mail.example", "Ada", "Lovelace", None, "555"])) == {
        "ada", "mail", "example", "lovelace", "555", "\x1d555",
    }  # fmt: skip


def test_a_token_that_another_begins_with_is_left_out() -> None:
    assert ANYWHERE.tokens("anna") == {"anna", "nna", "na"}
    assert AT_PARTS.tokens(AT_PARTS.text(["ada.byron7@mail.example", "Adam", "Byron", None, None])) == {
        "byron7", "mail", "example", "adam",
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
