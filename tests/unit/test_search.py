"""Search: what a query finds by tokens is what a look at every text would find."""

from hypothesis import given
from hypothesis import strategies as st

from shared import keys, search

letters = st.characters(exclude_categories=["Cs", "Cc"])
texts = st.text(letters, max_size=60) | st.text("ab %_*", max_size=30)


def found(text: str, query: str) -> bool:
    """What the storage does: the longest word leads to tokens, all words are compared with the text."""
    query_words = search.words(query)
    begin = query_words[0][: search.LONGEST_TOKEN]
    return any(token.startswith(begin) for token in search.tokens(text)) and search.matches(text, query_words)


@given(texts, st.data())
def test_every_substring_of_a_word_is_found(written: str, data: st.DataObject) -> None:
    text = search.search_text([written])
    for word in text.split():
        start = data.draw(st.integers(0, len(word) - 1))
        part = word[start : data.draw(st.integers(start + 2, max(len(word), start + 2)))]
        if len(part) >= search.SHORTEST_TOKEN:
            assert any(token.startswith(part[: search.LONGEST_TOKEN]) for token in search.tokens(text))


@given(texts, texts)
def test_tokens_find_what_the_words_occur_in(written: str, query: str) -> None:
    text = search.search_text([written])
    query_words = search.words(query)
    if not query_words or len(query_words[0]) < search.SHORTEST_TOKEN:
        return
    assert found(text, query) == all(any(word in part for part in text.split()) for word in query_words)


@given(texts)
def test_a_text_is_found_by_itself_in_any_case_and_order(written: str) -> None:
    text = search.search_text([written])
    for query in (written, written.upper(), written.lower(), " ".join(reversed(written.split()))):
        if search.fold(query) == search.fold(written) or sorted(search.words(query)) == sorted(search.words(written)):
            assert search.matches(text, search.words(query))


@given(texts)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert search.fold(search.fold(text)) == search.fold(text)


@given(st.text(letters, max_size=255))
def test_tokens_fit_into_keys(written: str) -> None:
    for token in search.tokens(search.search_text([written])):
        key = keys.token(keys.CUSTOMERS, token, "c" * 128)
        assert len(key.PK.encode()) <= 2_048
        assert len(key.SK.encode()) <= 1_024
        assert len(token) >= search.SHORTEST_TOKEN


def test_words_are_distinct_and_begin_with_the_longest() -> None:
    assert search.words("VIP gold  vip Platinum") == ["platinum", "gold", "vip"]
    assert search.words(" \t ") == []
