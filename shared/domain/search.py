"""Search: the search text of a record, the words of a query, and the tokens used to find the records of a word.

All words of a query must match. In a group's name, a word matches anywhere. In a customer's texts, it matches at the
start of a *part* (a run of letters and digits), or the last digits of the phone number. In both cases, a word matches
if one of its `forms` is a substring of the search text. To make this work, search texts and forms have a mark in front
of each part, and the digits of the phone number are added in reverse, with a mark of their own. The last label of an
e-mail address (`com`) has no mark: nearly everybody has the same few, so it is only found after its domain.
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
_LEAN: Final = "\x1c"
"""At the end of search texts. Those of earlier releases do not have it: each of their parts is a token, as it is."""
_PHONE: Final = re.compile(r"[\d+()./\-]*\d[\d+()./\-]*\Z", re.ASCII)
_ENDS_WITH_TWO_DIGITS: Final = re.compile(rf"[\d+()./\- {_PART}]*{_PART}\d\d", re.ASCII)
"""Such a phone number. A word that begins with these two digits is them, or one digit, which is no lead."""
_STYLE: Final = re.compile("[\ufe00-\ufe0f\u20dd-\u20e4\U000e0100-\U000e01ef]")
"""Marks that only change how a character is drawn. Most follow an emoji, and must not begin the word after it."""
_NO_TOKEN: Final = re.compile("[abcdefghjklmoprsty0-9]")
"""Each of these begins a word of more than a tenth of all customers. So alone, like three of the letters of `S.L.N.E.`,
it is no token and no lead: it would rarely lead to few enough records. Other letters are rare beginnings."""


class Word(NamedTuple):
    """A word of a query."""

    forms: tuple[str, ...]
    """The word matches a search text that contains any of these."""
    leads: tuple[str, ...]
    """Each record that matches has a token with one of these prefixes. Empty if tokens cannot be used."""

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
    """Whether a character is a letter, a digit, or a mark that changes one, such as an accent."""
    return character.isalnum() or (_is_mark(character) and not _STYLE.match(character))


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M"


def _marked(text: str) -> str:
    runs = ((are_letters, "".join(some)) for are_letters, some in groupby(text, _is_letter))
    return "".join(f"{_PART}{run}" if are_letters else run for are_letters, run in runs)


def _with_ascii_digits(text: str) -> str:
    """A text whose digits of other scripts are written like those of a phone's keys."""
    return "".join(str(unicodedata.digit(one)) if one.isdigit() else one for one in text)


def _reversed(phone: str) -> str:
    digits = [character for character in _with_ascii_digits(phone) if character.isdigit()]
    return REVERSED + "".join(reversed(digits)) if digits else ""


def _joined(marked: str) -> str:
    """A marked text without the mark in front of its last part, if this could be the last label of a domain."""
    before, found, last = marked.rpartition(f".{_PART}")
    follows_a_part = not before or _is_letter(before[-1])
    is_label = found and follows_a_part and all(map(_is_letter, last)) and not last[0].isdigit()
    return f"{before}.{last}" if is_label else marked


def _parts(marked: str) -> list[str]:
    """The parts of a marked text. The last label of an e-mail address is in one part with the label before it."""
    return [_without_end(run) for run in marked.split(_PART)[1:]]


def _without_end(run: str) -> str:
    """A text up to its last letter or mark. In texts of earlier releases, every mark is part of the token."""
    ends = (end for end in range(len(run), 0, -1) if run[end - 1].isalnum() or _is_mark(run[end - 1]))
    return run[: next(ends)]


def _base(text: str) -> str:
    """A text without accents. Names often have the same letters in an e-mail address, and then share its token."""
    return text if text.isascii() else "".join(map(_base_letter, text))


def _base_letter(letter: str) -> str:
    decomposed = unicodedata.normalize("NFD", letter)
    return decomposed[0] if all(unicodedata.category(other) == "Mn" for other in decomposed[1:]) else letter


def _is_token(part: str) -> bool:
    return not _NO_TOKEN.fullmatch(_base(part))


def _text_of_parts(fields: Sequence[str | None]) -> str:
    """The first field is the e-mail address. The last is the phone number; its digits are also added in reverse."""
    email, *others = (_marked(line(field)) for field in fields)
    return _FIELD.join([_joined(email), *others, _reversed(fields[-1] or "")]) + _LEAN


def _tokens_of_parts(text: str) -> set[str]:
    *fields, reversed_digits = text.removesuffix(_LEAN).split(_FIELD)
    parts = [_parts(field) for field in fields]
    if text.endswith(_LEAN):
        if _ENDS_WITH_TWO_DIGITS.fullmatch(fields[-1]):
            parts[-1].pop()
        parts = [[_base(part) for part in some if _is_token(part)] for some in parts]
    return {part[:LONGEST_TOKEN] for some in [*parts, [reversed_digits]] for part in some if part}


def _word_of_parts(word: str) -> Word:
    marked = _marked(word)
    joined, reversed_digits = _joined(marked), _reversed(word) if _PHONE.match(_with_ascii_digits(word)) else ""
    longest = _longest(marked)
    # Records of earlier releases have tokens with accents, and none of their last labels is joined.
    leads = [_base(longest), longest]
    forms = [marked]
    if joined != marked:
        forms.append(joined)
        leads.append(_base(_longest(joined)))
    if reversed_digits:
        forms.append(reversed_digits)
        leads.append(reversed_digits)
    return Word(tuple(forms), _without_longer(lead[:LONGEST_TOKEN] for lead in leads))


def _longest(marked: str) -> str:
    """The part that is likely to be the rarest, empty if none is a token. Last labels tell little."""
    parts = filter(_is_token, _parts(marked))
    return max(reversed(list(parts)), key=lambda part: len(part.partition(".")[0]), default="")


def _without_longer(leads: Iterable[str]) -> tuple[str, ...]:
    """The leads without those that another one is the beginning of. None if there is not one for each form."""
    distinct = list(dict.fromkeys(leads))
    if "" in distinct:
        return ()
    return tuple(lead for lead in distinct if not any(lead.startswith(one) for one in distinct if one != lead))


def _text_of_words(fields: Sequence[str | None]) -> str:
    return _FIELD.join(map(line, fields))


def _suffixes(text: str) -> set[str]:
    return {word[start:][:LONGEST_TOKEN] for word in text.split() for start in range(len(word))}


def _any_word(word: str) -> Word:
    return Word((word,), (word[:LONGEST_TOKEN],))


ANYWHERE: Final = Search(_text_of_words, _suffixes, _any_word)
"""Words match anywhere: every suffix of every word is a token."""
AT_PARTS: Final = Search(_text_of_parts, _tokens_of_parts, _word_of_parts)
"""Words match at the start of parts: nearly every part is a token, and so are the phone number's digits in reverse."""
