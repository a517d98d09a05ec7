"""The texts of the page in all languages."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

LOCALES: Final = Path(__file__).parents[2] / "admin" / "src" / "locales"

type Say = Callable[..., str]


def in_language(language: str) -> Say:
    """Translates an English text of the page, with placeholders filled in."""

    def say(english: str, **blanks: object) -> str:
        return _catalogue(language).get(english, english).format(**blanks)

    return say


@cache
def _catalogue(language: str) -> dict[str, str]:
    written = "".join(path.read_text() for path in sorted(LOCALES.rglob(f"{language}.po")))
    entries = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', written, re.MULTILINE)
    return {_for_one(english): _for_one(translated) for english, translated in entries}


def _for_one(message: str) -> str:
    """The singular of a message with a plural."""
    forms = re.fullmatch(r"\{count, plural, (?:one|other) \{(.+?)\}(?: \w+ \{.+\})?\}", message)
    return forms[1].replace("#", "{count}") if forms else message


ENGLISH: Final = in_language("en")
