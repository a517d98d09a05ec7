"""Search: the search text of a record, the words of a query, and the tokens used to find the records of a word.

All words of a query must match. In a group's name, a word matches anywhere. In a customer's texts, it matches at the
start of a *part* (a run of letters and digits), or the last digits of the phone number. In both cases, a word matches
if one of its `forms` is a substring of the search text. To make this work, search texts and forms have a mark in front
of each part, and the digits of the phone number are added in reverse, with a mark of their own.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby, zip_longest
from typing import Final, NamedTuple

LONGEST_TOKEN: Final = 64
MAX_TOKENS: Final = 40
"""A transaction must have room for twice as many: the old tokens and the new ones."""
WHOLE: Final = ""
"""The only token of a text that would need too many. Every search reads these texts."""

_FIELD: Final = "\x1e"
_PART: Final = "\x1f"
REVERSED: Final = "\x1d"
_PHONE: Final = re.compile(r"[\d+()./\-]*\d[\d+()./\-]*\Z", re.ASCII)


class Word(NamedTuple):
    """A word of a query."""

    forms: tuple[str, ...]
    """The word matches a search text that contains any of these."""
    leads: tuple[str, ...]
    """For each form, a prefix of the tokens that matching records have. Empty if tokens cannot be used."""

    def is_in(self, text: str) -> bool:
        return any(form in text for form in self.forms)


class Search(NamedTuple):
    """How one kind of record is searched."""

    text: Callable[[Sequence[str | None]], str]
    """Makes the search text from the searched attributes."""
    all_tokens: Callable[[str], set[str]]
    word: Callable[[str], Word]

    def tokens(self, text: str) -> set[str]:
        """The tokens of a search text, without those that another token begins with: it leads to the same words."""
        ordered = sorted(self.all_tokens(text))
        pairs = zip_longest(ordered, ordered[1:], fillvalue="")
        tokens = {token for token, following in pairs if not following.startswith(token)}
        return tokens if len(tokens) <= MAX_TOKENS else {WHOLE}

    def words(self, query: str) -> tuple[Word, ...]:
        """The distinct words of a query, longest first."""
        return tuple(self.word(word) for word in distinct_words(query))


def fold(text: str) -> str:
    """Remove differences that names, e-mail addresses and searches ignore: case, surrounding space, composition."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text.strip()).casefold())


def line(text: str | None) -> str:
    """A folded text with single spaces, used for comparing and sorting."""
    return " ".join(fold(text or "").split())


def distinct_words(query: str) -> list[str]:
    """The distinct words of a query, longest first."""
    return sorted(set(fold(query).split()), key=lambda word: (-len(word), word))


def lines(text: str) -> list[str]:
    """The lines that a search text was made from."""
    return text.replace(_PART, "").split(_FIELD)


def matches(text: str, words: Iterable[Word]) -> bool:
    return all(word.is_in(text) for word in words)


def _is_letter(character: str) -> bool:
    """Whether a character is a letter, a digit, or a combining mark."""
    return character.isalnum() or unicodedata.category(character)[0] == "M"


def _parts(text: str) -> list[str]:
    return ["".join(some) for are_letters, some in groupby(text, _is_letter) if are_letters]


def _marked(text: str) -> str:
    runs = ((are_letters, "".join(some)) for are_letters, some in groupby(text, _is_letter))
    return "".join(f"{_PART}{run}" if are_letters else run for are_letters, run in runs)


def _reversed(phone: str) -> str:
    digits = [character for character in phone if character.isdigit()]
    return REVERSED + "".join(reversed(digits)) if digits else ""


def _text_of_parts(fields: Sequence[str | None]) -> str:
    """The last field is the phone number. Its digits are also added in reverse."""
    return _FIELD.join([*(_marked(line(field)) for field in fields), _reversed(fields[-1] or "")])


def _tokens_of_parts(text: str) -> set[str]:
    *fields, reversed_digits = text.split(_FIELD)
    parts = {part[:LONGEST_TOKEN] for field in fields for part in _parts(field)}
    return parts | ({reversed_digits[:LONGEST_TOKEN]} if reversed_digits else set())


def _word_of_parts(word: str) -> Word:
    forms = [_marked(word)]
    leads = sorted(_parts(word), key=len)[-1:]
    if _PHONE.match(word):
        forms.append(_reversed(word))
        leads.append(_reversed(word))
    return Word(tuple(forms), tuple(lead[:LONGEST_TOKEN] for lead in leads))


def _text_of_words(fields: Sequence[str | None]) -> str:
    return _FIELD.join(map(line, fields))


def _suffixes(text: str) -> set[str]:
    return {word[start:][:LONGEST_TOKEN] for word in text.split() for start in range(len(word))}


def _any_word(word: str) -> Word:
    return Word((word,), (word[:LONGEST_TOKEN],))


ANYWHERE: Final = Search(_text_of_words, _suffixes, _any_word)
"""Words match anywhere: every suffix of every word is a token."""
AT_PARTS: Final = Search(_text_of_parts, _tokens_of_parts, _word_of_parts)
"""Words match at the start of parts: every part is a token, and so are the reversed digits of the phone number."""
