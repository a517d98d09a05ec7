"""Accessibility checks with axe."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import Page

COLORS: Final = ("color-contrast", "link-in-text-block")
"""The rules whose result can differ between the light and the dark page."""


def findings(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """The serious and critical problems of the current page, by all rules or the given ones."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    violations = page.evaluate("options => axe.run(document, options).then(found => found.violations)", options)
    return [
        f"{each['impact']}: {each['help']}: {each['nodes'][0]['html'][:200]}"
        for each in violations
        if each["impact"] in ("serious", "critical")
    ]


@contextmanager
def dark(page: Page) -> Iterator[None]:
    """As if the system of a light page were switched to dark for a moment."""
    _switch(page, "dark")
    yield
    _switch(page, "light")


def _switch(page: Page, scheme: Literal["dark", "light"]) -> None:
    page.emulate_media(color_scheme=scheme)
    page.locator(f"html[data-mantine-color-scheme={scheme}]").wait_for(state="attached")


@cache
def _axe() -> str:
    return (Path(__file__).parents[2] / "admin" / "node_modules" / "axe-core" / "axe.min.js").read_text()
