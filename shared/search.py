"""Search texts, words and tokens.

An item is found when every word of the query occurs somewhere in its search text. For each word of the text all
its suffixes of two letters or more are kept as tokens, so `begins_with` on the tokens finds any substring.
"""

import unicodedata
from collections.abc import Iterable
from typing import Final

SHORTEST_TOKEN: Final = 2
LONGEST_TOKEN: Final = 64


def fold(text: str) -> str:
    """Text without the differences that names, e-mails and searches ignore: case, outer space, composition."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text.strip()).casefold())


def search_text(parts: Iterable[str | None]) -> str:
    """What is searched: the folded parts, words separated by single spaces."""
    return " ".join(word for part in parts if part for word in fold(part).split())


def words(query: str) -> list[str]:
    """The distinct words of a query, longest first: the longest is the most selective."""
    return sorted(set(fold(query).split()), key=lambda word: (-len(word), word))


def tokens(text: str) -> set[str]:
    """The tokens of a search text: each word's suffixes, cut to a length that a key can hold.

    Longer query words are cut alike and the rest is compared with the text itself.
    """
    return {
        word[start : start + LONGEST_TOKEN] for word in text.split() for start in range(len(word) - SHORTEST_TOKEN + 1)
    }


def matches(text: str, query_words: Iterable[str]) -> bool:
    return all(word in text for word in query_words)
