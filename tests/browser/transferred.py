"""Counts what a page transfers."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page


def transferred(page: Page) -> Callable[[], float]:
    """Counts headers and compressed bodies from now on, in kB."""
    total = 0
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")

    def count(event: dict[str, Any]) -> None:
        nonlocal total
        total += int(event["encodedDataLength"])

    devtools.on("Network.loadingFinished", count)
    return lambda: total / 1000
