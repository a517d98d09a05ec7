"""Accessibility checks with axe."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page


def findings(page: Page) -> list[str]:
    """The serious and critical problems of the current page."""
    page.evaluate(_axe())
    violations = page.evaluate("axe.run(document, { resultTypes: ['violations'] }).then(found => found.violations)")
    return [
        f"{each['impact']}: {each['help']}: {each['nodes'][0]['html'][:200]}"
        for each in violations
        if each["impact"] in ("serious", "critical")
    ]


@cache
def _axe() -> str:
    return (Path(__file__).parents[2] / "admin" / "node_modules" / "axe-core" / "axe.min.js").read_text()
