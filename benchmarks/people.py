"""Typical customers of shops, with names, companies and phone numbers of many countries, generated from a seed."""

import unicodedata
from collections.abc import Iterator
from typing import Any, Final

from faker import Faker

LOCALES: Final = ("en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "it_IT", "pl_PL", "pt_BR", "sv_SE", "cs_CZ")
SEED: Final = 1815
RARE: Final = 20
"""The number of people, of any number, who are called Zebra and have no account."""
HAS_COMPANY_EVERY: Final = 3


def people(count: int) -> Iterator[dict[str, Any]]:
    """The profiles of this many people, each with a different e-mail address."""
    faker = Faker(LOCALES)
    faker.seed_instance(SEED)
    for number in range(count):
        first, last = faker.first_name(), "Zebra" if number < RARE else faker.last_name()
        yield {
            "email": f"{_ascii(first)}.{_ascii(last)}{number}@{faker.free_email_domain()}",
            "first_name": first,
            "last_name": last,
            "company_name": faker.company() if number % HAS_COMPANY_EVERY == 0 else None,
            "phone": faker.phone_number(),
            "has_account": number >= RARE,
            "metadata": {"total_spent": number % 1_000, "newsletter": number % 2 == 0},
        }


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "".join(letter for letter in plain.lower() if letter.isalnum()) or "someone"
