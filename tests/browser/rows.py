"""The rows of the window *Edit Metadata*, by their keys."""

from playwright.sync_api import Locator


def keys(window: Locator) -> list[str]:
    """The keys of all rows, after they are loaded with the window."""
    window.get_by_label("Key of row 1", exact=True).wait_for()
    found: list[str] = window.get_by_label("Key of row").evaluate_all("fields => fields.map(one => one.value)")
    return found


def number_of(window: Locator, key: str) -> int:
    """The number of a key's row, from 1. Raises ValueError if no row has it."""
    return keys(window).index(key) + 1
